/* SPDX-License-Identifier: MIT */
/* The server's end against a client of OpenSSL, both in memory. */
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

static void client_says(struct pair *p, const char *text)
{
	assert_int_equal(SSL_write(p->client, text, (int)strlen(text)),
			 (int)strlen(text));
	pair_carry(p);
}

static void assert_server_hears(struct pair *p, const char *text)
{
	char heard[200];
	size_t len = 0, n;

	while ((n = tls_read(p->tls, heard + len, 7)))
		len += n;
	assert_int_equal(len, strlen(text));
	assert_memory_equal(heard, text, len);
}

static void server_says(struct pair *p, const char *text)
{
	tls_write(p->tls, slice_str(text));
	pair_carry(p);
}

static void assert_client_hears(struct pair *p, const char *text)
{
	char heard[200];
	int n = SSL_read(p->client, heard, sizeof(heard));

	assert_int_equal(n, (int)strlen(text));
	assert_memory_equal(heard, text, (size_t)n);
}

static void talk(struct pair *p)
{
	client_says(p, "CAPA\r\n");
	assert_server_hears(p, "CAPA\r\n");
	server_says(p, "+OK\r\n.\r\n");
	assert_client_hears(p, "+OK\r\n.\r\n");
}

static void octets_go_both_ways_in_pieces_of_any_size(void **state)
{
	struct pair *p = *state;

	for (size_t i = 0; i < 2; i++)
		for (p->piece = 1; p->piece < 70; p->piece++) {
			pair_connect(p, versions[i]);
			talk(p);
		}
}

/* One record of three commands, cut once, at each of its octets. */
static void a_record_may_be_cut_anywhere(void **state)
{
	struct pair *p = *state;
	const char *text = "USER al\r\nPASS secret\r\nSTAT\r\n";
	char record[200];
	int len = 1;

	pair_connect(p, TLS1_3_VERSION);
	for (int cut = 0; cut < len; cut++) {
		SSL_write(p->client, text, (int)strlen(text));
		len = BIO_read(p->out, record, sizeof(record));
		assert_true(len > (int)strlen(text));
		tls_feed(p->tls, slice_of(record, (size_t)cut));
		assert_server_hears(p, "");
		assert_int_equal(tls_state(p->tls), TLS_OPEN);
		tls_feed(p->tls, slice_of(record + cut, (size_t)(len - cut)));
		assert_server_hears(p, text);
	}
}

static void old_versions_are_refused(void **state)
{
	static const int old[] = { TLS1_VERSION, TLS1_1_VERSION };
	struct pair *p = *state;

	SSL_CTX_set_security_level(p->openssl, 0);
	for (size_t i = 0; i < 2; i++) {
		SSL_CTX_set_min_proto_version(p->openssl, old[i]);
		SSL_CTX_set_max_proto_version(p->openssl, old[i]);
		pair_meet(p);
		SSL_do_handshake(p->client);
		assert_true(pair_to_server(p));
		assert_int_equal(tls_state(p->tls), TLS_BROKEN);
		/* A fatal alert: protocol_version. */
		assert_true(slice_starts(tls_output(p->tls), "\x15\x03"));
		assert_int_equal(slice_at(tls_output(p->tls), 6), 70);
	}
}

static void feed_octets(struct tls *t, struct slice octets, size_t piece)
{
	while (octets.len) {
		tls_feed(t, slice_first(octets, piece));
		octets = slice_from(octets, piece);
	}
}

static void garbage_is_no_handshake(void **state)
{
	static const struct slice garbage[] = {
		{ "CAPA\r\nQUIT\r\n", 12 },
		{ "GET / HTTP/1.0\r\n\r\n", 18 },
		{ "\x16\x03\x01\x00\x05garbage", 12 },
		{ "\x15\x03\x01\x00\x02\x02\x28", 7 },
		{ "\x17\x03\x03\x00\x01x", 6 },
		{ "\x00\x00\x00\x00\x00\x00", 6 },
		{ "\x16\x03\x01\xff\xff\x01\xff\xff\xff", 9 },
	};
	struct pair *p = *state;
	char heard[10];

	for (size_t i = 0; i < sizeof(garbage) / sizeof(*garbage); i++)
		for (size_t piece = 1; piece < 20; piece++) {
			pair_meet(p);
			feed_octets(p->tls, garbage[i], piece);
			assert_int_equal(tls_state(p->tls), TLS_BROKEN);
			assert_true(!tls_output(p->tls).len ||
				    slice_starts(tls_output(p->tls), "\x15"));
			tls_write(p->tls, slice_str("+OK"));
			tls_close(p->tls);
			assert_int_equal(tls_read(p->tls, heard, 10), 0);
			assert_true(tls_output(p->tls).len <= 7);
		}
}

