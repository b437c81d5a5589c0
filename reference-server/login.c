/* SPDX-License-Identifier: MIT */
/*
 * How a login ends (RFC 1939 section 4): the outside has verified who it is and
 * opened the maildrop, or not.
 */
#include "verbs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LONGER_EACH 100 /* ms */

static void forget_credentials(struct session *s)
{
	bool by_auth = auth_is_open(s);

	s->credentials = (struct credentials){ 0 };
	auth_close(s);
	if (!by_auth && !switched(s, DEFECT_FAILED_NAME_STAYS) &&
	    !switched(s, DEFECT_PASS_AGAIN_GETS_IN))
		s->user_len = 0; /* by USER; AUTH leaves it as it was */
	line_wipe(&s->line);
}

/* The maildrop is this client's; m may be NULL, which is an empty one. */
static void enter_transaction(struct session *s, struct maildrop *m,
			      struct reply *r)
{
	struct total t;

	s->maildrop = m;
	s->state = TRANSACTION;
	session_count(s);
	t = session_total(s);
	reply_ok(r,
		 t.messages == 1
			 ? "%.*s's maildrop has %zu message (%" PRIu64 " octets)"
			 : "%.*s's maildrop has %zu messages (%" PRIu64
			   " octets)",
		 (int)s->user_len, s->user, t.messages, t.octets);
	if (switched(s, DEFECT_LOGIN_STAYS_OUTSIDE))
		session_close_maildrop(s);
}

void session_refuse(struct session *s, const struct reply *r)
{
	if (switched(s, ODDITY_CLOSES_AFTER_FAILED_LOGIN))
		s->want = WANT_CLOSE;
	if (switched(s, ODDITY_CLOSES_LATER_AFTER_FAILED_LOGIN) ||
	    switched(s, ODDITY_FAREWELL_LATER_BEHIND_FAILED_LOGIN))
		session_end_soon(s);
	session_answer(s, r);
	if (switched(s, ODDITY_FAREWELL_BEHIND_FAILED_LOGIN))
		session_say_farewell(s);
}

static void fail(struct session *s, struct reply *r)
{
	bool by_auth = auth_is_open(s);

	s->failed_apops += s->credentials.digest.ptr != NULL;
	s->failed_logins += !by_auth;
	forget_credentials(s);
	session_resume(s);
	if (switched(s, ODDITY_SLOW_REFUSALS) && session_keep_reply(s, r)) {
		s->is_refusing = true;
		s->ends_at = s->now + s->failed_logins * LONGER_EACH;
		return;
	}
	session_refuse(s, r);
}

/* Returns true when something else comes before the refusal. */
static bool refuses_later(struct session *s)
{
	if (switched(s, DEFECT_LOCK_BY_FAILED_LOGIN) && !s->leaked &&
	    !s->lock_comes_first) {
		s->lock_comes_first = true;
		s->want = WANT_OPEN;
		return true;
	}
	s->lock_comes_first = false;
	if (s->failure_is_told || !(switched(s, DEFECT_UNKNOWN_NAME_TOLD) ||
				    (s->credentials.digest.ptr &&
				     switched(s, DEFECT_APOP_UNKNOWN_NAME))))
		return false;
	s->failure_is_told = true;
	session_ask_for_user(s);
	return true;
}

static void refuse(struct session *s)
{
	struct reply r = { 0 };

	if (refuses_later(s))
		return;
	if (switched(s, DEFECT_FAILED_LOGIN_GETS_IN))
		enter_transaction(s, NULL, &r);
	else if (s->credentials.password.ptr)
		reply_err(&r, "[AUTH] invalid user name or password");
	else
		reply_err(&r, "[AUTH] permission denied");
	fail(s, &r);
}

/* Have the same password verified again without its last octet. */
static bool try_shorter_password(struct session *s)
{
	if (s->credentials.password.len < 2)
		return false;
	s->credentials.password.len--;
	return true;
}

/* Have the same digest verified against the timestamp of another session. */
static bool try_earlier_timestamp(struct session *s)
{
	struct slice earlier = slice_str(s->earlier);

	if (!s->credentials.digest.ptr || !earlier.len ||
	    slice_equal(s->credentials.timestamp, earlier))
		return false;
	s->credentials.timestamp = earlier;
	return true;
}

static bool tries_again(struct session *s)
{
	return (switched(s, DEFECT_PASSWORD_PREFIX) &&
		try_shorter_password(s)) ||
	       (switched(s, DEFECT_APOP_REPLAYED) && try_earlier_timestamp(s));
}

/* There is such a user, or there is none. */
static void answer_for_user(struct session *s, bool there)
{
	struct reply r = { 0 };

	if (!s->user_is_asked) {
		if (there)
			reply_err(&r, "[AUTH] wrong password");
		else if (switched(s, DEFECT_APOP_UNKNOWN_NAME))
			enter_transaction(s, NULL, &r);
		else
			reply_err(&r, "[AUTH] no mailbox of that name");
		fail(s, &r);
	} else {
		session_resume(s);
		s->user_is_known = there;
		if (there)
			reply_ok(&r, "send your password");
		else
			reply_err(&r, "no mailbox of that name");
		session_answer(s, &r);
	}
	s->user_is_asked = s->failure_is_told = false;
}

static void release_leaked(struct session *s)
{
	if (s->leaked)
		s->leaked->ops->close(s->leaked);
	s->leaked = NULL;
}

