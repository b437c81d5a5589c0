/* SPDX-License-Identifier: MIT */
/* What was seen on all replies of a run: verdicts of their own. */
#include "play_internal.h"

#include <string.h>

/* Which violations break the same requirement is said once, together. */
static void count_violation(const struct universal *u, enum violation v,
			    struct buf *actual)
{
	const struct witness *w = &u->witness[v][0];

	buf_printf(actual, "%s%s in %llu of %llu repl%s",
		   actual->len ? "; " : "", violation_name(v),
		   (unsigned long long)u->count[v],
		   (unsigned long long)u->replies,
		   u->replies == 1 ? "y" : "ies");
	if (w->scenario)
		buf_printf(actual, ": %s", w->octets);
}

/* Each is a line of the transcript, behind the place where it was seen. */
static void tell_witnesses(const struct universal *u, enum violation v,
			   struct transcript *to)
{
	for (size_t i = 0; i < UNIVERSAL_WITNESSES; i++) {
		const struct witness *w = &u->witness[v][i];
		struct buf place = { 0 };

		if (!w->scenario)
			continue;
		buf_printf(&place, "%s%s%s, %s%s", w->scenario,
			   *w->step ? " " : "", w->step,
			   *w->command ? "as reply to " : "the greeting",
			   w->command);
		transcript_note(to, 0, 0, buf_text(&place));
		transcript_visible(to, 'S', w->octets);
		buf_free(&place);
	}
}

/*
 * A bare LF in a body may be a fault of the framing, or of the letter. It is
 * the former only in letters that we know.
 */
static bool is_about_mail(const char *requirement)
{
	return !strcmp(requirement,
		       violation_requirement(VIOLATION_BODY_BARE_LF));
}

static void add_universal(const struct stage *stage, const struct universal *u,
			  const char *requirement, struct findings *out)
{
	const struct requirement *q =
		registry_find(stage->registry, requirement);
	struct verdict v = { .outcome = OUTCOME_PASS };
	struct transcript seen = { 0 };
	struct buf actual = { 0 }, id = { 0 };
	unsigned count = 0;
	struct scenario s = { .revision = 1,
			      .file = findings_borrow(""),
			      .title = q ? q->says : NULL };

	for (enum violation i = 0; i < VIOLATIONS; i++) {
		if (!u->count[i] || !violation_breaks(i, requirement))
			continue;
		count += (unsigned)u->count[i];
		count_violation(u, i, &actual);
		tell_witnesses(u, i, &seen);
	}
	if (actual.len) {
		v.outcome = play_breach_outcome(q);
		if (stage->look_only && is_about_mail(requirement))
			v.outcome = OUTCOME_INFO;
		v.count = count;
		v.actual = findings_borrow(buf_text(&actual));
		v.expected = findings_borrow("no reply of the run breaks this");
		v.transcript = seen.list;
		v.exchanges = seen.count;
	}
	buf_printf(&id, "universal/%s", requirement);
	s.id = findings_borrow(buf_text(&id));
	findings_add(out, stage, &s, requirement, v);
	transcript_clear(&seen);
	buf_free(&actual);
	buf_free(&id);
}

static bool first_of_its_requirement(enum violation v)
{
	for (enum violation i = 0; i < v; i++)
		if (!strcmp(violation_requirement(i), violation_requirement(v)))
			return false;
	return true;
}

/* What was never there to be looked at does not hold. */
static bool was_seen(const struct universal *u, enum violation v)
{
	bool of_bodies =
		v == VIOLATION_BODY_BARE_LF || v == VIOLATION_TERMINATOR;

	return u->count[v] || (of_bodies ? u->bodies : u->replies);
}

void play_universal(const struct stage *stage, const struct universal *u,
		    struct findings *out)
{
	for (enum violation v = 0; v < VIOLATIONS; v++)
		if (was_seen(u, v) && first_of_its_requirement(v))
			add_universal(stage, u, violation_requirement(v), out);
	if (stage->abilities && stage->abilities->capa && u->replies)
		add_universal(stage, u, UNIVERSAL_OF_CAPA, out);
}
