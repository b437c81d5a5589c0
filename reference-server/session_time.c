/* SPDX-License-Identifier: MIT */
/* What time does to a session: the autologout, and pauses that are over. */
#include "session_state.h"

void session_refuse_now(struct session *s)
{
	struct reply r = session_take_reply(s);

	s->is_refusing = false;
	session_refuse(s, &r);
}

static void autologout(struct session *s)
{
	struct reply r = { 0 };

	s->timed_out = true;
	render_drop(&s->render);
	if (s->maildrop && switched(s, DEFECT_AUTOLOGOUT_REMOVES)) {
		session_update(s);
		return;
	}
	s->want = WANT_CLOSE;
	if (!switched(s, ODDITY_FAREWELL_BEFORE_AUTOLOGOUT))
		return;
	reply_err(&r, "no command for too long, goodbye");
	session_answer(s, &r);
}

static void go_on(struct session *s)
{
	void (*held)(struct session *s) = s->held;

	s->held = NULL;
	held(s);
	if (s->want == WANT_INPUT)
		session_resume(s);
}

static void end_wait(struct session *s)
{
	if (s->held)
		go_on(s);
	else if (s->is_refusing)
		session_refuse_now(s);
	else if (s->is_ending)
		session_end_now(s);
	else
		autologout(s);
}

void session_tick(struct session *s, uint64_t now)
{
	s->now = now;
	if (now >= session_deadline(s))
		end_wait(s);
}

static uint64_t patience(const struct session *s)
{
	if (s->state == TRANSACTION && switched(s, DEFECT_AUTOLOGOUT_EARLY))
		return 60 * 1000;
	if (s->state == AUTHORIZATION && switched(s, DEFECT_LOGIN_TIMER_SHORT))
		return 120 * 1000;
	if (render_is_waiting(&s->render) && switched(s, DEFECT_SLOW_READER_CUT))
		return 60 * 1000;
	if (session_has_user(s) && switched(s, DEFECT_PASS_TIMER_SHORT))
		return 60 * 1000;
	return s->config.autologout;
}

/* A client that takes the last octets too slowly is cut off, too. */
uint64_t session_deadline(const struct session *s)
{
	bool waits = s->want == WANT_INPUT ||
		     (s->want == WANT_CLOSE && render_is_waiting(&s->render));
	uint64_t wait = patience(s);

	if (s->want == WANT_INPUT && s->held)
		return s->held_until;
	if (s->want == WANT_INPUT && (s->is_refusing || s->is_ending))
		return s->ends_at;
	waits |= s->want == WANT_START_TLS;
	if (!waits || !wait || wait > SESSION_NEVER - s->active)
		return SESSION_NEVER;
	return s->active + wait;
}
