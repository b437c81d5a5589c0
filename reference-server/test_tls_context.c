/* SPDX-License-Identifier: MIT */
/* Certificates and keys, right and wrong; each error names its file. */
#include "tls_place.h"

#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
	struct tls_place place;
	struct identity server;
	struct tls_files files;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->place = tls_place_new();
	f->server = identity_new("mail.example", NULL, NULL);
	tls_place_write_certificate(f->place.certificate, &f->server);
	tls_place_write_key(f->place.key, &f->server, NULL);
	f->files.certificate = f->place.certificate;
	f->files.key = f->place.key;
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	identity_free(&f->server);
	tls_place_free(&f->place);
	free(f);
	return 0;
}

#define CONTEXT_TEST(name)                                                     \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void a_certificate_has_its_time(void **state)
{
	static const struct {
		long from, to; /* s from now */
		const char *why;
	} cases[] = {
		{ -100, 100, NULL },
		{ -100, -10, "the certificate has expired" },
		{ 100, 1000, "the certificate is not valid yet" },
	};
	struct fixture *f = *state;
	X509 *x = f->server.certificate;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tls_context *c;
		const char *why;

		X509_gmtime_adj(X509_getm_notBefore(x), cases[i].from);
		X509_gmtime_adj(X509_getm_notAfter(x), cases[i].to);
		tls_place_write_certificate(f->place.certificate, &f->server);
		c = tls_context_new(&f->files, NULL);
		assert_non_null(c);
		why = tls_context_untimely(c);
		assert_true(why == cases[i].why ||
			    (why && strcmp(why, cases[i].why) == 0));
		tls_context_free(c);
	}
}

static void files_are_read(void **state)
{
	struct fixture *f = *state;
	struct tls_context *c = tls_context_new(&f->files, NULL);

	assert_non_null(c);
	tls_context_free(c);

	tls_place_write_certificate(f->place.client_ca, &f->server);
	f->files.client_ca = f->place.client_ca;
	c = tls_context_new(&f->files, NULL);
	assert_non_null(c);
	tls_context_free(c);
	tls_context_free(NULL);
}

/* The first that is told is "PATH: WHY". */
static void assert_refused(struct fixture *f, const char *path, const char *why)
{
	struct complaints c = { 0 };
	char expected[512];

	assert_null(tls_context_new(&f->files, &c));
	snprintf(expected, sizeof(expected), "%s: %s", path, why);
	assert_string_equal(complaints_text(&c, 0), expected);
	complaints_free(&c);
}

static void all_that_is_wrong_is_told_with_who_named_it(void **state)
{
	static const char *const begins[] = {
		"--certificate: ", "c.json: /tls/key: ", "--client-ca: "
	};
	struct fixture *f = *state;
	struct complaints c = { 0 };

	f->files.client_ca = f->place.client_ca;
	f->files.certificate_setting = "--certificate";
	f->files.key_setting = "c.json: /tls/key";
	f->files.client_ca_setting = "--client-ca";
	unlink(f->place.key);
	unlink(f->place.certificate);
	assert_null(tls_context_new(&f->files, &c));
	assert_int_equal(c.count, 3);
	for (size_t i = 0; i < 3; i++) {
		struct slice text = slice_str(complaints_text(&c, i));

		assert_true(slice_starts(text, begins[i]));
		assert_true(slice_ends(text, ": No such file or directory"));
	}
	complaints_free(&c);
}

static void what_is_missing_is_named(void **state)
{
	struct fixture *f = *state;

	f->files.client_ca = f->place.client_ca;
	assert_refused(f, f->place.client_ca, "No such file or directory");
	unlink(f->place.key);
	assert_refused(f, f->place.key, "No such file or directory");
	unlink(f->place.certificate);
	assert_refused(f, f->place.certificate, "No such file or directory");
}

