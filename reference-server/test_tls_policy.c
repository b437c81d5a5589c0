/* SPDX-License-Identifier: MIT */
/* What RFC 9325 wants beyond versions and ciphers: ALPN, keys of tickets. */
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

static void offer(struct pair *p, const char *list)
{
	assert_int_equal(SSL_CTX_set_alpn_protos(p->openssl,
						 (const unsigned char *)list,
						 (unsigned)strlen(list)),
			 0);
}

static void assert_chosen(struct pair *p, const char *expected)
{
	const unsigned char *name;
	unsigned len;

	SSL_get0_alpn_selected(p->client, &name, &len);
	assert_true(slice_is(slice_of(name, len), expected));
}

/* RFC 7301 section 3.2. */
static void pop3_is_chosen_wherever_it_stands(void **state)
{
	struct pair *p = *state;
	static const char *const lists[] = { "\x04pop3", "\x04imap\x04pop3",
					     "\x04pop3\x02h2" };

	for (size_t i = 0; i < 2; i++)
		for (size_t n = 0; n < 3; n++) {
			offer(p, lists[n]);
			pair_connect(p, versions[i]);
			assert_chosen(p, "pop3");
		}
}

static void who_offers_nothing_is_welcome(void **state)
{
	struct pair *p = *state;

	for (size_t i = 0; i < 2; i++) {
		pair_connect(p, versions[i]);
		assert_chosen(p, "");
	}
}

static void who_wants_another_protocol_is_told_so(void **state)
{
	struct pair *p = *state;
	static const char *const lists[] = { "\x08http/1.1", "\x04POP3",
					     "\x05pop3s\x03pop" };

	for (size_t i = 0; i < 2; i++)
		for (size_t n = 0; n < 3; n++) {
			offer(p, lists[n]);
			SSL_CTX_set_min_proto_version(p->openssl, versions[i]);
			SSL_CTX_set_max_proto_version(p->openssl, versions[i]);
			pair_meet(p);
			assert_int_equal(SSL_do_handshake(p->client), -1);
			pair_carry(p);
			ERR_clear_error();
			assert_int_equal(SSL_do_handshake(p->client), -1);
			assert_int_equal(ERR_GET_REASON(ERR_peek_error()),
					 SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL);
			ERR_clear_error();
			assert_int_equal(tls_state(p->tls), TLS_BROKEN);
		}
}

/* Returns what resumes the session that there is. */
static SSL_SESSION *ticket(struct pair *p)
{
	char none;

	assert_int_equal(SSL_read(p->client, &none, 1), -1);
	ERR_clear_error();
	return SSL_get1_session(p->client);
}

static bool resumes(struct pair *p, SSL_SESSION *session)
{
	pair_meet(p);
	SSL_set_session(p->client, session);
	assert_true(pair_shake_hands(p));
	return SSL_session_reused(p->client);
}

#define HOUR (60 * 60 * 1000ull)

/* Section 3.4: "keys MUST be changed regularly"; tickets live half as long. */
static void keys_of_tickets_are_changed(void **state)
{
	struct pair *p = *state;

	for (size_t i = 0; i < 2; i++) {
		uint64_t now = 1000 + i * 100 * HOUR;
		SSL_SESSION *session;

		tls_context_tick(p->context, now);
		pair_connect(p, versions[i]);
		session = ticket(p);
		assert_true(SSL_SESSION_get_timeout(session) <= 6 * 3600);
		tls_context_tick(p->context, now + 12 * HOUR - 1);
		assert_true(resumes(p, session));
		tls_context_tick(p->context, now + 12 * HOUR);
		assert_false(resumes(p, session));
		SSL_SESSION_free(session);
		session = ticket(p);
		tls_context_tick(p->context, now + 24 * HOUR - 1);
		assert_true(resumes(p, session));
		SSL_SESSION_free(session);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAIR_TEST(pop3_is_chosen_wherever_it_stands),
		PAIR_TEST(who_offers_nothing_is_welcome),
		PAIR_TEST(who_wants_another_protocol_is_told_so),
		PAIR_TEST(keys_of_tickets_are_changed),
	};

	return cmocka_run_group_tests_name("tls_policy", tests, NULL, NULL);
}
