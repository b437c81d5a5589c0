/* SPDX-License-Identifier: MIT */
/* What a run found at first, and what becomes of it when it looks again. */
#include "run_internal.h"

#include <stdlib.h>
#include <string.h>

#define UNHURRIED_LIMIT 10

static bool any(const struct findings *f, bool (*is)(enum outcome o))
{
	for (size_t i = 0; i < f->count; i++)
		if (is(f->list[i].outcome))
			return true;
	return false;
}

static bool is_finding(enum outcome o)
{
	return outcome_is_breach(o) || o == OUTCOME_WARN || o == OUTCOME_INFO;
}

/* Something was not looked at: it may be what was broken. */
static bool is_no_judgement(enum outcome o)
{
	return !outcome_judges(o);
}

/* So it looks, too, when the server is gone. */
static bool is_trouble(enum outcome o)
{
	return outcome_is_breach(o) || o == OUTCOME_FLAKY ||
	       o == OUTCOME_BLOCKED || o == OUTCOME_ERROR;
}

/* How a loss looks; a wrong reply is one whatever happened then. */
static bool is_loss(enum outcome o)
{
	return o == OUTCOME_LOST || o == OUTCOME_BLOCKED || o == OUTCOME_ERROR;
}

bool run_must_look_again(const struct findings *f)
{
	return any(f, is_finding) || any(f, is_trouble);
}

/* Both transcripts are kept: the second behind the first. */
static void join_transcripts(struct verdict *v, struct verdict *second)
{
	size_t n = v->exchanges + second->exchanges;
	struct exchange *all;

	if (!second->exchanges)
		return;
	all = realloc(v->transcript, n * sizeof(*all));
	if (!all)
		return;
	memcpy(all + v->exchanges, second->transcript,
	       second->exchanges * sizeof(*all));
	for (size_t i = 0; i < n; i++)
		all[i].run = i < v->exchanges ? 1 : 2;
	v->transcript = all;
	v->exchanges = n;
	free(second->transcript);
	second->transcript = NULL;
	second->exchanges = 0;
}

static void call_flaky(struct verdict *v, struct findings *again)
{
	struct buf label = { 0 };

	buf_printf(&label, "%s at first, not in the confirming run",
		   outcome_name(v->outcome));
	v->outcome = OUTCOME_FLAKY;
	v->confirmed = false;
	run_set_text(&v->label, buf_text(&label));
	join_transcripts(v, &again->list[0]);
	buf_free(&label);
}

/* The same rule was broken, in this way or another. */
static bool agrees(const struct findings *again, const struct verdict *v)
{
	for (size_t i = 0; i < again->count; i++) {
		enum outcome o = again->list[i].outcome;
		bool breaches = outcome_is_breach(o) &&
				outcome_is_breach(v->outcome);

		if ((breaches || o == v->outcome) &&
		    !strcmp(again->list[i].requirement, v->requirement))
			return true;
	}
	return false;
}

/* That of f on the same requirement as v, or NULL. */
static struct verdict *same_rule(const struct findings *f,
				 const struct verdict *v)
{
	for (size_t i = 0; i < f->count; i++)
		if (!strcmp(f->list[i].requirement, v->requirement))
			return &f->list[i];
	return NULL;
}

/* Held at first, and broken when it was played again: *v is taken. */
static void add_flaky(struct findings *f, struct verdict *v)
{
	struct verdict *held = same_rule(f, v);
	struct verdict *grown = f->list;
	struct buf label = { 0 };

	if (held && held->outcome != OUTCOME_PASS &&
	    outcome_judges(held->outcome))
		return;
	if (!held)
		grown = realloc(f->list, (f->count + 1) * sizeof(*grown));
	f->failed = f->failed || !grown;
	if (!grown)
		return;
	f->list = grown;
	if (held)
		verdict_free(held);
	else
		held = &grown[f->count++];
	buf_printf(&label, "%s in the confirming run, not at first",
		   outcome_name(v->outcome));
	*held = *v;
	*v = (struct verdict){ .requirement = NULL };
	held->outcome = OUTCOME_FLAKY;
	run_set_text(&held->label, buf_text(&label));
	buf_free(&label);
}

/* A breach that only the second play saw is told, too. */
static void add_news(struct findings *f, struct findings *again)
{
	for (size_t i = 0; i < again->count; i++)
		if (outcome_is_breach(again->list[i].outcome))
			add_flaky(f, &again->list[i]);
}

