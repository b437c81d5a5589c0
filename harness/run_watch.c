/* SPDX-License-Identifier: MIT */
/*
 * A thread beside the run: it ends it when its time is over, and tells a person
 * what is being waited for. Nothing of it is in a report.
 */
#include "run_watch.h"
#include "await.h"
#include "run_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REDRAW 500 /* ms between two looks */
#define COLUMNS 79
#define CLEAR "\r\033[K"

struct run_watch {
	struct run *run;
	struct cancel leave;
	pthread_t thread;
	uint64_t deadline;  /* ms of await_now(), or AWAIT_FOREVER */
	bool terminal;      /* one line there is written over and over */
	bool shown;         /* it stands there; with run->telling held */
	uint64_t told;      /* when last of what is waited for */
	uint64_t patience;  /* ms of silence before the next line; 0: none */
};

int run_complain(const struct error *e, int code)
{
	fprintf(stderr, "pop3spec: %s\n", e->text);
	return code;
}

void run_stop(struct run *r, enum run_stop why)
{
	pthread_mutex_lock(&r->telling);
	if (r->stopped == STOP_NOT && !cancel_raised(r->cancel))
		r->stopped = why;
	pthread_mutex_unlock(&r->telling);
	cancel_raise(r->cancel);
}

void run_stop_explain(struct run *r, struct buf *to)
{
	enum run_stop why;

	pthread_mutex_lock(&r->telling);
	why = r->stopped;
	pthread_mutex_unlock(&r->telling);
	if (why == STOP_TIME)
		buf_printf(to, "the time is over: --max-time %" PRIu64,
			   r->options->max_time);
	else if (why == STOP_FAILURES)
		buf_printf(to, "so much was found: --max-failures %" PRIu64,
			   r->options->max_failures);
	else
		buf_add_str(to, "ended by a signal");
}

void run_note_doing(struct run *r, const char *doing)
{
	pthread_mutex_lock(&r->telling);
	r->doing = doing;
	r->news = await_now();
	pthread_mutex_unlock(&r->telling);
}

void run_note_playing(struct run *r, size_t lane, const struct scenario *s)
{
	pthread_mutex_lock(&r->telling);
	r->done += !s;
	r->playing[lane] = (struct playing){ s, await_now() };
	pthread_mutex_unlock(&r->telling);
}

/* What has been played for the longest time; or NULL. */
static const struct playing *longest(const struct run *r)
{
	const struct playing *found = NULL;

	for (size_t i = 0; r->playing && i < r->lane_count; i++) {
		const struct playing *p = &r->playing[i];

		if (p->scenario && (!found || p->since < found->since))
			found = p;
	}
	return found;
}

/* Holds visible ASCII only. With r->telling held. */
static void describe(const struct run *r, uint64_t now, struct buf *to)
{
	const struct playing *p = longest(r);

	buf_add_str(to, "pop3spec: ");
	if (p)
		buf_printf(to, "%zu of %zu done, %" PRIu64 " s with %s",
			   r->done, r->count, (now - p->since) / 1000,
			   p->scenario->id);
	else
		buf_printf(to, "%" PRIu64 " s with %s", (now - r->news) / 1000,
			   r->doing);
}

static void put(const struct buf *line)
{
	if (!line->failed && write(STDERR_FILENO, line->ptr, line->len) < 0)
		return; /* nobody looks */
}

/* With run->telling held. */
static void draw(struct run_watch *w, uint64_t now)
{
	struct buf line = { 0 };

	describe(w->run, now, &line);
	if (line.len > COLUMNS)
		line.len = COLUMNS;
	if (now - w->run->began >= 2 * REDRAW) {
		struct buf all = { 0 };

		buf_add_str(&all, CLEAR);
		buf_add(&all, buf_slice(&line));
		put(&all);
		buf_free(&all);
		w->shown = true;
	}
	buf_free(&line);
}

/* Each silence is told of later than the one before. */
static void tell(struct run_watch *w, uint64_t now)
{
	const struct run *r = w->run;
	struct buf line = { 0 };

	if (w->told < r->news) {
		w->told = r->news;
		w->patience = r->options->progress * 1000;
	}
	if (now - w->told < w->patience)
		return;
	w->told = now;
	w->patience *= 2;
	describe(r, now, &line);
	buf_add_char(&line, '\n');
	put(&line);
	buf_free(&line);
}

static void look(struct run_watch *w)
{
	uint64_t now;

	pthread_mutex_lock(&w->run->telling);
	now = await_now(); /* not before what was noted meanwhile */
	if (w->run->options->progress && w->terminal)
		draw(w, now);
	else if (w->run->options->progress)
		tell(w, now);
	pthread_mutex_unlock(&w->run->telling);
}

void run_watch_clear(struct run_watch *w)
{
	struct buf line = { 0 };

	if (!w)
		return;
	pthread_mutex_lock(&w->run->telling);
	if (w->shown) {
		buf_add_str(&line, CLEAR);
		put(&line);
	}
	w->shown = false;
	pthread_mutex_unlock(&w->run->telling);
	buf_free(&line);
}

static void *watch(void *with)
{
	struct run_watch *w = with;

	for (;;) {
		uint64_t next = await_now() + REDRAW;

		if (next > w->deadline)
			next = w->deadline;
		if (await_fd(-1, 0, next, &w->leave, NULL) == AWAIT_CANCELLED)
			return NULL;
		if (await_now() >= w->deadline) {
			run_stop(w->run, STOP_TIME);
			w->deadline = AWAIT_FOREVER;
		}
		look(w);
	}
}

static bool is_terminal(void)
{
	const char *name = getenv("TERM");

	return isatty(STDERR_FILENO) && name && *name && strcmp(name, "dumb");
}

int run_watch_start(struct run *r, struct error *e)
{
	struct run_watch *w = calloc(1, sizeof(*w));

	if (!w)
		return error_set(e, "out of memory");
	*w = (struct run_watch){ .run = r, .deadline = AWAIT_FOREVER,
				 .terminal = is_terminal() };
	if (r->options->max_time)
		w->deadline = r->began + r->options->max_time * 1000;
	if (cancel_open(&w->leave, e)) {
		free(w);
		return -1;
	}
	if (!pthread_create(&w->thread, NULL, watch, w)) {
		r->watch = w;
		return 0;
	}
	cancel_close(&w->leave);
	free(w);
	return error_set(e, "a thread cannot be started");
}

void run_watch_end(struct run *r)
{
	struct run_watch *w = r->watch;

	if (!w)
		return;
	cancel_raise(&w->leave);
	pthread_join(w->thread, NULL);
	run_watch_clear(w);
	cancel_close(&w->leave);
	free(w);
	r->watch = NULL;
}
