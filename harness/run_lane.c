/* SPDX-License-Identifier: MIT */
/* One scenario on one lane, from its maildrop to its confirmed verdicts. */
#include "run_internal.h"
#include "await.h"

#include <stdlib.h>
#include <string.h>

/* A server that does not answer is tried so often, so long, before it is dead. */
#define SANITY_TRIES 3
#define SANITY_PAUSE 10000

/* After so many scenarios without a connection the rest is not tried. */
#define DEAF_LIMIT 3

bool run_is_slow(const struct run *r, const struct scenario *s)
{
	const struct requirement *q =
		registry_find(r->library.registry, s->requirements[0]);

	return q && q->slow;
}

static bool wants_maildrop(const struct run *r, const struct scenario *s)
{
	return r->provisioner && s->maildrop;
}

static int prepare(struct run *r, size_t lane, const struct scenario *s,
		   struct error *e)
{
	struct stage *stage = &r->lanes[lane].stage;

	stage->fixture = library_fixture(&r->library, s);
	if (!wants_maildrop(r, s))
		return 0;
	return run_fill(r, lane, stage->fixture, e);
}

static void play_once(struct run *r, size_t lane, const struct scenario *s,
		      struct findings *f)
{
	struct stage *stage = &r->lanes[lane].stage;
	struct error e;

	if (prepare(r, lane, s, &e))
		play_not(s, stage, OUTCOME_ERROR, e.text, f);
	else
		play(s, stage, f);
}

static bool is_finding(enum outcome o)
{
	return outcome_is_breach(o) || o == OUTCOME_WARN || o == OUTCOME_INFO;
}

static bool has_finding(const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (is_finding(f->list[i].outcome))
			return true;
	return false;
}

static bool has_breach(const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (outcome_is_breach(f->list[i].outcome))
			return true;
	return false;
}

static const struct verdict *agrees(const struct findings *again,
				    const struct verdict *v)
{
	for (size_t i = 0; i < again->count; i++)
		if (again->list[i].outcome == v->outcome &&
		    !strcmp(again->list[i].requirement, v->requirement))
			return &again->list[i];
	return NULL;
}

static void set_text(char **to, const char *text)
{
	char *copy = slice_copy(slice_str(text));

	if (!copy)
		return;
	free(*to);
	*to = copy;
}

/* Both transcripts are kept: the second behind the first. */
static void join_transcripts(struct verdict *v, struct verdict *second)
{
	size_t n = v->exchanges + second->exchanges;
	struct exchange *all = realloc(v->transcript, n * sizeof(*all));

	if (!n || !all)
		return;
	if (second->exchanges)
		memcpy(all + v->exchanges, second->transcript,
		       second->exchanges * sizeof(*all));
	v->transcript = all;
	v->exchanges = n;
	free(second->transcript);
	second->transcript = NULL;
	second->exchanges = 0;
}

static void call_flaky(struct verdict *v, struct findings *again)
{
	struct buf label = { 0 };

	buf_printf(&label, "%s at first, not in the confirming run",
		   outcome_name(v->outcome));
	v->outcome = OUTCOME_FLAKY;
	if (buf_text(&label))
		set_text(&v->label, buf_text(&label));
	if (again->count)
		join_transcripts(v, &again->list[0]);
	buf_free(&label);
}

/* Each finding must be seen again, alone and on fresh connections. */
static void confirm(struct run *r, size_t lane, const struct scenario *s,
		    struct findings *f)
{
	struct findings again = { 0 };

	play_once(r, lane, s, &again);
	for (size_t i = 0; i < f->count; i++) {
		struct verdict *v = &f->list[i];

		if (!is_finding(v->outcome))
			continue;
		if (agrees(&again, v))
			v->confirmed = true;
		else
			call_flaky(v, &again);
	}
	findings_free(&again);
}

