/* SPDX-License-Identifier: MIT */
#include "sasl_exchange.h"

#include "apop.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANY                                                                    \
	(SCHEME_PLAIN | SCHEME_CRYPT | SCHEME_SCRAM_SHA_1 |                    \
	 SCHEME_SCRAM_SHA_256)

/* In the order in which CAPA lists them. */
static const struct mechanism mechanisms[] = {
	{ "SCRAM-SHA-256-PLUS", true, SCHEME_PLAIN | SCHEME_SCRAM_SHA_256, true,
	  gsasl_mechanism },
	{ "SCRAM-SHA-256", true, SCHEME_PLAIN | SCHEME_SCRAM_SHA_256, false,
	  gsasl_mechanism },
	{ "SCRAM-SHA-1-PLUS", true, SCHEME_PLAIN | SCHEME_SCRAM_SHA_1, true,
	  gsasl_mechanism },
	{ "SCRAM-SHA-1", true, SCHEME_PLAIN | SCHEME_SCRAM_SHA_1, false,
	  gsasl_mechanism },
	{ "CRAM-MD5", false, SCHEME_PLAIN, false, cram_md5 },
	{ "PLAIN", true, ANY, false, gsasl_mechanism },
	{ "EXTERNAL", true, 0, false, gsasl_mechanism },
	{ "OAUTHBEARER", true, 0, false, oauthbearer },
	{ "ANONYMOUS", true, 0, false, anonymous },
};

static const size_t mechanisms_count =
	sizeof(mechanisms) / sizeof(mechanisms[0]);

struct sasl *sasl_new(const struct sasl_config *config, struct error *e)
{
	struct sasl *s = calloc(1, sizeof(*s));

	if (s && gsasl_init(&s->gsasl) == GSASL_OK) {
		s->config = config;
		s->md5 = apop_available();
		gsasl_callback_set(s->gsasl, gsasl_asks);
		return s;
	}
	error_set(e, "GNU SASL cannot be set up");
	free(s);
	return NULL;
}

void sasl_free(struct sasl *s)
{
	if (!s)
		return;
	gsasl_done(s->gsasl);
	free(s);
}

bool sasl_knows(const struct sasl *s, struct slice name)
{
	bool known;

	users_secret(s->config->users, name, ANY, &known);
	return known;
}

static bool exposes(const struct mechanism *m, const struct tls_facts *tls)
{
	return !tls && slice_is(slice_str(m->name), "PLAIN");
}

static bool offered(const struct sasl *s, const struct tls_facts *tls,
		    const struct mechanism *m)
{
	const struct sasl_config *c = s->config;

	if (m->schemes && !(users_schemes(c->users) & m->schemes))
		return false;
	if (m->binds && !(tls && tls->binding_type))
		return false;
	if (exposes(m, tls))
		return c->clear_passwords;
	if (slice_is(slice_str(m->name), "EXTERNAL"))
		return tls && sasl_knows(s, tls->common_name);
	if (m->step == cram_md5)
		return s->md5;
	if (m->step == oauthbearer)
		return tls && c->tokens;
	return m->step != anonymous || c->anonymous;
}

void sasl_mechanisms(const struct sasl *s, const struct tls_facts *tls,
		     bool clear_passwords, char *to)
{
	size_t len = 0;

	to[0] = '\0';
	for (size_t i = 0; i < mechanisms_count; i++)
		if (offered(s, tls, &mechanisms[i]) &&
		    (clear_passwords || !exposes(&mechanisms[i], tls)))
			len += (size_t)snprintf(to + len, SASL_MECHANISMS - len,
						"%s%s", len ? " " : "",
						mechanisms[i].name);
}

static const struct mechanism *
named(const struct sasl *s, const struct tls_facts *tls, struct slice name)
{
	for (size_t i = 0; i < mechanisms_count; i++)
		if (slice_is(name, mechanisms[i].name) &&
		    offered(s, tls, &mechanisms[i]))
			return &mechanisms[i];
	return NULL;
}

/* Mechanisms that GNU SASL has no part in begin without it. */
static bool begin_gsasl(struct sasl_exchange *x)
{
	if (x->mechanism->step != gsasl_mechanism)
		return true;
	if (gsasl_server_start(x->sasl->gsasl, x->mechanism->name, &x->gsasl) !=
	    GSASL_OK)
		return false;
	gsasl_session_hook_set(x->gsasl, x);
	return true;
}

struct sasl_exchange *sasl_begin(const struct sasl *s,
				 const struct tls_facts *tls,
				 struct slice mechanism)
{
	const struct mechanism *m = named(s, tls, mechanism);
	struct sasl_exchange *x = m ? calloc(1, sizeof(*x)) : NULL;

	if (!x)
		return NULL;
	x->sasl = s;
	x->tls = tls;
	x->mechanism = m;
	if (begin_gsasl(x))
		return x;
	free(x);
	return NULL;
}

void sasl_end(struct sasl_exchange *x)
{
	if (!x)
		return;
	if (x->gsasl)
		gsasl_finish(x->gsasl);
	if (x->out.ptr)
		OPENSSL_cleanse(x->out.ptr, x->out.room);
	buf_free(&x->out);
	free(x);
}

void sasl_note_name(struct sasl_exchange *x, struct slice name)
{
	if (user_name_allowed(name))
		memcpy(x->user, name.ptr, name.len);
}

struct sasl_answer sasl_succeed(struct sasl_exchange *x, struct slice user,
				struct slice authzid)
{
	if (x->doomed || !user_name_allowed(user) ||
	    (authzid.len && !slice_equal(authzid, user)))
		return sasl_refused(REFUSED_CREDENTIALS);
	memcpy(x->user, user.ptr, user.len);
	return (struct sasl_answer){ .what = SASL_SUCCESS,
				     .user = slice_of(x->user, user.len) };
}

struct sasl_answer sasl_step(struct sasl_exchange *x, struct slice response)
{
	const struct mechanism *m = x->mechanism;
	bool first = !x->begun;

	x->begun = true;
	if (first && response.ptr && !m->client_first)
		return sasl_refused(REFUSED_RESPONSE);
	if (first && !response.ptr && m->client_first)
		return (struct sasl_answer){ .octets = slice_str("") };
	return m->step(x, response);
}

bool sasl_failed(const struct sasl_answer *a)
{
	bool wrong = a->why == REFUSED_CREDENTIALS ||
		     a->why == REFUSED_RESPONSE;

	if (a->what == SASL_CHALLENGE)
		return a->told;
	return a->what == SASL_REFUSED && wrong && !a->told;
}

struct slice sasl_name(const struct sasl_exchange *x)
{
	bool by_tls = x->tls && slice_is(slice_str(x->mechanism->name),
					 "EXTERNAL");

	if (!x->gsasl)
		return slice_str(x->user);
	return slice_str(gsasl_property_fast(
		x->gsasl, by_tls ? GSASL_AUTHZID : GSASL_AUTHID));
}

const struct error *sasl_trouble(struct sasl_exchange *x)
{
	if (!x->trouble.text[0])
		error_set(&x->trouble, "out of memory");
	return &x->trouble;
}

void sasl_tell(const struct sasl_answer *a, struct session *session)
{
	if (a->what == SASL_CHALLENGE)
		session_challenged(session, a->octets);
	else if (a->what == SASL_SUCCESS)
		session_authenticated(session, a->user, a->octets);
	else
		session_refused(session, a->why);
}
