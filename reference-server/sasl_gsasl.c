/* SPDX-License-Identifier: MIT */
/*
 * The mechanisms of GNU SASL: what it is given of our secrets, and what it is
 * too lenient about.
 */
#include "sasl_exchange.h"

#include "base64.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#define ITERATIONS "4096" /* the least that RFC 5802 section 5.1 wants */

static bool is(const struct sasl_exchange *x, const char *mechanism)
{
	return slice_is(slice_str(x->mechanism->name), mechanism);
}

static bool is_scram(const struct sasl_exchange *x)
{
	return slice_starts(slice_str(x->mechanism->name), "SCRAM-");
}

static struct slice property(Gsasl_session *session, Gsasl_property what)
{
	return slice_str(gsasl_property_fast(session, what));
}

static void set(Gsasl_session *session, Gsasl_property what, struct slice value)
{
	gsasl_property_set_raw(session, what, value.ptr, value.len);
}

/* ------------------------------------------------------------------------- */
/* What GNU SASL asks for. */

static void give_keys(const struct sasl_exchange *x,
		      const struct secret *secret)
{
	char iterations[16];

	snprintf(iterations, sizeof(iterations), "%u", secret->iterations);
	gsasl_property_set(x->gsasl, GSASL_SCRAM_ITER, iterations);
	if (!x->doomed)
		set(x->gsasl, GSASL_SCRAM_SALT, secret->salt);
	set(x->gsasl, GSASL_SCRAM_STOREDKEY, secret->stored_key);
	set(x->gsasl, GSASL_SCRAM_SERVERKEY, secret->server_key);
}

static void give_password(const struct sasl_exchange *x,
			  const struct secret *secret)
{
	set(x->gsasl, GSASL_PASSWORD, secret->text);
	gsasl_property_set(x->gsasl, GSASL_SCRAM_ITER, ITERATIONS);
}

/* Another user's secret does for a name that is not known: nobody can tell. */
static int give_secret(struct sasl_exchange *x)
{
	struct slice name = property(x->gsasl, GSASL_AUTHID);
	const struct secret *secret;
	char salt[USERS_SALT];
	bool known;

	if (x->prepared)
		return GSASL_NO_CALLBACK;
	x->prepared = true;
	secret = users_secret(x->sasl->config->users, name,
			      x->mechanism->schemes, &known);
	x->doomed = !known;
	if (!secret)
		return GSASL_NO_PASSWORD;
	users_salt(x->sasl->config->users, name, salt);
	gsasl_property_set(x->gsasl, GSASL_SCRAM_SALT, salt);
	if (secret->scheme == SCHEME_PLAIN)
		give_password(x, secret);
	else
		give_keys(x, secret);
	return GSASL_OK;
}

static int give_binding(const struct sasl_exchange *x, const char *type,
			Gsasl_property what)
{
	struct buf text = { 0 };
	const struct tls_facts *tls = x->tls;

	if (!tls || !tls->binding_type ||
	    !slice_is(slice_str(type), tls->binding_type))
		return GSASL_NO_CALLBACK;
	base64_encode(tls->binding, &text);
	if (buf_text(&text))
		gsasl_property_set(x->gsasl, what, text.ptr);
	buf_free(&text);
	return GSASL_OK;
}

static int verify_password(const struct sasl_exchange *x)
{
	struct credentials c = {
		.user = property(x->gsasl, GSASL_AUTHID),
		.password = property(x->gsasl, GSASL_PASSWORD),
	};

	return c.password.ptr && users_verify(x->sasl->config->users, &c)
		       ? GSASL_OK
		       : GSASL_AUTHENTICATION_ERROR;
}

int gsasl_asks(Gsasl *gsasl, Gsasl_session *session, Gsasl_property what)
{
	struct sasl_exchange *x = gsasl_session_hook_get(session);

	(void)gsasl;
	switch (what) {
	case GSASL_VALIDATE_SIMPLE:
		return verify_password(x);
	case GSASL_VALIDATE_EXTERNAL:
		return GSASL_OK; /* by TLS */
	case GSASL_SCRAM_ITER:
	case GSASL_SCRAM_SALT:
	case GSASL_SCRAM_STOREDKEY:
	case GSASL_SCRAM_SERVERKEY:
	case GSASL_PASSWORD:
		return give_secret(x);
	case GSASL_CB_TLS_UNIQUE:
		return give_binding(x, "tls-unique", what);
	case GSASL_CB_TLS_EXPORTER:
		return give_binding(x, "tls-exporter", what);
	default:
		return GSASL_NO_CALLBACK;
	}
}

/* ------------------------------------------------------------------------- */

/*
 * RFC 5802 sections 5 and 6: how the client binds the channel. One that could,
 * and says that we cannot ("y"), was lied to.
 */
static bool binds_rightly(const struct sasl_exchange *x, struct slice first)
{
	struct slice flag = slice_first(first, slice_find(first, ','));
	const char *type = x->tls ? x->tls->binding_type : NULL;

	if (x->mechanism->binds)
		return slice_starts(flag, "p=") &&
		       slice_is(slice_from(flag, 2), type);
	return slice_is(flag, "n") || (slice_is(flag, "y") && !type);
}

/* GNU SASL takes an empty response for none, and a name up to its NUL. */
static bool is_fit(const struct sasl_exchange *x, struct slice response)
{
	if (!response.len)
		return is(x, "EXTERNAL") || !response.ptr;
	if (is(x, "PLAIN"))
		return true;
	if (slice_find(response, '\0') < response.len)
		return false;
	return !is_scram(x) || x->prepared || binds_rightly(x, response);
}

static struct sasl_answer failed(int code)
{
	switch (code) {
	case GSASL_MECHANISM_PARSE_ERROR:
	case GSASL_BASE64_ERROR:
		return sasl_refused(REFUSED_RESPONSE);
	case GSASL_MALLOC_ERROR:
	case GSASL_CRYPTO_ERROR:
		return sasl_refused(REFUSED_FOR_NOW);
	default:
		return sasl_refused(REFUSED_CREDENTIALS);
	}
}

static struct sasl_answer succeeded(struct sasl_exchange *x)
{
	struct slice user = is(x, "EXTERNAL")
				    ? x->tls->common_name
				    : property(x->gsasl, GSASL_AUTHID);
	struct sasl_answer a =
		sasl_succeed(x, user, property(x->gsasl, GSASL_AUTHZID));

	if (a.what == SASL_SUCCESS && x->out.len)
		a.octets = buf_slice(&x->out);
	return a;
}

struct sasl_answer gsasl_mechanism(struct sasl_exchange *x,
				   struct slice response)
{
	char *out = NULL;
	size_t len = 0;
	int code;

	if (!is_fit(x, response))
		return sasl_refused(REFUSED_RESPONSE);
	code = gsasl_step(x->gsasl, response.ptr, response.len, &out, &len);
	buf_clear(&x->out);
	if (code == GSASL_OK || code == GSASL_NEEDS_MORE)
		buf_add(&x->out, slice_of(out, len));
	gsasl_free(out);
	if (x->out.failed)
		return sasl_refused(REFUSED_FOR_NOW);
	if (code == GSASL_NEEDS_MORE)
		return (struct sasl_answer){ .octets = buf_slice(&x->out) };
	if (code == GSASL_OK)
		return succeeded(x);
	error_set(&x->trouble, "GNU SASL: %s", gsasl_strerror(code));
	return failed(code);
}
