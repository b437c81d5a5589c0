/* SPDX-License-Identifier: MIT */
#include "run_internal.h"
#include "await.h"
#include "replay_command.h"

#include <time.h>

static void report_failed(struct run *r, const struct error *e)
{
	if (!r->report_failed)
		r->report_error = *e;
	r->report_failed = true;
}

int run_check_reports(const struct run_options *o, struct error *e)
{
	for (size_t i = 0; i < o->report_count; i++)
		if (report_check_format(o->reports[i].format, e))
			return -1;
	return 0;
}

int run_open_reports(struct run *r, struct error *e)
{
	bool to_terminal = true;

	for (size_t i = 0; i < r->options->report_count; i++) {
		const struct report_wish *w = &r->options->reports[i];
		struct report *report = report_open(w->format, w->path, e);

		if (!report)
			return -1;
		r->reports[r->report_count++] = report;
		if (slice_is(slice_str(w->path), "-"))
			to_terminal = false;
	}
	if (!to_terminal)
		return 0;
	r->reports[r->report_count] = report_open("text", "-", e);
	if (!r->reports[r->report_count])
		return -1;
	r->report_count++;
	return 0;
}

int run_begin_reports(struct run *r, struct error *e)
{
	struct buf target = { 0 }, again = { 0 };
	char started[32];
	time_t now = time(NULL);
	struct tm utc;
	int failed = 0;
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
	for (size_t i = 0; !failed && i < r->report_count; i++)
		failed = r->reports[i]->ops->begin(r->reports[i], &info, e);
	buf_free(&target);
	buf_free(&again);
	return failed;
}

static void tell(struct run *r, const struct verdict *v,
		 const struct scenario *s)
{
	struct error e;

	if (score_add(&r->score, v, s, &e))
		report_failed(r, &e);
	if (outcome_fails(v->outcome, r->options->fail_on))
		r->failures++;
	for (size_t i = 0; i < r->report_count; i++)
		if (r->reports[i]->ops->verdict(r->reports[i], v, &e))
			report_failed(r, &e);
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
		report_failed(r, &e);
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
	struct error e;

	add_traffic(r);
	s->seconds = (double)(await_now() - r->began) / 1e3;
	s->look_only = !r->provisioner;
	if (r->unclear.len && buf_text(&r->unclear))
		s->interrupted = buf_text(&r->unclear);
	if (r->interrupted.len && buf_text(&r->interrupted))
		s->interrupted = buf_text(&r->interrupted);
	score_close(&r->score, r->options->fail_on,
		    (size_t)r->options->min_cases);
	for (size_t i = 0; i < r->report_count; i++)
		if (r->reports[i]->ops->end(r->reports[i], s, &e))
			report_failed(r, &e);
}

void run_free_reports(struct run *r)
{
	for (size_t i = 0; i < r->report_count; i++)
		r->reports[i]->ops->free(r->reports[i]);
	r->report_count = 0;
}
