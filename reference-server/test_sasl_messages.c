/* SPDX-License-Identifier: MIT */
/* Mechanisms, message by message. */
#include "base64.h"
#include "sasl.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PLAIN_USERS "mrose:tanstaaf\ntim:tanstaaftanstaaf\n"
/* The user of RFC 5802 section 5 and RFC 7677 section 3: "pencil". */
#define SCRAM_USERS                                                            \
	"user:{SCRAM-SHA-1}4096,QSXCR+Q6sek8bf92,"                             \
	"6dlGYMOdZcOPutkcNY8U2g7vK9Y=,D+CSWLOshSulAsxiupA+qs2/fTE=\n"          \
	"user256:{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,"                \
	"WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"                        \
	"wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=\n"

static const struct tls_facts tls = {
	.binding_type = "tls-exporter",
	.binding = { "0123456789abcdef0123456789abcdef", 32 },
	.common_name = { "mrose", 5 },
};

struct world {
	struct users *users;
	struct tokens *tokens;
	struct sasl_config config;
	struct sasl *sasl;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct error e;

	w->users = users_parse("f", slice_str(PLAIN_USERS SCRAM_USERS), NULL);
	w->tokens = tokens_parse("t",
				 slice_str("# one\nmrose:vF9dft4qmT\r\n"
					   "tim:tim=="),
				 NULL);
	assert_non_null(w->users);
	assert_non_null(w->tokens);
	w->config = (struct sasl_config){ w->users, w->tokens, "tim", true,
					  "pop.example.org", false };
	w->sasl = sasl_new(&w->config, &e);
	assert_non_null(w->sasl);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	sasl_free(w->sasl);
	tokens_free(w->tokens);
	users_free(w->users);
	free(w);
	return 0;
}

/* A message with its NULs, and one that was not sent. */
#define SAYS(text) slice_of("" text, sizeof(text) - 1)
#define NOTHING slice_of(NULL, 0)

static struct sasl_exchange *begin(struct world *w, const char *mechanism)
{
	struct sasl_exchange *x =
		sasl_begin(w->sasl, &tls, slice_str(mechanism));

	assert_non_null(x);
	return x;
}

/* How an exchange of one message, sent with AUTH, ends. */
static struct sasl_answer one(struct world *w, const char *mechanism,
			      struct slice message)
{
	struct sasl_exchange *x = begin(w, mechanism);
	struct sasl_answer a = sasl_step(x, message);

	sasl_end(x);
	a.octets = a.user = NOTHING; /* gone with it */
	return a;
}

static void refused(struct world *w, const char *mechanism,
		    struct slice message, enum refusal why)
{
	struct sasl_answer a = one(w, mechanism, message);

	assert_int_equal(a.what, SASL_REFUSED);
	assert_int_equal(a.why, why);
}

static void accepted(struct world *w, const char *mechanism,
		     struct slice message)
{
	assert_int_equal(one(w, mechanism, message).what, SASL_SUCCESS);
}

static void plain_is_three_words(void **state)
{
	struct world *w = *state;

	accepted(w, "PLAIN", SAYS("\0mrose\0tanstaaf"));
	accepted(w, "PLAIN", SAYS("mrose\0mrose\0tanstaaf"));
	refused(w, "PLAIN", SAYS(""), REFUSED_RESPONSE);
	refused(w, "PLAIN", SAYS("mrose"), REFUSED_RESPONSE);
	refused(w, "PLAIN", SAYS("\0"), REFUSED_RESPONSE);
	refused(w, "PLAIN", SAYS("mrose\0tanstaaf"), REFUSED_RESPONSE);
	refused(w, "PLAIN", SAYS("\0mrose\0tanstaaf\0"), REFUSED_RESPONSE);
	refused(w, "PLAIN", SAYS("\0mrose\0tanstaaf\0x"), REFUSED_RESPONSE);
	refused(w, "PLAIN", SAYS("\0mrose\0"), REFUSED_CREDENTIALS);
	refused(w, "PLAIN", SAYS("\0\0tanstaaf"), REFUSED_CREDENTIALS);
	refused(w, "PLAIN", SAYS("tim\0mrose\0tanstaaf"), REFUSED_CREDENTIALS);
	refused(w, "PLAIN", SAYS("\xc2\xad\0mrose\0tanstaaf"),
		REFUSED_CREDENTIALS);
	refused(w, "PLAIN", SAYS("\0mrose\0\xff"), REFUSED_CREDENTIALS);
	refused(w, "PLAIN", SAYS("\0../mrose\0tanstaaf"), REFUSED_CREDENTIALS);
}

