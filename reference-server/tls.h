/* SPDX-License-Identifier: MIT */
/*
 * The server's end of one TLS connection, without a socket: what comes from the
 * network is fed and read in clear; what is written in clear comes out for the
 * network. It holds what was fed and not read, what was not sent, and OpenSSL's
 * own buffers (a record each way, 16 KiB, given back when it is done).
 */
#ifndef POP3_TLS_H
#define POP3_TLS_H

#include "tls_context.h"
#include "tls_facts.h"

#include <stddef.h>

struct tls;

enum tls_state {
	TLS_HANDSHAKE, /* nothing to read yet */
	TLS_OPEN,
	TLS_ENDED,  /* the client sends nothing more, whether it said so
		       (close_notify) or not; it can still be written to */
	TLS_BROKEN, /* only an alert may be left to send */
};

/* Returns owned, or NULL without memory. c may go, or be read anew. */
struct tls *tls_new(struct tls_context *c);
void tls_free(struct tls *t);

enum tls_state tls_state(const struct tls *t);

/* Octets came from the network. Takes them all, and goes on shaking hands. */
void tls_feed(struct tls *t, struct slice octets);

/* The network gives no more. */
void tls_end_of_input(struct tls *t);

/*
 * Read at most room octets that the client said. Returns how many; 0: none are
 * there, or t has ended or broken.
 */
size_t tls_read(struct tls *t, char *to, size_t room);

/* Write octets to the client, behind those that were not sent. */
void tls_write(struct tls *t, struct slice octets);

/* Tell the client that nothing more follows (close_notify). */
void tls_close(struct tls *t);

/*
 * For the network, borrowed until the next call; any other call may have made
 * some. tls_sent() says how many went out.
 */
struct slice tls_output(const struct tls *t);
void tls_sent(struct tls *t, size_t octets);

/* When the handshake is over: "TLSv1.3", and the name that OpenSSL uses. */
const char *tls_version(const struct tls *t);
const char *tls_cipher(const struct tls *t);

/* Why it is broken, as OpenSSL says it; NULL when it does not. */
const char *tls_why(const struct tls *t);

/* When the handshake is over; borrowed until tls_free(). */
const struct tls_facts *tls_facts(const struct tls *t);

#endif
