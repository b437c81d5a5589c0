/* SPDX-License-Identifier: MIT */
#include "tls.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#define EXPORTER "EXPORTER-Channel-Binding" /* RFC 9266 section 2 */
#define EXPORTED 32
#define KEPT 4096 /* octets of room that an idle connection keeps */

struct tls {
	SSL *ssl;
	BIO *in, *out; /* ssl's */
	enum tls_state state;
	bool no_more; /* from the network */
	const char *why; /* OpenSSL's own */
	struct tls_facts facts;
	char binding[EVP_MAX_MD_SIZE];
	char *subject;
	unsigned char *common_name; /* allocated by OpenSSL */
};

struct tls *tls_new(struct tls_context *c)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->ssl = SSL_new(tls_context_openssl(c));
	t->in = BIO_new(BIO_s_mem());
	t->out = BIO_new(BIO_s_mem());
	if (!t->ssl || !t->in || !t->out) {
		BIO_free(t->in);
		BIO_free(t->out);
		SSL_free(t->ssl);
		free(t);
		return NULL;
	}
	SSL_set_bio(t->ssl, t->in, t->out);
	SSL_set_accept_state(t->ssl);
	return t;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	SSL_free(t->ssl);
	free(t->subject);
	OPENSSL_free(t->common_name);
	free(t);
}

enum tls_state tls_state(const struct tls *t)
{
	return t->state;
}

/*
 * RFC 5929 section 3: the first Finished message, of the server when a session
 * is resumed, else of the client. Without the extended master secret a man in
 * the middle can have the same in both of his connections (RFC 7627).
 */
static void note_unique(struct tls *t)
{
	size_t len;

	if (SSL_get_extms_support(t->ssl) != 1)
		return;
	if (SSL_session_reused(t->ssl))
		len = SSL_get_finished(t->ssl, t->binding, sizeof(t->binding));
	else
		len = SSL_get_peer_finished(t->ssl, t->binding,
					    sizeof(t->binding));
	if (len == 0 || len > sizeof(t->binding))
		return;
	t->facts.binding_type = "tls-unique";
	t->facts.binding = slice_of(t->binding, len);
}

static void note_binding(struct tls *t)
{
	if (SSL_version(t->ssl) < TLS1_3_VERSION) {
		note_unique(t);
		return;
	}
	if (SSL_export_keying_material(t->ssl, (unsigned char *)t->binding,
				       EXPORTED, EXPORTER, strlen(EXPORTER),
				       (const unsigned char *)"", 0, 1) != 1)
		return;
	t->facts.binding_type = "tls-exporter";
	t->facts.binding = slice_of(t->binding, EXPORTED);
}

static void note_subject(struct tls *t, const X509_NAME *name)
{
	BIO *text = BIO_new(BIO_s_mem());
	char *octets;
	long len;

	if (text && X509_NAME_print_ex(text, name, 0, XN_FLAG_RFC2253) > 0) {
		len = BIO_get_mem_data(text, &octets);
		t->subject = slice_copy(slice_of(octets, (size_t)len));
		t->facts.subject = slice_str(t->subject);
	}
	BIO_free(text);
}

/* A name that has a second one beside it, or a NUL in it, is no name. */
static void note_common_name(struct tls *t, const X509_NAME *name)
{
	int i = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	int len;

	if (i < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, i) >= 0)
		return;
	len = ASN1_STRING_to_UTF8(
		&t->common_name,
		X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
	if (len > 0 && !memchr(t->common_name, 0, (size_t)len))
		t->facts.common_name = slice_of(t->common_name, (size_t)len);
}

static void note_client(struct tls *t)
{
	X509 *certificate = SSL_get0_peer_certificate(t->ssl);

	if (!certificate || SSL_get_verify_result(t->ssl) != X509_V_OK)
		return;
	note_subject(t, X509_get_subject_name(certificate));
	note_common_name(t, X509_get_subject_name(certificate));
}