static void external_is_whom_the_certificate_names(void **state)
{
	struct world *w = *state;
	struct sasl_exchange *x = begin(w, "EXTERNAL");
	struct sasl_answer a = sasl_step(x, NOTHING);

	assert_int_equal(a.what, SASL_CHALLENGE);
	assert_int_equal(a.octets.len, 0);
	a = sasl_step(x, SAYS(""));
	assert_int_equal(a.what, SASL_SUCCESS);
	assert_true(slice_is(a.user, "mrose"));
	sasl_end(x);
	accepted(w, "EXTERNAL", SAYS(""));
	accepted(w, "EXTERNAL", SAYS("mrose"));
	refused(w, "EXTERNAL", SAYS("tim"), REFUSED_CREDENTIALS);
	refused(w, "EXTERNAL", SAYS("mrose\0"), REFUSED_RESPONSE);
}

static void cram_md5_is_what_rfc_2195_says(void **state)
{
	struct world *w = *state;
	struct sasl_exchange *x = begin(w, "CRAM-MD5");
	const char *key = "tanstaaftanstaaf";
	struct sasl_answer a;
	unsigned char md[16];
	struct buf b = { 0 };

	HMAC(EVP_md5(), key, 16,
	     (const unsigned char
		      *)"<1896.697170952@postoffice.reston.mci.net>",
	     42, md, NULL);
	assert_memory_equal(md, "\xb9\x13\xa6\x02\xc7\xed\xa7\xa4", 8);
	a = sasl_step(x, NOTHING);
	assert_int_equal(a.what, SASL_CHALLENGE);
	assert_true(slice_starts(a.octets, "<") &&
		    slice_ends(a.octets, "@pop.example.org>"));
	HMAC(EVP_md5(), key, 16, (const unsigned char *)a.octets.ptr,
	     a.octets.len, md, NULL);
	buf_add_str(&b, "tim ");
	for (size_t i = 0; i < sizeof(md); i++)
		buf_printf(&b, "%02x", md[i]);
	a = sasl_step(x, buf_slice(&b));
	assert_int_equal(a.what, SASL_SUCCESS);
	assert_true(slice_is(a.user, "tim"));
	sasl_end(x);
	buf_free(&b);
	refused(w, "CRAM-MD5", SAYS("tim"), REFUSED_RESPONSE);
	refused(w, "CRAM-MD5", SAYS(""), REFUSED_RESPONSE);
}

static void cram_md5_wants_a_whole_response(void **state)
{
	static const struct slice wrong[] = {
		{ "", 0 },
		{ "tim", 3 },
		{ "tim b913a602c7eda7a495b4e6e7334d389", 35 },
		{ "b913a602c7eda7a495b4e6e7334d3890", 32 },
		{ "tim\0 b913a602c7eda7a495b4e6e7334d3890", 37 },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct sasl_exchange *x = begin(*state, "CRAM-MD5");
		struct sasl_answer a;

		sasl_step(x, NOTHING);
		a = sasl_step(x, wrong[i]);
		assert_int_equal(a.what, SASL_REFUSED);
		assert_int_equal(a.why, REFUSED_RESPONSE);
		sasl_end(x);
	}
}

/* ------------------------------------------------------------------------- */

