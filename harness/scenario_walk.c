/* SPDX-License-Identifier: MIT */
#include "scenario_reader.h"

#include <string.h>

static int walk(const struct steps *steps,
		int (*visit)(const struct step *step, void *with), void *with);

static int walk_step(const struct step *step,
		     int (*visit)(const struct step *step, void *with),
		     void *with)
{
	int stopped = visit(step, with);

	for (size_t i = 0; !stopped && i < step->answer_count; i++)
		stopped = walk(&step->answers[i].then, visit, with);
	return stopped ? stopped : walk(&step->body, visit, with);
}

static int walk(const struct steps *steps,
		int (*visit)(const struct step *step, void *with), void *with)
{
	int stopped = 0;

	for (size_t i = 0; !stopped && i < steps->count; i++)
		stopped = walk_step(&steps->list[i], visit, with);
	return stopped;
}

int scenario_walk(const struct scenario *s,
		  int (*visit)(const struct step *step, void *with), void *with)
{
	int stopped = walk(&s->given, visit, with);

	return stopped ? stopped : walk(&s->dialogue, visit, with);
}

int scenario_walk_steps(const struct steps *steps,
			int (*visit)(const struct step *step, void *with),
			void *with)
{
	return walk(steps, visit, with);
}

static int walk_tokens(const struct pattern *p,
		       int (*visit)(const struct token *t, void *with),
		       void *with)
{
	int stopped = 0;

	for (size_t i = 0; p && !stopped && i < p->count; i++) {
		stopped = visit(&p->tokens[i], with);
		if (!stopped)
			stopped = walk_tokens(p->tokens[i].inner, visit, with);
	}
	return stopped;
}

static int walk_all(struct pattern *const *list, size_t count,
		    int (*visit)(const struct token *t, void *with), void *with)
{
	int stopped = 0;

	for (size_t i = 0; !stopped && i < count; i++)
		stopped = walk_tokens(list[i], visit, with);
	return stopped;
}

int scenario_walk_tokens(const struct step *step,
			 int (*visit)(const struct token *t, void *with),
			 void *with)
{
	int stopped = walk_all(step->pieces, step->piece_count, visit, with);

	for (size_t i = 0; !stopped && i < step->answer_count; i++) {
		const struct answer *a = &step->answers[i];

		stopped = walk_tokens(a->line, visit, with);
		if (!stopped)
			stopped = walk_tokens(a->timestamp, visit, with);
		if (!stopped)
			stopped =
			    walk_all(a->lines, a->line_count, visit, with);
		if (!stopped)
			stopped = walk_tokens(a->octets, visit, with);
	}
	return stopped;
}

bool scenario_names_messages(const struct step *step)
{
	return step->kind == STEP_MAILDROP || step->kind == STEP_DELIVERED;
}

static int step_delivers(const struct step *step, void *message)
{
	return step->kind == STEP_DELIVERED &&
	       (!message || !strcmp(step->names[0], message));
}

bool scenario_delivers(const struct scenario *s, const char *message)
{
	return scenario_walk(s, step_delivers, (void *)(uintptr_t)message);
}

static int token_is_named(const struct token *t, void *name)
{
	return t->name && !strcmp(t->name, name);
}

static int step_uses(const struct step *step, void *name)
{
	bool names = !scenario_names_messages(step);

	for (size_t i = 0; names && i < step->name_count; i++)
		if (!strcmp(step->names[i], name))
			return 1;
	return scenario_walk_tokens(step, token_is_named, name);
}

bool scenario_uses(const struct scenario *s, const char *name)
{
	/* The visitors only read it. */
	return scenario_walk(s, step_uses, (void *)(uintptr_t)name);
}

static int token_is_fact(const struct token *t, void *unused)
{
	(void)unused;
	return t->message != NULL;
}

static int step_has_fact(const struct step *step, void *unused)
{
	return scenario_walk_tokens(step, token_is_fact, unused);
}

bool scenario_needs_facts(const struct scenario *s)
{
	return scenario_walk(s, step_has_fact, NULL);
}

static uint64_t steps_wait(const struct steps *steps);

static uint64_t step_waits(const struct step *step)
{
	uint64_t ms = step->duration, longest = 0;

	for (size_t i = 0; i < step->answer_count; i++) {
		uint64_t then = steps_wait(&step->answers[i].then);

		longest = then > longest ? then : longest;
	}
	if (step->kind == STEP_REPEAT)
		ms += step->times * steps_wait(&step->body);
	return ms + longest;
}

static uint64_t steps_wait(const struct steps *steps)
{
	uint64_t ms = 0;

	for (size_t i = 0; i < steps->count; i++)
		ms += step_waits(&steps->list[i]);
	return ms;
}

uint64_t scenario_waits(const struct scenario *s)
{
	return s->patience + steps_wait(&s->given) + steps_wait(&s->dialogue);
}