static bool answers(struct run *r, size_t lane)
{
	struct stage *stage = &r->lanes[lane].stage;
	struct child *c = run_child(r);

	for (int i = 0; i < SANITY_TRIES; i++) {
		struct obstacle o = { 0 };
		bool sane = !sanity_check(stage, &o);

		obstacle_free(&o);
		if (sane || cancel_raised(r->cancel))
			return true;
		if (c && spawn_ended(c, NULL) && !spawn_succeeded(c))
			return false;
		if (i + 1 < SANITY_TRIES)
			stage->ops->pause(stage, SANITY_PAUSE);
	}
	return false;
}

/* What broke took the server with it. */
static void call_crash(const struct run *r, struct findings *f)
{
	struct child *c = run_child(r);
	struct buf how = { 0 };

	buf_add_str(&how, "the server does not answer any more");
	if (c && spawn_ended(c, NULL)) {
		buf_add_str(&how, ": ");
		spawn_ended(c, &how);
	}
	if (c && spawn_sanitizer_spoke(c))
		buf_add_str(&how, ", and a sanitizer spoke");
	for (size_t i = 0; i < f->count && buf_text(&how); i++)
		if (outcome_is_breach(f->list[i].outcome)) {
			f->list[i].outcome = OUTCOME_CRASH;
			set_text(&f->list[i].label, buf_text(&how));
			break;
		}
	buf_free(&how);
}

static void look_twice(struct run *r, struct lanes *lanes, size_t lane,
		       const struct scenario *s, struct findings *f)
{
	lanes_alone(lanes);
	for (unsigned i = 0; i < r->options->confirm && has_finding(f) &&
			     !cancel_raised(r->cancel); i++)
		confirm(r, lane, s, f);
	if (has_breach(f) && !answers(r, lane)) {
		call_crash(r, f);
		r->dead = true;
	}
	lanes_together(lanes);
}

static bool is_deaf(const struct findings *f)
{
	return f->count == 1 && f->list[0].outcome == OUTCOME_ERROR;
}

/* Tell what was found; afterwards it is known whether anybody listens there. */
static void tell(struct run *r, const struct scenario *s,
		 const struct findings *f)
{
	pthread_mutex_lock(&r->telling);
	for (size_t i = 0; i < f->count; i++)
		run_tell(r, &f->list[i], s);
	r->deaf = is_deaf(f) ? r->deaf + 1 : 0;
	r->dead = r->dead || r->deaf >= DEAF_LIMIT;
	pthread_mutex_unlock(&r->telling);
}

static bool is_dead(struct run *r)
{
	bool dead;

	pthread_mutex_lock(&r->telling);
	dead = r->dead;
	pthread_mutex_unlock(&r->telling);
	return dead;
}

static bool not_played(struct run *r, const struct scenario *s,
		       const struct stage *stage, struct findings *f)
{
	struct buf why = { 0 };
	bool not = true;

	if (cancel_raised(r->cancel))
		play_not(s, stage, OUTCOME_NOTRUN, "the run was ended", f);
	else if (is_dead(r))
		play_not(s, stage, OUTCOME_NOTRUN, "the server is gone", f);
	else if (run_is_slow(r, s) && !r->options->slow)
		play_not(s, stage, OUTCOME_SKIP,
			 "slow: played with --slow", f);
	else if (play_skips(s, stage, &why))
		play_not(s, stage, OUTCOME_SKIP, buf_text(&why), f);
	else
		not = false;
	buf_free(&why);
	return not;
}

void run_item(void *with, struct lanes *lanes, size_t lane, size_t item)
{
	struct run *r = with;
	const struct scenario *s = r->items[item];
	struct stage *stage = &r->lanes[lane].stage;
	struct findings f = { 0 };

	if (!not_played(r, s, stage, &f)) {
		play_once(r, lane, s, &f);
		if (has_finding(&f))
			look_twice(r, lanes, lane, s, &f);
	}
	tell(r, s, &f);
	findings_free(&f);
}
