/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include "bytes.h"
#include "plain.h"

#include <jansson.h>
#include <stdlib.h>

/* One verdict that judges outweighs any number that could not. */
static int note_requirement(struct tally *t, const char *name, bool judges)
{
	json_t *before;

	if (!t->seen)
		t->seen = json_object();
	before = json_object_get(t->seen, name);
	if (json_is_true(before) || (before && !judges))
		return 0;
	t->judged += judges;
	return json_object_set_new(t->seen, name, json_boolean(judges));
}

static int note_longest(struct tally *t, const struct verdict *v)
{
	char *name;

	if (v->seconds <= t->longest_seconds)
		return 0;
	name = slice_copy(slice_str(v->scenario));
	if (!name)
		return -1;
	free(t->longest);
	t->longest = name;
	t->longest_seconds = v->seconds;
	return 0;
}

/* Each of the words of names. */
static int note_requirements(struct tally *t, const char *names, bool judges)
{
	struct slice rest = slice_str(names);
	int failed = 0;

	while (rest.len && !failed) {
		size_t n = slice_find(rest, ' ');
		char *word = slice_copy(slice_first(rest, n));
		struct buf name = { 0 };

		plain_add(&name, word);
		failed = !word || !buf_text(&name);
		if (!failed && name.len)
			failed = note_requirement(t, name.ptr, judges);
		buf_free(&name);
		free(word);
		rest = slice_from(rest, n + 1);
	}
	return failed;
}

int tally_add(struct tally *t, const struct verdict *v, struct error *e)
{
	if (v->outcome < OUTCOMES)
		t->count[v->outcome]++;
	if (note_requirements(t, v->requirement, outcome_judges(v->outcome)) ||
	    note_requirements(t, v->also, v->outcome == OUTCOME_PASS) ||
	    note_requirements(t, v->unseen, false) || note_longest(t, v))
		return error_set(e, "no memory to count verdicts");
	return 0;
}

void tally_fill(const struct tally *t, size_t requirements,
		struct run_summary *s)
{
	size_t seen = json_object_size(t->seen);

	for (size_t i = 0; i < OUTCOMES; i++)
		s->count[i] = t->count[i];
	s->judged = t->judged;
	s->skipped = seen - t->judged;
	s->not_covered = requirements > seen ? requirements - seen : 0;
	s->requirements = s->judged + s->skipped + s->not_covered;
	s->longest = t->longest ? t->longest : "";
	s->longest_seconds = t->longest_seconds;
}

void tally_free(struct tally *t)
{
	json_decref(t->seen);
	free(t->longest);
	*t = (struct tally){ 0 };
}
