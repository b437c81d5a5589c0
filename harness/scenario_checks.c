/* SPDX-License-Identifier: MIT */
#include "scenario_reader.h"
#include "scenario_sent.h"

#include <string.h>

struct use {
	const char *name;
	const struct step *first;
	size_t times;
};

struct check {
	const struct scenario *s;
	struct error *e;
	const struct step *step; /* at which we are */
	struct use uses[NAMES_LIMIT];
	size_t count;
	const char *repeat; /* where the last repetition stands, or NULL */
	bool second_client; /* it has connected */
	struct sent_line going_on[2]; /* of each client, over steps */
};

static int wrong(const struct check *c, const char *problem)
{
	return error_set(c->e, "%s: %s: %s", c->s->file, c->step->pointer,
			 problem);
}

static int wrong_name(const struct check *c, const char *name,
		      const char *problem)
{
	return error_set(c->e, "%s: %s: {%s} %s", c->s->file, c->step->pointer,
			 name, problem);
}

static bool is_fact(const char *name)
{
	return slice_search(slice_str(name), slice_str(" of ")) < strlen(name);
}

static struct use *used(struct check *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->uses[i].name, name))
			return &c->uses[i];
	return NULL;
}

static bool is_repeated(const struct check *c)
{
	struct slice at = slice_str(c->step->pointer);

	return c->repeat && slice_starts(at, c->repeat) &&
	       slice_starts(slice_from(at, strlen(c->repeat)), "/");
}

/* The first use must be an answer of the server's, which gives the value. */
static int use_name(struct check *c, const char *name, bool gives_value)
{
	struct use *use = used(c, name);

	if (is_fact(name) && !c->s->maildrop)
		return wrong_name(c, name, "needs a \"maildrop\"");
	if (!strcmp(name, NAME_OF_TURN))
		return is_repeated(c) ? 0
				      : wrong_name(c, name,
						   "is the number of a turn, "
						   "within \"... times\" only");
	if (pattern_name_of_account(name) ||
	    slice_starts(slice_str(name), "number of "))
		return 0;
	if (use) {
		use->times++;
		return 0;
	}
	if (!gives_value)
		return wrong_name(c, name,
				  "has no value here: no answer "
				  "before has it");
	if (c->count == NAMES_LIMIT)
		return wrong_name(c, name, "is one name too many");
	c->uses[c->count++] = (struct use){name, c->step, 1};
	return 0;
}

static int use_token(const struct token *t, void *with)
{
	struct check *c = with;

	return t->name ? use_name(c, t->name, c->step->kind != STEP_SEND) : 0;
}

/* What was sent of a line before ends with its connection. */
static void begin_lines(struct check *c)
{
	static const struct sent_line none = {.keyword = "PASS"};

	switch (c->step->kind) {
	case STEP_DROP:
	case STEP_RESET:
	case STEP_CONNECT:
	case STEP_LOGIN:
	case STEP_NEW_SESSION:
		c->going_on[c->step->client] = none;
		return;
	default:
		return;
	}
}

/*
 * Within {md5 of ...} a secret is one: those tokens are not looked at here. What
 * looks like PASS must not go on where another step has broken off.
 */
static int check_secrets(struct check *c)
{
	struct sent_line *going_on = &c->going_on[c->step->client];
	struct sent_line line = {.keyword = "PASS"};

	begin_lines(c);

	for (size_t i = 0; i < c->step->piece_count; i++) {
		const struct pattern *p = c->step->pieces[i];

		for (size_t j = 0; j < p->count; j++) {
			const char *name = p->tokens[j].name;

			if (name && pattern_name_secret(name) &&
			    (!line.argument || !going_on->argument))
				return wrong_name(c, name,
						  "stands in the argument of "
						  "PASS or in {md5 of ...} "
						  "only");
			sent_line_add(&line, &p->tokens[j]);
			sent_line_add(going_on, &p->tokens[j]);
		}
	}
	return 0;
}

static int token_is_named(const struct token *t, void *with)
{
	const char **name = with;

	return t->name && !strcmp(t->name, *name);
}

static int step_answers(const struct step *step, void *with)
{
	return step->kind != STEP_SEND &&
	       scenario_walk_tokens(step, token_is_named, with);
}

/* Names of "all differ" bind anew each time, so the steps must bind them. */
static int check_repeat(const struct check *c)
{
	for (size_t i = 0; i < c->step->name_count; i++) {
		const char *name = c->step->names[i];

		if (!scenario_walk_steps(&c->step->body, step_answers, &name))
			return wrong_name(c, name,
					  "is in no answer of the "
					  "steps that are repeated");
	}
	return 0;
}

/* What "each line" is compared by: each of its lines binds it anew. */
static int use_names_of_lines(struct check *c, const struct answer *a)
{
	for (size_t i = 0; i < a->differ_count; i++)
		if (use_name(c, a->differ[i], false))
			return -1;
	if (!a->total)
		return 0;
	return use_name(c, a->total, false) || use_name(c, a->addend, false);
}

static int use_names(struct check *c)
{
	bool compares =
	    c->step->kind == STEP_SUM || c->step->kind == STEP_DIFFER;

	if (c->step->kind == STEP_REPEAT && check_repeat(c))
		return -1;
	for (size_t i = 0; i < c->step->answer_count; i++)
		if (use_names_of_lines(c, &c->step->answers[i]))
			return -1;
	for (size_t i = 0; i < c->step->name_count; i++)
		if ((compares || c->step->kind == STEP_REPEAT) &&
		    use_name(c, c->step->names[i], !compares))
			return -1;
	return 0;
}

static bool has_message(const struct step *step)
{
	if (scenario_names_messages(step))
		return true;
	for (size_t i = 0; i < step->answer_count; i++)
		if (step->answers[i].body == BODY_MESSAGE)
			return true;
	return false;
}

static int check_step(const struct step *step, void *with)
{
	struct check *c = with;

	c->step = step;
	if (step->kind == STEP_REPEAT)
		c->repeat = step->pointer;
	if (step->kind == STEP_CONNECT || step->kind == STEP_LOGIN)
		c->second_client = true;
	if (step->client && !c->second_client)
		return wrong(c, "no second client yet; first: {\"second "
				"client\": \"connects\"} or \"logs in\"");
	if (has_message(step) && !c->s->maildrop)
		return wrong(c, "messages need a \"maildrop\"");
	if (check_secrets(c) || scenario_walk_tokens(step, use_token, c))
		return -1;
	return use_names(c);
}

static int check_uses(struct check *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct use *use = &c->uses[i];

		c->step = use->first;
		if (use->times == 1 && !is_fact(use->name))
			return wrong_name(c, use->name,
					  "is used once only; {any} takes any "
					  "value");
	}
	return 0;
}

int scenario_check(const struct scenario *s, struct error *e)
{
	struct check c = {.s = s, .e = e};

	c.going_on[0].keyword = c.going_on[1].keyword = "PASS";
	if (scenario_walk(s, check_step, &c))
		return -1;
	return check_uses(&c) ? -1 : scenario_check_deliveries(s, e);
}
