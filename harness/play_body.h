/* SPDX-License-Identifier: MIT */
/* Whether what came is the body that an answer speaks of. */
#ifndef JUDGE_PLAY_BODY_H
#define JUDGE_PLAY_BODY_H

#include "play_internal.h"

/* One thing that happened, and why the answer tried last did not fit. */
struct event_seen {
	struct play *p;
	struct talk *t;
	enum talk_result result;
	bool is_greeting;
	struct buf body;
	size_t room; /* octets of the body that are kept */
	uint64_t waited;
	struct buf why;
};

/*
 * True when the body of the reply in seen is a's, its number of octets too.
 * False leaves the reason, in words, in seen->why.
 */
bool body_matches(struct event_seen *seen, const struct answer *a);

#endif
