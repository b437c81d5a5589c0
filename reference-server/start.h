/* SPDX-License-Identifier: MIT */
/*
 * From options to a server that runs: read what it needs, listen, become who it
 * shall be, and only then serve. A part of main.c.
 */
#ifndef POP3_START_H
#define POP3_START_H

#include "options.h"

/*
 * Serve until a signal comes. Returns 0, or -1 and tells c all that is wrong
 * at once. What may be wrong is told to warnings, and on standard error before
 * it serves: then nothing is left there.
 */
int start_serving(struct options *o, struct complaints *c,
		  struct complaints *warnings);

/*
 * Do the same, but listen and serve; ports are tried. One that is in use is
 * only warned of, for the server whose settings these are may run. What is not
 * set, as it is missing or wrong, is not looked at. The process may be somebody
 * else afterwards.
 */
int start_checking(struct options *o, struct complaints *c,
		   struct complaints *warnings);

#endif
