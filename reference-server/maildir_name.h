/* SPDX-License-Identifier: MIT */
/*
 * What the name of a file in a Maildir says: "<unique name>:2,<flags>", where
 * the unique name begins with the time of delivery in seconds and has no colon.
 * Names come from whoever delivers, and may be anything.
 */
#ifndef POP3_MAILDIR_NAME_H
#define POP3_MAILDIR_NAME_H

#include "bytes.h"

#include <stdint.h>

/*
 * The part of name that renames leave alone, borrowed: all before the first
 * colon. Others than flags may follow it.
 */
struct slice maildir_unique(const char *name);

/*
 * The number that a unique name begins with, UINT64_MAX when it is larger: of
 * two that differ here the smaller one stands first.
 */
uint64_t maildir_time(struct slice unique);

/*
 * Compares two unique names as the messages of a maildrop are numbered: by
 * time, a number of any length, then by all octets. Less than 0, 0, or more.
 */
int maildir_compare(struct slice a, struct slice b);

/*
 * Returns owned the unique-id of a message (RFC 1939 section 7): its unique
 * name, so that it lasts as long as the message does, through moves, other
 * flags and restarts, without a list of our own that could be lost. A name that
 * the RFC does not allow there (empty, longer than 70 octets, or with others
 * than 0x21 to 0x7e) gives the 64 hexadecimal digits of its SHA-256 instead,
 * which is as lasting; so does a name that looks like these digits, so that
 * nobody can deliver a message that has another's unique-id. When another file
 * has the unique name already, twin tells this one apart (0: none has).
 * NULL without memory.
 */
char *maildir_unique_id(struct slice unique, uint64_t twin);

#endif
