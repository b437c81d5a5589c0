/* SPDX-License-Identifier: MIT */
/* Steps that look at what was learnt: maildrops, sums, differences. */
#include "play_internal.h"
#include "decimal.h"
#include "visible.h"

#include <stdio.h>
#include <string.h>

/* A silence is looked at a little short of what the RFC grants. */
#define SILENCE_MARGIN 2000

/* A plain breach at step: what was expected, and what was seen. */
static enum flow breach(struct play *p, const struct step *step,
			const char *expected, struct buf actual)
{
	struct breach b = { .pointer = step->pointer,
			    .requirement = step->requirement,
			    .ruling = step->ruling,
			    .as = OUTCOME_FAIL,
			    .actual = actual };

	buf_add_str(&b.cause, step->kind == STEP_MAILDROP
				      ? "What is in the maildrop"
				      : "");
	buf_add_str(&b.expected, expected);
	return play_breach(p, &b);
}

static enum flow breach_text(struct play *p, const struct step *step,
			     const char *expected, const char *actual)
{
	struct buf text = { 0 };

	buf_add_str(&text, actual);
	return breach(p, step, expected, text);
}

enum flow play_silence(struct play *p, const struct step *step)
{
	struct talk *t = play_talk(p, step);
	uint64_t ms = step->duration > 2 * SILENCE_MARGIN
			      ? step->duration - SILENCE_MARGIN
			      : step->duration;
	enum talk_result result = talk_silence(t, ms);
	struct buf actual = { 0 };
	char expected[64];

	if (result == TALK_TIMEOUT)
		return GO_ON;
	if (result == TALK_CANCELLED)
		return play_ends(p, OUTCOME_NOTRUN, NULL, step->pointer,
				 "the run was ended");
	if (result == TALK_CLOSED) {
		buf_add_str(&actual, "the server closed");
	} else {
		buf_add_str(&actual, "octets came: ");
		talk_waiting_add(t, &actual);
	}
	snprintf(expected, sizeof(expected), "nothing for %g s",
		 (double)step->duration / 1e3);
	return breach(p, step, expected, actual);
}

static bool is_wanted(const struct step *step, const char *name)
{
	for (size_t i = 0; i < step->name_count; i++)
		if (!strcmp(step->names[i], name))
			return true;
	return false;
}

struct holding {
	struct buf lost;  /* names of messages that should be there */
	struct buf extra; /* and of those that should not */
	size_t strangers;
};

static void list_name(struct buf *to, const char *name)
{
	buf_printf(to, "%s%s", to->len ? ", " : "", name);
}

static void compare_holding(const struct play *p, const struct step *step,
			    struct holding *h)
{
	const struct fixture *f = p->stage->fixture;
	char number[96];

	for (size_t i = 0; f && i < f->count; i++) {
		const char *name = f->messages[i].name;
		bool there, wanted = is_wanted(step, name);

		snprintf(number, sizeof(number), "number of %s", name);
		there = binding_find(&p->bindings, number);
		if (wanted && !there)
			list_name(&h->lost, name);
		if (!wanted && there)
			list_name(&h->extra, name);
	}
}

static void holding_free(struct holding *h)
{
	buf_free(&h->lost);
	buf_free(&h->extra);
	*h = (struct holding){ 0 };
}

static int look_into_maildrop(struct play *p, const struct step *step,
			      struct holding *h, struct obstacle *o)
{
	struct recognised found;

	holding_free(h);
	if (recognise(play_talk(p, step), &p->bindings, &found, o))
		return -1;
	h->strangers = found.strangers;
	compare_holding(p, step, h);
	return 0;
}

/*
 * A store may remove a little after the reply to QUIT: what is still there may
 * go within WAIT_UPDATE. What is lost stays lost.
 */
static int wait_for_removal(struct play *p, const struct step *step,
			    struct holding *h, struct obstacle *o)
{
	struct stage *s = p->stage;
	uint64_t until = s->ops->now(s) + stage_wait(s, WAIT_UPDATE);
	uint64_t pause = 20;

	while (h->extra.len && !h->lost.len && s->ops->now(s) < until) {
		talk_drop(play_talk(p, step));
		s->ops->pause(s, pause);
		pause *= 2;
		if (play_climb(p, play_talk(p, step), STATE_TRANSACTION, o) ||
		    look_into_maildrop(p, step, h, o))
			return -1;
	}
	if (h->extra.len)
		stage_wait_spent(s, WAIT_UPDATE);
	return 0;
}

static void tell_holding(struct holding *h, struct buf *actual)
{
	const char *join = "";

	if (h->lost.len) {
		buf_printf(actual, "gone: %s", buf_text(&h->lost));
		join = "; ";
	}
	if (h->extra.len) {
		buf_printf(actual, "%sstill there: %s", join,
			   buf_text(&h->extra));
		join = "; ";
	}
	if (h->strangers)
		buf_printf(actual, "%s%zu that nobody put there", join,
			   h->strangers);
}

