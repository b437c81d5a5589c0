/* SPDX-License-Identifier: MIT */
/* Are the target's APOP secrets right? Nobody but the server can say. */
#include "run_internal.h"
#include "await.h"
#include "redact.h"

#include <stdio.h>

/* A refusal for now, or no reply at all, says nothing about the secret. */
static bool is_refused(const struct talk *t, const struct obstacle *o)
{
	return o->outcome == OUTCOME_BLOCKED && o->result == TALK_REPLY &&
	       t->auth_failed && !talk_says_later(t);
}

static void tell_refused(const struct stage_tcp *lane)
{
	struct buf user = { 0 };

	redacted_add(&user, slice_str(lane->account.user), NULL);
	fprintf(stderr, "pop3spec: the server refuses APOP with the secret "
		"that the target gives %s: is it right?\n", buf_text(&user));
	buf_free(&user);
}

/* Of somebody's mail once only: who fails too often may be locked out. */
static int log_in(struct talk *t, struct obstacle *o)
{
	return t->stage->look_only
		       ? talk_climb(t, STATE_TRANSACTION, o)
		       : talk_climb_patiently(t, STATE_TRANSACTION, o);
}

static void try_secret(struct stage_tcp *lane)
{
	struct bindings b = { 0 };
	struct transcript t = { .secrets = &b };
	enum login login = lane->stage.login;
	struct talk talk = { .stage = &lane->stage, .transcript = &t,
			     .scenario = "(secret)", .step = "",
			     .began = await_now() };
	struct obstacle o = { 0 };

	account_bind(&b, &lane->account);
	lane->stage.login = LOGIN_BY_APOP;
	if (log_in(&talk, &o))
		lane->secret_refused = is_refused(&talk, &o);
	lane->stage.login = login;
	obstacle_free(&o);
	talk_free(&talk);
	transcript_clear(&t);
	bindings_free(&b);
}

void run_try_secrets(struct run *r)
{
	for (size_t i = 0; r->abilities.timestamp && i < r->account_lanes; i++) {
		struct stage_tcp *lane = &r->lanes[i];

		if (!lane->stage.account || !lane->account.secret ||
		    lane->stage.login == LOGIN_BY_APOP)
			continue;
		try_secret(lane);
		if (lane->secret_refused)
			tell_refused(lane);
	}
}

static void add_doubt(struct verdict *v, const char *user)
{
	struct buf label = { 0 };

	buf_add_str(&label, v->label ? v->label : "");
	buf_add_str(&label, label.len ? "; " : "");
	buf_add_str(&label, "APOP was refused before the first scenario, too: "
		    "check the \"secret\" that the target gives ");
	redacted_add(&label, slice_str(user), NULL);
	run_set_text(&v->label, buf_text(&label));
	buf_free(&label);
}

void run_doubt_secret(const struct stage_tcp *lane, const struct scenario *s,
		      struct findings *f)
{
	if (!lane->secret_refused || !scenario_uses(s, "secret"))
		return;
	for (size_t i = 0; i < f->count; i++)
		if (outcome_fails(f->list[i].outcome, FAIL_ON_DEFAULT))
			add_doubt(&f->list[i], lane->account.user);
}
