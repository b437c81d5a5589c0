/* SPDX-License-Identifier: MIT */
/* What comes before the first scenario: maildrops of ours, and who is there. */
#include "run_internal.h"
#include "await.h"
#include "plural.h"
#include "redact.h"

#include <stdio.h>

/* Before anything is removed: is every maildrop ours to fill? */
int run_check_maildrops(struct run *r, struct error *e)
{
	struct provisioner *p = r->provisioner;

	for (size_t i = 0; p && i < r->library.fixture_count; i++)
		if (p->ops->know(p, &r->library.fixtures[i], e))
			return -1;
	for (size_t i = 0; p && i < r->account_lanes; i++)
		if (p->ops->hold(p, r->lanes[i].account.user, e) ||
		    p->ops->check(p, r->lanes[i].account.user, e))
			return -1;
	return 0;
}

static int obstacle_error(struct obstacle *o, struct error *e)
{
	error_set(e, "%s", buf_text(&o->why));
	obstacle_free(o);
	return -1;
}

/* A look into a maildrop. */
struct look {
	struct stage_tcp *lane;
	const struct fixture *expected;
	enum talk_result result; /* what stood in the way */
};

static int see_nothing(struct look *l, struct obstacle *o, struct error *e)
{
	bool broken = o->outcome == OUTCOME_BLOCKED;

	l->result = o->result;
	if (!broken)
		return obstacle_error(o, e);
	error_set(e, "the maildrop of %s cannot be looked into (%s)",
		  l->lane->account.user, buf_text(&o->why));
	obstacle_free(o);
	return 1;
}

/* An account of a special kind is then for what is about its kind. */
static int stay_outside(struct stage_tcp *lane, struct obstacle *o,
			struct error *e)
{
	int result = obstacle_error(o, e);

	if (o->outcome != OUTCOME_BLOCKED ||
	    !account_is_special(&lane->account))
		return result;
	lane->for_its_kind_only = true;
	fprintf(stderr, "pop3spec: %s: used only where its password is the "
		"matter; is it right?\n", e->text);
	return 0;
}

/* The next step for whoever reads that a maildrop is not as we filled it. */
static const char *what_to_do(const struct recognised *found)
{
	return found->strangers ? "name an account that is for tests, and empty"
				: "is the maildir of the target where the "
				  "server looks for this account's mail?";
}

/*
 * What the server lists must be what was put there, and nothing else. Returns
 * 0; -1 and e when it is not; 1 and e when the server does not let us see.
 */
static int look(struct look *l, struct error *e)
{
	struct bindings b = { 0 };
	struct transcript t = { .secrets = &b };
	struct talk talk = { .stage = &l->lane->stage, .transcript = &t,
			     .scenario = "(maildrop)", .step = "",
			     .began = await_now() };
	struct obstacle o = { 0 };
	struct recognised found = { 0 };
	int result = 0;

	account_bind(&b, &l->lane->account);
	if (talk_climb_patiently(&talk, STATE_TRANSACTION, &o))
		result = stay_outside(l->lane, &o, e);
	else if (recognise(&talk, &b, &found, &o))
		result = see_nothing(l, &o, e);
	else if (found.strangers || found.count != l->expected->count)
		result = error_set(e,
			"the maildrop of %s holds %zu message%s, %zu of them "
			"not ours, where %zu %s put: nothing is deleted there; "
			"%s",
			l->lane->account.user, found.count, plural(found.count),
			found.strangers, l->expected->count,
			l->expected->count == 1 ? "was" : "were",
			what_to_do(&found));
	obstacle_free(&o);
	talk_free(&talk);
	transcript_clear(&t);
	bindings_free(&b);
	return result;
}

/*
 * A reply that did not come, or not to its end, is a breach before any scenario
 * is played; and no scenario may be, in a maildrop that we cannot see.
 */
static void note_missing(struct look *l, const struct error *e)
{
	bool body = l->result == TALK_STALLED || l->result == TALK_ENDLESS;

	universal_note_one(&l->lane->stage.universal,
			   body ? VIOLATION_TERMINATOR : VIOLATION_UNANSWERED,
			   &(struct sighting){ .scenario = "(maildrop)",
					       .step = "",
					       .command = "what was asked",
					       .line = e->text,
					       .tail = e->text });
}

