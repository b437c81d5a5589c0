/* SPDX-License-Identifier: MIT */
/*
 * The UPDATE state (RFC 1939 section 6), which only QUIT leads to: now, and at
 * no other time, the marked messages are removed. What removes them is outside;
 * it takes its time, and may fail.
 */
#include "verbs.h"

static size_t count_marked(const struct session *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->maildrop->count; i++)
		n += s->marked[i];
	return n;
}

/* A site may treat what was retrieved as deleted (section 8), but only now. */
static void mark_retrieved(struct session *s)
{
	for (size_t i = 0; i < s->maildrop->count; i++)
		s->marked[i] |= s->retrieved[i];
}

void session_update(struct session *s)
{
	if (s->ended && switched(s, DEFECT_DROP_REMOVES_RETRIEVED))
		session_unmark(s);
	if (deletes_retrieved(s) ||
	    (s->ended && switched(s, DEFECT_DROP_REMOVES_RETRIEVED)))
		mark_retrieved(s);
	update_slips(s);
	s->state = UPDATE;
	s->want = WANT_UPDATE;
}

static void finish(struct session *s)
{
	s->finished = true;
	session_close_maildrop(s);
	if (switched(s, DEFECT_QUIT_DOES_NOT_CLOSE))
		session_resume(s);
	else
		s->want = WANT_CLOSE;
}

/* Returns true when QUIT before the login goes wrong. */
static bool quit_slips(struct session *s, struct reply *r)
{
	if (s->failed_logins && switched(s, DEFECT_QUIT_BEHIND_FAILURE)) {
		s->want = WANT_CLOSE;
		return true;
	}
	if (!(s->failed_apops && switched(s, DEFECT_QUIT_BEHIND_APOP)) &&
	    !(session_has_user(s) && switched(s, DEFECT_QUIT_BEHIND_USER)))
		return false;
	reply_err(r, "PASS or APOP is expected");
	return true;
}

static void say_goodbye(const struct session *s, struct reply *r)
{
	size_t left = s->maildrop->count - count_marked(s);

	r->farewell = true;
	if (left == 0)
		reply_ok(r, "%s POP3 server signing off (maildrop empty)",
			 s->config.host);
	else
		reply_ok(r,
			 left == 1
				 ? "%s POP3 server signing off (%zu message "
				   "left)"
				 : "%s POP3 server signing off (%zu messages "
				   "left)",
			 s->config.host, left);
}

void verb_quit(struct session *s, const struct command *c, struct reply *r)
{
	(void)c;
	if (s->state == AUTHORIZATION && quit_slips(s, r))
		return;
	if (s->maildrop && switched(s, DEFECT_QUIT_WAITS)) {
		s->quitting = true;
		say_goodbye(s, r);
		return;
	}
	if (s->maildrop) {
		session_update(s);
		return;
	}
	if (session_has_user(s) && switched(s, DEFECT_QUIT_REMOVES_ANYWHERE)) {
		s->quitting = true;
		session_reopen(s);
		return;
	}
	reply_ok(r, "%s POP3 server signing off", s->config.host);
	r->farewell = true;
	finish(s);
}

struct maildrop *session_maildrop(const struct session *s)
{
	return s->maildrop;
}

const bool *session_marked(const struct session *s)
{
	return s->marked;
}

void session_updated(struct session *s, size_t still_there)
{
	struct reply r = { 0 };

	if (s->want != WANT_UPDATE)
		return;
	if (still_there)
		reply_err(&r, "some deleted messages not removed");
	else
		say_goodbye(s, &r);
	finish(s);
	session_answer(s, &r);
}
