/* SPDX-License-Identifier: MIT */
/* CAPA (RFC 2449 section 5): what this server can do beyond the minimum. */
#include "verbs.h"

#include <stdio.h>

static bool always(const struct session *s)
{
	(void)s;
	return true;
}

static bool delays_logins(const struct session *s)
{
	return s->config.login_delay > 0;
}

/* "USER": this user has a value of his own, which is told after the login. */
static int login_delay(const struct session *s, char *to, size_t room)
{
	if (s->state != AUTHORIZATION)
		return snprintf(to, room, " %u", s->login_delay);
	return snprintf(to, room, " %u%s", s->config.login_delay,
			s->config.login_delay_differs ? " USER" : "");
}

static int expire(const struct session *s, char *to, size_t room)
{
	if (!deletes_retrieved(s) && !s->config.expire_days)
		return snprintf(to, room, " NEVER");
	return snprintf(to, room, " %u",
			deletes_retrieved(s) ? 0 : s->config.expire_days);
}

/* "A server MAY chose to do so only in TRANSACTION state" (section 6.9). */
static bool tells_implementation(const struct session *s)
{
	return s->state != AUTHORIZATION || !s->config.implementation_is_late;
}

static int implementation(const struct session *s, char *to, size_t room)
{
	(void)s;
	return snprintf(to, room, " pop3spec-reference-%s", POP3SPEC_VERSION);
}

/* Where replies have no text, errors have no code. */
static bool has_texts(const struct session *s)
{
	return !switched(s, ODDITY_BARE_STATUS);
}

static int mechanisms(const struct session *s, char *to, size_t room)
{
	return snprintf(to, room, " %.400s", s->config.mechanisms);
}

/*
 * What no verb stands for. RESP-CODES because some errors have a code (section
 * 8, RFC 3206, RFC 6856 section 5), AUTH-RESP-CODE because wrong credentials
 * have [AUTH] (RFC 3206 section 6). EXPIRE NEVER, unless the site says
 * otherwise, because nothing but DELE and QUIT removes mail.
 */
static const struct property {
	const char *tag;
	bool (*is_true)(const struct session *s);
	/* Writes them, with a space before each, as snprintf does; or NULL. */
	int (*arguments)(const struct session *s, char *to, size_t room);
} properties[] = {
	{ "RESP-CODES", always, NULL },
	{ "LOGIN-DELAY", delays_logins, login_delay },
	{ "PIPELINING", always, NULL },
	{ "EXPIRE", always, expire },
	{ "IMPLEMENTATION", tells_implementation, implementation },
	{ "AUTH-RESP-CODE", has_texts, NULL },
};

/* The i-th of those that are true now, or NULL behind the last. */
static const struct property *property(const struct session *s, size_t i)
{
	const struct property *end =
		properties + sizeof(properties) / sizeof(properties[0]);

	for (const struct property *p = properties; p < end; p++)
		if (p->is_true(s) && i-- == 0)
			return p;
	return NULL;
}

/* The i-th capability: a verb's or another; tag is NULL behind the last. */
static struct property capability(const struct session *s, size_t i)
{
	const char *verb = verbs_capability(s, i);
	const struct property *p;
	size_t verbs = 0;

	if (verb && slice_is(slice_str(verb), "SASL")) /* RFC 5034 section 3 */
		return (struct property){ verb, NULL, mechanisms };
	if (verb)
		return (struct property){ verb, NULL, NULL };
	while (verbs_capability(s, verbs))
		verbs++;
	p = property(s, i - verbs);
	return p ? *p : (struct property){ 0 };
}

static long read_line(void *of, char *to, size_t room)
{
	struct session *s = of;
	struct property p = capability(s, s->listing.next);
	int n;

	if (!p.tag)
		return 0;
	s->listing.next++;
	n = snprintf(to, room, "%s%s",
		     switched(s, DEFECT_CAPA_INDENTED) ? " " : "", p.tag);
	if (p.arguments)
		n += p.arguments(s, to + n, room - (size_t)n);
	return n + snprintf(to + n, room - (size_t)n, "\r\n");
}

void verb_capa(struct session *s, const struct command *c, struct reply *r)
{
	(void)c;
	s->listing = (struct listing){ 0 };
	reply_ok(r, "Capability list follows");
	reply_body(r, (struct source){ read_line, s }, WHOLE_BODY);
}