/* As look(); with all patience a second time before a breach is told. */
static int check_maildrop(struct run *r, size_t lane,
			  const struct fixture *f, struct error *e)
{
	struct stage *stage = &r->lanes[lane].stage;
	struct look l = { .lane = &r->lanes[lane], .expected = f };
	int result;

	stage->fixture = f;
	result = look(&l, e);
	if (result <= 0 || l.result == TALK_REPLY)
		return result;
	stage->patience = r->target.patience;
	result = look(&l, e);
	if (result > 0 && l.result != TALK_REPLY)
		note_missing(&l, e);
	return result;
}

/*
 * A server that is too much broken to show what a maildrop holds is judged all
 * the same, but as one whose mail is not ours.
 */
static int only_look(struct run *r, struct error *e)
{
	for (size_t i = 0; i < r->account_lanes; i++)
		if (stage_tcp_fill(&r->lanes[i], NULL, e))
			return -1;
	for (size_t i = 0; i < r->lane_count; i++) {
		r->lanes[i].provisioner = NULL;
		r->lanes[i].stage.look_only = true;
	}
	r->provisioner->ops->free(r->provisioner);
	r->provisioner = NULL;
	buf_add_str(&r->unclear, e->text);
	run_watch_clear(r->watch);
	fprintf(stderr, "pop3spec: %s: nothing is deleted\n", e->text);
	return 0;
}

static int check_filled(struct run *r, size_t filled, const struct fixture *f,
			struct error *e)
{
	int result = 0;

	for (size_t i = 0; i < filled && !result; i++)
		if (r->lanes[i].stage.account)
			result = check_maildrop(r, i, f, e);
	return result > 0 ? only_look(r, e) : result;
}

/* Whom the server may let in that refuses USER; lane_count: nobody. */
static size_t first_with_secret(const struct run *r)
{
	for (size_t i = 0; i < r->account_lanes; i++)
		if (r->lanes[i].account.secret)
			return i;
	return r->lane_count;
}

/* By the first account; where USER is refused, by one that has a secret. */
static int learn_abilities(struct run *r, struct obstacle *o)
{
	struct obstacle other = { 0 };
	size_t i = first_with_secret(r);
	int result;

	if (!abilities_learn(&r->lanes[0].stage, &r->abilities, o))
		return 0;
	if (!r->abilities.user_refused || !r->abilities.timestamp || !i ||
	    i == r->lane_count)
		return -1;
	abilities_free(&r->abilities);
	r->abilities = (struct abilities){ 0 };
	result = abilities_learn(&r->lanes[i].stage, &r->abilities, &other);
	r->lanes[0].stage.login = r->lanes[i].stage.login;
	obstacle_free(&other);
	return result;
}

/* Where APOP is the way in, who has no secret stays outside. */
static void leave_out(struct stage_tcp *lane)
{
	struct buf user = { 0 };

	redacted_add(&user, slice_str(lane->account.user), NULL);
	fprintf(stderr, "pop3spec: %s is not used: the server has no USER, and "
		"the target names no APOP secret of this account (\"secret\", "
		"or the trait \"apop\")\n", buf_text(&user));
	buf_free(&user);
	lane->stage.account = NULL;
}

static void share_login(struct run *r)
{
	enum login login = r->lanes[0].stage.login;

	for (size_t i = 0; i < r->account_lanes; i++) {
		r->lanes[i].stage.login = login;
		if (login == LOGIN_BY_APOP && !r->lanes[i].account.secret)
			leave_out(&r->lanes[i]);
	}
}

static int learn(struct run *r, struct error *e)
{
	struct obstacle o = { 0 };
	enum sanity sanity;

	sanity = sanity_check(&r->lanes[0].stage, &o);
	if (sanity == SANITY_GONE && o.result == TALK_TIMEOUT)
		ask_for_tls(&r->lanes[0].stage, &o);
	if (sanity != SANITY_WELL)
		return obstacle_error(&o, e);
	if (learn_abilities(r, &o))
		return obstacle_error(&o, e);
	share_login(r);
	obstacle_free(&o);
	return 0;
}

int run_get_ready(struct run *r, struct error *e)
{
	const struct fixture *f = library_fixture_named(&r->library, "one");
	size_t filled = r->provisioner && f ? r->account_lanes : 0;

	for (size_t i = 0; i < filled; i++)
		if (stage_tcp_fill(&r->lanes[i], f, e))
			return -1;
	if (learn(r, e))
		return -1;
	run_try_secrets(r);
	return check_filled(r, filled, f, e);
}
