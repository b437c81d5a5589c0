/* SPDX-License-Identifier: MIT */
/* What is likely to take long is begun first: then the others fill the time. */
#include "run_internal.h"

#include <stdlib.h>
#include <string.h>

/* Usual ms: servers slow down who guesses, and let a second session wait. */
#define SLOW 600000
#define AFTER_FAILURE 1000
#define FOR_LOCK 10000

static int logs_in_beside(const struct step *step, void *with)
{
	(void)with;
	return step->client == 1 && step->kind == STEP_LOGIN;
}

bool run_meets_lock(const struct scenario *s)
{
	return scenario_walk(s, logs_in_beside, NULL);
}

static uint64_t likely(const struct run *r, const struct scenario *s)
{
	uint64_t ms = scenario_waits(s);

	if (scenario_guesses(s))
		ms += AFTER_FAILURE;
	if (run_is_slow(r, s))
		ms += SLOW;
	if (run_meets_lock(s))
		ms += FOR_LOCK;
	return ms;
}

static int compare(const void *one, const void *other, void *run)
{
	const struct scenario *a = *(const struct scenario *const *)one;
	const struct scenario *b = *(const struct scenario *const *)other;
	uint64_t first = likely(run, a), second = likely(run, b);

	if (first != second)
		return first > second ? -1 : 1;
	return strcmp(a->id, b->id);
}

void run_order(struct run *r)
{
	qsort_r(r->items, r->count, sizeof(*r->items), compare, r);
}
