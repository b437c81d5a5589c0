/* SPDX-License-Identifier: MIT */
/* Counting up a run: outcomes, requirements, and the exit code they mean. */
#ifndef HARNESS_SCORE_H
#define HARNESS_SCORE_H

#include "registry.h"
#include "scenario.h"
#include "tally.h"
#include "verdict.h"

struct score {
	const struct registry *registry;
	struct tally tally;
	bool *found;   /* one a requirement: something was found against it */
	bool *blocked; /* one a requirement: it is in the way of another */
	bool unexplained;    /* BLOCKED by what no requirement judges */
	struct run_summary summary;
	size_t cases;    /* scenarios that were judged */
	bool no_account; /* to log in with, where scenarios had to */
};

/* How many requirements bind a server and can be seen from outside. */
size_t score_requirements(const struct registry *r);

/* Returns 0, or -1 and e. Borrows registry until score_free(). */
int score_open(struct score *t, const struct registry *registry,
	       struct error *e);
void score_free(struct score *t);

/*
 * Count v in; s is its scenario, or NULL for a universal check. -1 and e without
 * memory.
 */
int score_add(struct score *t, const struct verdict *v,
	      const struct scenario *s, struct error *e);

/*
 * The summary is complete then, until score_free(): requirements that bind a
 * server and can be seen from outside are judged, skipped or not covered, as
 * tally.h counts them. The exit code is 1 for what
 * fail_on says; else 3 for what could not be done, which a BLOCKED is unless
 * something was found against the very requirement that is in its way; else 2 for fewer than
 * min_cases scenarios judged; else 0.
 */
void score_close(struct score *t, enum fail_on fail_on, size_t min_cases);

#endif
