/* SPDX-License-Identifier: MIT */
/*
 * The steps of a scenario as RFC 1939 prints a dialogue: C: and S: behind a
 * margin, <close connection> for what is no line, and the answers that are
 * legal one under the other.
 */
#include "decimal.h"
#include "plural.h"
#include "show.h"

#include <string.h>

#define MARGIN 6      /* columns, as in the examples of RFC 1939 section 5 */
#define DEEPER 4      /* an answer below what asks for it */
#define RANGE_SHOWN 4 /* lines of a range that are not worth a "so on" */

/* What is behind a line: what else it breaks, and our word on it. */
static void add_note(struct buf *to, const char *requirement,
		     const char *ruling)
{
	if (!requirement && !ruling)
		return;
	buf_printf(to, "   [%s%s%s]", requirement ? requirement : "",
		   requirement && ruling ? ", " : "", ruling ? ruling : "");
}

/* A line of either side and, of its last line, the note. */
static void say(struct show *w, size_t columns, char who, unsigned client,
		const char *text, const char *note)
{
	show_line(w, columns, "%c%s: %s%s", who, client ? "2" : "", text,
		  note ? note : "");
}

/* What the client sends, up to a line end. */
static void say_sent(struct show *w, size_t columns, unsigned client,
		     struct slice source, const char *note)
{
	struct buf text = { 0 };

	show_typed(&text, source);
	say(w, columns, 'C', client, buf_text(&text), note);
	w->page.text.failed |= text.failed;
	buf_free(&text);
}

/* The lines of a piece: up to {CRLF} each; what has no end says so. */
static void say_piece(struct show *w, size_t columns, const struct step *step,
		      const struct pattern *p)
{
	static const char end[] = "{CRLF}";
	struct slice rest = slice_str(p->source);

	while (rest.len) {
		size_t n = slice_search(rest, slice_str(end));
		bool ends = n < rest.len;

		say_sent(w, columns, step->client, slice_first(rest, n),
			 ends ? NULL : "   <no line end yet>");
		rest = slice_from(rest, ends ? n + sizeof(end) - 1 : n);
	}
}

static void send_step(struct show *w, size_t columns, const struct step *step)
{
	if (step->line) {
		say_sent(w, columns, step->client,
			 slice_str(step->pieces[0]->source), NULL);
		return;
	}
	if (step->piece_count == 1)
		show_line(w, columns, "<in one segment:>");
	for (size_t i = 0; i < step->piece_count; i++) {
		if (step->piece_count > 1)
			show_line(w, columns, "<segment %zu:>", i + 1);
		say_piece(w, columns, step, step->pieces[i]);
	}
}

/* The number that a line begins with, and what is behind it. */
static bool leading_number(const struct pattern *p, uint64_t *number,
			   struct slice *rest)
{
	struct slice line = slice_str(p->source);
	size_t n = slice_find(line, ' ');

	*rest = slice_from(line, n);
	return decimal_read(slice_first(line, n), number);
}

/* The last of the lines from i on that differ by a number that goes up. */
static size_t end_of_range(const struct answer *a, size_t i)
{
	struct slice first, next;
	uint64_t n, m;

	if (!leading_number(a->lines[i], &n, &first))
		return i;
	while (i + 1 < a->line_count &&
	       leading_number(a->lines[i + 1], &m, &next) && m == n + 1 &&
	       slice_equal(first, next)) {
		n = m;
		i++;
	}
	return i;
}

static void say_lines(struct show *w, size_t columns, const struct answer *a)
{
	if (a->body == BODY_LINE_SET)
		show_line(w, columns, "<in any order:>");
	if (a->body == BODY_EACH_LINE)
		show_line(w, columns, "<any number of lines like this:>");
	for (size_t i = 0; i < a->line_count; i++) {
		size_t last = end_of_range(a, i);

		say(w, columns, 'S', a->client, a->lines[i]->source, NULL);
		if (last < i + RANGE_SHOWN)
			continue;
		show_line(w, columns, "<and so on, a line for each number>");
		say(w, columns, 'S', a->client, a->lines[last]->source, NULL);
		i = last;
	}
	for (size_t i = 0; i < a->differ_count; i++)
		show_line(w, columns, "<{%s} is never the same>", a->differ[i]);
	if (a->total)
		show_line(w, columns, "<{%s} is the sum of all {%s}>", a->total,
			  a->addend);
}

