/* SPDX-License-Identifier: MIT */
/* The one way in which the shell waits: for a descriptor, a time, or Ctrl-C. */
#ifndef HARNESS_AWAIT_H
#define HARNESS_AWAIT_H

#include "cancel.h"

#include <stdint.h>

#define AWAIT_FOREVER UINT64_MAX

enum awaited { AWAIT_READY, AWAIT_TIMEOUT, AWAIT_CANCELLED };

/* Milliseconds of the clock that only goes forward. */
uint64_t await_now(void);

/*
 * Wait until fd has one of events (as poll() names them), the deadline on
 * await_now() passes, or c (may be NULL) is raised; a raised c wins. A deadline
 * in the past still looks once. *came, unless came is NULL, says which events.
 * With fd -1 it waits for the other two.
 */
enum awaited await_fd(int fd, short events, uint64_t deadline,
		      const struct cancel *c, short *came);

#endif
