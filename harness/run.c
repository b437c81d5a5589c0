/* SPDX-License-Identifier: MIT */
#include "run_internal.h"
#include "await.h"
#include "catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUNDLED_ACCOUNTS 4
#define FREE_LANES 2
#define JOBS 8 /* lanes, when nobody says how many */

static int complain(const struct error *e, int code)
{
	fprintf(stderr, "pop3spec: %s\n", e->text);
	return code;
}

static bool is_named(const char *const *globs, size_t count,
		     const struct scenario *s)
{
	if (catalogue_matches(s->id, globs, count))
		return true;
	for (size_t i = 0; i < s->requirement_count; i++)
		if (catalogue_matches(s->requirements[i], globs, count))
			return true;
	return false;
}

static bool is_selected(const struct run_options *o, const struct scenario *s)
{
	if (o->only_count && !is_named(o->only, o->only_count, s))
		return false;
	return !is_named(o->exclude, o->exclude_count, s);
}

static int select_items(struct run *r, struct error *e)
{
	const struct library *l = &r->library;

	r->items = calloc(l->count + 1, sizeof(*r->items));
	if (!r->items)
		return error_set(e, "out of memory");
	for (int slow = 1; slow >= 0; slow--)
		for (size_t i = 0; i < l->count; i++) {
			const struct scenario *s = l->scenarios[i];

			if (run_is_slow(r, s) != slow ||
			    !is_selected(r->options, s))
				continue;
			r->items[r->count++] = s;
		}
	return 0;
}

static int find_target(struct run *r, struct error *e)
{
	if (!r->options->target) {
		r->bundled = bundled_start(&r->target, BUNDLED_ACCOUNTS,
					   r->cancel, e);
		return r->bundled ? 0 : -1;
	}
	if (target_load(&r->target, r->options->target, e) ||
	    target_check_served(&r->target, e) ||
	    target_ask_passwords(&r->target, r->options->password_file,
				 r->cancel, e))
		return -1;
	if (r->target.start)
		r->service = service_start(&r->target, r->cancel, e);
	return !r->target.start || r->service ? 0 : -1;
}