/*
 * Each finding must be seen again, alone and on fresh connections, in each of
 * the runs. One that could not look neither confirms nor refutes it. What is
 * only worth knowing is what a server may do, now and then as well.
 */
static void confirm(struct run *r, size_t lane, const struct scenario *s,
		    struct findings *f, bool first)
{
	struct stage *stage = &r->lanes[lane].stage;
	struct findings again = { 0 };

	stage->tells_passes = true;
	run_play(r, lane, s, &again);
	stage->tells_passes = false;
	for (size_t i = 0; i < f->count; i++) {
		struct verdict *v = &f->list[i];
		bool agreed = agrees(&again, v);

		if (!is_finding(v->outcome))
			continue;
		v->confirmed = agreed && (first || v->confirmed);
		if (!agreed && v->outcome != OUTCOME_INFO && again.count &&
		    !any(&again, is_no_judgement))
			call_flaky(v, &again);
	}
	add_news(f, &again);
	findings_free(&again);
}

/* Which verdict of f, that holds one at least, the loss of the server is. */
static struct verdict *lost_verdict(const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (is_trouble(f->list[i].outcome))
			return &f->list[i];
	return &f->list[0];
}

static void call_gone(struct run *r, enum outcome outcome,
		      enum sanity sanity, struct verdict *v)
{
	struct buf how = { 0 };

	run_explain(r, sanity, &how);
	if (outcome == OUTCOME_CRASH && r->at_once > 1)
		buf_add_str(&how, " (other scenarios were played with this "
			    "one: --jobs 1 tells which it was)");
	v->outcome = outcome;
	v->confirmed = false;
	run_set_text(&v->label, buf_text(&how));
	run_keep_log(r, v);
	buf_free(&how);
}

/*
 * False, and f holds a CRASH, when the server is gone or a sanitizer found
 * fault with it. That nobody listens where we started nobody may be the network's
 * doing, and stays the error that it is. A server that closes without a word is
 * there, but wants no more of us: that is an error, too.
 */
static bool is_well(struct run *r, size_t lane, struct findings *f)
{
	struct verdict *v = lost_verdict(f);
	enum sanity sanity = run_look_for_server(r, lane);
	bool sanitized = run_sanitizer_is_new(r);

	if (sanity == SANITY_WELL && !sanitized)
		return true;
	if (sanity == SANITY_REFUSES && !sanitized) {
		if (is_loss(v->outcome)) /* a wrong reply stays one */
			call_gone(r, OUTCOME_ERROR, sanity, v);
	} else if (sanitized || v->outcome != OUTCOME_ERROR || run_server_died(r)) {
		call_gone(r, OUTCOME_CRASH, sanity, v);
	}
	if (sanitized)
		run_note_sanitizer(r);
	if (sanity != SANITY_WELL)
		run_set_dead(r, sanity);
	return false;
}

/* What was lost with the server while another lane found it dead. */
static void call_off(const struct run *r, size_t lane,
		     const struct scenario *s, struct findings *f)
{
	if (!any(f, is_loss))
		return;
	findings_free(f);
	play_not(s, &r->lanes[lane].stage, OUTCOME_NOTRUN,
		 "the server went meanwhile", f);
}

/*
 * A wait that was cut short after one in vain is no finding: with all of its
 * patience back, the scenario is played anew. For some of them: a server that
 * never does a thing need not be waited for again and again.
 */
static void unhurry(struct run *r, size_t lane, const struct scenario *s,
		    struct findings *f)
{
	struct stage *stage = &r->lanes[lane].stage;

	if (!f->hurried || r->unhurried == UNHURRIED_LIMIT)
		return;
	r->unhurried++;
	stage->patience = r->target.patience;
	findings_free(f);
	run_play(r, lane, s, f);
}

void run_look_again(struct run *r, struct lanes *lanes, size_t lane,
		    const struct scenario *s, struct findings *f)
{
	lanes_alone(lanes, lane);
	if (!run_is_dead(r) && any(f, is_finding))
		unhurry(r, lane, s, f);
	if (run_is_dead(r)) {
		call_off(r, lane, s, f);
	} else if (is_well(r, lane, f) && any(f, is_finding)) {
		for (uint64_t i = 0; i < r->options->confirm &&
				     any(f, is_finding) &&
				     !cancel_raised(r->cancel); i++)
			confirm(r, lane, s, f, !i);
		is_well(r, lane, f);
	}
	lanes_together(lanes, lane);
}
