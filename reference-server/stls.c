/* SPDX-License-Identifier: MIT */
/*
 * TLS as a session sees it (RFC 2595 section 4): STLS asks for it, the outside
 * does the handshake, and what was said in clear before does not count.
 */
#include "verbs.h"

#include <string.h>

bool session_can_start_tls(const struct session *s)
{
	return s->config.tls_offered && !s->config.tls &&
	       s->state == AUTHORIZATION;
}

bool session_takes_secrets(const struct session *s)
{
	return s->config.tls || !s->config.secrets_need_tls;
}

void session_refuse_secret(const struct session *s, struct reply *r)
{
	if (session_can_start_tls(s))
		reply_err(r, "no passwords in clear, send STLS first");
	else
		reply_err(r, "no passwords in clear");
}

void verb_stls(struct session *s, const struct command *c, struct reply *r)
{
	(void)c;
	if (s->config.tls) {
		reply_err(r, "TLS is active already");
		return;
	}
	reply_ok(r, "begin TLS negotiation");
	s->want = WANT_START_TLS;
}

/*
 * Whoever sits between client and server may have said it. The counts of
 * failures stay: they are no word of the client, and who guesses passwords
 * shall not clear them.
 */
static void forget_client(struct session *s)
{
	memset(s->user, 0, sizeof(s->user));
	s->user_len = 0;
	s->user_is_known = false;
	s->user_was_parted = false;
	s->utf8 = false;
	s->render.language = ENGLISH;
	s->previous = NULL;
	line_wipe(&s->line);
}

void session_tls_started(struct session *s, const struct tls_facts *facts)
{
	if (s->want != WANT_START_TLS)
		return;
	s->config.tls = facts;
	forget_client(s);
	s->active = s->now;
	session_resume(s);
}
