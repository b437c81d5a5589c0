/* SPDX-License-Identifier: MIT */
#ifndef HARNESS_PROMPT_H
#define HARNESS_PROMPT_H

#include "cancel.h"

#define PROMPT_LIMIT 1024 /* octets of an answer */

/*
 * Ask question at the terminal tty and read a line of at most PROMPT_LIMIT
 * octets, which the terminal does not show. The terminal is left as it
 * was, also when the run is cancelled. Returns 0 and the owned answer, without
 * its line end, in *answer; or -1 and e.
 */
int prompt_secret(int tty, const char *question, const struct cancel *cancel,
		  char **answer, struct error *e);

#endif
