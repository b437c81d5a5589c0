/* SPDX-License-Identifier: MIT */
/*
 * What a session wants and what may take long: done on a thread of libuv's
 * pool, so that no client waits for another's disk. A part of connection.c.
 */
#ifndef POP3_JOB_H
#define POP3_JOB_H

#include "sasl.h"
#include "serve.h"
#include "session.h"
#include "user_name.h"

#include <uv.h>

/* Nobody touches it, or its session, from job_start() until done(). */
struct job {
	uv_work_t work;
	const struct serve_config *config;
	struct session *session;
	const struct tls_facts *tls; /* below it; NULL: none */
	enum want want;
	bool opens; /* with credentials that are right the maildrop is opened,
		       too, which the session will ask for next: one hop to a
		       thread instead of two */
	void (*done)(struct job *j, bool fine);
	void *owner; /* for done() */
	struct authority *authority;	/* asked by this job, and by the
					   exchange; held */
	struct sasl_exchange *exchange; /* of the job before: open, or
					   cancelled; owned */

	/* What the thread answers. */
	bool right; /* the credentials, or the way to the message */
	bool opened; /* how it went stands here, but was not asked for yet */
	enum maildrop_opened how;
	struct maildrop *maildrop; /* owned */
	size_t still_there;
	struct sasl_answer sasl;
	struct error error;

	/* For the log: */
	char user[USER_NAME_MAX + 1]; /* whose login it was; "": nobody's */
	size_t messages, marked;      /* in the maildrop, before UPDATE */
	uint64_t octets;	      /* in all messages */
};

/*
 * The next job may begin an exchange, or ask who may log in: by current from
 * now on, unless it goes on with the exchange of the job before. On the loop.
 */
void job_take_authority(struct job *j, struct authority *current);

/*
 * Do what session_want() names. done() is called on the loop; fine is false
 * when it was called off. Borrows j, with what is above the answers filled in.
 * Returns -1 when it cannot be started.
 */
int job_start(struct job *j, uv_loop_t *loop);

/*
 * Do what session_want() names now, when that takes no time: a maildrop is open
 * already, or nothing is marked that UPDATE would remove. Returns false when it
 * is not so.
 */
bool job_at_once(struct job *j);

/* True when it was a login whose credentials are wrong; once for each. */
bool job_login_failed(const struct job *j);

/* True when it was one that we could not judge: error says why. */
bool job_login_in_trouble(const struct job *j);

/* Call it off, when it has not begun. */
void job_cancel(struct job *j);

/* Tell the session. Only when it went fine. */
void job_answer(struct job *j);

/* The maildrop that was opened is not wanted after all: it is closed. */
void job_drop(struct job *j);

/* No other follows. Only when none is under way. */
void job_end(struct job *j);

#endif
