/* SPDX-License-Identifier: MIT */
/*
 * The messages of our fixtures, as fingerprints, so that what a killed run left
 * in a maildrop can be told from somebody's mail.
 */
#ifndef HARNESS_KNOWN_MESSAGES_H
#define HARNESS_KNOWN_MESSAGES_H

#include "fixture.h"

#define KNOWN_DIGEST 32 /* octets of SHA-256 */

/* All zeroes knows none. */
struct known_messages {
	unsigned char (*digests)[KNOWN_DIGEST]; /* sorted */
	size_t count;
};

int known_messages_add(struct known_messages *k, const struct fixture *f,
		       struct error *e);
void known_messages_free(struct known_messages *k);

/*
 * True when POP3 sends the same octets for stored as for a known message: line
 * ends as CRLF, and one at the end.
 */
bool known_messages_has(const struct known_messages *k, struct slice stored);

#endif
