/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <stdlib.h>
#include <string.h>

int score_open(struct score *t, const struct registry *registry,
	       struct error *e)
{
	*t = (struct score){ .registry = registry };
	t->summary.longest = "";
	t->summary.interrupted = "";
	t->found = calloc(registry_count(registry) + 1, sizeof(*t->found));
	t->blocked = calloc(registry_count(registry) + 1, sizeof(*t->blocked));
	return t->found && t->blocked ? 0 : error_set(e, "out of memory");
}

void score_free(struct score *t)
{
	free(t->found);
	free(t->blocked);
	tally_free(&t->tally);
}

/* Returns the place of that requirement, or their number. */
static size_t place_of(const struct registry *r, const char *requirement)
{
	size_t i = 0;

	while (i < registry_count(r) &&
	       strcmp(registry_at(r, i)->id, requirement))
		i++;
	return i;
}

/*
 * What was found, if only once or mildly, is told, and so explains what is
 * blocked by it.
 */
static void note_blocks(struct score *t, const struct verdict *v)
{
	size_t count = registry_count(t->registry);
	size_t of = place_of(t->registry, v->requirement);
	size_t by = count;

	if (outcome_judges(v->outcome) && v->outcome != OUTCOME_PASS)
		t->found[of] = true;
	if (v->outcome != OUTCOME_BLOCKED)
		return;
	if (v->blocked_by)
		by = place_of(t->registry, v->blocked_by);
	t->blocked[by] = true;
	t->unexplained = t->unexplained || by == count;
}

int score_add(struct score *t, const struct verdict *v,
	      const struct scenario *s, struct error *e)
{
	bool first = s && !strcmp(v->requirement, s->requirements[0]);

	t->cases += first && outcome_judges(v->outcome);
	note_blocks(t, v);
	return tally_add(&t->tally, v, e);
}

static bool can_be_judged(const struct requirement *q)
{
	return q->testability != NOT_TESTABLE &&
	       (q->party == PARTY_SERVER || q->party == PARTY_BOTH);
}

size_t score_requirements(const struct registry *r)
{
	size_t n = 0;

	for (size_t i = 0; i < registry_count(r); i++)
		n += can_be_judged(registry_at(r, i));
	return n;
}

static bool all_is_explained(const struct score *t)
{
	for (size_t i = 0; i < registry_count(t->registry); i++)
		if (t->blocked[i] && !t->found[i])
			return false;
	return !t->unexplained;
}

static int exit_code(const struct score *t, enum fail_on fail_on,
		     size_t min_cases)
{
	const struct run_summary *s = &t->summary;

	for (enum outcome o = 0; o < OUTCOMES; o++)
		if (s->count[o] && outcome_fails(o, fail_on))
			return 1;
	if (s->count[OUTCOME_ERROR] || s->count[OUTCOME_NOTRUN] ||
	    *s->interrupted || t->no_account)
		return 3;
	if (!all_is_explained(t))
		return 3;
	return t->cases < min_cases ? 2 : 0;
}

void score_close(struct score *t, enum fail_on fail_on, size_t min_cases)
{
	tally_fill(&t->tally, score_requirements(t->registry), &t->summary);
	t->summary.exit_code = exit_code(t, fail_on, min_cases);
}
