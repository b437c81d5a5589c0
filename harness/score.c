/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <stdlib.h>
#include <string.h>

enum { SEEN_NOT, SEEN_SKIPPED, SEEN_JUDGED };

int score_open(struct score *t, const struct registry *registry,
	       struct error *e)
{
	*t = (struct score){ .registry = registry };
	t->summary.longest = "";
	t->summary.interrupted = "";
	t->seen = calloc(registry_count(registry) + 1, sizeof(*t->seen));
	t->found = calloc(registry_count(registry) + 1, sizeof(*t->found));
	t->blocked = calloc(registry_count(registry) + 1, sizeof(*t->blocked));
	return t->seen && t->found && t->blocked ? 0 : error_set(e, "out of memory");
}

void score_free(struct score *t)
{
	free(t->seen);
	free(t->found);
	free(t->blocked);
	free(t->longest);
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

static void see(struct score *t, const char *requirement, unsigned char how)
{
	size_t i = place_of(t->registry, requirement);

	if (t->seen[i] < how)
		t->seen[i] = how;
}

static void note_longest(struct score *t, const struct verdict *v)
{
	char *id;

	if (v->seconds <= t->summary.longest_seconds)
		return;
	id = slice_copy(slice_str(v->scenario));
	if (!id)
		return;
	free(t->longest);
	t->longest = id;
	t->summary.longest = id;
	t->summary.longest_seconds = v->seconds;
}

static bool answer_names(const struct answer *a, const char *id);

static bool step_names(const struct step *step, const char *id, bool branches)
{
	if (step->requirement && !strcmp(step->requirement, id))
		return true;
	for (size_t i = 0; branches && i < step->answer_count; i++)
		if (answer_names(&step->answers[i], id))
			return true;
	for (size_t i = 0; i < step->body.count; i++)
		if (step_names(&step->body.list[i], id, branches))
			return true;
	return false;
}

static bool answer_names(const struct answer *a, const char *id)
{
	if (a->requirement && !strcmp(a->requirement, id))
		return true;
	for (size_t i = 0; i < a->then.count; i++)
		if (step_names(&a->then.list[i], id, true))
			return true;
	return false;
}

static bool any_step_names(const struct scenario *s, const char *id,
			   bool branches)
{
	for (size_t i = 0; i < s->dialogue.count; i++)
		if (step_names(&s->dialogue.list[i], id, branches))
			return true;
	return false;
}

/*
 * Whether a pass of s has looked at id, which its head names: not when only a
 * branch speaks of it, which may not have been taken.
 */
static bool always_looks_at(const struct scenario *s, const char *id)
{
	return any_step_names(s, id, false) || !any_step_names(s, id, true);
}

void score_add(struct score *t, const struct verdict *v,
	       const struct scenario *s)
{
	bool first = s && !strcmp(v->requirement, s->requirements[0]);

	t->summary.count[v->outcome]++;
	t->cases += first && outcome_judges(v->outcome);
	see(t, v->requirement,
	    outcome_judges(v->outcome) ? SEEN_JUDGED : SEEN_SKIPPED);
	/* What a scenario names besides was seen to hold when it passes. */
	for (size_t i = 1; first && i < s->requirement_count; i++)
		see(t, s->requirements[i],
		    v->outcome == OUTCOME_PASS &&
				    always_looks_at(s, s->requirements[i])
			    ? SEEN_JUDGED
			    : SEEN_SKIPPED);
	note_blocks(t, v);
	note_longest(t, v);
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

static void count_requirements(struct score *t)
{
	struct run_summary *s = &t->summary;

	for (size_t i = 0; i < registry_count(t->registry); i++) {
		if (!can_be_judged(registry_at(t->registry, i)))
			continue;
		s->judged += t->seen[i] == SEEN_JUDGED;
		s->skipped += t->seen[i] == SEEN_SKIPPED;
		s->not_covered += t->seen[i] == SEEN_NOT;
	}
	s->requirements = s->judged + s->skipped + s->not_covered;
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
	count_requirements(t);
	t->summary.exit_code = exit_code(t, fail_on, min_cases);
}
