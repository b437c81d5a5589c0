/* SPDX-License-Identifier: MIT */
/*
 * Which message-number is which message of the fixture. No RFC ties the order
 * of a maildrop to the order of arrival, so messages are known by content, anew
 * in each session.
 */
#ifndef JUDGE_RECOGNISE_H
#define JUDGE_RECOGNISE_H

#include "climb.h"

struct recognised {
	size_t count;     /* messages in the session */
	size_t strangers; /* of them, none of the fixture's */
};

/*
 * Look at each message of a session in TRANSACTION (TOP n 0 where the server
 * has it, which no site takes for a retrieval; else RETR) and bind
 * "number of NAME" for those that the fixture has. Returns 0, or -1 and o.
 */
int recognise(struct talk *t, struct bindings *b, struct recognised *found,
	      struct obstacle *o);

/* How many there are, by STAT; or -1 and o. Both leave no lines of dialogue. */
int recognise_count(struct talk *t, size_t *count, struct obstacle *o);

#endif
