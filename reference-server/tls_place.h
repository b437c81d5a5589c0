/* SPDX-License-Identifier: MIT */
/*
 * Keys and certificates for a test, made anew each time, in a folder below
 * /tmp. All of these fail the test when they cannot do what they say.
 */
#ifndef POP3_TLS_PLACE_H
#define POP3_TLS_PLACE_H

#include "bytes.h"
#include "tls_context.h"

#include <openssl/x509.h>

struct tls_place {
	char root[32];
	char certificate[48], key[48], client_ca[48]; /* paths below it */
};

struct tls_place tls_place_new(void);
void tls_place_free(struct tls_place *p);

/* Who has a certificate. */
struct identity {
	EVP_PKEY *key;
	X509 *certificate;
};

/*
 * Named by these common names, one or two (the second may be NULL); signed by
 * issuer, or by itself when that is NULL.
 */
struct identity identity_new(const char *name, const char *second,
			     const struct identity *issuer);
void identity_free(struct identity *i);

void tls_place_write_certificate(const char *path, const struct identity *i);

/* With a pass phrase, unless that is NULL. */
void tls_place_write_key(const char *path, const struct identity *i,
			 const char *pass_phrase);
void tls_place_write(const char *path, const char *text);

#endif
