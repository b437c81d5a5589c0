/* SPDX-License-Identifier: MIT */
#include "scenario_sent.h"
#include "scenario_reader.h"

#include <string.h>

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool belongs_to_word(char c)
{
	return (upper(c) >= 'A' && upper(c) <= 'Z') || (c >= '0' && c <= '9');
}

void sent_line_end(struct sent_line *line)
{
	if (line->column == strlen(line->keyword) && !line->differs)
		line->found = true;
	line->column = 0;
	line->differs = line->argument = false;
}

static void add_octet(struct sent_line *line, char c)
{
	size_t len = strlen(line->keyword);

	if (line->column < len &&
	    upper(c) != upper(line->keyword[line->column]))
		line->differs = true;
	if (line->column == len && !line->differs && !belongs_to_word(c)) {
		line->found = true;
		line->argument = c == ' ';
	}
	line->column++;
}

void sent_line_add(struct sent_line *line, const struct token *t)
{
	struct slice rest = buf_slice(&t->literal);

	if (t->kind != TOKEN_LITERAL)
		add_octet(line, '\0');
	while (rest.len) {
		size_t end = slice_find(rest, '\n');

		for (size_t i = 0;
		     i < end && line->column <= strlen(line->keyword); i++)
			add_octet(line, rest.ptr[i]);
		if (end < rest.len)
			sent_line_end(line);
		rest = slice_from(rest, end + 1);
	}
}

static void add_pieces(struct sent_line *line, const struct step *step)
{
	for (size_t i = 0; i < step->piece_count; i++)
		for (size_t j = 0; j < step->pieces[i]->count; j++)
			sent_line_add(line, &step->pieces[i]->tokens[j]);
}

/* What a step sends may also go on where the one before broke off. */
struct sends {
	const char *keyword;
	struct sent_line going_on[2]; /* of each client */
};

bool step_sends(const struct step *step, const char *keyword)
{
	struct sent_line line = {.keyword = keyword};

	if (step->kind != STEP_SEND)
		return false;
	add_pieces(&line, step);
	sent_line_end(&line);
	return line.found;
}

static int sends_or_goes_on(const struct step *step, void *with)
{
	struct sends *sends = with;
	struct sent_line *going_on = &sends->going_on[step->client];

	if (step->kind != STEP_SEND)
		return 0;
	add_pieces(going_on, step);
	return going_on->found || step_sends(step, sends->keyword);
}

bool scenario_sends(const struct scenario *s, const char *keyword)
{
	struct sends sends = {.keyword = keyword};

	sends.going_on[0].keyword = keyword;
	sends.going_on[1].keyword = keyword;
	return scenario_walk(s, sends_or_goes_on, &sends);
}

static bool ends_line(const struct token *t)
{
	return t->kind == TOKEN_LITERAL &&
	       slice_starts(buf_slice(&t->literal), "\r\n");
}

bool scenario_step_lengthens_password(const struct step *step)
{
	for (size_t i = 0; i < step->piece_count; i++) {
		const struct pattern *p = step->pieces[i];

		for (size_t j = 0; j + 1 < p->count; j++)
			if (p->tokens[j].name &&
			    !strcmp(p->tokens[j].name, "password") &&
			    !ends_line(&p->tokens[j + 1]))
				return true;
	}
	return false;
}

static int lengthens_password(const struct step *step, void *unused)
{
	(void)unused;
	return scenario_step_lengthens_password(step);
}

bool scenario_lengthens_password(const struct scenario *s)
{
	return scenario_walk(s, lengthens_password, NULL);
}

static int guesses(const struct token *t, void *unused)
{
	(void)unused;
	return t->name && pattern_name_wrong(t->name);
}

static int step_guesses(const struct step *step, void *unused)
{
	return scenario_step_lengthens_password(step) ||
	       scenario_walk_tokens(step, guesses, unused);
}

bool scenario_guesses(const struct scenario *s)
{
	return scenario_walk(s, step_guesses, NULL);
}
