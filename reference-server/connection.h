/* SPDX-License-Identifier: MIT */
/*
 * One client's connection: carries octets between a socket and a session, does
 * what the session wants, and keeps the session's time. A part of serve.c.
 *
 * The client is read only while the session waits for input and has taken all
 * that came, and one piece of output is under way at a time: a client that
 * sends without reading holds a few KiB, and one that reads a message slowly as
 * much of it as is written at once.
 */
#ifndef POP3_CONNECTION_H
#define POP3_CONNECTION_H

#include "apop.h"
#include "logins.h"
#include "places.h"
#include "serve.h"
#include "tls_facts.h"
#include "transport.h"

struct connection;

/* All connections of a server. */
struct connections {
	uv_loop_t *loop;
	const struct serve_config *config;
	struct authority *authority; /* the newest; held */
	bool apop; /* greetings have a timestamp */
	struct connection *first;
	size_t count;
	struct places *places; /* that clients come from */
	struct logins logins; /* that LOGIN-DELAY counts from */
	uint64_t serial; /* how many sessions there ever were */
	uint64_t ids;	 /* and how many connections */
	char earlier[APOP_TIMESTAMP_ROOM]; /* the timestamp of the last */
	struct transport_room room;
};

/* What a session borrows. */
struct session_texts {
	char timestamp[APOP_TIMESTAMP_ROOM];
	char mechanisms[SASL_MECHANISMS]; /* they change with TLS, and when
					     files are read anew */
};

/*
 * A new session, for which texts are written; it borrows them, and tls. Without
 * TLS clear_passwords says whether it takes passwords. Returns owned, or NULL
 * without memory. A part of connection.c.
 */
struct session *connections_session(struct connections *all,
				    enum listen_tls listen_tls,
				    struct session_texts *texts,
				    const struct tls_facts *tls,
				    bool clear_passwords);

/* TLS has started below a session. A part of connection.c. */
void connections_secured(struct connections *all, struct session *s,
			 struct session_texts *texts,
			 const struct tls_facts *tls);

/*
 * There is another authority: what sessions offer from now on is what they can
 * keep. A list that stayed would send clients to what is gone.
 */
void connections_reoffer(struct connections *all);

/* How long a client may be silent: ms, or SESSION_NEVER. */
uint64_t connections_autologout(const struct connections *all);

/*
 * Take the connection that waits at listener, and greet it, with the TLS it has;
 * or refuse it when there are too many. It frees itself when it ends.
 */
void connection_accept(struct connections *all, uv_stream_t *listener,
		       enum listen_tls tls);

/*
 * End all of them now: no UPDATE, but one that has begun is finished. They are
 * gone when the loop has nothing left to do.
 */
void connections_close(struct connections *all);

#endif