/* What a call of OpenSSL that did not succeed means. */
static void note_failure(struct tls *t, int returned)
{
	int why = SSL_get_error(t->ssl, returned);
	bool waits = why == SSL_ERROR_WANT_READ;
	bool ended = why == SSL_ERROR_ZERO_RETURN || (waits && t->no_more);

	if (ended && t->state == TLS_OPEN) {
		t->state = TLS_ENDED;
	} else if (ended || !waits) {
		t->state = TLS_BROKEN;
		t->why = ERR_reason_error_string(ERR_peek_error());
	}
	ERR_clear_error();
}

static void shake_hands(struct tls *t)
{
	int returned;

	if (t->state != TLS_HANDSHAKE)
		return;
	ERR_clear_error();
	returned = SSL_do_handshake(t->ssl);
	if (returned != 1) {
		note_failure(t, returned);
		return;
	}
	t->state = TLS_OPEN;
	note_binding(t);
	note_client(t);
	ERR_clear_error();
}

void tls_feed(struct tls *t, struct slice octets)
{
	if (octets.len > INT_MAX ||
	    BIO_write(t->in, octets.ptr, (int)octets.len) != (int)octets.len)
		t->state = TLS_BROKEN;
	shake_hands(t);
}

void tls_end_of_input(struct tls *t)
{
	t->no_more = true;
	shake_hands(t);
}

/* It is empty, and grew for what was in it. */
static bool is_spent(BIO *b)
{
	BUF_MEM *m = NULL;

	BIO_get_mem_ptr(b, &m);
	return m && m->length == 0 && m->max > KEPT;
}

/* The memory BIOs of OpenSSL never shrink: new ones take their place. */
static void give_back(struct tls *t)
{
	BIO *fresh;

	if (t->state != TLS_OPEN)
		return;
	if (is_spent(t->out) && (fresh = BIO_new(BIO_s_mem()))) {
		SSL_set0_wbio(t->ssl, fresh);
		t->out = fresh;
	}
	if (is_spent(t->in) && (fresh = BIO_new(BIO_s_mem()))) {
		SSL_set0_rbio(t->ssl, fresh);
		t->in = fresh;
	}
}

size_t tls_read(struct tls *t, char *to, size_t room)
{
	size_t n = 0;
	int returned;

	if (t->state != TLS_OPEN)
		return 0;
	ERR_clear_error();
	returned = SSL_read_ex(t->ssl, to, room, &n);
	if (returned == 1)
		return n;
	note_failure(t, returned);
	give_back(t);
	return 0;
}

void tls_write(struct tls *t, struct slice octets)
{
	size_t n;
	int returned;

	if (octets.len == 0 || t->state == TLS_HANDSHAKE ||
	    t->state == TLS_BROKEN)
		return;
	ERR_clear_error();
	returned = SSL_write_ex(t->ssl, octets.ptr, octets.len, &n);
	if (returned != 1)
		t->state = TLS_BROKEN;
	ERR_clear_error();
}

void tls_close(struct tls *t)
{
	if (t->state == TLS_HANDSHAKE || t->state == TLS_BROKEN)
		return;
	SSL_shutdown(t->ssl);
	ERR_clear_error();
}

struct slice tls_output(const struct tls *t)
{
	char *octets;
	long len = BIO_get_mem_data(t->out, &octets);

	return slice_of(octets, len > 0 ? (size_t)len : 0);
}

void tls_sent(struct tls *t, size_t octets)
{
	char gone[4096];

	while (octets > 0) {
		size_t n = octets < sizeof(gone) ? octets : sizeof(gone);

		if (BIO_read(t->out, gone, (int)n) != (int)n)
			return;
		octets -= n;
	}
}

const char *tls_version(const struct tls *t)
{
	return SSL_get_version(t->ssl);
}

const char *tls_cipher(const struct tls *t)
{
	return SSL_get_cipher_name(t->ssl);
}

const char *tls_why(const struct tls *t)
{
	return t->why;
}

const struct tls_facts *tls_facts(const struct tls *t)
{
	return &t->facts;
}
