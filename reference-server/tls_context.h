/* SPDX-License-Identifier: MIT */
/*
 * What all TLS connections of a server share: certificate, key, and who vouches
 * for clients. TLS 1.2 and 1.3 (RFC 8997), without renegotiation and
 * compression; a client that offers protocols (ALPN, RFC 7301) but "pop3" is
 * refused, and tickets are of keys that change (RFC 9325).
 */
#ifndef POP3_TLS_CONTEXT_H
#define POP3_TLS_CONTEXT_H

#include "complaints.h"

#include <stdint.h>

struct tls_context;
struct ssl_ctx_st; /* OpenSSL's */

/*
 * Files in PEM form, and the settings that named them, as complaints tell of
 * those (NULL: none did).
 */
struct tls_files {
	const char *certificate; /* the server's first, then its issuers' */
	const char *key;	 /* without a pass phrase */
	const char *client_ca;	 /* who signs certificates of clients, which
				    they may show then; NULL: not asked for */
	const char *certificate_setting, *key_setting, *client_ca_setting;
};

/*
 * Reads the files, and borrows their names. Returns owned, or NULL and tells
 * wrong of each file that is no good.
 */
struct tls_context *tls_context_new(const struct tls_files *files,
				    struct complaints *wrong);

/*
 * Reads the files anew, for connections that begin from now on. Returns 0, or
 * -1 and tells wrong: then all stays as it was.
 */
int tls_context_reload(struct tls_context *c, struct complaints *wrong);

/* As tls_context_reload(), with what fresh has read; takes fresh. */
void tls_context_replace(struct tls_context *c, struct tls_context *fresh);

/*
 * It is that time (ms, of a clock that never steps back): keys of tickets that
 * are 12 hours old make room for fresh ones. To be called before a handshake.
 */
void tls_context_tick(struct tls_context *c, uint64_t now);

/*
 * Why its certificate is none for today, or NULL. Clients refuse it then, but a
 * test may want it, and a clock may be wrong.
 */
const char *tls_context_untimely(const struct tls_context *c);

/* Connections may outlive it. NULL is none. */
void tls_context_free(struct tls_context *c);

/* For tls.c. */
struct ssl_ctx_st *tls_context_openssl(struct tls_context *c);

#endif
