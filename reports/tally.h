/* SPDX-License-Identifier: MIT */
/*
 * The counts of a run_summary, taken from the verdicts themselves: by the run
 * as they come, and by whoever reads the journal of one that was killed before
 * it could sum up.
 */
#ifndef REPORTS_TALLY_H
#define REPORTS_TALLY_H

#include "error.h"
#include "verdict.h"

struct json_t;

struct tally {
	size_t count[OUTCOMES];
	char *longest;           /* id of the longest scenario, or NULL */
	double longest_seconds;
	struct json_t *seen;     /* requirement: was it judged, or seen to
				    hold by a scenario that passed? */
	size_t judged;
};

/* t begins as all zeroes. Borrows v for the call. -1 and e without memory. */
int tally_add(struct tally *t, const struct verdict *v, struct error *e);

/*
 * Fill the counts, the requirements (of so many in the register) and the
 * longest scenario of s, which borrows its name from t. The rest is untouched.
 */
void tally_fill(const struct tally *t, size_t requirements,
		struct run_summary *s);

void tally_free(struct tally *t); /* what it owns, not t itself */

#endif