struct child *run_child(const struct run *r)
{
	if (r->bundled)
		return bundled_child(r->bundled);
	return r->service ? service_child(r->service) : NULL;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * One lane, and so two connections at most, to a server whose mail is not ours;
 * else a lane an account, and two more for what never logs in.
 */
static void plan_lanes(struct run *r)
{
	size_t jobs = r->options->jobs ? r->options->jobs : JOBS;

	if (!r->provisioner)
		jobs = 1;
	r->account_lanes = least(r->target.account_count, jobs);
	r->free_lanes = least(FREE_LANES, jobs - r->account_lanes);
}

static int open_lanes(struct run *r, struct error *e)
{
	size_t count;

	if (target_can_be_filled(&r->target)) {
		r->provisioner = provision_open(&r->target, e);
		if (!r->provisioner)
			return -1;
	}
	plan_lanes(r);
	count = r->account_lanes + r->free_lanes;
	r->lanes = calloc(count, sizeof(*r->lanes));
	if (!r->lanes)
		return error_set(e, "out of memory");
	for (size_t i = 0; i < count; i++) {
		stage_tcp_open(&r->lanes[i], &r->target,
			       i < r->account_lanes ? i : SIZE_MAX,
			       r->library.registry, r->cancel);
		r->lanes[i].provisioner = r->provisioner;
		r->lanes[i].filling = &r->filling;
		r->lanes[i].stage.abilities = &r->abilities;
		r->lanes[i].stage.split = r->options->split;
		r->lanes[i].stage.random = r->options->seed + i;
	}
	return 0;
}

static void tell_universal(struct run *r)
{
	struct universal all = { 0 };
	struct findings f = { 0 };
	size_t count = r->account_lanes + r->free_lanes;

	for (size_t i = 0; i < count; i++)
		universal_merge(&all, &r->lanes[i].stage.universal);
	play_universal(&r->lanes[0].stage, &all, &f);
	run_tell(r, &f, NULL);
	findings_free(&f);
	universal_free(&all);
}

/* Leave the maildrops as we want to find them. */
static void empty_maildrops(struct run *r)
{
	struct error e;

	for (size_t i = 0; r->provisioner && i < r->account_lanes; i++)
		if (stage_tcp_fill(&r->lanes[i], NULL, &e))
			complain(&e, 3);
}

static bool account_fits(const struct run *r, size_t lane,
			 const struct scenario *s)
{
	const struct account *a = &r->lanes[lane].account;

	for (size_t i = 0; i < s->need_count; i++)
		if (!strncmp(s->needs[i], "account: ", 9) &&
		    !account_has(a, s->needs[i] + 9))
			return false;
	return true;
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

	return run_is_slow(r, r->items[item]);
}

static int play_items(struct run *r, struct error *e)
{
	size_t all = r->account_lanes + r->free_lanes;
	struct lanes_plan plan = { .items = r->count,
				   .lanes = r->provisioner ? all : 1,
				   .fits = fits,
				   .waits = waits,
				   .play = run_item,
				   .with = r };

	for (size_t i = 0; i < r->count && !r->account_lanes; i++)
		r->score.no_account |= play_wants_account(r->items[i]);
	if (lanes_run(&plan, e))
		return -1;
	run_look_last(r);
	tell_universal(r);
	return 0;
}

static int dry_run(const struct run *r)
{
	for (size_t i = 0; i < r->count; i++)
		printf("%s%s\n", r->items[i]->id,
		       run_is_slow(r, r->items[i]) && !r->options->slow
			       ? " (slow: not without --slow)"
			       : "");
	return 0;
}

/* What no verdict tells. */
static void tell_shortage(const struct run *r)
{
	if (r->score.no_account)
		fputs("pop3spec: the target names no account, and scenarios "
		      "need one\n", stderr);
	if (r->score.summary.exit_code == 2)
		fprintf(stderr, "pop3spec: %zu scenarios were judged, and "
			"--min-cases is %zu\n", r->score.cases,
			r->options->min_cases);
}

/* Maildrops are checked to be ours to fill. */
static int judge_filled(struct run *r)
{
	struct error e;
	int code;

	if (run_get_ready(r, &e) || run_begin_reports(r, &e)) {
		if (cancel_raised(r->cancel))
			error_set(&e, "ended by a signal");
		return complain(&e, 3);
	}
	r->began = await_now();
	if (play_items(r, &e))
		return complain(&e, 3);
	run_end_reports(r);
	tell_shortage(r);
	code = r->score.summary.exit_code;
	if (r->report_failed)
		return complain(&r->report_error, code == 1 ? code : 3);
	return code;
}

static int judge(struct run *r)
{
	struct error e;
	int code;

	if (score_open(&r->score, r->library.registry, &e) ||
	    run_open_reports(r, &e) || find_target(r, &e) ||
	    open_lanes(r, &e) || run_check_maildrops(r, &e))
		return complain(&e, 3);
	code = judge_filled(r);
	empty_maildrops(r);
	return code;
}

static void clean_up(struct run *r)
{
	struct error e;

	run_free_reports(r);
	for (size_t i = 0; r->lanes && i < r->account_lanes + r->free_lanes;
	     i++)
		stage_tcp_close(&r->lanes[i]);
	free(r->lanes);
	if (r->provisioner)
		r->provisioner->ops->free(r->provisioner);
	bundled_stop(r->bundled);
	if (r->service && service_stop(r->service, &e))
		complain(&e, 3);
	target_free(&r->target);
	abilities_free(&r->abilities);
	score_free(&r->score);
	buf_free(&r->interrupted);
	buf_free(&r->unclear);
	free(r->items);
	library_free(&r->library);
	pthread_mutex_destroy(&r->telling);
	pthread_mutex_destroy(&r->filling);
}

int run(const struct run_options *o, const struct cancel *cancel)
{
	struct run r = { .options = o, .cancel = cancel };
	struct error e;
	int code;

	pthread_mutex_init(&r.telling, NULL);
	pthread_mutex_init(&r.filling, NULL);
	if (run_check_reports(o, &e))
		code = complain(&e, 2);
	else if (library_load(&r.library, o->scenarios, &e) ||
	    select_items(&r, &e))
		code = complain(&e, 3);
	else if (!r.count)
		code = complain((error_set(&e, "no scenario matches what "
					   "--only and --exclude say"), &e),
				2);
	else if (o->dry_run)
		code = dry_run(&r);
	else
		code = judge(&r);
	clean_up(&r);
	return code;
}