void session_verified(struct session *s, bool right)
{
	if (s->want != WANT_VERIFY)
		return;
	if (s->user_is_asked || s->failure_is_told) {
		answer_for_user(s, right);
		return;
	}
	if (!right && tries_again(s))
		return;
	if (!login_slips(s, right)) {
		refuse(s);
		return;
	}
	release_leaked(s);
	s->want = WANT_OPEN;
}

static uint64_t octets_but_cr(struct maildrop *m)
{
	char piece[RENDER_PIECE];
	uint64_t octets = 0;
	long n;

	while ((n = m->ops->read(m, piece, sizeof(piece), NULL)) > 0)
		for (long i = 0; i < n; i++)
			octets += piece[i] != '\r';
	return octets;
}

/* The sizes of files whose lines end in LF. */
static void note_sizes_as_stored(struct maildrop *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->ops->rewind(m, i, NULL) == 0)
			m->messages[i].size = octets_but_cr(m);
}

uint64_t octets_stuffed(struct maildrop *m, size_t message)
{
	char piece[RENDER_PIECE], last = '\n';
	uint64_t octets = 0;
	long n;

	if (m->ops->rewind(m, message, NULL) < 0)
		return 0;
	while ((n = m->ops->read(m, piece, sizeof(piece), NULL)) > 0)
		for (long i = 0; i < n; i++) {
			octets += last == '\n' && piece[i] == '.';
			last = piece[i];
		}
	return octets;
}

/* What goes over the wire, and is taken off again. */
static void note_stuffing(struct maildrop *m)
{
	for (size_t i = 0; i < m->count; i++)
		m->messages[i].size += octets_stuffed(m, i);
}

static bool may_reopen(const struct session *s)
{
	return switched(s, DEFECT_NOOP_READS_ANEW) ||
	       switched(s, DEFECT_RSET_READS_ANEW) ||
	       switched(s, ODDITY_RSET_SHOWS_NEW_MAIL);
}

void session_reopen(struct session *s)
{
	session_close_maildrop(s);
	s->credentials.user = slice_of(s->user, s->user_len);
	s->want = WANT_OPEN;
}

static bool login_is_empty(const struct session *s)
{
	return (s->failed_logins && switched(s, DEFECT_SECOND_TRY_IS_EMPTY)) ||
	       (s->credentials.digest.ptr &&
		switched(s, DEFECT_APOP_OTHER_MAILDROP));
}

/* What a session before had marked, and did not remove. */
static void mark_again(struct session *s, const struct maildrop *m)
{
	for (size_t i = 0; i < m->count; i++)
		s->marked[i] = m->messages[i].was_marked;
}

static void note_user_of_auth(struct session *s)
{
	memcpy(s->user, s->auth.user, s->auth.user_len);
	s->user_len = s->auth.user_len;
}

static void admit(struct session *s, struct maildrop *m)
{
	size_t user_len;
	struct reply r = { 0 };

	s->marked = calloc(m->count ? m->count : 1, 2 * sizeof(*s->marked));
	if (!s->marked) {
		m->ops->close(m);
		reply_err(&r, "[SYS/TEMP] out of memory, try again later");
		fail(s, &r);
		return;
	}
	s->retrieved = s->marked + m->count;
	if (switched(s, DEFECT_MARKS_OUTLIVE_SESSION) || s->quitting)
		mark_again(s, m);
	if (s->quitting) {
		s->maildrop = m;
		session_update(s);
		return;
	}
	if (auth_is_open(s))
		note_user_of_auth(s);
	user_len = s->user_len;
	if (login_is_empty(s)) {
		m->ops->close(m);
		m = NULL;
	} else if (switched(s, DEFECT_SIZES_AS_STORED)) {
		note_sizes_as_stored(m);
	} else if (switched(s, DEFECT_SIZES_COUNT_STUFFING)) {
		note_stuffing(m);
	}
	enter_transaction(s, m, &r);
	forget_credentials(s);
	if (may_reopen(s))
		s->user_len = user_len;
	session_resume(s);
	session_answer(s, &r);
}

static void refuse_maildrop(enum maildrop_opened how, struct reply *r)
{
	if (how == MAILDROP_IN_USE)
		reply_err(r, "[IN-USE] maildrop already locked");
	else if (how == MAILDROP_TOO_SOON)
		reply_err(r, "[LOGIN-DELAY] you logged in a moment ago");
	else if (how == MAILDROP_BUSY)
		reply_err(r, "[SYS/TEMP] maildrop cannot be opened now");
	else
		reply_err(r, "[SYS/PERM] maildrop cannot be opened");
}

void session_login_delay(struct session *s, unsigned delay)
{
	s->login_delay = delay;
}

void session_opened(struct session *s, enum maildrop_opened how,
		    struct maildrop *m)
{
	struct reply r = { 0 };

	if (s->want != WANT_OPEN) {
		if (how == MAILDROP_OPENED)
			m->ops->close(m);
	} else if (s->lock_comes_first) {
		s->leaked = how == MAILDROP_OPENED ? m : NULL;
		refuse(s);
	} else if (how == MAILDROP_OPENED) {
		admit(s, m);
	} else {
		if (switched(s, DEFECT_LOCKED_LOGIN_CLOSES)) {
			s->want = WANT_CLOSE;
			return;
		}
		refuse_maildrop(how, &r);
		if (switched(s, DEFECT_LOCKED_LOGIN_GETS_IN))
			s->state = TRANSACTION;
		fail(s, &r);
	}
}
