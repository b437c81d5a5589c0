/* SPDX-License-Identifier: MIT */
#include "tls_context.h"

#include "file_text.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RFC 9325 section 4.1: no key transport by RSA. */
#define CIPHERS_OF_1_2 "DEFAULT:!kRSA:!aNULL"

#define TICKET (6 * 60 * 60)		/* s that a ticket is good for */
#define TICKET_KEYS (2 * TICKET * 1000ull) /* ms; RFC 9325 section 3.4 */

struct tls_context {
	struct tls_files files;
	uint64_t keys_until; /* 0: nobody looked at the time yet */
	SSL_CTX *openssl;
};

/* A server has nobody to ask. */
static int no_pass_phrase(char *to, int room, int writing, void *is_wanted)
{
	(void)to, (void)room, (void)writing;
	*(bool *)is_wanted = true;
	return -1;
}

/* The file holds other things, or nothing. */
static bool is_not_there(unsigned long code)
{
	int library = ERR_GET_LIB(code), reason = ERR_GET_REASON(code);

	return (library == ERR_LIB_PEM && reason == PEM_R_NO_START_LINE) ||
	       (library == ERR_LIB_X509 &&
		reason == X509_R_NO_CERTIFICATE_OR_CRL_FOUND);
}

/* Why OpenSSL could not use a file of certificates. */
static int complain(struct error *e, const char *file)
{
	unsigned long code = ERR_peek_error(); /* the first: the cause */
	const char *reason = ERR_reason_error_string(code);

	if (is_not_there(code))
		return error_set(e, "%s: no certificate in PEM form", file);
	return error_set(e, "%s: no good certificate: %s", file,
			 reason ? reason : "unknown error");
}

/* OpenSSL's own words for a file that cannot be read do not say why. */
static int try_to_read(const char *file, struct error *e)
{
	FILE *stream = file_open(file, e);
	bool fails = !stream;

	if (stream && getc(stream) == EOF && ferror(stream)) {
		error_set(e, "%s: %s", file, strerror(errno));
		fails = true;
	}
	if (stream)
		fclose(stream);
	ERR_clear_error();
	return fails ? -1 : 0;
}

static int read_certificate(SSL_CTX *c, const struct tls_files *files,
			    struct error *e)
{
	const char *file = files->certificate;

	if (try_to_read(file, e) != 0)
		return -1;
	if (SSL_CTX_use_certificate_chain_file(c, file) == 1)
		return 0;
	return complain(e, file);
}

static int complain_of_pair(const struct tls_files *files, struct error *e)
{
	return error_set(e, "%s: not the key of the certificate in %s",
			 files->key, files->certificate);
}

static int read_key(SSL_CTX *c, const struct tls_files *files, struct error *e)
{
	bool has_pass_phrase = false;

	if (try_to_read(files->key, e) != 0)
		return -1;
	SSL_CTX_set_default_passwd_cb(c, no_pass_phrase);
	SSL_CTX_set_default_passwd_cb_userdata(c, &has_pass_phrase);
	if (SSL_CTX_use_PrivateKey_file(c, files->key, SSL_FILETYPE_PEM) == 1)
		return 0;
	if (has_pass_phrase)
		return error_set(e, "%s: the key has a pass phrase",
				 files->key);
	if (ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509)
		return complain_of_pair(files, e);
	return error_set(e, "%s: no good key in PEM form", files->key);
}

/*
 * Once both are read: a key of another kind than the certificate's has a place
 * of its own in OpenSSL, where no certificate is.
 */
static int check_pair(SSL_CTX *c, const struct tls_files *files,
		      struct error *e)
{
	if (SSL_CTX_check_private_key(c) == 1)
		return 0;
	return complain_of_pair(files, e);
}

/* A client may come without a certificate, but not with a wrong one. */
static int read_client_ca(SSL_CTX *c, const struct tls_files *files,
			  struct error *e)
{
	const char *file = files->client_ca;
	STACK_OF(X509_NAME) * names;

	if (!file)
		return 0;
	if (try_to_read(file, e) != 0)
		return -1;
	if (SSL_CTX_load_verify_file(c, file) != 1)
		return complain(e, file);
	names = SSL_load_client_CA_file(file);
	if (!names)
		return complain(e, file);
	SSL_CTX_set_client_CA_list(c, names);
	SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE, NULL);
	return 0;
}

