/* SPDX-License-Identifier: MIT */
/*
 * CRAM-MD5 (RFC 2195): a challenge that is never the same, as APOP's timestamp
 * is, and whoever knows the secret can compute the response.
 *
 *	S: <1896.697170952@postoffice.reston.mci.net>
 *	C: tim b913a602c7eda7a495b4e6e7334d3890
 *
 * GNU SASL has it, too, but says that every host is "localhost".
 */
#include "sasl_exchange.h"

#include "apop.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#define DIGEST 32 /* octets of the text of one */

static struct sasl_answer challenge(struct sasl_exchange *x)
{
	const char *host = x->sasl->config->host;
	char text[APOP_TIMESTAMP_ROOM];
	uint64_t serial;

	if (RAND_bytes((unsigned char *)&serial, sizeof(serial)) != 1 ||
	    apop_timestamp(text, host ? host : "localhost", serial,
			   time(NULL)) != 0)
		return sasl_refused(REFUSED_FOR_NOW);
	buf_add_str(&x->out, text);
	if (x->out.failed)
		return sasl_refused(REFUSED_FOR_NOW);
	return (struct sasl_answer){ .octets = buf_slice(&x->out) };
}

/* "a string of 32 digits in hexadecimal, using lower-case" */
static bool is_digest(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!(s.ptr[i] >= '0' && s.ptr[i] <= '9') &&
		    !(s.ptr[i] >= 'a' && s.ptr[i] <= 'f'))
			return false;
	return s.len == DIGEST;
}

static bool digest_of(struct slice secret, struct slice text, char to[DIGEST])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char md[EVP_MAX_MD_SIZE];

	if (!HMAC(EVP_md5(), secret.ptr, (int)secret.len,
		  (const unsigned char *)text.ptr, text.len, md, NULL))
		return false;
	for (size_t i = 0; i < DIGEST; i++)
		to[i] = digits[i % 2 ? md[i / 2] & 15 : md[i / 2] >> 4];
	return true;
}

/* Another user's secret does for a name that is not known: nobody can tell. */
static struct sasl_answer verify(struct sasl_exchange *x, struct slice name,
				 struct slice digest)
{
	char expected[DIGEST];
	bool known;
	const struct secret *secret = users_secret(
		x->sasl->config->users, name, x->mechanism->schemes, &known);

	if (!secret)
		return sasl_refused(REFUSED_CREDENTIALS);
	if (!digest_of(secret->text, buf_slice(&x->out), expected))
		return sasl_refused(REFUSED_FOR_NOW);
	if (CRYPTO_memcmp(expected, digest.ptr, DIGEST) != 0 || !known)
		return sasl_refused(REFUSED_CREDENTIALS);
	return sasl_succeed(x, name, slice_str(NULL));
}

struct sasl_answer cram_md5(struct sasl_exchange *x, struct slice response)
{
	struct slice name, digest;

	if (!x->out.len)
		return challenge(x);
	if (response.len < DIGEST + 1)
		return sasl_refused(REFUSED_RESPONSE);
	name = slice_first(response, response.len - DIGEST - 1);
	digest = slice_from(response, name.len + 1);
	if (response.ptr[name.len] != ' ' || !is_digest(digest) ||
	    slice_find(name, '\0') < name.len)
		return sasl_refused(REFUSED_RESPONSE);
	sasl_note_name(x, name);
	return verify(x, name, digest);
}