static void scram_begins_as_rfc_5802_says(void **state)
{
	struct world *w = *state;
	static const struct slice wrong[] = {
		{ "", 0 },
		{ "n", 1 },
		{ "n,", 2 },
		{ "x,,n=user,r=abc", 15 },
		{ ",,n=user,r=abc", 14 },
		{ "n,,n=user", 9 },
		{ "n,,n=user,r=", 12 },
		{ "n,,r=abc,n=user", 15 },
		{ "n,,m=x,n=user,r=abc", 19 },
		{ "n,,n=us\0er,r=abc", 16 },
		/* It binds, or could: but this is not the -PLUS form. */
		{ "y,,n=user,r=abc", 15 },
		{ "p=tls-exporter,,n=user,r=abc", 28 },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(w, "SCRAM-SHA-1", wrong[i], REFUSED_RESPONSE);
	refused(w, "SCRAM-SHA-1-PLUS", SAYS("n,,n=user,r=abc"),
		REFUSED_RESPONSE);
	refused(w, "SCRAM-SHA-1-PLUS", SAYS("y,,n=user,r=abc"),
		REFUSED_RESPONSE);
	refused(w, "SCRAM-SHA-1-PLUS", SAYS("p=tls-unique,,n=user,r=abc"),
		REFUSED_RESPONSE);
	assert_int_equal(
		one(w, "SCRAM-SHA-1-PLUS", SAYS("p=tls-exporter,,n=user,r=abc"))
			.what,
		SASL_CHALLENGE);
	/* Optional extensions are ignored (section 5.1). */
	assert_int_equal(
		one(w, "SCRAM-SHA-1", SAYS("n,,n=user,r=abc,x=y")).what,
		SASL_CHALLENGE);
}

/* "y": the client could bind the channel, and takes us for unable; we are. */
static void without_binding_a_client_may_think_so(void **state)
{
	struct world *w = *state;
	struct sasl_exchange *x =
		sasl_begin(w->sasl, NULL, slice_str("SCRAM-SHA-1"));

	assert_int_equal(sasl_step(x, SAYS("y,,n=user,r=abc")).what,
			 SASL_CHALLENGE);
	sasl_end(x);
	assert_null(sasl_begin(w->sasl, NULL, slice_str("SCRAM-SHA-1-PLUS")));
}

/* The first challenge of SCRAM-SHA-1 behind its nonces: salt and iterations. */
static void challenge_of(struct world *w, const char *user, char to[100])
{
	char message[100];
	struct sasl_exchange *x = begin(w, "SCRAM-SHA-1");
	struct sasl_answer a;
	struct slice rest;

	snprintf(message, sizeof(message), "n,,n=%s,r=fyko", user);
	a = sasl_step(x, slice_str(message));
	assert_int_equal(a.what, SASL_CHALLENGE);
	assert_true(slice_starts(a.octets, "r=fyko"));
	rest = slice_from(a.octets, slice_find(a.octets, ','));
	snprintf(to, 100, "%.*s", (int)rest.len, rest.ptr);
	sasl_end(x);
}

static void scram_does_not_tell_names(void **state)
{
	char first[100], again[100];

	challenge_of(*state, "user", first);
	assert_string_equal(first, ",s=QSXCR+Q6sek8bf92,i=4096");
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "mrose", "user256",
						     "nobody" };

		challenge_of(*state, names[i], first);
		challenge_of(*state, names[i], again);
		assert_string_equal(first, again);
		assert_true(slice_ends(slice_str(first), "==,i=4096"));
		assert_int_equal(strlen(first), strlen(",s=,i=4096") + 24);
	}
}

struct vector {
	const char *user, *hash, *key, *messages, *proof, *signature;
};

static const struct vector vectors[] = {
	{ "user", "SHA1", "6dlGYMOdZcOPutkcNY8U2g7vK9Y=",
	  "n=user,r=fyko+d2lbbFgONRv9qkxdawL,"
	  "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i="
	  "4096,"
	  "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
	  "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ=" },
	{ "user256", "SHA256", "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=",
	  "n=user,r=rOprNGfwEbeRWgbNEkqO,"
	  "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	  "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
	  "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
	  "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	  "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" },
};

/* The HMAC of text by a key in base64. */
static void hmac_of(const EVP_MD *md, struct slice key, const char *text,
		    unsigned char *to)
{
	char octets[64];
	size_t len;

	assert_true(base64_decode(key, octets, &len));
	HMAC(md, octets, (int)len, (const unsigned char *)text, strlen(text),
	     to, NULL);
}

/*
 * The proof of a vector, taken from the signature by its stored key, is the
 * client's key, of which that is the digest; the server's signature is that of
 * the vector; and PASS derives both keys from "pencil".
 */
static void secrets_are_those_of_the_vectors(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < 2; i++) {
		const struct vector *v = &vectors[i];
		const EVP_MD *md = EVP_get_digestbyname(v->hash);
		size_t key_len = (size_t)EVP_MD_get_size(md), len;
		unsigned char key[64], digest[64];
		char proof[64], stored[64], signature[64];
		const struct secret *s;
		bool known;

		s = users_secret(w->users, slice_str(v->user), ~0u, &known);
		assert_true(known);
		assert_true(secret_matches(s, slice_str("pencil")));
		assert_false(secret_matches(s, slice_str("pencil2")));
		assert_true(slice_is(s->stored_key, v->key));
		hmac_of(md, s->stored_key, v->messages, key);
		assert_true(base64_decode(slice_str(v->proof), proof, &len));
		assert_int_equal(len, key_len);
		for (size_t n = 0; n < len; n++)
			key[n] ^= (unsigned char)proof[n];
		EVP_Digest(key, len, digest, NULL, md, NULL);
		base64_decode(s->stored_key, stored, &len);
		assert_memory_equal(digest, stored, len);
		hmac_of(md, s->server_key, v->messages, digest);
		base64_decode(slice_str(v->signature), signature, &len);
		assert_memory_equal(digest, signature, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(plain_is_three_words),
		TEST(external_is_whom_the_certificate_names),
		TEST(cram_md5_is_what_rfc_2195_says),
		TEST(cram_md5_wants_a_whole_response),
		TEST(scram_begins_as_rfc_5802_says),
		TEST(without_binding_a_client_may_think_so),
		TEST(scram_does_not_tell_names),
		TEST(secrets_are_those_of_the_vectors),
	};

	return cmocka_run_group_tests_name("sasl_messages", tests, NULL, NULL);
}
