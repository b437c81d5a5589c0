/* SPDX-License-Identifier: MIT */
/* What errors do to a session: some servers end it. */
#include "session_state.h"

#include <stdlib.h>

#define END_SOON 300 /* ms */

void session_end_soon(struct session *s)
{
	s->is_ending = true;
	s->ends_at = s->now + END_SOON;
}

static void count_error(struct session *s)
{
	s->errors++;
	if (switched(s, ODDITY_CLOSES_AFTER_ERROR) ||
	    (s->errors == 3 && switched(s, ODDITY_CLOSES_AFTER_THIRD_ERROR)))
		s->want = WANT_CLOSE;
	if (switched(s, ODDITY_CLOSES_LATER_AFTER_ERROR) ||
	    (s->errors == 3 &&
	     switched(s, ODDITY_CLOSES_LATER_AFTER_THIRD_ERROR)))
		session_end_soon(s);
	if (switched(s, DEFECT_ERROR_UNMARKS))
		session_unmark(s);
	if (s->errors == 3 && s->maildrop &&
	    switched(s, DEFECT_THIRD_ERROR_UPDATES))
		session_update(s);
}

static void say_farewell(struct session *s)
{
	struct reply r = { 0 };

	reply_err(&r, "too many errors, goodbye");
	render_reply(&s->render, &r);
}

static void end_behind_error(struct session *s)
{
	bool third = s->errors == 3;

	if (third && switched(s, ODDITY_CLOSES_LATER_BEHIND_FAREWELL)) {
		say_farewell(s);
		session_end_soon(s);
	}
	if (switched(s, ODDITY_FAREWELL_BEHIND_ERROR) ||
	    (third && switched(s, ODDITY_FAREWELL_BEHIND_THIRD_ERROR)))
		session_say_farewell(s);
}

void session_say_farewell(struct session *s)
{
	say_farewell(s);
	s->want = WANT_CLOSE;
}

void session_answer(struct session *s, const struct reply *r)
{
	if (r->status == REPLY_LATER)
		return;
	if (r->status == REPLY_ERR)
		count_error(s);
	render_reply(&s->render, r);
	if (r->status == REPLY_ERR)
		end_behind_error(s);
}

bool session_keep_reply(struct session *s, const struct reply *r)
{
	s->reply_later = calloc(1, sizeof(*r));
	if (s->reply_later)
		*s->reply_later = *r;
	return s->reply_later;
}

struct reply session_take_reply(struct session *s)
{
	struct reply r = *s->reply_later;

	free(s->reply_later);
	s->reply_later = NULL;
	return r;
}

void session_end_now(struct session *s)
{
	if (switched(s, ODDITY_FAREWELL_LATER_BEHIND_FAILED_LOGIN))
		say_farewell(s);
	s->want = WANT_CLOSE;
}
