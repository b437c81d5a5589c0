/* SPDX-License-Identifier: MIT */
/* One scenario on one lane, from its maildrop to its confirmed verdicts. */
#include "run_internal.h"

#include <stdlib.h>

#define FOREIGN_WAIT 60000 /* ms that a stranger's scenario may wait */

bool run_is_slow(const struct run *r, const struct scenario *s)
{
	const struct requirement *q =
		registry_find(r->library.registry, s->requirements[0]);

	if (s->foreign && scenario_waits(s) > FOREIGN_WAIT)
		return true;
	return q && q->slow;
}

void run_play(struct run *r, size_t lane, const struct scenario *s,
	      struct findings *f)
{
	struct stage *stage = &r->lanes[lane].stage;

	stage->fixture = library_fixture(&r->library, s);
	play(s, stage, f);
}

static void tell(struct run *r, const struct scenario *s,
		 const struct findings *f)
{
	bool enough;

	pthread_mutex_lock(&r->telling);
	run_tell(r, f, s);
	enough = r->options->max_failures &&
		 r->failures >= r->options->max_failures;
	pthread_mutex_unlock(&r->telling);
	if (enough)
		run_stop(r, STOP_FAILURES);
}

/* What the end of the run cut off was not run; an error then was its doing. */
static void call_not_run(struct run *r, struct findings *f)
{
	struct buf why = { 0 };

	run_stop_explain(r, &why);
	for (size_t i = 0; i < f->count; i++) {
		struct verdict *v = &f->list[i];
		char *label;

		if (v->outcome != OUTCOME_NOTRUN && v->outcome != OUTCOME_ERROR)
			continue;
		label = slice_copy(buf_slice(&why));
		f->failed = f->failed || !label;
		free(v->label);
		v->label = label;
		v->outcome = OUTCOME_NOTRUN;
	}
	buf_free(&why);
}

bool run_is_dead(struct run *r)
{
	bool dead;

	pthread_mutex_lock(&r->telling);
	dead = r->sanity != SANITY_WELL;
	pthread_mutex_unlock(&r->telling);
	return dead;
}

void run_set_dead(struct run *r, enum sanity sanity)
{
	pthread_mutex_lock(&r->telling);
	r->sanity = sanity;
	pthread_mutex_unlock(&r->telling);
}

static bool not_played(struct run *r, const struct scenario *s,
		       const struct stage *stage, struct findings *f)
{
	struct buf why = { 0 };
	bool not = true;

	if (cancel_raised(r->cancel)) {
		run_stop_explain(r, &why);
		play_not(s, stage, OUTCOME_NOTRUN, buf_text(&why), f);
	} else if (run_is_dead(r)) {
		play_not(s, stage, OUTCOME_NOTRUN, "the server is gone", f);
	} else if (run_is_slow(r, s) && !r->options->slow) {
		play_not(s, stage, OUTCOME_SKIP,
			 "slow: played with --slow", f);
	} else if (play_skips(s, stage, &why)) {
		play_not(s, stage, OUTCOME_SKIP, buf_text(&why), f);
	} else {
		not = false;
	}
	buf_free(&why);
	return not;
}

void run_item(void *with, struct lanes *lanes, size_t lane, size_t item)
{
	struct run *r = with;
	const struct scenario *s = r->items[item];
	struct stage *stage = &r->lanes[lane].stage;
	struct findings f = { 0 };

	run_note_playing(r, lane, s);
	if (!not_played(r, s, stage, &f)) {
		run_play(r, lane, s, &f);
		if (run_must_look_again(&f) || run_sanitizer_is_new(r))
			run_look_again(r, lanes, lane, s, &f);
		if (cancel_raised(r->cancel))
			call_not_run(r, &f);
	}
	run_doubt_secret(&r->lanes[lane], s, &f);
	tell(r, s, &f);
	run_note_playing(r, lane, NULL);
	findings_free(&f);
}
