/* SPDX-License-Identifier: MIT */
/*
 * The wish to end the run, raised by a signal handler or another thread. Every
 * wait of the shell watches it, so that Ctrl-C ends them all at once.
 */
#ifndef HARNESS_CANCEL_H
#define HARNESS_CANCEL_H

#include "error.h"

#include <stdbool.h>

struct cancel {
	int fd; /* readable from cancel_raise() on, for good */
};

int cancel_open(struct cancel *c, struct error *e);
void cancel_close(struct cancel *c);

/* Safe in a signal handler, keeps errno, and may be called twice. */
void cancel_raise(const struct cancel *c);

/* For both, c may be NULL: then nothing is ever cancelled. */
bool cancel_raised(const struct cancel *c);
int cancel_fd(const struct cancel *c); /* for poll(); -1 when c is NULL */

#endif
