/* SPDX-License-Identifier: MIT */
/* What a scenario names must be there: requirements, and messages. */
#include "library_internal.h"

#include <string.h>

int library_check_requirements(const struct library *l,
			       const struct scenario *s, struct error *e)
{
	for (size_t i = 0; i < s->requirement_count; i++)
		if (!registry_find(l->registry, s->requirements[i]))
			return error_set(e, "%s: /requirements/%zu: \"%s\" is "
					 "not in the register", s->file, i,
					 s->requirements[i]);
	return 0;
}

struct step_check {
	const struct library *library;
	const struct scenario *scenario;
	const struct fixture *fixture; /* or NULL */
	struct error *e;
};

static int check_requirement(const struct step_check *c, const char *pointer,
			     const char *id)
{
	if (!id || registry_find(c->library->registry, id))
		return 0;
	return error_set(c->e, "%s: %s/requirement: \"%s\" is not in the "
			 "register", c->scenario->file, pointer, id);
}

static int check_message(const struct step_check *c, const char *pointer,
			 const char *name)
{
	const struct fixture *f = c->fixture;

	if (!name || !strcmp(name, ANY_OTHER) ||
	    (f && fixture_find(f, slice_str(name))))
		return 0;
	return error_set(c->e, "%s: %s: the maildrop has no message \"%s\"",
			 c->scenario->file, pointer, name);
}

static int check_pattern(const struct step_check *c, const char *pointer,
			 const struct pattern *p)
{
	for (size_t i = 0; p && i < p->count; i++)
		if (check_message(c, pointer, p->tokens[i].message))
			return -1;
	return 0;
}

static int check_answer(const struct step_check *c, const struct answer *a)
{
	if (check_requirement(c, a->pointer, a->requirement) ||
	    check_pattern(c, a->pointer, a->line) ||
	    check_pattern(c, a->pointer, a->octets) ||
	    check_message(c, a->pointer, a->message))
		return -1;
	for (size_t i = 0; i < a->line_count; i++)
		if (check_pattern(c, a->pointer, a->lines[i]))
			return -1;
	return 0;
}

static int check_step(const struct step *step, void *with)
{
	const struct step_check *c = with;

	if (check_requirement(c, step->pointer, step->requirement))
		return -1;
	for (size_t i = 0; i < step->piece_count; i++)
		if (check_pattern(c, step->pointer, step->pieces[i]))
			return -1;
	for (size_t i = 0; i < step->answer_count; i++)
		if (check_answer(c, &step->answers[i]))
			return -1;
	for (size_t i = 0; scenario_names_messages(step) &&
			   i < step->name_count; i++)
		if (check_message(c, step->pointer, step->names[i]))
			return -1;
	return 0;
}

int library_check_names(const struct library *l, const struct scenario *s,
			const struct fixture *fixture, struct error *e)
{
	struct step_check c = { l, s, fixture, e };

	return scenario_walk(s, check_step, &c) ? -1 : 0;
}
