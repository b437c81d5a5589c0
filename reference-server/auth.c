/* SPDX-License-Identifier: MIT */
/*
 * How AUTH goes (RFC 5034 section 4):
 *
 *	C: AUTH PLAIN                         The client names a mechanism.
 *	S: +                                  A challenge, here an empty one.
 *	C: AG1yb3NlAHRhbnN0YWFm               A response, until the mechanism
 *	S: +OK mrose's maildrop has 2 messages (320 octets)      knows enough.
 *
 * The mechanisms are the outside's; here is what POP3 makes of them. A line of
 * "*" cancels. However an exchange fails, "the server MUST behave as if the
 * client had not issued the AUTH command".
 */
#include "base64.h"
#include "verbs.h"

#include <stdlib.h>
#include <string.h>

bool auth_is_open(const struct session *s)
{
	return s->auth.exchange != NO_EXCHANGE;
}

/* Memory that is freed behind it would not be wiped by memset(). */
static void wipe(volatile char *octets, size_t len)
{
	while (len--)
		*octets++ = 0;
}

void auth_close(struct session *s)
{
	if (s->auth.line)
		wipe(s->auth.line, AUTH_OCTETS);
	free(s->auth.line);
	s->auth = (struct auth){ 0 };
}

/* Copy a mechanism's name, in capital letters (section 5: any case will do). */
static struct slice in_capitals(struct session *s, struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		s->auth.mechanism[i] =
			c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
	}
	return slice_of(s->auth.mechanism, name.len);
}

/* Returns the mechanism of that name, empty when it is not offered. */
static struct slice offered(struct session *s, struct slice name)
{
	struct slice list = slice_str(s->config.mechanisms);
	struct slice none = { 0 };

	if (!name.len || name.len > AUTH_MECHANISM)
		return none;
	name = in_capitals(s, name);
	while (list.len) {
		size_t len = slice_find(list, ' ');

		if (slice_equal(slice_first(list, len), name))
			return name;
		list = slice_from(list, len + 1);
	}
	return none;
}

/* Take a response for the outside. Returns false when it is no base64. */
static bool take_response(struct session *s, struct slice text)
{
	size_t len;

	if (!base64_decode(text, s->auth.line, &len))
		return false;
	s->auth.said.response = slice_of(s->auth.line, len);
	return true;
}

static void ask(struct session *s, enum exchange exchange, enum want want)
{
	s->auth.exchange = exchange;
	s->want = want;
}

static void begin(struct session *s, struct slice mechanism,
		  const struct command *c, struct reply *r)
{
	struct slice initial = c->count > 1 ? c->arguments[1] : slice_str("");

	s->auth.line = calloc(1, AUTH_OCTETS);
	s->auth.said = (struct auth_said){ mechanism, .begins = true };
	if (!s->auth.line)
		reply_err(r, "[SYS/TEMP] out of memory, try again later");
	else if (slice_is(initial, "="))
		s->auth.said.response = slice_of(s->auth.line, 0);
	else if (c->count > 1 && !take_response(s, initial))
		reply_err(r, "a response is base64");
	if (r->status == REPLY_LATER)
		ask(s, AUTH_CAME, WANT_AUTH);
	else
		auth_close(s);
}

static void refuse_mechanism(const struct session *s, struct slice name,
			     struct reply *r)
{
	if (slice_is_nocase(name, "PLAIN") && !session_takes_secrets(s))
		session_refuse_secret(s, r);
	else
		reply_err(r, "no mechanism of that name; CAPA lists them");
}

void verb_auth(struct session *s, const struct command *c, struct reply *r)
{
	struct slice mechanism = offered(s, c->arguments[0]);

	if (mechanism.len)
		begin(s, mechanism, c, r);
	else if (switched(s, DEFECT_AUTH_CLOSES))
		s->want = WANT_CLOSE;
	else
		refuse_mechanism(s, c->arguments[0], r);
	line_wipe(&s->line); /* c's, and a password may be in it */
}

