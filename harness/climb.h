/* SPDX-License-Identifier: MIT */
/*
 * Bringing a session where a scenario starts: connect, read the greeting, log
 * in. What stands in the way is no finding of that scenario: it blocks it, and
 * names the requirement that judges it.
 */
#ifndef JUDGE_CLIMB_H
#define JUDGE_CLIMB_H

#include "talk.h"

struct obstacle {
	enum outcome outcome;    /* BLOCKED, ERROR or NOTRUN */
	const char *requirement; /* that judges it; "" when none does */
	enum talk_result result; /* TALK_REPLY: a reply stood in the way */
	struct buf why;          /* visible */
};

void obstacle_free(struct obstacle *o);

/* "why", then what the talk showed. Returns -1. */
int obstacle_set(struct obstacle *o, enum outcome outcome,
		 const char *requirement, const char *why);
int obstacle_from(struct obstacle *o, const struct talk *t,
		  enum talk_result result, const char *requirement,
		  const char *why);

/*
 * When what came last looks like TLS, say so in o: an alert, which is how a
 * TLS server takes a client that does not speak it.
 */
void obstacle_note_tls(struct obstacle *o, const struct talk *t);

/* Connect t and bring it to state to. Returns 0, or -1 and o. */
int talk_climb(struct talk *t, enum state to, struct obstacle *o);

/*
 * The reply read last refuses for now, by its response code (RFC 2449 section 8,
 * RFC 3206): the password was right.
 */
bool talk_says_later(const struct talk *t);

/*
 * The same; but a login that is refused, and a session that is not begun (a
 * close or -ERR for a greeting, ruling C30), is tried again on new connections
 * for as long as a maildrop may stay locked behind the session before
 * (WAIT_LOCK; without a response code that says so, WAIT_UPDATE).
 */
int talk_climb_patiently(struct talk *t, enum state to, struct obstacle *o);

/*
 * Log in on a talk that has read its greeting, as the stage says: by USER and PASS,
 * or by APOP where the account has a secret. TALK_REPLY: t->state tells whether it worked,
 * t->reader.reply is the answer that decided.
 */
enum talk_result talk_log_in(struct talk *t);

/* The MD5 digest of APOP as 32 lower-case digits and a NUL (section 7). */
void apop_digest(const char *timestamp, const char *secret, char digest[33]);

#endif