static void say_message(struct show *w, size_t columns, const struct answer *a)
{
	struct buf what = { 0 };

	buf_add_str(&what, "<");
	if (!strcmp(a->message, ANY_OTHER))
		buf_add_str(&what, "any other message");
	else
		buf_printf(&what, "message %s, octet by octet", a->message);
	if (a->has_top)
		buf_printf(&what,
			   ": its header, the blank line and %llu line%s "
			   "of its body",
			   (unsigned long long)a->top, plural(a->top));
	buf_add_str(&what, ">");
	say(w, columns, 'S', a->client, buf_text(&what), NULL);
	w->page.text.failed |= what.failed;
	buf_free(&what);
}

/* What the scenario looks at behind the first line. */
static void say_body(struct show *w, size_t columns, const struct answer *a)
{
	if (a->body == BODY_UNJUDGED && !a->octets)
		return;
	if (a->body == BODY_MESSAGE)
		say_message(w, columns, a);
	else
		say_lines(w, columns, a);
	if (a->octets)
		show_line(w, columns, "S%s: <%s octets in all, unstuffed>",
			  a->client ? "2" : "", a->octets->source);
	say(w, columns, 'S', a->client, ".", NULL);
}

static void say_answer(struct show *w, size_t columns, const struct step *step,
		       const struct answer *a, const char *note)
{
	struct buf time = { 0 };

	switch (a->event) {
	case EVENT_REPLY:
		say(w, columns, 'S', a->client, a->line->source, note);
		if (a->timestamp)
			show_line(w, columns, "<the timestamp of the greeting "
				  "is %s>", a->timestamp->source);
		say_body(w, columns, a);
		break;
	case EVENT_CLOSE:
		say(w, columns, 'S', a->client, "<close connection>", note);
		break;
	case EVENT_NOTHING:
		show_duration(&time, step->duration);
		show_line(w, columns, "S: <nothing for %s>%s", buf_text(&time),
			  note);
		break;
	}
	buf_free(&time);
}

static void steps(struct show *w, size_t columns, const struct steps *list);

/* "   [refused: INFO, RFC1939-13-02, C5]" */
static void add_meaning(struct buf *to, const struct answer *a)
{
	bool plain = a->verdict == OUTCOME_PASS;

	buf_printf(to, "   [%s%s%s", a->label, *a->label ? ": " : "",
		   plain ? "legal" : outcome_name(a->verdict));
	if (a->requirement && !plain)
		buf_printf(to, ", %s", a->requirement);
	if (a->ruling)
		buf_printf(to, ", ruling %s", a->ruling);
	buf_add_str(to, "]");
}

static void either(struct show *w, size_t columns, const struct step *step)
{
	struct buf time = { 0 };

	if (step->duration) {
		show_duration(&time, step->duration);
		show_line(w, columns, "<within %s>", buf_text(&time));
	}
	for (size_t i = 0; i < step->answer_count; i++) {
		const struct answer *a = &step->answers[i];
		struct buf note = { 0 };

		show_line(w, columns, i ? "or" : "either");
		add_meaning(&note, a);
		say_answer(w, columns + DEEPER, step, a, buf_text(&note));
		steps(w, columns + DEEPER, &a->then);
		w->page.text.failed |= note.failed;
		buf_free(&note);
	}
	show_line(w, columns, "<any other answer is a breach of %s>",
		  step->requirement ? step->requirement
				    : w->scenario->requirements[0]);
	buf_free(&time);
}

/* A single answer that passes needs no "either". */
static void answers(struct show *w, size_t columns, const struct step *step)
{
	const struct answer *a = step->answers;
	struct buf note = { 0 };

	if (step->answer_count > 1 || a->verdict != OUTCOME_PASS || *a->label ||
	    a->then.count) {
		either(w, columns, step);
		return;
	}
	add_note(&note, a->requirement ? a->requirement : step->requirement,
		 a->ruling ? a->ruling : step->ruling);
	say_answer(w, columns, step, a, note.len ? buf_text(&note) : "");
	w->page.text.failed |= note.failed;
	buf_free(&note);
}

/* How a session begins, by the harness alone. */
static void climb(struct show *w, size_t columns, unsigned client,
		  enum state state)
{
	say(w, columns, 'C', client, "<open connection>", NULL);
	if (state >= STATE_AUTHORIZATION)
		say(w, columns, 'S', client, "+OK", NULL);
	if (state < STATE_TRANSACTION)
		return;
	say(w, columns, 'C', client, "<log in, by what the target offers>",
	    NULL);
	say(w, columns, 'S', client, "+OK", NULL);
}

