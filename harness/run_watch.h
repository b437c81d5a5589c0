/* SPDX-License-Identifier: MIT */
/* What watches over a run: its time, its end, and the patience of a person. */
#ifndef HARNESS_RUN_WATCH_H
#define HARNESS_RUN_WATCH_H

#include "bytes.h"
#include "error.h"

struct run;
struct run_watch;
struct scenario;

/* Why a run ends before all is played. */
enum run_stop {
	STOP_NOT, /* or by a signal, which only the run's cancel tells */
	STOP_TIME,
	STOP_FAILURES,
};

/* End the run: every wait ends now. The first reason counts. */
void run_stop(struct run *r, enum run_stop why);

/* Append why a run that was ended was ended. */
void run_stop_explain(struct run *r, struct buf *to);

/*
 * Watch over r from now to run_watch_end(): end it after --max-time, counted
 * from r->began; show on a terminal what is being waited for; tell it elsewhere
 * after --progress seconds without a verdict. On standard error only. Returns 0,
 * or -1 and e.
 */
int run_watch_start(struct run *r, struct error *e);
void run_watch_end(struct run *r);

/* Take the line from the terminal, for others to write there; w may be NULL. */
void run_watch_clear(struct run_watch *w);

/* Say what is done now that is no scenario, as in "6 s with ...". */
void run_note_doing(struct run *r, const char *doing);

/* Lane plays s now; NULL: no longer what it played. */
void run_note_playing(struct run *r, size_t lane, const struct scenario *s);

#endif