static void a_broken_record_breaks_the_connection(void **state)
{
	struct pair *p = *state;
	char record[200];
	int len;

	for (size_t i = 0; i < 2; i++) {
		pair_connect(p, versions[i]);
		SSL_write(p->client, "QUIT\r\n", 6);
		len = BIO_read(p->out, record, sizeof(record));
		record[len - 1] ^= 1;
		tls_feed(p->tls, slice_of(record, (size_t)len));
		assert_server_hears(p, "");
		assert_int_equal(tls_state(p->tls), TLS_BROKEN);
		assert_true(tls_output(p->tls).len > 0); /* an alert */
	}
}

static void a_client_may_close_first(void **state)
{
	struct pair *p = *state;
	char heard[10];

	for (size_t i = 0; i < 2; i++) {
		pair_connect(p, versions[i]);
		client_says(p, "CAPA\r\n");
		SSL_shutdown(p->client);
		pair_carry(p);
		assert_server_hears(p, "CAPA\r\n");
		assert_int_equal(tls_state(p->tls), TLS_ENDED);
		server_says(p, "+OK\r\n"); /* it is still owed */
		tls_close(p->tls);
		pair_carry(p);
		assert_int_equal(tls_state(p->tls), TLS_ENDED);
		assert_client_hears(p, "+OK\r\n");
		assert_true(SSL_read(p->client, heard, 10) <= 0);
		assert_true(SSL_get_shutdown(p->client) &
			    SSL_RECEIVED_SHUTDOWN);
	}
}

static void a_server_says_that_it_closes(void **state)
{
	struct pair *p = *state;
	char heard[10];
	int n;

	for (size_t i = 0; i < 2; i++) {
		pair_connect(p, versions[i]);
		server_says(p, "+OK bye\r\n");
		tls_close(p->tls);
		pair_carry(p);
		assert_client_hears(p, "+OK bye\r\n");
		n = SSL_read(p->client, heard, sizeof(heard));
		assert_int_equal(SSL_get_error(p->client, n),
				 SSL_ERROR_ZERO_RETURN);
	}
}

/* What came counts; what is cut does not. */
static void a_client_may_end_without_a_word(void **state)
{
	struct pair *p = *state;
	char record[200];
	int len;

	for (size_t i = 0; i < 2; i++) {
		pair_connect(p, versions[i]);
		client_says(p, "STAT\r\n");
		SSL_write(p->client, "QUIT\r\n", 6);
		len = BIO_read(p->out, record, sizeof(record));
		tls_feed(p->tls, slice_of(record, (size_t)len - 1));
		tls_end_of_input(p->tls);
		assert_server_hears(p, "STAT\r\n");
		assert_int_equal(tls_state(p->tls), TLS_ENDED);
		server_says(p, "+OK 0 0\r\n");
		assert_client_hears(p, "+OK 0 0\r\n");
	}
}

static void a_handshake_that_ends_is_broken(void **state)
{
	struct pair *p = *state;

	pair_meet(p);
	tls_end_of_input(p->tls);
	assert_int_equal(tls_state(p->tls), TLS_BROKEN);

	pair_meet(p);
	SSL_do_handshake(p->client);
	pair_to_server(p);
	assert_int_equal(tls_state(p->tls), TLS_HANDSHAKE);
	tls_end_of_input(p->tls);
	assert_int_equal(tls_state(p->tls), TLS_BROKEN);
}

/* RFC 9325 section 3.5. A client of OpenSSL gives up when it is told so. */
static void renegotiation_is_refused(void **state)
{
	struct pair *p = *state;

	SSL_CTX_set_options(p->openssl,
			    SSL_OP_ALLOW_CLIENT_RENEGOTIATION |
				    SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
	pair_connect(p, TLS1_2_VERSION);
	talk(p);
	assert_int_equal(SSL_renegotiate(p->client), 1);
	SSL_do_handshake(p->client);
	pair_carry(p);
	assert_server_hears(p, "");
	assert_true(tls_output(p->tls).len > 0);
	pair_carry(p);
	assert_int_not_equal(SSL_do_handshake(p->client), 1);
	assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()),
			 SSL_R_NO_RENEGOTIATION);
	ERR_clear_error();
	assert_int_equal(tls_state(p->tls), TLS_OPEN);
	server_says(p, "+OK\r\n");
}

/* A connection lives on when its context is read anew, or goes. */
static void connections_outlive_their_context(void **state)
{
	struct pair *p = *state;

	pair_connect(p, TLS1_3_VERSION);
	assert_int_equal(tls_context_reload(p->context, NULL), 0);
	talk(p);
	tls_context_free(p->context);
	p->context = NULL;
	talk(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAIR_TEST(octets_go_both_ways_in_pieces_of_any_size),
		PAIR_TEST(a_record_may_be_cut_anywhere),
		PAIR_TEST(old_versions_are_refused),
		PAIR_TEST(garbage_is_no_handshake),
		PAIR_TEST(a_broken_record_breaks_the_connection),
		PAIR_TEST(a_client_may_close_first),
		PAIR_TEST(a_server_says_that_it_closes),
		PAIR_TEST(a_client_may_end_without_a_word),
		PAIR_TEST(a_handshake_that_ends_is_broken),
		PAIR_TEST(renegotiation_is_refused),
		PAIR_TEST(connections_outlive_their_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
