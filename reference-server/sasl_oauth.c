/* SPDX-License-Identifier: MIT */
/*
 * OAUTHBEARER (RFC 7628): a GS2 header, then key-value pairs, each ended by
 * %x01, and another %x01. One of them is the token as an HTTP header has it:
 *
 *	n,a=mrose,^Ahost=dewey^Aauth=Bearer vF9dft4qmT^A^A
 *
 * A failure is told in JSON first; what the client answers to that, %x01 or
 * "*", ends it. So the failure counts when it is told: nobody guesses for free.
 *
 * Host and port "MUST be validated to match" what is known by other means
 * (section 3.2). A host is known when somebody configured it; the name that the
 * machine gives itself is not one by which clients must know it. A port is not
 * known: the one of the listener is another than the client's behind NAT, or a
 * proxy (ruling C45).
 *
 * A status is an error code of RFC 6750 section 3.1. A good token with which
 * another's maildrop is asked for is as good as any that this client can fetch:
 * insufficient_scope, "higher privileges than provided by the access token".
 */
#include "sasl_exchange.h"

#define SEPARATOR '\x01'

struct request {
	struct slice authzid;
	struct slice token; /* ptr is NULL for none */
	struct slice host;
	bool has_host;
};

/* Takes what is before c, and c, off the front of *s. */
static bool take(struct slice *s, char c, struct slice *before)
{
	size_t len = slice_find(*s, c);

	if (len == s->len)
		return false;
	*before = slice_first(*s, len);
	*s = slice_from(*s, len + 1);
	return true;
}

/* RFC 5801 section 4; there is no -PLUS form, so no binding of channels. */
static bool take_header(struct slice *s, struct request *r)
{
	struct slice flag, authzid, nothing;

	if (!take(s, ',', &flag) ||
	    !(slice_is(flag, "n") || slice_is(flag, "y")))
		return false;
	if (!take(s, ',', &authzid))
		return false;
	if (slice_starts(authzid, "a=") && authzid.len > 2)
		r->authzid = slice_from(authzid, 2);
	else if (authzid.len)
		return false;
	return take(s, SEPARATOR, &nothing) && !nothing.len;
}

static bool is_letters(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!(s.ptr[i] >= 'a' && s.ptr[i] <= 'z') &&
		    !(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z'))
			return false;
	return s.len > 0;
}

static bool is_value(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = slice_at(s, i);

		if ((c < ' ' || c > '~') && c != '\t' && c != '\r' && c != '\n')
			return false;
	}
	return true;
}

/* RFC 6750 section 2.1; of HTTP's schemes the case does not matter. */
static struct slice bearer(struct slice value)
{
	struct slice scheme = slice_first(value, slice_find(value, ' '));

	if (!slice_is_nocase(scheme, "Bearer"))
		return slice_str(NULL);
	value = slice_from(value, scheme.len);
	while (slice_starts(value, " "))
		value = slice_from(value, 1);
	return token_allowed(value) ? value : slice_str(NULL);
}

static bool take_pair(struct slice pair, struct request *r)
{
	struct slice key;

	if (!take(&pair, '=', &key) || !is_letters(key) || !is_value(pair))
		return false;
	if (slice_is(key, "auth"))
		r->token = bearer(pair);
	if (slice_is(key, "host")) {
		r->host = pair;
		r->has_host = true;
	}
	return true; /* others are ignored (RFC 7628 section 3.1) */
}

static bool parse(struct slice s, struct request *r)
{
	struct slice pair;

	if (!take_header(&s, r))
		return false;
	while (take(&s, SEPARATOR, &pair) && pair.len)
		if (!take_pair(pair, r))
			return false;
	return !pair.len && !s.len && pair.ptr;
}

static bool is_for_us(const struct sasl_exchange *x, const struct request *r)
{
	const struct sasl_config *c = x->sasl->config;

	return !r->has_host || !c->host_given ||
	       slice_is_nocase(r->host, c->host);
}

/* RFC 7628 section 3.2.2. */
static struct sasl_answer tell(struct sasl_exchange *x, enum refusal why,
			       const char *status)
{
	x->failed = true;
	buf_clear(&x->out);
	buf_printf(&x->out, "{\"status\":\"%s\"}", status);
	if (x->out.failed)
		return sasl_refused(REFUSED_FOR_NOW);
	return (struct sasl_answer){ .octets = buf_slice(&x->out),
				     .why = why,
				     .told = true };
}

static struct sasl_answer check_token(struct sasl_exchange *x,
				      const struct request *r)
{
	char name[USER_NAME_MAX + 1];
	struct sasl_answer a;

	switch (tokens_check(x->sasl->config->tokens, r->token, name,
			     &x->trouble)) {
	case TOKEN_RIGHT:
		a = sasl_succeed(x, slice_str(name), r->authzid);
		return a.what == SASL_SUCCESS
			       ? a
			       : tell(x, REFUSED_CREDENTIALS,
				      "insufficient_scope");
	case TOKEN_WRONG:
		return tell(x, REFUSED_CREDENTIALS, "invalid_token");
	default:
		return sasl_refused(REFUSED_FOR_NOW);
	}
}

struct sasl_answer oauthbearer(struct sasl_exchange *x, struct slice response)
{
	struct request r = { 0 };
	struct sasl_answer a = sasl_refused(REFUSED_CREDENTIALS);

	if (x->failed) {
		a.told = true;
		return a;
	}
	if (!parse(response, &r))
		return sasl_refused(REFUSED_RESPONSE);
	sasl_note_name(x, r.authzid);
	if (r.token.ptr && is_for_us(x, &r))
		return check_token(x, &r);
	a = tell(x, REFUSED_RESPONSE, "invalid_request");
	a.other_host = r.token.ptr != NULL;
	return a;
}
