/* SPDX-License-Identifier: MIT */
/*
 * What is known of a connection. For the files that are parts of connection.c
 * only: connection.c has its birth, time and end, connection_steps.c what is
 * done next, connection_jobs.c what a thread does for it, and
 * connection_session.c its session.
 */
#ifndef POP3_CONNECTION_STATE_H
#define POP3_CONNECTION_STATE_H

#include "address.h"
#include "connection.h"
#include "job.h"
#include "session.h"
#include "transport.h"

/*
 * Then others have their turn: each may cost as much as looking at all messages
 * of a large maildrop.
 */
#define LINES_A_TURN 16

/* One thing at a time, so that nobody calls a session that is busy. */
enum doing {
	WAITING,
	WRITING,
	WORKING,
	HOLDING, /* the answer to a failed login, until hold_until; also when
		    the client is gone, which is not looked for: as long it
		    counts as one of its place's, or who closes at once and
		    comes again would be spared the wait */
	LEAVING,
};

struct connection {
	struct connections *all;
	struct connection *previous, *next;
	struct transport transport;
	uv_timer_t timer;
	int handles; /* those that are not closed yet */

	struct address from;
	enum listen_tls tls; /* of its listener */
	bool entered; /* it counts as one of its place's */
	bool limited; /* the limits of a place and a client are for it */

	struct session *session; /* NULL before TLS, and when it ended */
	struct session_texts texts;
	enum doing doing;
	bool closing;	/* the socket is gone; work may still be under way */
	bool told;	/* the session knows that the client sends no more */
	bool securing;	/* a TLS handshake is under way */
	bool logged_in; /* once; it is over when it ends */
	bool resting;	/* what came is not read yet: too many commands */
	size_t turn;	/* lines that were read in this turn of the loop */
	const char *dismissed; /* why what is said now is the last, or NULL */
	uint64_t secure_by, login_by, hold_until;
	unsigned failures; /* logins */
	uint64_t id, born; /* for the log, and all of these: */
	uint64_t lines;	   /* that the client said */
	char user[USER_NAME_MAX + 1]; /* who logged in, or "" */
	bool admitted;		      /* not refused at once */
	const char *why; /* it ended; NULL: it did not */
	struct bucket commands;
	size_t written; /* by the write under way */
	struct job job;
};

static inline uint64_t connection_now(const struct connection *c)
{
	return uv_now(c->all->loop);
}

static inline const struct client_limits *
connection_limits(const struct connection *c)
{
	return &c->all->config->limits;
}

/* Time passes for the session, if there is one. */
void connection_tick(struct connection *c);

/* Does all that can be done now, and sets the timer to what is next. */
void connection_proceed(struct connection *c);
void connection_set_timer(struct connection *c);

/* Begins: with a session, or with TLS. Returns false when it is closed. */
bool connection_begin(struct connection *c);

/* What was to be written is. */
void connection_wrote(struct connection *c);

/*
 * What the session wants, by a thread of the pool. Returns true when that is
 * done already.
 */
bool connection_start_job(struct connection *c);

/* What was held is answered now. */
void connection_answer(struct connection *c);

/*
 * Ends the session, and waits a little for the client to close. Of all the
 * reasons for an end the first is told; it is borrowed for ever.
 */
void connection_leave(struct connection *c, const char *why);

/*
 * Close it at once. Work that has not begun is called off; what has begun is
 * waited for.
 */
void connection_close(struct connection *c, const char *why);

/* Frees c once neither the loop nor a thread knows it any more. */
void connection_forget(struct connection *c);

#endif
