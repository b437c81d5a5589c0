/* SPDX-License-Identifier: MIT */
#include "show.h"
#include "universal.h"

#include <string.h>

static bool is_universal(const struct requirement *q)
{
	for (enum violation v = 0; v < VIOLATIONS; v++)
		if (violation_breaks(v, q->id))
			return true;
	return false;
}

/* Whom it binds, when, and whether that can be seen. */
static void reach(struct show *w, const struct requirement *q)
{
	struct buf text = { 0 };

	if (q->party == PARTY_BOTH)
		buf_add_str(&text, "server and client");
	else
		buf_printf(&text, "the %s", requirement_party_name(q->party));
	buf_add_str(&text, q->state == IN_ANY_STATE ? ", in " : ", in state ");
	buf_printf(&text, "%s%s", requirement_state_name(q->state),
		   q->state == IN_ANY_STATE ? " state" : "");
	page_take_words(&w->page, "binds", &text);
	buf_add_str(&text, requirement_testability_name(q->testability));
	if (*q->untestable)
		buf_printf(&text, ": %s", q->untestable);
	page_take_words(&w->page, "testable", &text);
}

static bool names(const struct scenario *s, const char *id)
{
	for (size_t i = 0; i < s->requirement_count; i++)
		if (!strcmp(s->requirements[i], id))
			return true;
	return false;
}

/* The scenarios that judge it, then those in which a step does. */
static void judges(struct show *w, const struct requirement *q)
{
	const struct library *l = w->library;
	bool any = is_universal(q);

	show_heading(w, "Judged by");
	if (any)
		show_line(w, 2,
			  "every reply of every scenario "
			  "(universal/%s)",
			  q->id);
	for (int first = 1; first >= 0; first--)
		for (size_t i = 0; i < l->count; i++) {
			const struct scenario *s = l->scenarios[i];
			bool own = !strcmp(s->requirements[0], q->id);

			if (own != first || !names(s, q->id))
				continue;
			any = true;
			show_line(w, 2, "%s%s", s->id,
				  own ? "" : ", in one of its steps");
			show_line(w, 6, "%s", s->title);
		}
	if (!any)
		show_line(w, 2, "no scenario");
}

void show_requirement(struct show *w, const struct requirement *q)
{
	show_line(w, 0, "%s", q->id);
	show_register(w, q);
	reach(w, q);
	for (size_t i = 0; i < q->ruling_count; i++)
		show_ruling(w, q->rulings[i]);
	judges(w, q);
}
