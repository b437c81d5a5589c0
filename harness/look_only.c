/* SPDX-License-Identifier: MIT */
#include "look_only.h"
#include "climb.h"

static bool is_letter(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_command(struct slice line, const char *keyword)
{
	return slice_is_nocase(slice_first(line, 4), keyword);
}

static struct slice argument(struct slice line)
{
	return slice_from(line, slice_find(line, ' ') + 1);
}

static bool has_right_password(const struct look_only *l, struct slice line)
{
	return l->account && slice_is(argument(line), l->account->password);
}

static bool has_right_digest(const struct look_only *l, struct slice line)
{
	char digest[33];

	if (!l->account || !l->account->secret)
		return false;
	apop_digest(l->timestamp, l->account->secret, digest);
	return slice_is(argument(argument(line)), digest);
}

/* line begins with its keyword. */
static const char *objection(const struct look_only *l, struct slice line,
			     bool *retrieved)
{
	if (is_command(line, "DELE"))
		return "look-only: would delete";
	if (is_command(line, "QUIT") && *retrieved)
		return "look-only: a site may delete what was retrieved";
	if ((is_command(line, "PASS") && !has_right_password(l, line)) ||
	    (is_command(line, "APOP") && !has_right_digest(l, line)) ||
	    (is_command(line, "AUTH") && argument(line).len))
		return "look-only: may fail to log in with a real name";
	*retrieved = *retrieved || is_command(line, "RETR");
	return NULL;
}

static size_t line_length(struct slice octets)
{
	size_t cr = slice_find(octets, '\r'), lf = slice_find(octets, '\n');

	return cr < lf ? cr : lf;
}

static struct slice from_keyword(struct slice line)
{
	while (line.len && !is_letter(slice_at(line, 0)))
		line = slice_from(line, 1);
	return line;
}

bool look_only_allows(const struct look_only *l, struct slice octets,
		      const char **why)
{
	bool retrieved = l->retrieved;
	struct buf all = { 0 };
	struct slice rest;

	*why = NULL;
	buf_add(&all, l->unfinished);
	buf_add(&all, octets);
	for (rest = buf_slice(&all); rest.len && !*why;) {
		size_t n = line_length(rest);

		*why = objection(l, from_keyword(slice_first(rest, n)),
				 &retrieved);
		if (n + 2 > LOOK_ONLY_LINE)
			*why = "look-only: a line over 255 octets";
		rest = slice_from(rest, n + 1);
	}
	if (all.failed)
		*why = "out of memory";
	buf_free(&all);
	return !*why;
}
