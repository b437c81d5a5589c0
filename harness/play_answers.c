/* SPDX-License-Identifier: MIT */
/* What the server did, against what it may do. */
#include "play_body.h"

#include <string.h>

#define SHORTEST_TIMER 600000 /* ms */
#define FAREWELL 2000 /* ms, from an -ERR to the close that it announced */
#define BODY_KEPT ((size_t)4 << 20) /* octets of a body that we compare */

static void keep(void *to, struct slice octets)
{
	struct event_seen *seen = to;
	size_t room = seen->room - seen->body.len;

	buf_add(&seen->body, slice_first(octets, room));
}

/* Of the greeting of this connection; the names in it are bound. */
static bool timestamp_matches(struct event_seen *seen, const struct answer *a)
{
	const char *stamp = seen->t->timestamp;

	if (!a->timestamp || pattern_match(a->timestamp, slice_str(stamp),
					   &seen->p->bindings))
		return true;
	return body_is_not(seen, *stamp ? "its timestamp is another"
					: "it has no timestamp");
}

static bool reply_matches(struct event_seen *seen, const struct answer *a)
{
	const struct reply *r = &seen->t->reader.reply;
	struct bindings *b = &seen->p->bindings;
	size_t bound = b->count;

	if (!pattern_match_reply(a->line, r->status, buf_slice(&r->line), b))
		return false;
	if (timestamp_matches(seen, a) && body_matches(seen, a))
		return true;
	while (b->count > bound)
		binding_unset(b, b->list[b->count - 1].name);
	return false;
}

static bool matches(struct event_seen *seen, const struct answer *a)
{
	if (&seen->p->talks[a->client] != seen->t)
		return false;
	switch (a->event) {
	case EVENT_REPLY:
		return seen->result == TALK_REPLY && reply_matches(seen, a);
	case EVENT_CLOSE:
		return seen->result == TALK_CLOSED;
	default:
		return seen->result == TALK_TIMEOUT;
	}
}

static void tell_event(const struct event_seen *seen, struct buf *to)
{
	talk_result_explain(seen->t, seen->result, seen->waited, to);
	if (seen->why.len)
		buf_printf(to, " (%.*s)", (int)seen->why.len, seen->why.ptr);
}

static bool begins_no_session(const struct event_seen *seen)
{
	if (seen->result == TALK_CLOSED || seen->result == TALK_CUT)
		return !seen->t->greeted;
	return seen->result == TALK_REPLY && seen->is_greeting &&
	       seen->t->reader.reply.status == STATUS_ERR;
}

static bool refuses_login(const struct event_seen *seen)
{
	const struct command *c = &seen->t->last;

	return seen->result == TALK_REPLY && !seen->is_greeting &&
	       seen->t->reader.reply.status == STATUS_ERR &&
	       (command_is(c, "PASS") || command_is(c, "APOP"));
}

static enum try_again why_again(const struct event_seen *seen)
{
	if (begins_no_session(seen))
		return TRY_SESSION;
	if (!refuses_login(seen))
		return TRY_NOT;
	return talk_says_later(seen->t) ? TRY_LOCK : TRY_LOGIN;
}

/*
 * What never began judges nobody, and the maildrop of a session that has just
 * ended may be locked a moment longer. True when the scenario is to be played
 * anew; with the patience used up *flow says how it ends, or GO_ON: as a
 * finding like others.
 */
static bool try_again(struct event_seen *seen, const struct step *step,
		      enum flow *flow)
{
	enum try_again why = why_again(seen);
	enum wait w = why == TRY_LOGIN ? WAIT_UPDATE : WAIT_LOCK;
	struct stage *s = seen->p->stage;
	struct buf what = { 0 };

	*flow = GO_ON;
	if (why == TRY_NOT)
		return false;
	if (s->ops->now(s) - seen->p->first < stage_wait(s, w)) {
		seen->p->again = why;
		return true;
	}
	stage_wait_spent(s, w);
	tell_event(seen, &what);
	if (why == TRY_SESSION)
		*flow = play_ends(seen->p, OUTCOME_ERROR, NULL, step->pointer,
				  buf_text(&what));
	if (why == TRY_LOCK)
		*flow = play_ends(seen->p, OUTCOME_BLOCKED, NULL,
				  step->pointer, buf_text(&what));
	buf_free(&what);
	return false;
}

