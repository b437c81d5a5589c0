/* SPDX-License-Identifier: MIT */
/*
 * The AUTHORIZATION state (RFC 1939 section 4): who is it, and may he have the
 * maildrop? USER and PASS send a password, APOP proves that the client knows
 * one (section 7). Both end in session_verified() and session_opened(), in login.c.
 *
 * Nobody learns here which names exist: USER accepts any, and a wrong name
 * fails as a wrong password does (section 13).
 */
#include "verbs.h"

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

bool session_has_user(const struct session *s)
{
	return s->user_is_known ||
	       (s->previous && s->previous->run == verb_user);
}

static bool keeps_first_name(const struct session *s)
{
	return (session_has_user(s) &&
		switched(s, DEFECT_SECOND_USER_IGNORED)) ||
	       (s->user_len && s->failed_logins &&
		switched(s, DEFECT_FAILED_NAME_STAYS));
}

void session_ask_for_user(struct session *s)
{
	s->credentials = (struct credentials){ .user = user(s) };
	s->want = WANT_VERIFY;
}

void verb_user(struct session *s, const struct command *c, struct reply *r)
{
	if ((session_has_user(s) && switched(s, ODDITY_SECOND_USER_REFUSED)) ||
	    (s->failed_apops && switched(s, DEFECT_USER_BEHIND_APOP)) ||
	    (s->user_was_parted && switched(s, DEFECT_PARTED_USER))) {
		reply_err(r, "one name is enough");
		return;
	}
	if (!keeps_first_name(s))
		remember_user(s, c->arguments[0]);
	if (c->arguments[0].len >= 40 && switched(s, DEFECT_NAME_OF_40)) {
		reply_err(r, "name too long");
		session_answer(s, r);
	}
	s->user_is_asked = switched(s, ODDITY_USER_TELLS_NAMES);
	if (s->user_is_asked)
		session_ask_for_user(s);
	else
		reply_ok(r, "send your password");
}

/* PASS is for "immediately after a successful USER command". */
static bool may_send_password(const struct session *s)
{
	if (switched(s, ODDITY_PATIENT_PASS))
		return s->user_len > 0;
	return session_has_user(s) ||
	       (s->user_len && switched(s, DEFECT_PASS_AGAIN_GETS_IN));
}

/* What is made of the argument of PASS. */
static struct slice password_of(const struct session *s,
				const struct command *c)
{
	struct slice password = c->arguments[0];

	if (switched(s, DEFECT_PASSWORD_CUT_AT_SPACE))
		return slice_first(password, slice_find(password, ' '));
	return slice_first(password, switched(s, DEFECT_PASSWORD_CUT_AT_39)
					     ? 39
					     : password.len);
}

/* Returns true when a password is not even looked at. */
static bool dislikes_spaces(struct session *s, struct slice password,
			    struct reply *r)
{
	if (slice_find(password, ' ') == password.len)
		return false;
	if (switched(s, DEFECT_PASSWORD_SPACE_CLOSES))
		s->want = WANT_CLOSE;
	else if (switched(s, ODDITY_NO_SPACES_IN_PASSWORDS))
		reply_err(r, "a password has no spaces");
	else
		return false;
	return true;
}

void verb_pass(struct session *s, const struct command *c, struct reply *r)
{
	if (!may_send_password(s)) {
		s->user_was_parted = s->user_len > 0;
		if (switched(s, DEFECT_PASS_WITHOUT_USER))
			reply_ok(r, "noted");
		else
			reply_err(r, "send USER first");
		return;
	}
	if (dislikes_spaces(s, c->arguments[0], r))
		return;
	s->password_again = !session_has_user(s);
	s->credentials = (struct credentials){
		.user = user(s),
		.password = password_of(s, c),
		.password_as_far = switched(s, DEFECT_PASSWORD_AS_FAR),
		.password_of_any = switched(s, DEFECT_PASSWORD_OF_ANY),
	};
	s->want = WANT_VERIFY;
}

#define DIGEST_DIGITS 32

static bool are_digits(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.ptr[i] < '0' || s.ptr[i] > '9') &&
		    (s.ptr[i] < 'a' || s.ptr[i] > 'f'))
			return false;
	return true;
}

static bool has_capital(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] >= 'A' && s.ptr[i] <= 'F')
			return true;
	return false;
}

static struct slice in_lower_case(struct session *s, struct slice digest)
{
	if (digest.len > sizeof(s->digest))
		return digest;
	for (size_t i = 0; i < digest.len; i++) {
		char d = digest.ptr[i];

		s->digest[i] = d >= 'A' && d <= 'F' ? (char)(d + 32) : d;
	}
	return slice_of(s->digest, digest.len);
}

static struct slice digest_of(struct session *s, const struct command *c)
{
	if (switched(s, ODDITY_CAPITAL_DIGEST))
		return in_lower_case(s, c->arguments[1]);
	if (switched(s, DEFECT_APOP_TAIL_IGNORED))
		return slice_first(c->arguments[1], DIGEST_DIGITS);
	return c->arguments[1];
}

static bool is_digest(const struct session *s, struct slice digest)
{
	return are_digits(digest) &&
	       (digest.len == DIGEST_DIGITS ||
		(digest.len < DIGEST_DIGITS &&
		 (switched(s, DEFECT_APOP_SHORT_DIGEST) ||
		  switched(s, DEFECT_APOP_DIGEST_AS_FAR))));
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
	struct slice digest = digest_of(s, c);

	if (has_capital(digest) && switched(s, DEFECT_APOP_CAPITALS_CLOSE)) {
		s->want = WANT_CLOSE;
		return;
	}
	if (!is_digest(s, digest)) {
		reply_err(r, "a digest has 32 hexadecimal digits, "
			     "letters in lower case");
		return;
	}
	remember_user(s, c->arguments[0]);
	s->credentials = (struct credentials){
		.user = user(s),
		.digest = digest,
		.digest_as_far = switched(s, DEFECT_APOP_DIGEST_AS_FAR),
		.timestamp = challenge(s),
	};
	s->login_lower_case = slice_is(c->keyword, "apop");
	s->want = WANT_VERIFY;
}

const struct credentials *session_credentials(const struct session *s)
{
	return &s->credentials;
}
