/* SPDX-License-Identifier: MIT */
/* The server of a target that we start, stop and reset ourselves. */
#ifndef HARNESS_SERVICE_H
#define HARNESS_SERVICE_H

#include "spawn.h"
#include "target.h"

struct service;

/*
 * Run the target's start (t->start is not NULL) in its directory and wait, for
 * the target's patience with connections and greetings, until it greets with
 * +OK. A port of 0 becomes a free one of 127.0.0.1, in t and as {port}; at any
 * other nobody may listen yet. A start may end with exit status 0, once the
 * server is in the background; stop, if there is one, is also run after a start
 * that failed. Borrows t until service_free(). Returns owned, or NULL and e,
 * with what it wrote last.
 */
struct service *service_start(struct target *t, const struct cancel *cancel,
			      struct error *e);

/* What start runs, for spawn_ended() and spawn_errors(). */
struct child *service_child(struct service *s);

/*
 * Run the target's stop, if it has one, wait some seconds for what ends because
 * of it, and end what start left in its process group. Its child can still be
 * looked at. Returns -1 and e when stop failed, or when after all that the
 * server still listens once the patience with closing is used up (a daemon
 * without a stop).
 */
int service_stop(struct service *s, struct error *e);

/* Frees s, and kills what was not stopped; NULL is fine. */
void service_free(struct service *s);

/*
 * Run one more command of the target (reset) to its end, {port} replaced.
 * Returns -1 and e unless its exit status is 0 within a minute.
 */
int service_run(const struct target *t, const char *command,
		const struct cancel *cancel, struct error *e);

/* A port of 127.0.0.1 on which nobody listens now, or 0 and e. */
unsigned service_free_port(struct error *e);

#endif
