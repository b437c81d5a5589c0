/* SPDX-License-Identifier: MIT */
#include "sasl_client.h"

#include "base64.h"

static int tell(Gsasl_session *session, Gsasl_property what, const char *text)
{
	return text ? gsasl_property_set(session, what, text)
		    : GSASL_NO_CALLBACK;
}

static int bind(const struct sasl_client *c, Gsasl_session *session,
		const char *type, Gsasl_property what)
{
	struct buf text = { 0 };
	int code = GSASL_NO_CALLBACK;

	if (!c->binding_type || !slice_is(slice_str(type), c->binding_type))
		return code;
	base64_encode(c->binding, &text);
	code = tell(session, what, buf_text(&text));
	buf_free(&text);
	return code;
}

static int asks(Gsasl *gsasl, Gsasl_session *session, Gsasl_property what)
{
	const struct sasl_client *c = gsasl_session_hook_get(session);

	(void)gsasl;
	switch (what) {
	case GSASL_AUTHID:
	case GSASL_ANONYMOUS_TOKEN:
		return tell(session, what, c->user);
	case GSASL_PASSWORD:
		return tell(session, what, c->password);
	case GSASL_AUTHZID:
		return tell(session, what, c->authzid);
	case GSASL_CB_TLS_UNIQUE:
		return bind(c, session, "tls-unique", what);
	case GSASL_CB_TLS_EXPORTER:
		return bind(c, session, "tls-exporter", what);
	default:
		return GSASL_NO_CALLBACK;
	}
}

/* Its answer to a challenge, in b. Returns false when it gives up. */
static bool answer(struct sasl_client *c, struct slice challenge, struct buf *b)
{
	char *out = NULL;
	size_t len = 0;
	int code = gsasl_step(c->session, challenge.ptr, challenge.len, &out,
			      &len);

	buf_clear(b);
	if (code == GSASL_OK || code == GSASL_NEEDS_MORE) {
		buf_reserve(b, 1);
		buf_add(b, slice_of(out, len));
		c->satisfied = code == GSASL_OK;
	}
	gsasl_free(out);
	if (c->change)
		c->change(b, c->said, c->of);
	c->said++;
	return code == GSASL_OK || code == GSASL_NEEDS_MORE;
}

static struct sasl_answer step(struct sasl_client *c, struct sasl_exchange *x,
			       struct slice message)
{
	struct sasl_answer a = sasl_step(x, message);

	if (a.octets.len > message.len + c->beyond)
		c->beyond = a.octets.len - message.len;
	return a;
}

static struct sasl_answer talk(struct sasl_client *c, struct sasl_exchange *x,
			       bool with_auth)
{
	struct sasl_answer a = { .why = REFUSED_RESPONSE };
	struct buf message = { 0 };
	bool goes_on = true;

	if (with_auth)
		goes_on = answer(c, slice_str(NULL), &message);
	a = step(c, x, buf_slice(&message));
	while (goes_on && a.what == SASL_CHALLENGE && c->said < 9) {
		goes_on = answer(c, a.octets, &message);
		a = step(c, x, buf_slice(&message));
	}
	if (a.what == SASL_SUCCESS && a.octets.ptr)
		answer(c, a.octets, &message);
	if (a.what == SASL_CHALLENGE) /* he, or we, had enough */
		a = (struct sasl_answer){ .what = SASL_REFUSED };
	buf_free(&message);
	return a;
}

struct sasl_answer sasl_client_play(struct sasl_client *c, const struct sasl *s,
				    const struct tls_facts *tls,
				    const char *mechanism, bool with_auth,
				    struct sasl_exchange **x)
{
	struct sasl_answer a = { .what = SASL_REFUSED,
				 .why = REFUSED_FOR_GOOD };

	c->said = c->beyond = 0;
	c->satisfied = false;
	*x = sasl_begin(s, tls, slice_str(mechanism));
	if (!*x || gsasl_init(&c->gsasl) != GSASL_OK)
		return a;
	gsasl_callback_set(c->gsasl, asks);
	if (gsasl_client_start(c->gsasl, mechanism, &c->session) == GSASL_OK) {
		gsasl_session_hook_set(c->session, c);
		a = talk(c, *x, with_auth);
		gsasl_finish(c->session);
	}
	gsasl_done(c->gsasl);
	return a;
}
