/* SPDX-License-Identifier: MIT */
#include "tls_place.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define A_DAY (24L * 60 * 60)

struct tls_place tls_place_new(void)
{
	struct tls_place p = { .root = "/tmp/pop3-tls-XXXXXX" };

	assert_non_null(mkdtemp(p.root));
	snprintf(p.certificate, sizeof(p.certificate), "%s/cert.pem", p.root);
	snprintf(p.key, sizeof(p.key), "%s/key.pem", p.root);
	snprintf(p.client_ca, sizeof(p.client_ca), "%s/ca.pem", p.root);
	return p;
}

void tls_place_free(struct tls_place *p)
{
	unlink(p->certificate);
	unlink(p->key);
	unlink(p->client_ca);
	assert_int_equal(rmdir(p->root), 0);
}

static void add_name(X509_NAME *to, const char *name)
{
	if (name)
		assert_int_equal(
			X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_UTF8,
						   (const unsigned char *)name,
						   -1, -1, 0),
			1);
}

struct identity identity_new(const char *name, const char *second,
			     const struct identity *issuer)
{
	struct identity i = { EVP_EC_gen("P-256"), X509_new() };
	X509_NAME *subject;

	assert_non_null(i.key);
	assert_non_null(i.certificate);
	subject = X509_get_subject_name(i.certificate);
	add_name(subject, name);
	add_name(subject, second);
	if (!issuer)
		issuer = &i;
	ASN1_INTEGER_set(X509_get_serialNumber(i.certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(i.certificate), -A_DAY);
	X509_gmtime_adj(X509_getm_notAfter(i.certificate), A_DAY);
	X509_set_issuer_name(i.certificate,
			     X509_get_subject_name(issuer->certificate));
	X509_set_pubkey(i.certificate, i.key);
	assert_true(X509_sign(i.certificate, issuer->key, EVP_sha256()) > 0);
	return i;
}

void identity_free(struct identity *i)
{
	EVP_PKEY_free(i->key);
	X509_free(i->certificate);
}

static FILE *open_new(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	return f;
}

void tls_place_write_certificate(const char *path, const struct identity *i)
{
	FILE *f = open_new(path);

	assert_int_equal(PEM_write_X509(f, i->certificate), 1);
	assert_int_equal(fclose(f), 0);
}

void tls_place_write_key(const char *path, const struct identity *i,
			 const char *pass_phrase)
{
	FILE *f = open_new(path);
	const EVP_CIPHER *cipher = pass_phrase ? EVP_aes_128_cbc() : NULL;
	int len = pass_phrase ? (int)strlen(pass_phrase) : 0;

	assert_int_equal(PEM_write_PKCS8PrivateKey(f, i->key, cipher,
						   pass_phrase, len, NULL,
						   NULL),
			 1);
	assert_int_equal(fclose(f), 0);
}

void tls_place_write(const char *path, const char *text)
{
	FILE *f = open_new(path);

	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}
