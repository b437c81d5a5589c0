/* SPDX-License-Identifier: MIT */
#include "run_internal.h"
#include "await.h"
#include "catalogue.h"
#include "report_wishes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


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

/* All that is known of what is broken is its id. */
static void select_broken(struct run *r)
{
	const struct run_options *o = r->options;
	struct library *l = &r->library;
	size_t kept = 0;

	for (size_t i = 0; i < l->broken_count; i++) {
		struct library_broken b = l->broken[i];

		if ((!o->only_count ||
		     catalogue_matches(b.id, o->only, o->only_count)) &&
		    !catalogue_matches(b.id, o->exclude, o->exclude_count)) {
			l->broken[i] = l->broken[kept];
			l->broken[kept++] = b;
		}
	}
	r->broken = kept;
}

static int load_library(struct run *r, struct error *e)
{
	const struct run_options *o = r->options;

	if (library_load(&r->library, NULL, e))
		return -1;
	for (size_t i = 0; i < o->scenarios_count; i++)
		if (library_add(&r->library, o->scenarios[i], e))
			return -1;
	return 0;
}

static int select_items(struct run *r, struct error *e)
{
	const struct library *l = &r->library;

	select_broken(r);
	r->items = calloc(l->count + 1, sizeof(*r->items));
	if (!r->items)
		return error_set(e, "out of memory");
	for (size_t i = 0; i < l->count; i++)
		if (is_selected(r->options, l->scenarios[i]))
			r->items[r->count++] = l->scenarios[i];
	return 0;
}

static bool names_any(const struct library *l, const char *glob)
{
	for (size_t i = 0; i < l->count; i++)
		if (is_named(&glob, 1, l->scenarios[i]))
			return true;
	for (size_t i = 0; i < l->broken_count; i++)
		if (catalogue_matches(l->broken[i].id, &glob, 1))
			return true;
	return false;
}

/* One that names nothing is mistyped: what was meant would go unjudged. */
static int check_globs(const struct run *r, const char *option,
		       const char *const *globs, size_t count, struct error *e)
{
	for (size_t i = 0; i < count; i++)
		if (!names_any(&r->library, globs[i]))
			return error_set(e, "%s %s: no scenario matches this; "
					 "pop3spec list tells their ids",
					 option, globs[i]);
	return 0;
}

static int check_filters(const struct run *r, struct error *e)
{
	const struct run_options *o = r->options;

	if (check_globs(r, "--only", o->only, o->only_count, e) ||
	    check_globs(r, "--exclude", o->exclude, o->exclude_count, e))
		return -1;
	if (r->count || r->broken)
		return 0;
	return error_set(e, "no scenario matches what --only and --exclude say");
}

static int dry_run(const struct run *r)
{
	for (size_t i = 0; i < r->count; i++)
		printf("%s%s%s\n", r->items[i]->id,
		       run_is_slow(r, r->items[i]) && !r->options->slow
			       ? " (slow: not without --slow)"
			       : "",
		       scenario_aggression(r->items[i]) &&
				       !r->options->aggressive
			       ? " (on another machine not without "
				 "--aggressive)"
			       : "");
	for (size_t i = 0; i < r->broken; i++)
		fprintf(stderr, "pop3spec: %s\n", r->library.broken[i].why);
	return r->broken ? 3 : 0;
}

/* What no verdict tells. */
static void tell_shortage(const struct run *r)
{
	if (r->score.no_account)
		fputs("pop3spec: the target names no account, and scenarios "
		      "need one\n", stderr);
	if (r->score.summary.exit_code == 2)
		fprintf(stderr, "pop3spec: %zu scenario%s judged, and "
			"--min-cases is %" PRIu64 "\n", r->score.cases,
			r->score.cases == 1 ? " was" : "s were",
			r->options->min_cases);
}

static int finish_reports(struct run *r)
{
	int code;

	run_watch_end(r);
	run_end_reports(r);
	tell_shortage(r);
	code = r->score.summary.exit_code;
	return run_complain_of_reports(r) && code != 1 ? 3 : code;
}

/* The run was ended before its first scenario: the reports say so, and where. */
static int tell_nothing_was_played(struct run *r, const struct error *e)
{
	struct stage stage = { .registry = r->library.registry,
			       .transport = "clear" };
	struct findings f = { 0 };

	if (run_begin_reports(r)) {
		run_watch_end(r);
		return 3;
	}
	run_tell_broken(r);
	run_stop_explain(r, &r->interrupted);
	buf_printf(&r->interrupted, ", during %s", r->doing);
	if (r->target.host) {
		buf_add_str(&r->interrupted, " at ");
		target_name(&r->target, &r->interrupted);
	}
	buf_printf(&r->interrupted, " (%s)", e->text);
	for (size_t i = 0; i < r->count; i++)
		play_not(r->items[i], &stage, OUTCOME_NOTRUN,
			 buf_text(&r->interrupted), &f);
	pthread_mutex_lock(&r->telling);
	run_tell(r, &f, NULL);
	pthread_mutex_unlock(&r->telling);
	findings_free(&f);
	return finish_reports(r);
}

/* It could not begin, as e says. */
static int give_up(struct run *r, const struct error *e)
{
	if (cancel_raised(r->cancel))
		return tell_nothing_was_played(r, e);
	run_watch_end(r);
	return run_complain(e, 3);
}

/* Maildrops are checked to be ours to fill. */
static int judge_filled(struct run *r)
{
	struct error e;

	if (run_get_ready(r, &e))
		return give_up(r, &e);
	if (run_begin_reports(r)) {
		run_watch_end(r);
		return 3;
	}
	if (run_play_items(r, &e)) {
		run_watch_end(r);
		return run_complain(&e, 3);
	}
	return finish_reports(r);
}

static int judge(struct run *r)
{
	struct error e;
	int code;

	r->doing = "the start of the server";
	r->began = r->news = await_now();
	if (run_open_reports(r))
		return 3;
	if (score_open(&r->score, r->library.registry, &e) ||
	    run_watch_start(r, &e))
		return run_complain(&e, 3);
	if (run_find_target(r, &e) || run_open_lanes(r, &e) ||
	    run_check_maildrops(r, &e))
		return give_up(r, &e);
	run_note_doing(r, "a first look at the server");
	code = judge_filled(r);
	run_empty_maildrops(r);
	return code;
}

static void clean_up(struct run *r)
{
	struct error e;

	run_free_reports(r);
	for (size_t i = 0; r->lanes && i < r->lane_count; i++)
		stage_tcp_close(&r->lanes[i]);
	free(r->lanes);
	free(r->playing);
	if (r->provisioner)
		r->provisioner->ops->free(r->provisioner);
	if (run_stop_server(r, &e))
		run_complain(&e, 3);
	bundled_stop(r->bundled);
	service_free(r->service);
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
	if ((o->target && target_check_text(o->target, &e)) ||
	    report_wishes_check_run(o, &e))
		code = run_complain(&e, 2);
	else if (load_library(&r, &e) || select_items(&r, &e))
		code = run_complain(&e, 3);
	else if (check_filters(&r, &e))
		code = run_complain(&e, 2);
	else if (o->dry_run)
		code = dry_run(&r);
	else
		code = judge(&r);
	clean_up(&r);
	return code;
}
