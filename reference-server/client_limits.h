/* SPDX-License-Identifier: MIT */
/*
 * How much one client may take of a server. No clock: time is an argument, in
 * ms, and never goes back.
 *
 * None of this is the autologout timer, which counts silence and has ten
 * minutes at least (RFC 1939 section 3).
 */
#ifndef POP3_CLIENT_LIMITS_H
#define POP3_CLIENT_LIMITS_H

#include "bytes.h"

#include <stdint.h>

struct client_limits {
	size_t per_address;	/* of one place (address.h); 0: any number */
	uint64_t login_time;	/* ms from the connection to the login; 0: any
				   time, but for the autologout */
	unsigned commands;	/* a second, of one client; others wait to be
				   read; 0: any number */
	uint64_t refusal_delay; /* ms until the first failed login is
				   answered, of one place and client */
	unsigned failures;	/* of one client: then it is closed; 0: never */
	bool loopback_too;	/* else those of one place and client, but for
				   login_time, are for other machines only */
};

/* A delay is no longer than this, however often a login fails. */
#define CLIENT_DELAY_MOST 16 /* times the first one */

/* How long the answer to a failed login waits that is the nth, from 1 on. */
uint64_t client_limits_delay(const struct client_limits *l, unsigned nth);

/*
 * A bucket of tokens, one for each line that may be read now. As many as come
 * in a second are in it when it is full, and at first.
 */
struct bucket {
	uint64_t filled; /* ms; when it was looked at last */
	uint64_t level;	 /* thousandths of a token */
};

struct bucket bucket_full(unsigned rate, uint64_t now);

/* How many whole tokens there are. */
size_t bucket_tokens(struct bucket *b, unsigned rate, uint64_t now);

/* Takes as many, which are there. */
void bucket_take(struct bucket *b, size_t tokens);

/* How long it takes, from the last look, until there is one: ms, 0 is now. */
uint64_t bucket_wait(const struct bucket *b, unsigned rate);

/* As much of octets as has so many line ends (LF) in it. */
struct slice lines_first(struct slice octets, size_t lines);

/* How many line ends octets have. */
size_t lines_count(struct slice octets);

#endif
