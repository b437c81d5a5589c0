/* SPDX-License-Identifier: MIT */
/*
 * The mail of one user, as it must be when all goes right: what lies in the
 * maildrop, and the form in which it is sent.
 */
#ifndef FUZZ_MAIL_H
#define FUZZ_MAIL_H

#include "fuzz.h"
#include "maildrop.h"

#define MAIL_LIMIT 8 /* messages, the removed ones counted */

struct mail_message {
	struct buf sent; /* line ends as CRLF, the last one, too; unstuffed */
	char unique_id[71]; /* as first seen; "" before */
	bool removed;
};

struct mail {
	struct mail_message list[MAIL_LIMIT];
	size_t count;
};

/* Message octets become what a server must send (RFC 1939 section 11). */
void mail_normalise(struct slice octets, struct buf *to);

/* A message came into store and mail; beyond MAIL_LIMIT none does. */
void mail_deliver(struct mail *m, struct maildrop_store *store,
		  const char *user, struct slice octets);

/* store holds what was not removed, and nothing else, in this order. */
void mail_check(const struct mail *m, const struct maildrop_store *store,
		const char *user);

void mail_free(struct mail *m);

/* The header, the blank line and so many lines of the body (section 7, TOP). */
struct slice mail_top(struct slice sent, uint64_t lines);

#endif
