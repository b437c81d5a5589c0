/* SPDX-License-Identifier: MIT */
/*
 * Plays a scenario on a stage and says what it saw. Knows no socket, file or
 * clock: the stage has them.
 */
#ifndef JUDGE_PLAY_H
#define JUDGE_PLAY_H

#include "scenario.h"
#include "stage.h"
#include "verdict.h"

struct findings {
	struct verdict *list; /* owned */
	size_t count;
	bool failed;  /* memory ran out */
	bool hurried; /* a wait was in vain that had been cut to a tenth */
};

void findings_free(struct findings *f);

/*
 * Fill the maildrop with the stage's fixture, play s and append its verdicts to
 * out: always exactly one on its first requirement, and one more on each other
 * requirement that was broken. A server that begins no session now (ruling
 * C30), or whose maildrop is still locked by the session before, is tried again
 * with the whole of s. Nothing is confirmed yet.
 */
void play(const struct scenario *s, struct stage *stage,
	  struct findings *out);

/* One verdict on the first requirement of s that was not played. */
void play_not(const struct scenario *s, const struct stage *stage,
	      enum outcome outcome, const char *why, struct findings *out);

/* True, and why, when s does not apply on stage. */
bool play_skips(const struct scenario *s, const struct stage *stage,
		struct buf *why);

/*
 * True when s can be judged with account: it has the traits that s needs, and
 * what s sends behind its password is refused for no other reason, be it the 40
 * characters of an argument (RFC 1939 section 3) or a space (ruling C23).
 */
bool play_suits(const struct scenario *s, const struct account *account);

/* True when s needs an account with a trait_is_special(). */
bool play_needs_special(const struct scenario *s);

/* True when s logs in, or tries to with an account's name or password. */
bool play_wants_account(const struct scenario *s);

/* One verdict for each universal check: what stage saw on all replies. */
void play_universal(const struct stage *stage, const struct universal *u,
		    struct findings *out);

#endif
