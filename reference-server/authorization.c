/* SPDX-License-Identifier: MIT */
/*
 * The AUTHORIZATION state (RFC 1939 section 4): who is it, and may he have the
 * maildrop? USER and PASS send a password, APOP proves that the client knows
 * one (section 7). Both end in session_verified() and session_opened().
 *
 * Nobody learns here which names exist: USER accepts any, and a wrong name
 * fails as a wrong password does (section 13).
 */
#include "verbs.h"

#include <stdlib.h>
#include <string.h>

static void remember_user(struct session *s, struct slice name)
{
	name = slice_first(name, sizeof(s->user));
	if (name.len)
		memcpy(s->user, name.ptr, name.len);
	s->user_len = name.len;
}

static struct slice user(const struct session *s)
{
	return slice_of(s->user, s->user_len);
}

static bool user_came_before(const struct session *s)
{
	return s->previous && s->previous->run == verb_user;
}

void verb_user(struct session *s, const struct command *c, struct reply *r)
{
	if (user_came_before(s) && switched(s, ODDITY_SECOND_USER_REFUSED)) {
		reply_err(r, "one USER is enough");
		return;
	}
	remember_user(s, c->arguments[0]);
	reply_ok(r, "send your password");
}

/* PASS is for "immediately after a successful USER command". */
static bool may_send_password(const struct session *s)
{
	if (switched(s, ODDITY_PATIENT_PASS))
		return s->user_len > 0;
	return user_came_before(s);
}

void verb_pass(struct session *s, const struct command *c, struct reply *r)
{
	if (!may_send_password(s)) {
		if (switched(s, DEFECT_PASS_WITHOUT_USER))
			reply_ok(r, "noted");
		else
			reply_err(r, "send USER first");
		return;
	}
	s->credentials = (struct credentials){
		.user = user(s),
		.password = c->arguments[0],
	};
	s->want = WANT_VERIFY;
}

static bool is_digest(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.ptr[i] < '0' || s.ptr[i] > '9') &&
		    (s.ptr[i] < 'a' || s.ptr[i] > 'f'))
			return false;
	return s.len == 32;
}

/* What the client computed the digest of, with the secret behind it. */
static struct slice challenge(const struct session *s)
{
	struct slice timestamp = slice_str(s->timestamp);

	if (switched(s, DEFECT_APOP_WITHOUT_BRACKETS))
		return slice_first(slice_from(timestamp, 1), timestamp.len - 2);
	return timestamp;
}

void verb_apop(struct session *s, const struct command *c, struct reply *r)
{
	if (!is_digest(c->arguments[1])) {
		reply_err(r, "a digest has 32 hexadecimal digits, "
			     "letters in lower case");
		return;
	}
	remember_user(s, c->arguments[0]);
	s->credentials = (struct credentials){
		.user = user(s),
		.digest = c->arguments[1],
		.timestamp = challenge(s),
	};
	s->want = WANT_VERIFY;
}

const struct credentials *session_credentials(const struct session *s)
{
	return &s->credentials;
}

static void forget_credentials(struct session *s)
{
	s->credentials = (struct credentials){ 0 };
	s->user_len = 0;
	line_wipe(&s->line);
}

/* The maildrop is this client's; m may be NULL, which is an empty one. */
static void enter_transaction(struct session *s, struct maildrop *m,
			      struct reply *r)
{
	char text[MAILDROP_TEXT];

	s->maildrop = m;
	s->state = TRANSACTION;
	session_describe(s, text);
	reply_ok(r, "%.*s's maildrop has %s", (int)s->user_len, s->user, text);
	if (switched(s, DEFECT_LOGIN_STAYS_OUTSIDE))
		session_close_maildrop(s);
}

static void fail(struct session *s, struct reply *r)
{
	forget_credentials(s);
	s->failed_logins++;
	session_resume(s);
	if (switched(s, ODDITY_CLOSES_AFTER_FAILED_LOGIN))
		s->want = WANT_CLOSE;
	session_answer(s, r);
}

static void refuse(struct session *s)
{
	struct reply r = { 0 };

	if (switched(s, DEFECT_FAILED_LOGIN_GETS_IN))
		enter_transaction(s, NULL, &r);
	else if (s->credentials.password.ptr)
		reply_err(&r, "invalid user name or password");
	else
		reply_err(&r, "permission denied");
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

static bool judge(const struct session *s, bool right)
{
	if (s->failed_logins && switched(s, DEFECT_NO_SECOND_TRY))
		return false;
	if (!s->credentials.password.ptr && switched(s, DEFECT_APOP_ANY_DIGEST))
		return true;
	return right;
}

void session_verified(struct session *s, bool right)
{
	if (s->want != WANT_VERIFY)
		return;
	if (!right && switched(s, DEFECT_PASSWORD_PREFIX) &&
	    try_shorter_password(s))
		return;
	if (judge(s, right))
		s->want = WANT_OPEN;
	else
		refuse(s);
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

static bool may_reopen(const struct session *s)
{
	return switched(s, DEFECT_NOOP_READS_ANEW) ||
	       switched(s, DEFECT_RSET_READS_ANEW) ||
	       switched(s, ODDITY_RSET_SHOWS_NEW_MAIL);
}

void session_reopen(struct session *s)
{
	session_close_maildrop(s);
	s->credentials.user = user(s);
	s->want = WANT_OPEN;
}

static void admit(struct session *s, struct maildrop *m)
{
	size_t user_len = s->user_len;
	struct reply r = { 0 };

	s->marked = calloc(m->count ? m->count : 1, 2 * sizeof(*s->marked));
	if (!s->marked) {
		m->ops->close(m);
		reply_err(&r, "out of memory, try again later");
		fail(s, &r);
		return;
	}
	s->retrieved = s->marked + m->count;
	if (switched(s, DEFECT_SIZES_AS_STORED))
		note_sizes_as_stored(m);
	enter_transaction(s, m, &r);
	forget_credentials(s);
	if (may_reopen(s))
		s->user_len = user_len;
	session_resume(s);
	session_answer(s, &r);
}

void session_opened(struct session *s, enum maildrop_opened how,
		    struct maildrop *m)
{
	struct reply r = { 0 };

	if (s->want != WANT_OPEN) {
		if (how == MAILDROP_OPENED)
			m->ops->close(m);
	} else if (how == MAILDROP_OPENED) {
		admit(s, m);
	} else {
		if (how == MAILDROP_IN_USE)
			reply_err(&r, "[IN-USE] maildrop already locked");
		else
			reply_err(&r, "maildrop cannot be opened");
		fail(s, &r);
	}
}
