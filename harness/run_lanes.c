/* SPDX-License-Identifier: MIT */
/* Which lanes there are, and what each plays. */
#include "run_internal.h"

#include <stdlib.h>

#define FREE_LANES 2
#define JOBS 8 /* lanes, when nobody says how many */

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * One lane at a time, and so two connections at most, to a server whose mail is
 * not ours; else a lane an account, and two more for what never logs in. Returns
 * how many lanes are wished for.
 */
static size_t plan_lanes(struct run *r)
{
	size_t jobs = r->options->jobs ? (size_t)r->options->jobs : JOBS;

	if (!r->provisioner)
		jobs = 1;
	r->account_lanes = run_choose_accounts(&r->target, jobs, NULL);
	r->free_lanes = r->account_lanes < jobs
				? least(FREE_LANES, jobs - r->account_lanes)
				: 0;
	r->lane_count = r->account_lanes + r->free_lanes;
	r->at_once = least(jobs, r->lane_count);
	return jobs;
}

static void open_lane(struct run *r, size_t i, size_t account)
{
	struct stage_tcp *lane = &r->lanes[i];

	stage_tcp_open(lane, &r->target, account, r->library.registry,
		       r->cancel);
	lane->provisioner = r->provisioner;
	lane->filling = &r->filling;
	lane->stage.delivers = r->provisioner && r->provisioner->can_deliver;
	lane->stage.abilities = &r->abilities;
	lane->stage.gentle = !r->options->aggressive &&
			     !target_is_loopback(&r->target);
	lane->stage.split = r->options->split;
	lane->stage.random = r->options->seed + i;
}

static int open_lanes(struct run *r, size_t jobs, struct error *e)
{
	size_t *chosen = calloc(r->lane_count, sizeof(*chosen));

	if (!chosen)
		return error_set(e, "out of memory");
	run_choose_accounts(&r->target, jobs, chosen);
	for (size_t i = 0; i < r->lane_count; i++)
		open_lane(r, i, i < r->account_lanes ? chosen[i] : SIZE_MAX);
	free(chosen);
	return 0;
}

int run_open_lanes(struct run *r, struct error *e)
{
	struct playing *playing;
	size_t jobs;

	if (target_can_be_filled(&r->target)) {
		r->provisioner = provision_open(&r->target, e);
		if (!r->provisioner)
			return -1;
	}
	jobs = plan_lanes(r);
	r->lanes = calloc(r->lane_count, sizeof(*r->lanes));
	playing = calloc(r->lane_count, sizeof(*playing));
	pthread_mutex_lock(&r->telling);
	r->playing = playing;
	pthread_mutex_unlock(&r->telling);
	if (!r->lanes || !playing)
		return error_set(e, "out of memory");
	return open_lanes(r, jobs, e);
}

static void tell_universal(struct run *r)
{
	struct universal all = { 0 };
	struct findings f = { 0 };

	for (size_t i = 0; i < r->lane_count; i++)
		universal_merge(&all, &r->lanes[i].stage.universal);
	play_universal(&r->lanes[0].stage, &all, &f);
	pthread_mutex_lock(&r->telling);
	run_tell(r, &f, NULL);
	pthread_mutex_unlock(&r->telling);
	findings_free(&f);
	universal_free(&all);
}

/* Leave the maildrops as we want to find them. */
void run_empty_maildrops(struct run *r)
{
	struct error e;

	for (size_t i = 0; r->provisioner && i < r->account_lanes; i++)
		if (stage_tcp_fill(&r->lanes[i], NULL, &e))
			run_complain(&e, 3);
}

static bool account_fits(const struct run *r, size_t lane,
			 const struct scenario *s)
{
	if (!r->lanes[lane].stage.account)
		return false;
	if (r->lanes[lane].for_its_kind_only && !play_needs_special(s))
		return false;
	return play_suits(s, &r->lanes[lane].account);
}

static bool some_account_fits(const struct run *r, const struct scenario *s)
{
	for (size_t i = 0; i < r->account_lanes; i++)
		if (account_fits(r, i, s))
			return true;
	return false;
}

/* What no account fits is skipped, which any lane can do. */
static enum lane_fit fits(const void *with, size_t lane, size_t item)
{
	const struct run *r = with;
	const struct scenario *s = r->items[item];
	bool has_account = lane < r->account_lanes;

	if (!play_wants_account(s))
		return has_account ? LANE_HELPS : LANE_SUITS;
	if (!some_account_fits(r, s))
		return LANE_HELPS;
	return has_account && account_fits(r, lane, s) ? LANE_SUITS
						       : LANE_CANNOT;
}

static bool waits(const void *with, size_t item)
{
	const struct run *r = with;

	return run_is_slow(r, r->items[item]) || run_meets_lock(r->items[item]);
}

int run_play_items(struct run *r, struct error *e)
{
	struct lanes_plan plan = { .items = r->count,
				   .lanes = r->lane_count,
				   .at_once = r->provisioner ? r->at_once : 1,
				   .fits = fits,
				   .waits = waits,
				   .play = run_item,
				   .with = r };

	run_order(r);
	run_tell_broken(r);
	for (size_t i = 0; i < r->count && !r->account_lanes; i++)
		r->score.no_account |= play_wants_account(r->items[i]);
	if (lanes_run(&plan, e))
		return -1;
	run_note_doing(r, "a last look at the server");
	run_end_server(r);
	tell_universal(r);
	return 0;
}
