/* SPDX-License-Identifier: MIT */
/*
 * A session in memory with all that it wants from outside, for tests: a store,
 * somebody who knows the passwords, a clock that goes when it is told to, and a
 * client that keeps what it hears.
 */
#ifndef POP3_DRIVE_H
#define POP3_DRIVE_H

#include "session.h"

struct drive {
	struct session *session;
	struct maildrop_store *store; /* borrowed */
	bool (*right)(const struct credentials *c);
	/* A mechanism: answers session_auth(). NULL: there is none. */
	void (*auth)(struct session *s);
	uint64_t now;
	size_t window;	 /* octets of output taken at a time */
	struct buf said; /* all that the server sent */
	size_t largest;	 /* the longest output that waited at any time */
	bool closed;	 /* the session wanted to be closed */
	bool tls;	 /* STLS was obeyed: the handshake takes no time */
	struct tls_facts facts; /* what it tells */
};

/*
 * Connect. Borrows store, config's strings and right, which says whether a
 * client may log in. Returns 0, or -1 without memory.
 */
int drive_start(struct drive *d, const struct session_config *config,
		struct maildrop_store *store,
		bool (*right)(const struct credentials *c));

/* Hang up; what was said stays until drive_free(). */
void drive_hang_up(struct drive *d);
void drive_free(struct drive *d);

/*
 * The client sends octets in one piece; all that answers them is done. What is
 * behind STLS in the piece is dropped.
 */
void drive_send(struct drive *d, struct slice octets);
void drive_say(struct drive *d, const char *text);

/* The client will send no more. */
void drive_end(struct drive *d);

/* Time goes by, in steps from one deadline to the next. */
void drive_wait(struct drive *d, uint64_t ms);

/* What the server said since the last call, as text. */
const char *drive_heard(struct drive *d);

#endif
