/* SPDX-License-Identifier: MIT */
/* Which of its requirements a scenario looks at in any case. */
#include "scenario.h"

#include <string.h>

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

bool scenario_always_looks_at(const struct scenario *s, const char *id)
{
	return any_step_names(s, id, false) || !any_step_names(s, id, true);
}
