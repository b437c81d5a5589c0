/* SPDX-License-Identifier: MIT */
/* A message that a step delivers is not in the maildrop before. */
#include "scenario_reader.h"

#include <string.h>

struct held_back {
	const char *name;
	bool delivered;
};

struct check {
	const struct scenario *s;
	struct error *e;
	const struct step *step; /* at which we are */
	struct held_back held[NAMES_LIMIT];
	size_t count;
};

static int wrong(const struct check *c, const char *name, const char *problem)
{
	return error_set(c->e, "%s: %s: \"%s\" %s", c->s->file,
			 c->step->pointer, name, problem);
}

static struct held_back *find(struct check *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->held[i].name, name))
			return &c->held[i];
	return NULL;
}

static int collect(const struct step *step, void *with)
{
	struct check *c = with;

	c->step = step;
	if (step->kind != STEP_DELIVERED)
		return 0;
	if (find(c, step->names[0]))
		return wrong(c, step->names[0], "is delivered twice");
	if (c->count == NAMES_LIMIT)
		return wrong(c, step->names[0], "is one delivery too many");
	c->held[c->count++].name = step->names[0];
	return 0;
}

static int delivers(const struct step *step, void *unused)
{
	(void)unused;
	return step->kind == STEP_DELIVERED;
}

static int check_message(struct check *c, const char *name)
{
	const struct held_back *held = name ? find(c, name) : NULL;

	return held && !held->delivered
		   ? wrong(c, name, "is not there before it is delivered")
		   : 0;
}

static int check_token(const struct token *t, void *with)
{
	return check_message(with, t->message);
}

static int check_step(const struct step *step, void *with)
{
	struct check *c = with;

	c->step = step;
	if (step->kind == STEP_DELIVERED)
		find(c, step->names[0])->delivered = true;
	if (step->kind == STEP_REPEAT &&
	    scenario_walk_steps(&step->body, delivers, NULL))
		return error_set(c->e, "%s: %s: a message is delivered once",
				 c->s->file, step->pointer);
	for (size_t i = 0; i < step->answer_count; i++)
		if (check_message(c, step->answers[i].message))
			return -1;
	for (size_t i = 0; scenario_names_messages(step) &&
			   i < step->name_count; i++)
		if (check_message(c, step->names[i]))
			return -1;
	return scenario_walk_tokens(step, check_token, c);
}

int scenario_check_deliveries(const struct scenario *s, struct error *e)
{
	struct check c = {.s = s, .e = e};

	if (scenario_walk(s, collect, &c))
		return -1;
	return c.count ? scenario_walk(s, check_step, &c) : 0;
}
