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
		[VIOLATION_UNANSWERED] = "RFC1939-3-NET-03",
	};

	return ids[v];
}

bool violation_breaks(enum violation v, const char *requirement)
{
	return !strcmp(violation_requirement(v), requirement) ||
	       (v == VIOLATION_LINE_TOO_LONG &&
		!strcmp(requirement, UNIVERSAL_OF_CAPA));
}

/* The octets that show v. */
static const char *shown(const struct sighting *s, enum violation v)
{
	if (v == VIOLATION_BODY_BARE_LF)
		return s->fault;
	return v == VIOLATION_TERMINATOR ? s->tail : s->line;
}

static bool is_same(const struct witness *w, const char *scenario,
		    const char *step)
{
	return slice_is(slice_str(scenario), w->scenario) &&
	       slice_is(slice_str(step), w->step);
}

/* "(sanity)" and the like: a dialogue that can be played again is better. */
static bool is_weak(const char *scenario)
{
	return slice_starts(slice_str(scenario), "(");
}

/* Where there is room for one more witness, from another step; or NULL. */
static struct witness *room(struct universal *u, enum violation v,
			    const char *scenario, const char *step)
{
	struct witness *weak = NULL;

	for (size_t i = 0; i < UNIVERSAL_WITNESSES; i++) {
		struct witness *w = &u->witness[v][i];

		if (!w->scenario || !w->step)
			return w;
		if (is_same(w, scenario, step))
			return NULL;
		if (!weak && is_weak(w->scenario) && !is_weak(scenario))
			weak = w;
	}
	return weak;
}

static void witness_free(struct witness *w)
{
	free(w->scenario);
	free(w->step);
	free(w->command);
	free(w->octets);
	*w = (struct witness){ 0 };
}

void universal_note_one(struct universal *u, enum violation v,
			const struct sighting *s)
{
	struct witness *w = room(u, v, s->scenario, s->step);

	u->count[v]++;
	if (!w)
		return;
	witness_free(w);
	*w = (struct witness){
		.scenario = slice_copy(slice_str(s->scenario)),
		.step = slice_copy(slice_str(s->step)),
		.command = slice_copy(slice_str(s->command)),
		.octets = slice_copy(slice_str(shown(s, v))),
	};
}

void universal_note(struct universal *u, const struct reply *r,
		    const struct sighting *s)
{
	u->replies++;
	u->bodies += r->has_body;
	for (enum violation v = 0; v < VIOLATIONS; v++)
		if (r->violations & 1u << v)
			universal_note_one(u, v, s);
}

/* Where u has room for a witness of v, from's moves in. */
static void move_witness(struct universal *u, enum violation v,
			 struct witness *w)
{
	struct witness *to = w->scenario && w->step
				     ? room(u, v, w->scenario, w->step)
				     : NULL;

	if (to) {
		witness_free(to);
		*to = *w;
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