/* RFC 7301 section 3.2; OpenSSL asks only when the client offers something. */
static int choose_protocol(SSL *ssl, const unsigned char **chosen,
			   unsigned char *len, const unsigned char *offered,
			   unsigned offered_len, void *of)
{
	static const char name[] = "\4pop3";

	(void)ssl, (void)of;
	for (unsigned i = 0; i < offered_len; i += 1u + offered[i]) {
		if (offered_len - i < sizeof(name) - 1 ||
		    memcmp(offered + i, name, sizeof(name) - 1) != 0)
			continue;
		*chosen = offered + i + 1;
		*len = offered[i];
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* Sessions are resumed by tickets alone: nothing is kept here. */
static int set_up(SSL_CTX *c, const struct tls_files *files, struct error *e)
{
	static const unsigned char id[] = "pop3";

	(void)files;
	SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
				       SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_timeout(c, TICKET);
	SSL_CTX_set_alpn_select_cb(c, choose_protocol, NULL);
	if (SSL_CTX_set_session_id_context(c, id, sizeof(id) - 1) == 1 &&
	    SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(c, CIPHERS_OF_1_2) == 1)
		return 0;
	return error_set(e, "OpenSSL refuses TLS 1.2");
}

typedef int read_file(SSL_CTX *c, const struct tls_files *files,
		      struct error *e);

/* Tells of a file that is no good, with the setting that named it. */
static int try(read_file *read, SSL_CTX *c, const struct tls_files *files,
	       const char *setting, struct complaints *wrong)
{
	struct error e;

	if (read(c, files, &e) == 0)
		return 0;
	ERR_clear_error();
	if (setting)
		error_prefix(&e, setting);
	return complaints_add(wrong, "%s", e.text);
}

static SSL_CTX *read_files(const struct tls_files *f, struct complaints *wrong)
{
	SSL_CTX *c = SSL_CTX_new(TLS_server_method());
	int failed;

	if (!c) {
		complaints_add(wrong, "OpenSSL has no memory");
		return NULL;
	}
	failed = try(set_up, c, f, NULL, wrong);
	failed |= try(read_certificate, c, f, f->certificate_setting, wrong);
	failed |= try(read_key, c, f, f->key_setting, wrong);
	if (!failed)
		failed = try(check_pair, c, f, f->key_setting, wrong);
	failed |= try(read_client_ca, c, f, f->client_ca_setting, wrong);
	if (!failed)
		return c;
	SSL_CTX_free(c);
	return NULL;
}

struct tls_context *tls_context_new(const struct tls_files *files,
				    struct complaints *wrong)
{
	struct tls_context *c = calloc(1, sizeof(*c));

	if (!c) {
		complaints_add(wrong, "out of memory");
		return NULL;
	}
	c->files = *files;
	if (tls_context_reload(c, wrong) == 0)
		return c;
	free(c);
	return NULL;
}

int tls_context_reload(struct tls_context *c, struct complaints *wrong)
{
	SSL_CTX *fresh = read_files(&c->files, wrong);

	if (!fresh)
		return -1;
	SSL_CTX_free(c->openssl);
	c->openssl = fresh;
	c->keys_until = 0;
	return 0;
}

void tls_context_replace(struct tls_context *c, struct tls_context *fresh)
{
	SSL_CTX *old = c->openssl;

	c->openssl = fresh->openssl;
	fresh->openssl = old;
	c->keys_until = 0;
	tls_context_free(fresh);
}

void tls_context_tick(struct tls_context *c, uint64_t now)
{
	unsigned char keys[128];
	long len = SSL_CTX_set_tlsext_ticket_keys(c->openssl, NULL, 0);

	if (!c->keys_until) {
		c->keys_until = now + TICKET_KEYS;
	} else if (now >= c->keys_until && len <= (long)sizeof(keys) &&
		   RAND_bytes(keys, (int)len) == 1) {
		SSL_CTX_set_tlsext_ticket_keys(c->openssl, keys, len);
		OPENSSL_cleanse(keys, sizeof(keys));
		c->keys_until = now + TICKET_KEYS;
	}
}

const char *tls_context_untimely(const struct tls_context *c)
{
	const X509 *x = SSL_CTX_get0_certificate(c->openssl);

	if (!x)
		return "there is no certificate";
	if (X509_cmp_current_time(X509_get0_notAfter(x)) < 0)
		return "the certificate has expired";
	if (X509_cmp_current_time(X509_get0_notBefore(x)) > 0)
		return "the certificate is not valid yet";
	return NULL;
}

void tls_context_free(struct tls_context *c)
{
	if (!c)
		return;
	SSL_CTX_free(c->openssl);
	free(c);
}

SSL_CTX *tls_context_openssl(struct tls_context *c)
{
	return c->openssl;
}
