/* SPDX-License-Identifier: MIT */
/* Shared by the files run*.c. */
#ifndef HARNESS_RUN_INTERNAL_H
#define HARNESS_RUN_INTERNAL_H

#include "abilities.h"
#include "bundled.h"
#include "lanes.h"
#include "library.h"
#include "play.h"
#include "recognise.h"
#include "provision.h"
#include "report.h"
#include "run.h"
#include "run_watch.h"
#include "score.h"
#include "service.h"
#include "stage_tcp.h"

#include <pthread.h>

/* What a lane plays, or no scenario; since when, ms of await_now(). */
struct playing {
	const struct scenario *scenario;
	uint64_t since;
};

/* Where a run is told; from its first error on it is told nothing more. */
struct told_report {
	struct report *report;
	struct error error;
	bool failed;
};

struct run {
	const struct run_options *options;
	const struct cancel *cancel;
	struct library library;
	struct target target;
	struct bundled *bundled;         /* one of these two is the server */
	struct service *service;         /* that we started; or both are NULL */
	struct provisioner *provisioner; /* NULL: look-only */
	struct abilities abilities;

	const struct scenario **items; /* to be played */
	size_t count;
	size_t broken; /* of library.broken, the first: to be told */

	struct stage_tcp *lanes;
	size_t account_lanes, free_lanes, lane_count; /* the third is the sum */
	size_t at_once; /* lanes that may play side by side */
	struct run_watch *watch;

	pthread_mutex_t filling; /* of the provisioner */
	pthread_mutex_t telling; /* of all below */
	struct told_report reports[OPTIONS_REPORTS + 1];
	size_t report_count;
	enum run_stop stopped;
	size_t failures;           /* that --fail-on counts */
	struct playing *playing;   /* one a lane */
	size_t done;               /* scenarios */
	const char *doing;         /* before the scenarios and behind them */
	uint64_t news;             /* when last a verdict was told */
	struct score score;
	struct error lost;         /* what none of the reports was told */
	bool has_lost;
	enum sanity sanity;        /* of the server; well, or gone for good */
	unsigned unhurried;        /* scenarios played anew with full patience */
	bool sanitizer_told;
	bool stopped_server;       /* by us */
	struct buf interrupted;    /* why the run ended early, or empty */
	struct buf unclear;        /* why it only looks, where it was to fill
				      maildrops; or empty */
	uint64_t began;            /* ms of await_now() */
};

/* Tell a person what e says, and return code. */
int run_complain(const struct error *e, int code);

/*
 * Where the greeting offers APOP, try each secret of the target: lanes know then
 * which were refused, and a person is told.
 */
void run_try_secrets(struct run *r);

/*
 * A wrong secret in the target looks like a server that refuses the right one: a
 * finding of s, which uses it, says what to look at.
 */
void run_doubt_secret(const struct stage_tcp *lane, const struct scenario *s,
		      struct findings *f);

/* Lane work: play item, confirm what it found, tell it. */
void run_item(void *run, struct lanes *lanes, size_t lane, size_t item);

/* Play s once, in a maildrop filled for it. */
void run_play(struct run *r, size_t lane, const struct scenario *s,
	      struct findings *f);

/* Whether f holds what must be confirmed, or may be the server's end. */
bool run_must_look_again(const struct findings *f);

/*
 * With nothing else going on: is the server alive (else f becomes a CRASH), and
 * are findings seen again (else they are FLAKY)?
 */
void run_look_again(struct run *r, struct lanes *lanes, size_t lane,
		    const struct scenario *s, struct findings *f);

/* The server is gone for good: nothing more is played. */
bool run_is_dead(struct run *r);
void run_set_dead(struct run *r, enum sanity sanity);

/* A sanitizer found fault with the server, and no verdict says so yet. */
bool run_sanitizer_is_new(struct run *r);
void run_note_sanitizer(struct run *r);

/* Find the target, and start its server where it says how. 0, or -1 and e. */
int run_find_target(struct run *r, struct error *e);

/*
 * As long as it takes three dialogues, ten seconds apart, to fail. Of what went
 * meanwhile nothing is known when the run is ended: it is called well.
 */
enum sanity run_look_for_server(struct run *r, size_t lane);

/* What we started ended by itself; one that ends well may start a daemon. */
bool run_server_died(const struct run *r);

/* What is wrong with the server, as far as we see. */
void run_explain(struct run *r, enum sanity sanity, struct buf *how);

/* What the server wrote; of somebody's mail it may have written, too. */
void run_keep_log(const struct run *r, struct verdict *v);

/*
 * Behind the last scenario: the last sanity dialogue, then stop what we started.
 * A server that died, or in which a sanitizer spoke, is told as a CRASH of its
 * own; r->interrupted tells why else not all is well.
 */
void run_end_server(struct run *r);

/* Stop what we started, once. Returns -1 and e when that did not work. */
int run_stop_server(struct run *r, struct error *e);

/* *to, owned, becomes a copy of text; it stays when there is no memory. */
void run_set_text(char **to, const char *text);

/* Before anything is removed: is every maildrop ours to fill? 0, or -1 and e. */
int run_check_maildrops(struct run *r, struct error *e);

/*
 * Fill the maildrops, learn what the server can do, and make sure that it lists
 * what was put there and nothing else. Returns 0, or -1 and e.
 */
int run_get_ready(struct run *r, struct error *e);

/* The process of the server that we started, or NULL. */
struct child *run_child(const struct run *r);

/* Whether judging s takes waiting for minutes. */
bool run_is_slow(const struct run *r, const struct scenario *s);

/*
 * A second session asks for the maildrop of the first. Where a server has it
 * wait for the lock, it waits long, and disturbs nobody.
 */
bool run_meets_lock(const struct scenario *s);

/* Sort r->items: those that are likely to take longest come first. */
void run_order(struct run *r);

/*
 * Which accounts are used: the first `jobs`, and behind them who is of a kind that
 * none of those is. Writes indices to chosen, which has room for all, or is NULL;
 * returns how many.
 */
size_t run_choose_accounts(const struct target *t, size_t jobs, size_t *chosen);

/* Plan and open the lanes. Returns 0, or -1 and e. */
int run_open_lanes(struct run *r, struct error *e);

/* Play all items and tell them. Returns 0, or -1 and e. */
int run_play_items(struct run *r, struct error *e);

/* Leave the maildrops as we want to find them. */
void run_empty_maildrops(struct run *r);

/* Return 0, or 3 behind a complaint of each that cannot be written. */
int run_open_reports(struct run *r);
int run_begin_reports(struct run *r);
/* Tell f to all; s is their scenario, or NULL for universal checks. */
void run_tell(struct run *r, const struct findings *f,
	      const struct scenario *s);
/* That scenario files are broken. */
void run_tell_broken(struct run *r);
void run_end_reports(struct run *r);
/* Complain of what went wrong with reports. Returns 0, or 3. */
int run_complain_of_reports(struct run *r);
void run_free_reports(struct run *r);

#endif
