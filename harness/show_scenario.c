/* SPDX-License-Identifier: MIT */
#include "show.h"
#include "plural.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGES_SHOWN 12

void show_ruling(struct show *w, const char *number)
{
	struct slice question;
	struct buf text = { 0 };

	buf_add_str(&text, number);
	if (rulings_question(&w->rulings, number, &question)) {
		buf_add_str(&text, ": ");
		buf_add(&text, question);
		buf_add_char(&text, ' ');
		rulings_held(&w->rulings, number, &text);
	}
	page_take_words(&w->page, "ruling", &text);
}

static void worth(struct show *w, const struct requirement *q)
{
	struct buf text = { 0 };

	buf_add_str(&text, requirement_verdict_name(q->verdict));
	if (*q->why)
		buf_printf(&text, ": %s", q->why);
	if (q->slow)
		buf_add_str(&text, "; to judge it takes waiting (--slow)");
	page_take_words(&w->page, "breach", &text);
}

static void clause(struct show *w, const struct requirement *q)
{
	struct buf text = { 0 };

	requirement_clause(q, &text);
	buf_printf(&text, " (%s%s)", requirement_level_name(q->level),
		   q->lower_case ? ", in lower case" : "");
	page_take_words(&w->page, "clause", &text);
}

void show_register(struct show *w, const struct requirement *q)
{
	page_words(&w->page, "rule", q->says);
	clause(w, q);
	page_matter(&w->page, "link", q->link);
	worth(w, q);
	page_words(&w->page, "legal", q->legal);
	if (*q->applies)
		page_words(&w->page, "only if", q->applies);
}

static void judged(struct show *w, const struct scenario *s)
{
	for (size_t i = 0; i < s->requirement_count; i++) {
		const char *id = s->requirements[i];
		const struct requirement *q =
			registry_find(w->library->registry, id);
		struct buf heading = { 0 };

		buf_printf(&heading, "%s %s", i ? "Also" : "Judges", id);
		show_heading(w, buf_text(&heading));
		if (q)
			show_register(w, q);
		w->page.text.failed |= heading.failed;
		buf_free(&heading);
	}
	if (s->ruling_count)
		show_heading(w, "Rulings");
	for (size_t i = 0; i < s->ruling_count; i++)
		show_ruling(w, s->rulings[i]);
}

/* The value of a field of the header, up to the end of its line. */
static struct slice field(struct slice message, const char *name)
{
	message = slice_from(message, slice_search(message, slice_str(name)));
	message = slice_from(message, strlen(name));
	return slice_first(message, slice_find(message, '\n'));
}

static void message(struct show *w, const struct scenario *s,
		    const struct fixture_message *m)
{
	struct slice stored = buf_slice(&m->octets);
	struct slice id = field(stored, "Message-ID: ");
	struct buf sent = { 0 }, text = { 0 };

	fixture_as_sent(stored, FIXTURE_END_ADDED, &sent);
	buf_printf(&text, "%zu octet%s", sent.len, plural(sent.len));
	if (id.len) {
		buf_add_str(&text, ", Message-ID ");
		buf_add(&text, slice_first(id, slice_find(id, '\r')));
	}
	if (scenario_delivers(s, m->name))
		buf_add_str(&text, ", delivered later");
	page_take_words(&w->page, m->name, &text);
	w->page.text.failed |= sent.failed;
	buf_free(&sent);
}

static void maildrop(struct show *w, const struct scenario *s)
{
	const struct fixture *f = library_fixture(w->library, s);
	struct buf heading = { 0 };

	if (!f)
		return;
	buf_printf(&heading, "Maildrop %s", f->name);
	show_heading(w, buf_text(&heading));
	if (!f->count)
		show_line(w, 2, "no message");
	for (size_t i = 0; i < f->count && i < MESSAGES_SHOWN; i++)
		message(w, s, &f->messages[i]);
	if (f->count > MESSAGES_SHOWN)
		show_line(w, 2, "... and %zu more", f->count - MESSAGES_SHOWN);
	w->page.text.failed |= heading.failed;
	buf_free(&heading);
}

static void needs(struct show *w, const struct scenario *s)
{
	if (!s->need_count)
		return;
	show_heading(w, "Needs, or it is skipped");
	for (size_t i = 0; i < s->need_count; i++)
		show_line(w, 2, "%s", s->needs[i]);
}

static void aggression(struct show *w, const struct scenario *s)
{
	const char *what = scenario_aggression(s);

	if (!what)
		return;
	show_heading(w, "On another machine only with --aggressive");
	show_line(w, 2, "%s", what);
}

void show_scenario(struct show *w, const struct scenario *s)
{
	w->scenario = s;
	show_line(w, 0, "%s, revision %u", s->id, s->revision);
	page_words(&w->page, "title", s->title);
	page_matter(&w->page, "file", s->file);
	judged(w, s);
	needs(w, s);
	aggression(w, s);
	maildrop(w, s);
	show_dialogue(w, s);
	show_placeholders(w, s);
	show_by_hand(w, s);
}
