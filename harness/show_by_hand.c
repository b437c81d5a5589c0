/* SPDX-License-Identifier: MIT */
/*
 * What to type to play a scenario by hand. Lines that begin with # are for the
 * reader, those with $ for a shell, those with [2] for a second window; all
 * others go to the server, with Enter.
 */
#include "show.h"

#include <string.h>

#define MARGIN 2
#define DEEPER 2

struct hand {
	struct show *show;
	size_t columns;
};

static void type(struct hand *h, unsigned client, const char *line)
{
	show_line(h->show, h->columns, "%s%s", client ? "[2] " : "", line);
}

static void remark(struct hand *h, const char *text)
{
	show_line(h->show, h->columns, "# %s", text);
}

static void connect_to(struct hand *h, unsigned client)
{
	show_line(h->show, h->columns, "%s$ nc -C %s %s", client ? "[2] " : "",
		  h->show->host, h->show->port);
}

static void climb(struct hand *h, unsigned client, enum state state)
{
	connect_to(h, client);
	if (state < STATE_TRANSACTION)
		return;
	show_line(h->show, h->columns, "%sUSER %s", client ? "[2] " : "",
		  h->show->user);
	type(h, client, "PASS {password}");
}

/* {user} stands for a name that we may know. */
static void type_source(struct hand *h, unsigned client, const char *source)
{
	const char *user = strstr(source, "{user}");
	struct buf line = { 0 }, shown = { 0 };

	if (user) {
		buf_add(&line, slice_of(source, (size_t)(user - source)));
		buf_add_str(&line, h->show->user);
		source = user + strlen("{user}");
	}
	buf_add_str(&line, source);
	show_typed(&shown, buf_slice(&line));
	type(h, client, buf_text(&shown) ? buf_text(&shown) : "");
	h->show->page.text.failed |= line.failed || shown.failed;
	buf_free(&line);
	buf_free(&shown);
}

/* A segment cannot be typed unless it is whole lines, which can be pasted. */
static void send_step(struct hand *h, const struct step *step)
{
	if (!step->line)
		remark(h, step->piece_count > 1
				  ? "in these pieces, each a segment; {CRLF} "
				    "is Enter (nc sends nothing before it: "
				    "--only plays it so)"
				  : "paste this at once; {CRLF} is Enter");
	for (size_t i = 0; i < step->piece_count; i++)
		type_source(h, step->client, step->pieces[i]->source);
}

static void steps(struct hand *h, const struct steps *list);

static const char *event(const struct answer *a)
{
	if (a->event == EVENT_CLOSE)
		return "it closes";
	return a->event == EVENT_NOTHING ? "nothing happens" : a->line->source;
}

/* Is there anything to do but to read answers? */
static bool is_work(const struct steps *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct step *step = &list->list[i];

		if (step->kind != STEP_ANSWERS)
			return true;
		for (size_t j = 0; j < step->answer_count; j++)
			if (is_work(&step->answers[j].then))
				return true;
	}
	return false;
}

/* Only what leads to other work needs to be told apart. */
static void answers(struct hand *h, const struct step *step)
{
	for (size_t i = 0; i < step->answer_count; i++) {
		const struct answer *a = &step->answers[i];

		if (!is_work(&a->then))
			continue;
		if (step->answer_count > 1)
			show_line(h->show, h->columns,
				  "# if %s%s%s%s:", event(a),
				  *a->label ? " (" : "", a->label,
				  *a->label ? ")" : "");
		h->columns += DEEPER;
		steps(h, &a->then);
		h->columns -= DEEPER;
	}
}

static void wait_for(struct hand *h, const struct step *step)
{
	struct buf time = { 0 };

	show_duration(&time, step->duration);
	show_line(h->show, h->columns, "# wait for %s: nothing may come",
		  buf_text(&time));
	buf_free(&time);
}

static void repeat(struct hand *h, const struct step *step)
{
	show_line(h->show, h->columns,
		  "# %llu times:", (unsigned long long)step->times);
	h->columns += DEEPER;
	steps(h, &step->body);
	h->columns -= DEEPER;
}

/* A look into the maildrop. */
static void look(struct hand *h, const struct step *step)
{
	struct buf names = { 0 };

	for (size_t i = 0; i < step->name_count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", step->names[i]);
	type(h, 0, "LIST");
	show_line(h->show, h->columns, "# exactly these messages: %s",
		  names.len ? buf_text(&names) : "none");
	buf_free(&names);
}

static void play_step(struct hand *h, const struct step *step)
{
	switch (step->kind) {
	case STEP_SEND:
		send_step(h, step);
		return;
	case STEP_ANSWERS:
		answers(h, step);
		return;
	case STEP_SILENCE:
		wait_for(h, step);
		return;
	case STEP_DROP:
		remark(h, step->client ? "[2] Ctrl-C: no QUIT"
				       : "Ctrl-C: no QUIT");
		return;
	case STEP_RESET:
		remark(h, "the connection is reset: nc cannot");
		return;
	case STEP_HALF_CLOSE:
		remark(h, "Ctrl-D, with nc -N -C: it then sends no more");
		return;
	case STEP_CONNECT:
		climb(h, 1, STATE_CONNECTED);
		return;
	case STEP_LOGIN:
		climb(h, 1, STATE_TRANSACTION);
		answers(h, step);
		return;
	case STEP_NEW_SESSION:
		remark(h, "Ctrl-C, if it is still connected");
		climb(h, 0, step->state);
		return;
	case STEP_DELIVERED:
		show_line(h->show, h->columns, "# deliver message %s now",
			  step->names[0]);
		return;
	case STEP_MAILDROP:
		look(h, step);
		return;
	case STEP_REPEAT:
		repeat(h, step);
		return;
	case STEP_SUM:
	case STEP_DIFFER:
		return;
	}
	show_line(h->show, h->columns, "# %s", step->source);
}

static void steps(struct hand *h, const struct steps *list)
{
	for (size_t i = 0; i < list->count; i++)
		play_step(h, &list->list[i]);
}

void show_by_hand(struct show *w, const struct scenario *s)
{
	struct hand h = { .show = w, .columns = MARGIN };

	show_heading(w, "By hand");
	if (s->maildrop)
		show_line(w, MARGIN,
			  "# the maildrop of %s first gets what is "
			  "in maildrops/%s, and nothing else",
			  w->user, s->maildrop);
	show_line(w, MARGIN,
		  "# over TLS: openssl s_client -quiet -crlf "
		  "-connect %s:995",
		  w->host);
	climb(&h, 0, s->start);
	steps(&h, &s->given);
	steps(&h, &s->dialogue);
}
