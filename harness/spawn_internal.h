/* SPDX-License-Identifier: MIT */
/* What the files spawn*.c share. */
#ifndef HARNESS_SPAWN_INTERNAL_H
#define HARNESS_SPAWN_INTERNAL_H

#include "spawn.h"

#include <pthread.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int pidfd; /* readable when it has ended */
	int out;   /* its standard output and error, our ends */
	int err;
	int news;  /* eventfd: something below changed */
	int leave; /* eventfd: the watcher shall return */
	pid_t keeper; /* kills its group when we die; 0: none */
	const char *place; /* that the keeper removes; NULL: none. Read when
			      it starts, and not later */
	int keeping;  /* our end of a pair: when it closes, we died */
	bool watched;
	pthread_t watcher;
	bool stopped;	      /* by us; reaped */
	pthread_mutex_t lock; /* for all below */
	struct buf said;      /* on standard output, from its beginning */
	struct buf errors;    /* on standard error, see spawn_errors() */
	bool sanitizer_spoke;
	bool ended;
	int code;   /* CLD_EXITED and others */
	int status; /* exit status or signal */
};

/*
 * Fork and execute argv with out and err as its standard output and error. Not
 * before its keeper is there does it begin, so that no moment is left in which
 * we could die and leave something behind. Sets c->pid and starts the keeper.
 * Returns 0, or -1 and e when it could not be executed: neither is left then.
 */
int spawn_execute(struct child *c, const char *const *argv,
		  const char *directory, int out, int err, struct error *e);

/*
 * From now to spawn_keeper_end(): when we die, however, what is left in the
 * process group of c is killed. Returns 0, or -1 and e.
 */
int spawn_keeper_start(struct child *c, struct error *e);
void spawn_keeper_end(struct child *c);

/* Read what it has written on standard error by now; call with c->lock held. */
void spawn_catch_up(struct child *c);

/* The watcher: reads out and err and notes the end, until leave is raised. */
void *spawn_watch(void *child);

#endif
