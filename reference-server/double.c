/* SPDX-License-Identifier: MIT */
#include "double.h"

#include <stdlib.h>
#include <string.h>

#define MOST 1000000000u /* ms or octets */

static const struct {
	const char *word;
	enum double_action action;
	bool numbered;
} actions[] = {
	{ "say", DOUBLE_SAYS, false },
	{ "delay", DOUBLE_DELAYS, true },
	{ "cut", DOUBLE_CUTS, true },
	{ "close", DOUBLE_CLOSES, false },
};

#define ACTIONS (sizeof(actions) / sizeof(actions[0]))

void doubles_free(struct doubles *d)
{
	for (size_t i = 0; i < d->count; i++)
		buf_free(&d->rules[i].text);
	free(d->rules);
	*d = (struct doubles){ 0 };
}

/* Takes the word at the front of *text, and the space behind it. */
static struct slice take_word(struct slice *text)
{
	struct slice word = slice_first(*text, slice_find(*text, ' '));

	*text = slice_from(*text, word.len + 1);
	return word;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The octet of "HH" at the front of text, or -1. */
static int hex_octet(struct slice text)
{
	int high = text.len >= 2 ? digit(text.ptr[0]) : -1;
	int low = text.len >= 2 ? digit(text.ptr[1]) : -1;

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Adds what the escape at the front of *text stands for, and takes it. */
static int add_escape(struct double_rule *r, struct slice *text, bool *bare,
		      struct error *e)
{
	static const char letters[] = "rnt\\", octets[] = "\r\n\t\\";
	char letter = text->len > 1 ? text->ptr[1] : '\0';
	const char *at = letter ? strchr(letters, letter) : NULL;
	int octet = letter == 'x' ? hex_octet(slice_from(*text, 2)) : -1;

	if (at) {
		buf_add_char(&r->text, octets[at - letters]);
	} else if (octet >= 0) {
		buf_add_char(&r->text, (char)octet);
		*text = slice_from(*text, 2);
	} else if (letter == 'c' && text->len == 2) {
		*bare = true;
	} else {
		return error_set(e, "a backslash is followed by r, n, t, x and "
				    "two hexadecimal digits, another "
				    "backslash, or c at the end");
	}
	*text = slice_from(*text, 2);
	return 0;
}

static int read_said(struct double_rule *r, struct slice text, struct error *e)
{
	bool bare = false;

	while (text.len) {
		struct slice plain = slice_first(text, slice_find(text, '\\'));

		buf_add(&r->text, plain);
		text = slice_from(text, plain.len);
		if (text.len && add_escape(r, &text, &bare, e) < 0)
			return -1;
	}
	if (!bare)
		buf_add_str(&r->text, "\r\n");
	return r->text.failed ? error_set(e, "out of memory") : 0;
}

static int read_number(struct double_rule *r, struct slice text,
		       struct error *e)
{
	for (size_t i = 0; i < text.len && r->number <= MOST; i++) {
		if (digit(text.ptr[i]) < 0 || digit(text.ptr[i]) > 9)
			return error_set(e, "a number is decimal digits");
		r->number = r->number * 10 + (uint64_t)digit(text.ptr[i]);
	}
	if (!text.len || r->number > MOST)
		return error_set(e, "a number from 0 to %u is needed", MOST);
	return 0;
}

static int read_action(struct double_rule *r, struct slice text,
		       struct error *e)
{
	struct slice word = take_word(&text);

	for (size_t i = 0; i < ACTIONS; i++) {
		if (!slice_is(word, actions[i].word))
			continue;
		r->action = actions[i].action;
		if (actions[i].numbered)
			return read_number(r, text, e);
		if (r->action == DOUBLE_SAYS)
			return read_said(r, text, e);
		if (text.len)
			return error_set(e, "nothing stands behind close");
		return 0;
	}
	return error_set(e, "what happens is say, delay, cut or close");
}

static int read_rule(struct double_rule *r, struct slice text, struct error *e)
{
	static const char arrow[] = " => ";
	size_t at = slice_search(text, slice_str(arrow));

	if (at == 0 || at == text.len)
		return error_set(e, "a rule is COMMAND => WHAT HAPPENS");
	r->when = slice_first(text, at);
	return read_action(r, slice_from(text, at + strlen(arrow)), e);
}

int doubles_add(struct doubles *d, const char *text, struct error *e)
{
	struct double_rule *rules =
		realloc(d->rules, (d->count + 1) * sizeof(*rules));

	if (!rules)
		return error_set(e, "out of memory");
	d->rules = rules;
	rules[d->count] = (struct double_rule){ 0 };
	if (read_rule(&rules[d->count], slice_str(text), e) == 0) {
		d->count++;
		return 0;
	}
	buf_free(&rules[d->count].text);
	return -1;
}

static bool fits(struct slice when, struct slice line)
{
	if (slice_is(when, "*"))
		return !slice_is(line, DOUBLE_CONNECT);
	while (when.len)
		if (!slice_equal_nocase(take_word(&when), take_word(&line)))
			return false;
	return true;
}

const struct double_rule *doubles_find(const struct doubles *d,
				       struct slice line)
{
	for (size_t i = 0; i < d->count; i++)
		if (fits(d->rules[i].when, line))
			return &d->rules[i];
	return NULL;
}
