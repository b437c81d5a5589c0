/* SPDX-License-Identifier: MIT */
/*
 * What the name of a file in a Maildir says: "<unique name>:2,<flags>", where
 * the unique name begins with the time of delivery in seconds. Names come from
 * whoever delivers, and may be anything.
 */
#ifndef POP3_MAILDIR_NAME_H
#define POP3_MAILDIR_NAME_H

#include "bytes.h"

#include <stdint.h>

/* The part of name that renames leave alone, borrowed: all before ":2,". */
struct slice maildir_unique(const char *name);

/*
 * Compares two unique names as the messages of a maildrop are numbered: by
 * time, a number of any length, then by all octets. Less than 0, 0, or more.
 */
int maildir_compare(struct slice a, struct slice b);

/*
 * Returns owned the unique-id of a message (RFC 1939 section 7): its unique
 * name, or a digest of it when that is empty, longer than 70 octets, or has
 * others than 0x21 to 0x7e. When another file has the unique name already,
 * twin tells this one apart (0: none has).
 * NULL without memory.
 */
char *maildir_unique_id(struct slice unique, uint64_t twin);

#endif
