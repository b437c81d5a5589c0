/* SPDX-License-Identifier: MIT */
/* What a session gets to know of its TLS: channel binding, and the client. */
#include "tls_pair.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void assert_bound(struct pair *p, const char *type, const void *octets,
			 size_t len)
{
	const struct tls_facts *facts = tls_facts(p->tls);

	assert_string_equal(facts->binding_type, type);
	assert_true(slice_equal(facts->binding, slice_of(octets, len)));
	assert_true(len >= 12);
}

static void both_ends_know_the_same_exporter(void **state)
{
	struct pair *p = *state;
	unsigned char expected[32];

	pair_connect(p, TLS1_3_VERSION);
	assert_int_equal(SSL_export_keying_material(p->client, expected, 32,
						    "EXPORTER-Channel-Binding",
						    24, NULL, 0, 0),
			 1);
	assert_bound(p, "tls-exporter", expected, 32);
}

/* RFC 5929: the first Finished, whoever sent it. */
static void both_ends_know_the_same_finished(void **state)
{
	struct pair *p = *state;
	char first[64];
	size_t len;
	SSL_SESSION *session;

	pair_connect(p, TLS1_2_VERSION);
	len = SSL_get_finished(p->client, first, sizeof(first));
	assert_bound(p, "tls-unique", first, len);
	session = SSL_get1_session(p->client);

	pair_meet(p);
	assert_int_equal(SSL_set_session(p->client, session), 1);
	SSL_SESSION_free(session);
	assert_true(pair_shake_hands(p));
	assert_true(SSL_session_reused(p->client));
	len = SSL_get_peer_finished(p->client, first, sizeof(first));
	assert_bound(p, "tls-unique", first, len);
}

/* RFC 7627: without it, two connections may have the same Finished. */
static void without_extended_master_secret_nothing_is_bound(void **state)
{
	struct pair *p = *state;

	SSL_CTX_set_options(p->openssl, SSL_OP_NO_EXTENDED_MASTER_SECRET);
	pair_connect(p, TLS1_2_VERSION);
	assert_null(tls_facts(p->tls)->binding_type);
	assert_int_equal(tls_facts(p->tls)->binding.len, 0);
}

static void a_client_needs_no_certificate(void **state)
{
	struct pair *p = *state;

	pair_connect(p, TLS1_3_VERSION);
	assert_int_equal(tls_facts(p->tls)->subject.len, 0);
	assert_int_equal(tls_facts(p->tls)->common_name.len, 0);
}

static void a_certificate_names_its_client(void **state)
{
	struct pair *p = *state;
	SSL_SESSION *session;
	char none;

	pair_use(p, &p->al);
	for (size_t i = 0; i < 2; i++) {
		pair_connect(p, versions[i]);
		assert_true(slice_is(tls_facts(p->tls)->subject, "CN=al"));
		assert_true(slice_is(tls_facts(p->tls)->common_name, "al"));
	}

	/* And in a session that is resumed. */
	assert_int_equal(SSL_read(p->client, &none, 1), -1); /* the ticket */
	session = SSL_get1_session(p->client);
	pair_meet(p);
	SSL_set_session(p->client, session);
	SSL_SESSION_free(session);
	assert_true(pair_shake_hands(p));
	assert_true(SSL_session_reused(p->client));
	assert_true(slice_is(tls_facts(p->tls)->common_name, "al"));
}

static void two_names_are_no_name(void **state)
{
	struct pair *p = *state;
	struct identity two = identity_new("al", "bob", &p->authority);

	pair_use(p, &two);
	pair_connect(p, TLS1_3_VERSION);
	assert_true(slice_is(tls_facts(p->tls)->subject, "CN=bob,CN=al"));
	assert_int_equal(tls_facts(p->tls)->common_name.len, 0);
	identity_free(&two);
}

static void a_name_is_printable(void **state)
{
	struct pair *p = *state;
	struct identity odd = identity_new("a,l\r\n", NULL, &p->authority);

	pair_use(p, &odd);
	pair_connect(p, TLS1_3_VERSION);
	assert_true(slice_is(tls_facts(p->tls)->subject, "CN=a\\,l\\0D\\0A"));
	identity_free(&odd);
}

static void a_certificate_of_others_is_refused(void **state)
{
	struct pair *p = *state;
	struct identity self = identity_new("al", NULL, NULL);

	pair_use(p, &self);
	for (size_t i = 0; i < 2; i++) {
		SSL_CTX_set_min_proto_version(p->openssl, versions[i]);
		SSL_CTX_set_max_proto_version(p->openssl, versions[i]);
		pair_meet(p);
		assert_false(pair_shake_hands(p));
		assert_int_equal(tls_state(p->tls), TLS_BROKEN);
	}
	identity_free(&self);
}

/* Who has not asked for one is not told whom it names. */
static void without_an_authority_nobody_is_asked(void **state)
{
	struct pair *p = *state;
	struct tls_files files = {
		.certificate = p->place.certificate,
		.key = p->place.key,
	};

	tls_context_free(p->context);
	p->context = tls_context_new(&files, NULL);
	assert_non_null(p->context);
	pair_use(p, &p->al);
	pair_connect(p, TLS1_3_VERSION);
	assert_int_equal(tls_facts(p->tls)->subject.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAIR_TEST(both_ends_know_the_same_exporter),
		PAIR_TEST(both_ends_know_the_same_finished),
		PAIR_TEST(without_extended_master_secret_nothing_is_bound),
		PAIR_TEST(a_client_needs_no_certificate),
		PAIR_TEST(a_certificate_names_its_client),
		PAIR_TEST(two_names_are_no_name),
		PAIR_TEST(a_name_is_printable),
		PAIR_TEST(a_certificate_of_others_is_refused),
		PAIR_TEST(without_an_authority_nobody_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
