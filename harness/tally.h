/* SPDX-License-Identifier: MIT */
/* Counting up a run: outcomes, requirements, and the exit code they mean. */
#ifndef HARNESS_TALLY_H
#define HARNESS_TALLY_H

#include "registry.h"
#include "scenario.h"
#include "verdict.h"

enum fail_on {
	FAIL_ON_DEFAULT, /* FAIL, SECURITY, LOST, CRASH */
	FAIL_ON_MUST,    /* FAIL, LOST, CRASH; not SECURITY */
	FAIL_ON_SHOULD,  /* and WARN */
	FAIL_ON_SECURITY, /* SECURITY and CRASH alone */
	FAIL_ON_FLAKY,   /* the default, and FLAKY */
	FAIL_ON_NEVER,   /* none of these */
};

struct tally {
	const struct registry *registry;
	unsigned char *seen; /* one a requirement: 0 nothing, 1 skipped, 2 judged */
	struct run_summary summary;
	char *longest;
};

int tally_open(struct tally *t, const struct registry *registry);
void tally_free(struct tally *t);

/* Count v in; s is its scenario, or NULL for a universal check. */
void tally_add(struct tally *t, const struct verdict *v,
	       const struct scenario *s);

/*
 * The summary is complete then: requirements that bind a server and can be seen
 * from outside are judged, skipped or not covered.
 */
void tally_close(struct tally *t, enum fail_on fail_on, size_t min_cases);

/* Does an outcome alone make the run fail? */
bool tally_fails(enum outcome o, enum fail_on fail_on);

#endif
