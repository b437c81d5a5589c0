/* SPDX-License-Identifier: MIT */
#include "look_only.h"

static const char *objection(struct slice line, bool *retrieved)
{
	struct command c = command_of(line);

	if (line.len + 1 > LOOK_ONLY_LINE)
		return "look-only: a line over 255 octets";
	if (command_is(&c, "DELE"))
		return "look-only: would delete";
	if (command_is(&c, "QUIT") && *retrieved)
		return "look-only: a site may delete what was retrieved";
	*retrieved = *retrieved || command_is(&c, "RETR");
	return NULL;
}

/* Without its line end, which is LF, with or without CR. */
static struct slice line_of(struct slice octets)
{
	struct slice line = slice_first(octets, slice_find(octets, '\n'));

	return slice_ends(line, "\r") ? slice_first(line, line.len - 1) : line;
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
		*why = objection(line_of(rest), &retrieved);
		rest = slice_from(rest, slice_find(rest, '\n') + 1);
	}
	if (all.failed)
		*why = "out of memory";
	buf_free(&all);
	return !*why;
}