static void add_expected(const struct step *step, struct buf *to)
{
	buf_add_str(to, "the maildrop ");
	buf_add_str(to, step->name_count ? "holds " : "is empty");
	for (size_t i = 0; i < step->name_count; i++)
		buf_printf(to, "%s%s", i ? ", " : "", step->names[i]);
	if (step->name_count)
		buf_add_str(to, " and nothing else");
}

enum flow play_maildrop_holds(struct play *p, const struct step *step)
{
	struct holding h = { 0 };
	struct obstacle o = { 0 };
	struct buf actual = { 0 }, expected = { 0 };
	enum flow flow = GO_ON;

	if (look_into_maildrop(p, step, &h, &o) ||
	    wait_for_removal(p, step, &h, &o))
		flow = play_blocked(p, step->pointer, &o);
	else if (h.lost.len && p->retrieved &&
		 stage_retention(p->stage) != RETENTION_KEPT)
		flow = play_ends(p, OUTCOME_SKIP, NULL, step->pointer,
				 RETRIEVED_MAY_GO);
	else
		tell_holding(&h, &actual);
	add_expected(step, &expected);
	if (actual.len)
		flow = breach(p, step, buf_text(&expected), actual);
	buf_free(&expected);
	obstacle_free(&o);
	holding_free(&h);
	return flow;
}

static struct slice value_of(const struct play *p, const char *name)
{
	const struct binding *b = binding_find(&p->bindings, name);

	return b ? buf_slice(&b->value) : slice_of(NULL, 0);
}

enum flow play_sum(struct play *p, const struct step *step)
{
	uint64_t total, sum = 0, n;
	struct buf actual = { 0 };

	if (!decimal_read(value_of(p, step->names[0]), &total))
		return breach_text(p, step, "a decimal number",
				   step->names[0]);
	for (size_t i = 1; i < step->name_count; i++) {
		if (!decimal_read(value_of(p, step->names[i]), &n))
			return breach_text(p, step, "a decimal number",
					   step->names[i]);
		if (n > UINT64_MAX - sum)
			return breach_text(p, step, "sizes that add up",
					   "more than 64 bits hold");
		sum += n;
	}
	if (sum == total)
		return GO_ON;
	buf_printf(&actual, "%s is %llu, the sum is %llu", step->names[0],
		   (unsigned long long)total, (unsigned long long)sum);
	return breach(p, step, step->source, actual);
}

enum flow play_differ(struct play *p, const struct step *step)
{
	for (size_t i = 0; i < step->name_count; i++)
		for (size_t k = 0; k < i; k++) {
			struct buf actual = { 0 };

			if (!slice_equal(value_of(p, step->names[i]),
					 value_of(p, step->names[k])))
				continue;
			buf_printf(&actual, "{%s} and {%s} are both ",
				   step->names[k], step->names[i]);
			visible_add(&actual, value_of(p, step->names[i]));
			return breach(p, step, step->source, actual);
		}
	return GO_ON;
}

/* Values seen so far of the names that must all differ, one a line. */
static bool seen_before(struct buf *seen, struct slice value)
{
	struct buf line = { 0 };
	bool before;

	buf_add_char(&line, '\n');
	buf_add(&line, value);
	buf_add_char(&line, '\n');
	before = slice_search(buf_slice(seen), buf_slice(&line)) < seen->len;
	buf_add(seen, buf_slice(&line));
	buf_free(&line);
	return before;
}

static enum flow check_differ(struct play *p, const struct step *step,
			      struct buf *seen)
{
	for (size_t i = 0; i < step->name_count; i++) {
		struct slice value = value_of(p, step->names[i]);
		struct buf actual = { 0 };

		if (!seen_before(seen, value)) {
			binding_unset(&p->bindings, step->names[i]);
			continue;
		}
		visible_add(&actual, value);
		buf_add_str(&actual, " came twice");
		return breach(p, step, "each time another value", actual);
	}
	return GO_ON;
}

static void bind_turn(struct play *p, uint64_t turn)
{
	char number[24];

	snprintf(number, sizeof(number), "%llu", (unsigned long long)turn);
	binding_set(&p->bindings, NAME_OF_TURN, slice_str(number));
}

enum flow play_repeat(struct play *p, const struct step *step)
{
	struct buf seen = { 0 };
	enum flow flow = GO_ON;

	for (uint64_t i = 1; i <= step->times && flow == GO_ON; i++) {
		bind_turn(p, i);
		flow = play_steps(p, &step->body);
		if (flow == GO_ON)
			flow = check_differ(p, step, &seen);
	}
	binding_unset(&p->bindings, NAME_OF_TURN);
	buf_free(&seen);
	return flow;
}