const struct auth_said *session_auth(const struct session *s)
{
	return &s->auth.said;
}

static void fail(struct session *s, const struct reply *r)
{
	auth_close(s);
	session_resume(s);
	if (switched(s, ODDITY_CLOSES_AFTER_FAILED_LOGIN))
		s->want = WANT_CLOSE;
	session_answer(s, r);
}

static void challenge(struct session *s, struct slice octets,
		      enum exchange exchange)
{
	s->auth.exchange = exchange;
	s->auth.len = 0;
	s->auth.last = 0;
	s->auth.said.begins = false;
	render_challenge(&s->render, octets);
	session_resume(s);
}

void session_challenged(struct session *s, struct slice octets)
{
	if (s->want == WANT_AUTH)
		challenge(s, octets, RESPONSE_DUE);
}

static void open_maildrop(struct session *s)
{
	s->credentials = (struct credentials){
		.user = slice_of(s->auth.user, s->auth.user_len),
	};
	ask(s, AUTHENTICATED, WANT_OPEN);
}

void session_authenticated(struct session *s, struct slice user,
			   struct slice data)
{
	if (s->want != WANT_AUTH)
		return;
	if (!user.len || user.len > sizeof(s->auth.user)) {
		session_refused(s, REFUSED_CREDENTIALS);
		return;
	}
	memcpy(s->auth.user, user.ptr, user.len);
	s->auth.user_len = user.len;
	if (data.ptr)
		challenge(s, data, EMPTY_LINE_DUE);
	else
		open_maildrop(s);
}

void session_refused(struct session *s, enum refusal why)
{
	struct reply r = { 0 };

	if (s->want != WANT_AUTH)
		return;
	switch (why) {
	case REFUSED_CREDENTIALS:
		reply_err(&r, "[AUTH] authentication failed");
		break;
	case REFUSED_RESPONSE:
		reply_err(&r, "not what %.*s asks for",
			  (int)s->auth.said.mechanism.len,
			  s->auth.said.mechanism.ptr);
		break;
	case REFUSED_FOR_NOW:
		reply_err(&r, "[SYS/TEMP] try again later");
		break;
	case REFUSED_FOR_GOOD:
		reply_err(&r, "[SYS/PERM] this server is not set up for it");
		break;
	}
	fail(s, &r);
}

size_t auth_feed(struct session *s, struct slice octets, bool *complete)
{
	struct auth *a = &s->auth;
	size_t taken = 0;

	*complete = false;
	while (taken < octets.len && !*complete) {
		char octet = octets.ptr[taken++];
		bool after_cr = a->last == '\r';

		a->last = octet;
		*complete =
			octet == '\n' && (after_cr || grammar(s) == LENIENT);
		if (*complete) {
			a->len -= after_cr;
			break;
		}
		if (a->len < AUTH_OCTETS)
			a->line[a->len] = octet;
		a->len++;
	}
	return taken;
}

/* Returns true when the exchange goes on; else r says why it does not. */
static bool is_response(struct session *s, struct reply *r)
{
	struct slice text = slice_of(s->auth.line, s->auth.len);

	if (text.len > AUTH_OCTETS - strlen("\r\n"))
		reply_err(r, "a response has at most %d octets", AUTH_OCTETS);
	else if (slice_is(text, "*"))
		reply_err(r, "cancelled, as you wish");
	else if (s->auth.exchange == EMPTY_LINE_DUE && text.len)
		reply_err(r, "all was said; the response is to be empty");
	else if (!take_response(s, text))
		reply_err(r, "a response is base64");
	return r->status == REPLY_LATER;
}

void auth_respond(struct session *s, struct reply *r)
{
	if (!is_response(s, r))
		auth_close(s);
	else if (s->auth.exchange == EMPTY_LINE_DUE)
		open_maildrop(s);
	else
		ask(s, AUTH_CAME, WANT_AUTH);
}