/* The command whose +OK did not come as it should. */
static const struct command *disobeyed(const struct event_seen *seen,
				       const struct step *step)
{
	const struct answer *a = &step->answers[0];
	const struct talk *t = seen->t;

	if (a->event != EVENT_REPLY || !a->line->count ||
	    !slice_starts(buf_slice(&a->line->tokens[0].literal), "+OK"))
		return NULL;
	return seen->result != TALK_REPLY && t->owed_count ? t->owed
							   : &t->last;
}

/* None of the answers fits: what came is not what the RFC allows. */
static enum flow none_fits(struct event_seen *seen, const struct step *step)
{
	bool lost = seen->result == TALK_CLOSED || seen->result == TALK_CUT;
	struct breach b = { .pointer = step->pointer,
			    .requirement = step->requirement,
			    .command = disobeyed(seen, step),
			    .ruling = step->ruling,
			    .as = lost ? OUTCOME_LOST : OUTCOME_FAIL };
	enum flow flow;

	if (seen->result == TALK_FAILED)
		return play_ends(seen->p, OUTCOME_ERROR, NULL, step->pointer,
				 seen->t->error.text);
	if (seen->result == TALK_CANCELLED)
		return play_ends(seen->p, OUTCOME_NOTRUN, NULL, step->pointer,
				 "the run was ended");
	if (seen->result == TALK_ENDLESS && seen->p->stage->look_only)
		return play_ends(seen->p, OUTCOME_SKIP, NULL, step->pointer,
				 "look-only: somebody's mail is longer than we "
				 "read");
	if (try_again(seen, step, &flow) || flow == STOP)
		return STOP;
	for (size_t i = 0; i < step->answer_count; i++)
		if (step->answers[i].verdict != OUTCOME_FAIL)
			play_expected(seen->p, &step->answers[i],
				      &b.expected);
	tell_event(seen, &b.actual);
	play_cause(seen, step, seen->why.len, &b.cause);
	return play_breach(seen->p, &b);
}

/* A legal answer leads on; another one says what it breaks. */
static enum flow take(struct event_seen *seen, const struct step *step,
		      const struct answer *a)
{
	struct breach b = {
		.pointer = a->pointer,
		.requirement = a->requirement ? a->requirement
					      : step->requirement,
		.ruling = a->ruling ? a->ruling : step->ruling,
		.label = a->label,
		.as = a->verdict,
		.listed = true,
	};
	enum flow flow = GO_ON;

	if (a->label && *a->label)
		seen->p->label = a->label;
	if (a->verdict != OUTCOME_PASS) {
		for (size_t i = 0; i < step->answer_count; i++)
			if (step->answers[i].verdict == OUTCOME_PASS)
				play_expected(seen->p, &step->answers[i],
					      &b.expected);
		tell_event(seen, &b.actual);
		play_cause(seen, step, a->body != BODY_UNJUDGED, &b.cause);
		flow = play_breach(seen->p, &b);
	}
	return flow == STOP ? STOP : play_steps(seen->p, &a->then);
}

static bool somebody_is_in(const struct play *p)
{
	return p->talks[0].state == STATE_TRANSACTION ||
	       p->talks[1].state == STATE_TRANSACTION;
}

/*
 * The server says [IN-USE], and nobody of ours is in the maildrop: a session of
 * ours has ended, and the server does not know yet. Even where a refusal is
 * legal it is not this one that was asked for. True while it may pass.
 */
static bool locks_lately(struct event_seen *seen)
{
	struct slice text = reply_text(&seen->t->reader.reply);
	struct stage *s = seen->p->stage;

	if (!refuses_login(seen) ||
	    !slice_is_nocase(slice_first(text, 8), "[IN-USE]") ||
	    somebody_is_in(seen->p) ||
	    s->ops->now(s) - seen->p->first >= stage_wait(s, WAIT_LOCK))
		return false;
	seen->p->again = TRY_LOCK;
	return true;
}

/* The first answer that fits, or NULL. */
static const struct answer *fitting(struct event_seen *seen,
				    const struct step *step)
{
	for (size_t i = 0; i < step->answer_count; i++)
		if (matches(seen, &step->answers[i]))
			return &step->answers[i];
	return NULL;
}

static enum flow choose(struct event_seen *seen, const struct step *step)
{
	const struct answer *a;
	enum flow flow = STOP;

	if (!locks_lately(seen)) {
		a = fitting(seen, step);
		if (a)
			buf_clear(&seen->why);
		flow = a ? take(seen, step, a) : none_fits(seen, step);
	}
	buf_free(&seen->body);
	buf_free(&seen->why);
	return flow;
}

