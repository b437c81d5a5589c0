/* SPDX-License-Identifier: MIT */
/*
 * What should have come, in words and with the values that are known, and what
 * was wrong about what came.
 */
#include "play_body.h"
#include "plural.h"
#include "visible.h"

#include <string.h>

#define LINES_TOLD 6 /* of a listing */

/* The lines as they should have been: names that have a value stand as it. */
static void add_lines(const struct play *p, const struct answer *a,
		      struct buf *to)
{
	for (size_t i = 0; i < a->line_count && i < LINES_TOLD; i++) {
		buf_add_str(to, i ? "\", \"" : " \"");
		pattern_fill(a->lines[i], &p->bindings, to);
	}
	buf_add_str(to, a->line_count ? "\"" : "");
	if (a->line_count > LINES_TOLD)
		buf_printf(to, " and so on, %zu in all", a->line_count);
}

static void add_message(const struct answer *a, struct buf *to)
{
	if (!strcmp(a->message, ANY_OTHER))
		buf_add_str(to, ", then any other message");
	else if (a->has_top)
		buf_printf(to,
			   ", then the header of message %s, the blank "
			   "line and %llu line%s of its body",
			   a->message, (unsigned long long)a->top,
			   plural(a->top));
	else
		buf_printf(to, ", then message %s octet by octet", a->message);
}

static void add_body(const struct play *p, const struct answer *a,
		     struct buf *to)
{
	switch (a->body) {
	case BODY_UNJUDGED:
		return;
	case BODY_MESSAGE:
		add_message(a, to);
		return;
	case BODY_LINES:
		buf_add_str(to, a->line_count ? ", then" : ", then no line");
		break;
	case BODY_LINE_SET:
		buf_add_str(to, ", then in any order");
		break;
	case BODY_EACH_LINE:
		buf_add_str(to, ", then only lines like");
		break;
	}
	add_lines(p, a, to);
	for (size_t i = 0; i < a->differ_count; i++)
		buf_printf(to, ", {%s} never the same", a->differ[i]);
	if (a->total)
		buf_printf(to, ", {%s} the sum of all {%s}", a->total,
			   a->addend);
}

static void add_octets(const struct play *p, const struct answer *a,
		       struct buf *to)
{
	struct buf filled = { 0 };

	pattern_fill(a->octets, &p->bindings, &filled);
	buf_add_str(to, ", then ");
	buf_add(to, buf_slice(&filled));
	buf_add_str(to, " octets");
	if (!slice_is(buf_slice(&filled), a->octets->source))
		buf_printf(to, ", which is %s", a->octets->source);
	to->failed |= filled.failed;
	buf_free(&filled);
}

void play_expected(const struct play *p, const struct answer *a, struct buf *to)
{
	if (to->len)
		buf_add_str(to, "; or ");
	if (a->event == EVENT_CLOSE) {
		buf_add_str(to, "the server closes");
		return;
	}
	if (a->event == EVENT_NOTHING) {
		buf_add_str(to, "nothing");
		return;
	}
	pattern_explain(a->line, &p->bindings, to);
	if (a->timestamp) {
		buf_add_str(to, ", the timestamp ");
		pattern_explain(a->timestamp, &p->bindings, to);
	}
	add_body(p, a, to);
	if (a->octets)
		add_octets(p, a, to);
}

/* The command whose reply it is, or should have been. */
static const char *keyword(const struct event_seen *seen)
{
	const struct talk *t = seen->t;
	const char *word = seen->result != TALK_REPLY && t->owed_count
				   ? t->owed[0].keyword
				   : t->last.keyword;

	return *word ? word : "a command";
}

void play_cause(const struct event_seen *seen, const struct step *step,
		bool of_body, struct buf *to)
{
	enum reply_status s = seen->t->reader.reply.status;

	if (seen->is_greeting)
		buf_add_str(to, "The greeting");
	else if (step->answers[0].event == EVENT_CLOSE)
		buf_add_str(to, "The end of the connection");
	else if (seen->result != TALK_REPLY)
		buf_printf(to, "No reply to %s", keyword(seen));
	else if (of_body)
		buf_printf(to, "What %s sends", keyword(seen));
	else if (s == STATUS_OK || s == STATUS_ERR)
		buf_printf(to, "%s is answered with %s", keyword(seen),
			   s == STATUS_OK ? "+OK" : "-ERR");
	else
		buf_printf(to, "The reply to %s", keyword(seen));
}
