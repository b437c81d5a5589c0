/* SPDX-License-Identifier: MIT */
#include "run_internal.h"
#include "await.h"
#include "replay_command.h"
#include "report_wishes.h"

#include <time.h>

static void note_lost(struct run *r, const struct error *e)
{
	if (!r->has_lost)
		r->lost = *e;
	r->has_lost = true;
}

int run_complain_of_reports(struct run *r)
{
	int code = r->has_lost ? run_complain(&r->lost, 3) : 0;

	for (size_t i = 0; i < r->report_count; i++)
		if (r->reports[i].failed)
			code = run_complain(&r->reports[i].error, 3);
	return code;
}

static void open_report(struct run *r, const char *format, const char *path)
{
	struct told_report *t = &r->reports[r->report_count++];

	t->report = report_open(format, path, &t->error);
	t->failed = !t->report;
}

int run_open_reports(struct run *r)
{
	const struct run_options *o = r->options;

	for (size_t i = 0; i < o->report_count; i++)
		open_report(r, o->reports[i].format, o->reports[i].path);
	if (!report_wishes_standard_output(o))
		open_report(r, "text", "-");
	return run_complain_of_reports(r);
}

static void begin(struct run *r, const struct run_info *info)
{
	for (size_t i = 0; i < r->report_count; i++) {
		struct told_report *t = &r->reports[i];

		if (t->report->ops->begin(t->report, info, &t->error))
			t->failed = true;
	}
}

int run_begin_reports(struct run *r)
{
	struct buf target = { 0 }, again = { 0 };
	char started[32];
	time_t now = time(NULL);
	struct tm utc;
	struct run_info info = { .tool = POP3SPEC_VERSION,
				 .edition = "",
				 .registered = r->library.registered,
				 .fail_on = fail_on_name(
					 r->options->fail_on),
				 .split = split_name(r->options->split),
				 .seed = r->options->seed,
				 .look_only = !r->provisioner,
				 .scenarios = r->count + r->broken,
				 .requirements = score_requirements(
					 r->library.registry) };

	gmtime_r(&now, &utc);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &utc);
	info.started = started;
	if (r->target.host)
		target_name(&r->target, &target);
	info.target = buf_text(&target);
	replay_command(r->options, &again);
	info.replay = buf_text(&again);
	begin(r, &info);
	buf_free(&target);
	buf_free(&again);
	run_watch_clear(r->watch);
	return run_complain_of_reports(r);
}

static void tell(struct run *r, const struct verdict *v,
		 const struct scenario *s)
{
	struct error e;

	if (score_add(&r->score, v, s, &e))
		note_lost(r, &e);
	if (outcome_fails(v->outcome, r->options->fail_on))
		r->failures++;
	for (size_t i = 0; i < r->report_count; i++) {
		struct told_report *t = &r->reports[i];

		if (!t->failed &&
		    t->report->ops->verdict(t->report, v, &t->error))
			t->failed = true;
	}
}

void run_tell(struct run *r, const struct findings *f,
	      const struct scenario *s)
{
	struct error e;

	r->news = await_now();
	for (size_t i = 0; i < f->count; i++)
		tell(r, &f->list[i], s);
	if (f->failed) {
		error_set(&e, "out of memory: not all verdicts were kept");
		note_lost(r, &e);
	}
}

void run_tell_broken(struct run *r)
{
	char none[] = "", transport[] = "clear";

	pthread_mutex_lock(&r->telling);
	for (size_t i = 0; i < r->broken; i++) {
		const struct library_broken *b = &r->library.broken[i];
		struct verdict v = { .scenario = b->id,
				     .file = b->file,
				     .transport = transport,
				     .requirement = none,
				     .outcome = OUTCOME_ERROR,
				     .label = b->why,
				     .count = 1 };

		tell(r, &v, NULL);
	}
	pthread_mutex_unlock(&r->telling);
}

static void add_traffic(struct run *r)
{
	struct run_summary *s = &r->score.summary;

	for (size_t i = 0; i < r->lane_count; i++) {
		const struct stage *stage = &r->lanes[i].stage;

		s->octets_sent += stage->octets_sent;
		s->octets_received += stage->octets_received;
		s->round_trips += stage->round_trips;
	}
}

void run_end_reports(struct run *r)
{
	struct run_summary *s = &r->score.summary;

	add_traffic(r);
	s->seconds = (double)(await_now() - r->began) / 1e3;
	s->look_only = !r->provisioner;
	if (r->unclear.len && buf_text(&r->unclear))
		s->interrupted = buf_text(&r->unclear);
	if (r->interrupted.len && buf_text(&r->interrupted))
		s->interrupted = buf_text(&r->interrupted);
	score_close(&r->score, r->options->fail_on,
		    (size_t)r->options->min_cases);
	for (size_t i = 0; i < r->report_count; i++) {
		struct told_report *t = &r->reports[i];

		if (!t->failed && t->report->ops->end(t->report, s, &t->error))
			t->failed = true;
	}
}

void run_free_reports(struct run *r)
{
	for (size_t i = 0; i < r->report_count; i++)
		if (r->reports[i].report)
			r->reports[i].report->ops->free(r->reports[i].report);
	r->report_count = 0;
}
