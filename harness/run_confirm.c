/* SPDX-License-Identifier: MIT */
/* What a run found at first, and what becomes of it when it looks again. */
#include "run_internal.h"
#include "redact.h"

#include <stdlib.h>
#include <string.h>

/* So often a server that does not answer is tried before it is dead. */
#define SANITY_TRIES 3

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

static void set_text(char **to, const char *text)
{
	char *copy = text ? slice_copy(slice_str(text)) : NULL;

	if (!copy)
		return;
	free(*to);
	*to = copy;
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
	set_text(&v->label, buf_text(&label));
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

/*
 * Each finding must be seen again, alone and on fresh connections. A run that
 * could not look neither confirms nor refutes it.
 */
static void confirm(struct run *r, size_t lane, const struct scenario *s,
		    struct findings *f)
{
	struct stage *stage = &r->lanes[lane].stage;
	struct findings again = { 0 };

	stage->tells_passes = true;
	run_play(r, lane, s, &again);
	stage->tells_passes = false;
	for (size_t i = 0; i < f->count; i++) {
		struct verdict *v = &f->list[i];

		if (!is_finding(v->outcome))
			continue;
		if (agrees(&again, v))
			v->confirmed = true;
		else if (again.count && !any(&again, is_no_judgement))
			call_flaky(v, &again);
	}
	findings_free(&again);
}

/* What we started ended by itself; one that ends well may start a daemon. */
static bool server_died(const struct run *r)
{
	struct child *c = run_child(r);

	return c && spawn_ended(c, NULL) && !spawn_succeeded(c);
}

/*
 * As long as one is patient with connections, and no longer than it takes to
 * see that the server has ended.
 */
static void pause_for_server(struct run *r, struct stage *stage)
{
	uint64_t pause = r->target.patience.ms[WAIT_CONNECT];
	struct child *c = run_child(r);

	if (c && !spawn_ended(c, NULL))
		spawn_await_end(c, pause, r->cancel, NULL);
	else
		stage->ops->pause(stage, pause);
}

static enum sanity try_server(const struct run *r, size_t lane)
{
	struct obstacle o = { 0 };
	enum sanity sanity = sanity_check(&r->lanes[lane].stage, &o);

	obstacle_free(&o);
	return server_died(r) ? SANITY_GONE : sanity;
}

static enum sanity look_for_server(struct run *r, size_t lane)
{
	enum sanity sanity = SANITY_GONE;

	for (int i = 0; i < SANITY_TRIES && !server_died(r); i++) {
		if (i)
			pause_for_server(r, &r->lanes[lane].stage);
		sanity = try_server(r, lane);
		if (sanity == SANITY_WELL || cancel_raised(r->cancel))
			return SANITY_WELL;
	}
	return server_died(r) ? SANITY_GONE : sanity;
}

bool run_sanitizer_is_new(struct run *r)
{
	struct child *c = run_child(r);
	bool told;

	pthread_mutex_lock(&r->telling);
	told = r->sanitizer_told;
	pthread_mutex_unlock(&r->telling);
	return c && !told && spawn_sanitizer_spoke(c);
}

static void note_sanitizer(struct run *r)
{
	pthread_mutex_lock(&r->telling);
	r->sanitizer_told = true;
	pthread_mutex_unlock(&r->telling);
}

/* What is wrong with the server, as far as we see. */
static void explain(struct run *r, enum sanity sanity, struct buf *how)
{
	struct child *c = run_child(r);

	if (sanity == SANITY_REFUSES)
		buf_add_str(how, "the server serves nobody any more: it closes "
			    "without a greeting");
	if (sanity == SANITY_GONE)
		buf_add_str(how, "the server does not answer any more");
	if (sanity == SANITY_GONE && c && spawn_ended(c, NULL)) {
		buf_add_str(how, ": ");
		spawn_ended(c, how);
	}
	if (run_sanitizer_is_new(r))
		buf_printf(how, "%sa sanitizer spoke in the server",
			   how->len ? ", and " : "");
}

/* Which verdict of f, that holds one at least, the loss of the server is. */
static struct verdict *lost_verdict(const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (is_trouble(f->list[i].outcome))
			return &f->list[i];
	return &f->list[0];
}

/* Those of all lanes: a server's log knows of all. */
static void bind_secrets(const struct target *t, struct bindings *b)
{
	for (size_t i = 0; i < t->account_count; i++) {
		const struct target_account *a = &t->accounts[i];
		struct buf name = { 0 };

		buf_printf(&name, "password of %s", a->user);
		if (buf_text(&name))
			binding_set_secret(b, name.ptr,
					   slice_str(a->password));
		buf_clear(&name);
		buf_printf(&name, "secret of %s", a->user);
		if (a->secret && buf_text(&name))
			binding_set_secret(b, name.ptr, slice_str(a->secret));
		buf_free(&name);
	}
}

/* What the server wrote; of somebody's mail it may have written, too. */
static void keep_log(const struct run *r, struct verdict *v)
{
	struct bindings secrets = { 0 };
	struct buf log = { 0 }, shown = { 0 };

	if (!run_child(r) || !r->provisioner)
		return;
	bind_secrets(&r->target, &secrets);
	spawn_errors(run_child(r), &log);
	redacted_add(&shown, buf_slice(&log), &secrets);
	set_text(&v->log, buf_text(&shown));
	bindings_free(&secrets);
	buf_free(&log);
	buf_free(&shown);
}

static void call_gone(struct run *r, enum outcome outcome,
		      enum sanity sanity, struct verdict *v)
{
	struct buf how = { 0 };

	explain(r, sanity, &how);
	if (outcome == OUTCOME_CRASH && r->lane_count > 1)
		buf_add_str(&how, " (other scenarios were played with this "
			    "one: --jobs 1 tells which it was)");
	v->outcome = outcome;
	v->confirmed = false;
	set_text(&v->label, buf_text(&how));
	keep_log(r, v);
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
	enum sanity sanity = look_for_server(r, lane);
	bool sanitized = run_sanitizer_is_new(r);

	if (sanity == SANITY_WELL && !sanitized)
		return true;
	if (sanity == SANITY_REFUSES && !sanitized) {
		if (is_loss(v->outcome)) /* a wrong reply stays one */
			call_gone(r, OUTCOME_ERROR, sanity, v);
	} else if (sanitized || v->outcome != OUTCOME_ERROR || server_died(r)) {
		call_gone(r, OUTCOME_CRASH, sanity, v);
	}
	if (sanitized)
		note_sanitizer(r);
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
			confirm(r, lane, s, f);
		is_well(r, lane, f);
	}
	lanes_together(lanes, lane);
}

void run_look_last(struct run *r)
{
	if (r->sanity == SANITY_WELL)
		r->sanity = try_server(r, 0);
	if (cancel_raised(r->cancel)) {
		run_stop_explain(r, &r->interrupted);
		return;
	}
	explain(r, r->sanity, &r->interrupted);
}