static void what_is_no_pem_is_named(void **state)
{
	struct fixture *f = *state;

	tls_place_write(f->place.client_ca, "");
	f->files.client_ca = f->place.client_ca;
	assert_refused(f, f->place.client_ca, "no certificate in PEM form");
	tls_place_write_certificate(f->place.key, &f->server);
	assert_refused(f, f->place.key, "no good key in PEM form");
	tls_place_write(f->place.certificate, "hello\n");
	assert_refused(f, f->place.certificate, "no certificate in PEM form");
	f->files.certificate = f->place.root;
	assert_refused(f, f->place.root, "not a file");
}

static void pem_of_garbage_is_named(void **state)
{
	struct fixture *f = *state;
	struct complaints c = { 0 };

	tls_place_write(f->place.certificate, "-----BEGIN CERTIFICATE-----\n"
					      "AAAA\n"
					      "-----END CERTIFICATE-----\n");
	assert_null(tls_context_new(&f->files, &c));
	assert_true(slice_starts(slice_str(complaints_text(&c, 0)),
				 f->place.certificate));
	assert_non_null(
		strstr(complaints_text(&c, 0), ": no good certificate: "));
	complaints_free(&c);
}

static void the_key_of_another_is_refused(void **state)
{
	struct fixture *f = *state;
	struct identity other = identity_new("other.example", NULL, NULL);
	char why[100];

	tls_place_write_key(f->place.key, &other, NULL);
	snprintf(why, sizeof(why), "not the key of the certificate in %s",
		 f->place.certificate);
	assert_refused(f, f->place.key, why);
	identity_free(&other);
}

/* OpenSSL keeps both, each in a place of its own, and finds nothing wrong. */
static void the_key_of_another_kind_is_refused(void **state)
{
	struct fixture *f = *state;
	struct identity others[] = { { EVP_RSA_gen(2048), NULL },
				     { EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
				       NULL } };
	struct tls_context *c = tls_context_new(&f->files, NULL);
	SSL_CTX *before = tls_context_openssl(c);
	char why[100];

	snprintf(why, sizeof(why), "not the key of the certificate in %s",
		 f->place.certificate);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_non_null(others[i].key);
		tls_place_write_key(f->place.key, &others[i], NULL);
		assert_refused(f, f->place.key, why);
		assert_int_equal(tls_context_reload(c, NULL), -1);
		assert_ptr_equal(tls_context_openssl(c), before);
		identity_free(&others[i]);
	}
	tls_context_free(c);
}

/* And nobody is asked for it, not even on a terminal. */
static void a_key_with_a_pass_phrase_is_refused(void **state)
{
	struct fixture *f = *state;

	tls_place_write_key(f->place.key, &f->server, "open sesame");
	assert_refused(f, f->place.key, "the key has a pass phrase");
}

static void files_are_read_anew(void **state)
{
	struct fixture *f = *state;
	struct identity other = identity_new("other.example", NULL, NULL);
	struct complaints wrong = { 0 };
	struct tls_context *c = tls_context_new(&f->files, NULL);
	SSL_CTX *before = tls_context_openssl(c);

	tls_place_write_key(f->place.key, &other, NULL);
	assert_int_equal(tls_context_reload(c, &wrong), -1);
	assert_true(slice_starts(slice_str(complaints_text(&wrong, 0)),
				 f->place.key));
	complaints_free(&wrong);
	assert_ptr_equal(tls_context_openssl(c), before);

	tls_place_write_certificate(f->place.certificate, &other);
	assert_int_equal(tls_context_reload(c, NULL), 0);
	assert_int_equal(
		X509_cmp(SSL_CTX_get0_certificate(tls_context_openssl(c)),
			 other.certificate),
		0);
	tls_context_free(c);
	identity_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONTEXT_TEST(files_are_read),
		CONTEXT_TEST(a_certificate_has_its_time),
		CONTEXT_TEST(what_is_missing_is_named),
		CONTEXT_TEST(all_that_is_wrong_is_told_with_who_named_it),
		CONTEXT_TEST(what_is_no_pem_is_named),
		CONTEXT_TEST(pem_of_garbage_is_named),
		CONTEXT_TEST(the_key_of_another_is_refused),
		CONTEXT_TEST(the_key_of_another_kind_is_refused),
		CONTEXT_TEST(a_key_with_a_pass_phrase_is_refused),
		CONTEXT_TEST(files_are_read_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
