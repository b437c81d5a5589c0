/* SPDX-License-Identifier: MIT */
/* Whether a shell command can be run at all. */
#ifndef POP3_RUNNABLE_H
#define POP3_RUNNABLE_H

#include "error.h"

/*
 * Look at the first word of the command, as this process is now: whether it is
 * a file that it may execute, or else one that the shell knows; runs nothing of
 * it. Returns 0, or -1 and e. A word with quotes, or anything else that the
 * shell has yet to make another word of, is not looked at, nor what follows a
 * redirection.
 */
int runnable_check(const char *command, struct error *e);

#endif
