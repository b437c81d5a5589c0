/* SPDX-License-Identifier: MIT */
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

static struct tls_context *new_context(struct pair *p)
{
	struct tls_files files = {
		.certificate = p->place.certificate,
		.key = p->place.key,
		.client_ca = p->place.client_ca,
	};
	struct tls_context *c = tls_context_new(&files, NULL);

	assert_non_null(c);
	return c;
}

int pair_set_up(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->place = tls_place_new();
	p->authority = identity_new("authority", NULL, NULL);
	p->server = identity_new("mail.example", NULL, NULL);
	p->al = identity_new("al", NULL, &p->authority);
	tls_place_write_certificate(p->place.client_ca, &p->authority);
	tls_place_write_certificate(p->place.certificate, &p->server);
	tls_place_write_key(p->place.key, &p->server, NULL);
	p->context = new_context(p);
	p->openssl = SSL_CTX_new(TLS_client_method());
	SSL_CTX_set_session_cache_mode(p->openssl, SSL_SESS_CACHE_CLIENT);
	p->piece = ALL;
	*state = p;
	return 0;
}

/* A client that only goes away would not resume its session. */
static void part(struct pair *p)
{
	if (p->client)
		SSL_set_shutdown(p->client, SSL_SENT_SHUTDOWN);
	SSL_free(p->client);
	tls_free(p->tls);
	p->client = NULL;
	p->tls = NULL;
}

int pair_tear_down(void **state)
{
	struct pair *p = *state;

	part(p);
	SSL_CTX_free(p->openssl);
	tls_context_free(p->context);
	identity_free(&p->al);
	identity_free(&p->server);
	identity_free(&p->authority);
	tls_place_free(&p->place);
	free(p);
	return 0;
}

void pair_meet(struct pair *p)
{
	part(p);
	p->tls = tls_new(p->context);
	assert_non_null(p->tls);
	assert_int_equal(tls_state(p->tls), TLS_HANDSHAKE);
	p->client = SSL_new(p->openssl);
	p->in = BIO_new(BIO_s_mem());
	p->out = BIO_new(BIO_s_mem());
	SSL_set_bio(p->client, p->in, p->out);
	SSL_set_connect_state(p->client);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

bool pair_to_server(struct pair *p)
{
	char octets[4096];
	int n = BIO_read(p->out, octets, (int)least(p->piece, sizeof(octets)));

	if (n <= 0)
		return false;
	tls_feed(p->tls, slice_of(octets, (size_t)n));
	return true;
}

static bool to_client(struct pair *p)
{
	struct slice octets = slice_first(tls_output(p->tls), p->piece);

	if (!octets.len)
		return false;
	assert_int_equal(BIO_write(p->in, octets.ptr, (int)octets.len),
			 (int)octets.len);
	tls_sent(p->tls, octets.len);
	return true;
}

void pair_carry(struct pair *p)
{
	while (pair_to_server(p) || to_client(p))
		;
}

bool pair_shake_hands(struct pair *p)
{
	bool done = false;

	for (int i = 0; i < 10 && !done; i++) {
		done = SSL_do_handshake(p->client) == 1;
		pair_carry(p);
	}
	ERR_clear_error();
	return done && tls_state(p->tls) == TLS_OPEN;
}

void pair_connect(struct pair *p, int version)
{
	SSL_CTX_set_min_proto_version(p->openssl, version);
	SSL_CTX_set_max_proto_version(p->openssl, version);
	pair_meet(p);
	assert_true(pair_shake_hands(p));
	assert_int_equal(SSL_version(p->client), version);
}

void pair_use(struct pair *p, const struct identity *i)
{
	SSL_CTX_use_certificate(p->openssl, i->certificate);
	SSL_CTX_use_PrivateKey(p->openssl, i->key);
}
