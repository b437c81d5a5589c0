/* SPDX-License-Identifier: MIT */
/* What a scenario asks of a server that is not ours to tire. */
#include "scenario_reader.h"

#include <string.h>

/* Up to so much is what any client may do. */
#define LINE 2048      /* octets of a line; a command has 255 (RFC 2449) */
#define SENT 16384     /* octets in all */
#define AT_ONCE 100    /* commands in one step */
#define CONNECTIONS 20
#define FAILURES 1     /* wrong passwords */

struct effort {
	uint64_t connections, failures, sent; /* in all */
	uint64_t line, at_once;               /* at most */
};

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void add(struct effort *to, struct effort e, uint64_t times)
{
	to->connections += times * e.connections;
	to->failures += times * e.failures;
	to->sent += times * e.sent;
	to->line = most(to->line, e.line);
	to->at_once = most(to->at_once, e.at_once);
}

static int count_failure(const struct token *t, void *with)
{
	struct effort *e = with;

	e->failures += t->name && pattern_name_wrong(t->name);
	return 0;
}

/* Octets that a name stands for are not known: they count as one. */
static void add_token(struct effort *e, const struct token *t, uint64_t *line)
{
	struct slice rest = buf_slice(&t->literal);

	if (t->kind != TOKEN_LITERAL)
		++*line;
	e->sent += t->kind == TOKEN_LITERAL ? rest.len : 1;
	while (rest.len) {
		size_t end = slice_find(rest, '\n');

		*line += end;
		e->line = most(e->line, *line);
		if (end < rest.len) {
			*line = 0;
			e->at_once++;
		}
		rest = slice_from(rest, end + 1);
	}
}

static struct effort of_sending(const struct step *step)
{
	struct effort e = { 0 };
	uint64_t line = 0;

	for (size_t i = 0; i < step->piece_count; i++)
		for (size_t j = 0; j < step->pieces[i]->count; j++)
			add_token(&e, &step->pieces[i]->tokens[j], &line);
	scenario_walk_tokens(step, count_failure, &e);
	e.failures += scenario_step_lengthens_password(step);
	return e;
}

static struct effort of_steps(const struct steps *steps);

/* One of the answers comes: the one that leads to most. */
static struct effort of_answers(const struct step *step)
{
	struct effort e = { 0 };

	for (size_t i = 0; i < step->answer_count; i++) {
		struct effort then = of_steps(&step->answers[i].then);

		e.connections = most(e.connections, then.connections);
		e.failures = most(e.failures, then.failures);
		e.sent = most(e.sent, then.sent);
		add(&e, then, 0);
	}
	return e;
}

static struct effort of_steps(const struct steps *steps)
{
	struct effort e = { 0 };

	for (size_t i = 0; i < steps->count; i++) {
		const struct step *step = &steps->list[i];

		if (step->kind == STEP_SEND)
			add(&e, of_sending(step), 1);
		if (step->kind == STEP_REPEAT)
			add(&e, of_steps(&step->body), step->times);
		e.connections += step->kind == STEP_NEW_SESSION ||
				 step->kind == STEP_CONNECT ||
				 step->kind == STEP_LOGIN;
		add(&e, of_answers(step), 1);
	}
	return e;
}

const char *scenario_aggression(const struct scenario *s)
{
	struct effort e = of_steps(&s->given);

	add(&e, of_steps(&s->dialogue), 1);
	if (e.line > LINE)
		return "a line of more than 2,048 octets";
	if (e.at_once > AT_ONCE)
		return "more than 100 commands at once";
	if (e.sent > SENT)
		return "more than 16 KiB to read";
	if (e.connections > CONNECTIONS)
		return "more than 20 connections";
	if (e.failures > FAILURES)
		return "more than one wrong password";
	return NULL;
}
