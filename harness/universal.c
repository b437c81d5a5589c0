/* SPDX-License-Identifier: MIT */
#include "universal.h"

#include <stdlib.h>
#include <string.h>

const char *violation_requirement(enum violation v)
{
	static const char *const ids[VIOLATIONS] = {
		[VIOLATION_NO_INDICATOR] = "RFC1939-3-RSP-01",
		[VIOLATION_INDICATOR] = "RFC1939-3-RSP-04",
		[VIOLATION_INDICATOR_CASE] = "RFC1939-3-RSP-05",
		[VIOLATION_NO_SPACE] = "RFC1939-3-RSP-06",
		[VIOLATION_LINE_TOO_LONG] = "RFC1939-3-RSP-03",
		[VIOLATION_LINE_BARE_LF] = "RFC1939-3-RSP-02",
		[VIOLATION_LINE_BARE_CR] = "RFC1939-3-RSP-02",
		[VIOLATION_BODY_BARE_LF] = "RFC1939-3-ML-02",
		[VIOLATION_TERMINATOR] = "RFC1939-3-ML-03",
		[VIOLATION_UNASKED] = "RFC1939-3-NET-03",
	};

	return ids[v];
}

static bool keep_witness(struct witness *w, const char *line,
			 const char *scenario, const char *step)
{
	if (w->scenario)
		return false;
	w->scenario = slice_copy(slice_str(scenario));
	w->step = slice_copy(slice_str(step));
	w->line = slice_copy(slice_str(line));
	return true;
}

void universal_note_one(struct universal *u, enum violation v,
			const char *line, const char *scenario,
			const char *step)
{
	u->count[v]++;
	for (size_t i = 0; i < UNIVERSAL_WITNESSES; i++)
		if (keep_witness(&u->witness[v][i], line, scenario, step))
			return;
}

void universal_note(struct universal *u, const struct reply *r,
		    const char *line, const char *scenario, const char *step)
{
	u->replies++;
	u->bodies += r->has_body;
	for (enum violation v = 0; v < VIOLATIONS; v++)
		if (r->violations & 1u << v)
			universal_note_one(u, v, line, scenario, step);
}

static void witness_free(struct witness *w)
{
	free(w->scenario);
	free(w->step);
	free(w->line);
	*w = (struct witness){ 0 };
}

/* Where u has room for a witness of v, from's moves in. */
static void move_witness(struct universal *u, enum violation v,
			 struct witness *w)
{
	for (size_t i = 0; i < UNIVERSAL_WITNESSES && w->scenario; i++) {
		if (u->witness[v][i].scenario)
			continue;
		u->witness[v][i] = *w;
		*w = (struct witness){ 0 };
	}
	witness_free(w);
}

void universal_merge(struct universal *u, struct universal *from)
{
	u->replies += from->replies;
	from->replies = 0;
	u->bodies += from->bodies;
	from->bodies = 0;
	for (enum violation v = 0; v < VIOLATIONS; v++) {
		u->count[v] += from->count[v];
		from->count[v] = 0;
		for (size_t i = 0; i < UNIVERSAL_WITNESSES; i++)
			move_witness(u, v, &from->witness[v][i]);
	}
}

void universal_free(struct universal *u)
{
	for (enum violation v = 0; v < VIOLATIONS; v++)
		for (size_t i = 0; i < UNIVERSAL_WITNESSES; i++)
			witness_free(&u->witness[v][i]);
	*u = (struct universal){ 0 };
}
