/* SPDX-License-Identifier: MIT */
/*
 * Both ends of a TLS connection in memory, for tests: the server's is ours, the
 * client's is OpenSSL's own.
 */
#ifndef POP3_TLS_PAIR_H
#define POP3_TLS_PAIR_H

#include "tls.h"
#include "tls_place.h"

#include <openssl/ssl.h>
#include <stdint.h>

#define ALL SIZE_MAX

struct pair {
	struct tls_place place;
	struct identity authority, server, al;
	struct tls_context *context;
	SSL_CTX *openssl; /* the client's */
	SSL *client;
	BIO *in, *out; /* the client's */
	struct tls *tls;
	size_t piece; /* octets that travel at a time, each way */
};

/* The versions that are spoken. */
static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* For cmocka: *state is a struct pair, whose ends have not met. */
int pair_set_up(void **state);
int pair_tear_down(void **state);

#define PAIR_TEST(name)                                                        \
	cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)

/* A new connection; nothing has been said yet. */
void pair_meet(struct pair *p);

/* A piece of what the client has to say goes over. Returns false for none. */
bool pair_to_server(struct pair *p);

/* All that either end has to say goes over. */
void pair_carry(struct pair *p);

/* Returns true when both ends are content. */
bool pair_shake_hands(struct pair *p);

/* A new connection of that version. */
void pair_connect(struct pair *p, int version);

/* The client shows that certificate from now on. */
void pair_use(struct pair *p, const struct identity *i);

#endif
