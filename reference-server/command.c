/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <string.h>

static void add(struct line *l, char octet, enum grammar grammar)
{
	bool after_cr = l->last == '\r';

	l->last = octet;
	if (octet == '\n' && (after_cr || grammar == LENIENT)) {
		l->complete = true;
		l->bare = !after_cr;
		l->len -= after_cr;
		return;
	}
	if (l->len < sizeof(l->octets))
		l->octets[l->len] = octet;
	l->len++;
}

size_t line_feed(struct line *l, struct slice octets, enum grammar grammar)
{
	size_t taken = 0;

	if (l->complete)
		line_wipe(l);
	while (taken < octets.len && !l->complete)
		add(l, octets.ptr[taken++], grammar);
	return taken;
}

bool line_too_long(const struct line *l)
{
	return l->len > COMMAND_OCTETS - strlen("\r\n");
}

struct slice line_text(const struct line *l)
{
	return slice_first(slice_of(l->octets, sizeof(l->octets)), l->len);
}

void line_wipe(struct line *l)
{
	*l = (struct line){ 0 };
}

static bool is_space(char c, enum grammar grammar)
{
	return c == ' ' || (c == '\t' && grammar == LENIENT);
}

static bool is_printable(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* The octets before the first space. */
static struct slice word(struct slice s, enum grammar grammar)
{
	size_t n = 0;

	while (n < s.len && !is_space(s.ptr[n], grammar))
		n++;
	return slice_first(s, n);
}

int command_parse(struct command *c, struct slice line, enum grammar grammar,
		  struct error *e)
{
	for (size_t i = 0; i < line.len; i++)
		if (!is_printable(line.ptr[i]) &&
		    !is_space(line.ptr[i], grammar))
			return error_set(e, "a command is printable ASCII");
	*c = (struct command){ .keyword = word(line, grammar) };
	if (!c->keyword.len)
		return error_set(e, "a command begins with a keyword");
	c->has_rest = c->keyword.len < line.len;
	c->rest = slice_from(line, c->keyword.len + 1);
	return 0;
}

int command_split(struct command *c, enum grammar grammar, struct error *e)
{
	struct slice rest = c->rest;
	bool more = c->has_rest;

	c->count = 0;
	while (more) {
		struct slice argument = word(rest, grammar);

		more = argument.len < rest.len;
		rest = slice_from(rest, argument.len + 1);
		if (!argument.len && grammar == LENIENT)
			continue;
		if (!argument.len)
			return error_set(e, "one space stands before each "
					    "argument, none at the end");
		if (c->count < COMMAND_ARGUMENTS)
			c->arguments[c->count] = argument;
		c->count++;
	}
	return 0;
}

void command_take_rest(struct command *c)
{
	c->arguments[0] = c->rest;
	c->count = c->rest.len ? 1 : 0;
}

static uint64_t append_digit(uint64_t n, unsigned digit)
{
	return n > (UINT64_MAX - digit) / 10 ? UINT64_MAX : n * 10 + digit;
}

bool decimal(struct slice digits, uint64_t *n)
{
	uint64_t value = 0;

	if (!digits.len || (digits.len > 1 && digits.ptr[0] == '0'))
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return false;
		value = append_digit(value, (unsigned)(digits.ptr[i] - '0'));
	}
	*n = value;
	return true;
}