static size_t room_for_bodies(const struct play *p)
{
	const struct fixture *f = p->stage->fixture;
	size_t room = BODY_KEPT;

	for (size_t i = 0; f && i < f->count; i++) {
		size_t need = 2 * f->messages[i].octets.len + 4096;

		room = need > room ? need : room;
	}
	return room;
}

static enum wait wait_for(const struct step *step, const struct talk *t)
{
	if (!t->greeted)
		return WAIT_GREETING;
	if (step->answers[0].event == EVENT_CLOSE)
		return WAIT_CLOSE;
	if (t->owed_count && (!strcmp(t->owed[0].keyword, "PASS") ||
			      !strcmp(t->owed[0].keyword, "APOP")))
		return WAIT_LOGIN;
	return WAIT_REPLY;
}

/*
 * A step that waits for a timer, which by RFC 1939 section 3 takes ten minutes
 * at least, waits for the one that the server is known to have.
 */
static uint64_t time_for(const struct step *step, const struct stage *stage)
{
	uint64_t timer = stage->autologout + stage->autologout / 10;

	return step->duration >= SHORTEST_TIMER && timer > step->duration
		       ? timer
		       : step->duration;
}

static void look(struct event_seen *seen, const struct step *step)
{
	enum wait w = wait_for(step, seen->t);
	struct stage *stage = seen->p->stage;

	seen->waited = step->duration ? time_for(step, stage)
				      : play_patience(seen->p, w);
	seen->result = talk_reply(seen->t, seen->waited,
				  (struct body_sink){ keep, seen });
	if (talk_gave_up(seen->result) && !step->duration)
		stage_wait_spent(stage, w);
}

static bool expects_close(const struct step *step)
{
	for (size_t i = 0; i < step->answer_count; i++)
		if (step->answers[i].event == EVENT_CLOSE)
			return true;
	return false;
}

/*
 * Names that a greeting bound must be those of the connection that we use now.
 */
static void remember_greeting(struct play *p, const struct step *step,
			      const struct talk *t, bool was_greeted)
{
	if (!was_greeted && t->greeted && step->answer_count == 1)
		p->greeting[t->client] = &step->answers[0];
}

/* Closed behind an earlier error, or instead of this reply? */
static enum flow ask_again(struct event_seen *seen, const struct step *step)
{
	struct play *p = seen->p;

	if (play_needs_quiet(p, seen->t)) {
		play_quietly(p, seen->t);
		return STOP;
	}
	if (!play_may_revive(seen->t))
		return GO_ON;
	if (play_revive(p, step) == STOP)
		return STOP;
	if (p->sent[step->client] &&
	    play_send(p, p->sent[step->client]) == STOP)
		return STOP;
	look(seen, step);
	return GO_ON;
}

/*
 * A server that ends a session behind an error reply (rulings C9, C39) may say
 * so by another -ERR, and what comes to us then is not the answer to a command
 * that it never read. One that the step takes for its answer is left to it.
 */
static void look_for_farewell(struct event_seen *seen, const struct step *step,
			      const struct talk *before)
{
	const struct answer *a;
	struct talk *t = seen->t;

	if (seen->result != TALK_REPLY || !before->refused ||
	    t->reader.reply.status != STATUS_ERR ||
	    (!expects_close(step) && !t->refused_sent) ||
	    (t->quit && seen->p->quiet))
		return;
	a = fitting(seen, step);
	buf_clear(&seen->why);
	if ((a && a->verdict == OUTCOME_PASS) || !talk_only_ends(t, FAREWELL))
		return;
	seen->result = TALK_CLOSED;
	t->errors = before->errors;
	t->replied = before->replied;
	t->auth_failed = before->auth_failed;
}

enum flow play_answers(struct play *p, const struct step *step)
{
	struct talk *t = &p->talks[step->client];
	struct event_seen seen = { .p = p, .t = t,
				   .room = room_for_bodies(p) };
	const struct talk before = *t;

	seen.is_greeting = !before.greeted;
	look(&seen, step);
	look_for_farewell(&seen, step, &before);
	if (seen.result == TALK_CLOSED && !expects_close(step) &&
	    t->refused_sent && ask_again(&seen, step) == STOP)
		return STOP;
	remember_greeting(p, step, t, before.greeted);
	return choose(&seen, step);
}

enum flow play_login_answers(struct play *p, const struct step *step,
			     enum talk_result result, uint64_t waited)
{
	struct event_seen seen = { .p = p, .t = &p->talks[step->client],
				   .result = result, .waited = waited };

	return choose(&seen, step);
}
