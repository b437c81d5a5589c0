/* SPDX-License-Identifier: MIT */
/* A message of the memory store. */
#ifndef POP3_STORED_H
#define POP3_STORED_H

#include "bytes.h"

#include <stdint.h>

/* Held by its user, and by each maildrop that was opened while it was there. */
struct stored {
	struct buf octets; /* line ends are CRLF, but the last may be missing */
	uint64_t size;
	unsigned long name;
	char unique_id[24]; /* made of name */
	unsigned holders;
	bool marked; /* left so by a session, with a defect */
};

/*
 * A message with one holder and no name, of octets as a host stores them, lines
 * ended by LF or CRLF. Returns owned by its holder, or NULL without memory.
 */
struct stored *stored_new(struct slice octets);

void stored_name(struct stored *m, unsigned long name);

/* One holder less; the last one frees it. */
void stored_release(struct stored *m);

#endif
