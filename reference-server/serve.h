/* SPDX-License-Identifier: MIT */
/*
 * Sessions over TCP: one event loop, one session a connection. Whatever may
 * take long (verifying, SASL, opening a maildrop, looking for a message that
 * another program moved, UPDATE) runs on the threads of libuv's pool, so that
 * no client waits for another's disk. On the loop messages are opened by the
 * name that is known, and read in pieces.
 */
#ifndef POP3_SERVE_H
#define POP3_SERVE_H

#include "authority.h"
#include "double.h"
#include "error.h"
#include "client_limits.h"
#include "maildrop.h"
#include "notify.h"
#include "policies.h"
#include "switches.h"
#include "tls_context.h"

#include <stdint.h>

#define LISTENERS_MAX 8

enum listen_tls {
	LISTEN_EITHER,	 /* STLS is offered when there is a certificate */
	LISTEN_CLEAR,	 /* no TLS */
	LISTEN_STLS,	 /* STLS is offered (RFC 2595) */
	LISTEN_IMPLICIT, /* TLS from the first octet on (RFC 8314) */
};

struct listen_config {
	const char *address; /* IPv4 or IPv6, in numbers */
	uint16_t port;	     /* 0: a free one */
	enum listen_tls tls;
};

/*
 * Where passwords are taken without TLS. What this machine says to itself
 * nobody else hears; beyond it that is to be asked for (RFC 5034 section 4).
 */
enum clear_passwords { CLEAR_FROM_HERE, CLEAR_NEVER, CLEAR_ALWAYS };

struct serve_config {
	struct listen_config listeners[LISTENERS_MAX];
	size_t listeners_count;
	const char *host;	/* see apop_host_allowed() */
	uint64_t autologout;	/* ms; 0 is never */
	size_t max_connections; /* further ones are refused */
	struct client_limits limits;
	struct log *log;
	const struct notify *notify; /* who wants to know how far it is */
	bool log_any_name; /* also names that are no user's */
	struct policies policies;
	struct switches switches;
	struct doubles doubles; /* the caller's */
	struct maildrop_store *store;
	struct authority *authority; /* at first */
	struct tls_context *tls; /* NULL: no STLS, and no listener with TLS */
	struct authority_files who; /* that are read anew */
	struct tls_files certificates;
	enum clear_passwords clear_passwords;
};

struct server;

/*
 * Listen. From now on SIGTERM and SIGINT end server_run(), a second one of them
 * the process; SIGHUP has users, tokens and certificates read anew, by the
 * names that they have in config, SIGPIPE and SIGXFSZ are ignored. Borrows
 * config and what it points to until server_free(). Returns owned, or NULL and
 * e.
 */
struct server *server_new(const struct serve_config *config, struct error *e);

/* Where its listener i is: "127.0.0.1:1110", "[::1]:1110". Borrowed. */
const char *server_place(const struct server *s, size_t i);

/*
 * Serve until a signal ends it. Then no connection is open and no work is
 * under way: sessions were closed without UPDATE, unless it had begun.
 */
void server_run(struct server *s);

/* NULL is no server. One that never ran is closed. */
void server_free(struct server *s);

#endif