static void login(struct show *w, size_t columns, const struct step *step)
{
	if (!step->answer_count) {
		climb(w, columns, 1, STATE_TRANSACTION);
		return;
	}
	climb(w, columns, 1, STATE_AUTHORIZATION);
	say(w, columns, 'C', 1, "<log in, by what the target offers>", NULL);
	answers(w, columns, step);
}

static void add_names(struct buf *to, const struct step *step, size_t from,
		      const char *between)
{
	for (size_t i = from; i < step->name_count; i++)
		buf_printf(to, "%s%s", i > from ? between : "", step->names[i]);
}

/* What is looked at, not said: the names of messages, or of values. */
static void look(struct show *w, size_t columns, const struct step *step)
{
	struct buf what = { 0 };

	buf_add_str(&what, "<");
	if (step->kind == STEP_MAILDROP && !step->name_count)
		buf_add_str(&what, "the maildrop is empty");
	else if (step->kind == STEP_MAILDROP)
		buf_add_str(&what, "the maildrop holds exactly ");
	if (step->kind == STEP_SUM)
		buf_printf(&what, "{%s} is the sum of {", step->names[0]);
	if (step->kind == STEP_DIFFER)
		buf_add_str(&what, "all differ: {");
	add_names(&what, step, step->kind == STEP_SUM,
		  step->kind == STEP_MAILDROP ? ", " : "}, {");
	buf_add_str(&what, step->kind == STEP_MAILDROP ? ">" : "}>");
	add_note(&what, step->requirement, step->ruling);
	show_line(w, columns, "%s", buf_text(&what));
	w->page.text.failed |= what.failed;
	buf_free(&what);
}

static void repeat(struct show *w, size_t columns, const struct step *step)
{
	show_line(w, columns, "<%llu times:>", (unsigned long long)step->times);
	steps(w, columns + DEEPER, &step->body);
	for (size_t i = 0; i < step->name_count; i++)
		show_line(w, columns, "<{%s} is never the same>",
			  step->names[i]);
}

static void silence(struct show *w, size_t columns, const struct step *step)
{
	struct buf what = { 0 };

	buf_add_str(&what, "S: <nothing for ");
	show_duration(&what, step->duration);
	buf_add_str(&what, ">");
	add_note(&what, step->requirement, step->ruling);
	show_line(w, columns, "%s", buf_text(&what));
	w->page.text.failed |= what.failed;
	buf_free(&what);
}

static void play_step(struct show *w, size_t columns, const struct step *step)
{
	switch (step->kind) {
	case STEP_SEND:
		send_step(w, columns, step);
		return;
	case STEP_ANSWERS:
		answers(w, columns, step);
		return;
	case STEP_SILENCE:
		silence(w, columns, step);
		return;
	case STEP_DROP:
		say(w, columns, 'C', step->client, "<close connection>", NULL);
		return;
	case STEP_RESET:
		say(w, columns, 'C', step->client, "<reset connection>", NULL);
		return;
	case STEP_HALF_CLOSE:
		say(w, columns, 'C', step->client,
		    "<send no more, but still read>", NULL);
		return;
	case STEP_CONNECT:
		climb(w, columns, 1, STATE_CONNECTED);
		return;
	case STEP_LOGIN:
		login(w, columns, step);
		return;
	case STEP_NEW_SESSION:
		show_line(w, columns, "<a new session%s%s>",
			  step->requirement ? "; without one it breaks " : "",
			  step->requirement ? step->requirement : "");
		climb(w, columns, 0, step->state);
		return;
	case STEP_DELIVERED:
		show_line(w, columns, "<message %s is delivered>",
			  step->names[0]);
		return;
	case STEP_MAILDROP:
	case STEP_SUM:
	case STEP_DIFFER:
		look(w, columns, step);
		return;
	case STEP_REPEAT:
		repeat(w, columns, step);
		return;
	}
	show_line(w, columns, "%s", step->source);
}

static void steps(struct show *w, size_t columns, const struct steps *list)
{
	for (size_t i = 0; i < list->count; i++)
		play_step(w, columns, &list->list[i]);
}

void show_dialogue(struct show *w, const struct scenario *s)
{
	show_heading(w, "Dialogue");
	climb(w, MARGIN, 0, s->start);
	if (s->given.count) {
		show_line(w, MARGIN,
			  "<given: if this does not hold, nothing "
			  "is judged>");
		steps(w, MARGIN, &s->given);
		show_line(w, MARGIN, "<judged from here on>");
	}
	steps(w, MARGIN, &s->dialogue);
}
