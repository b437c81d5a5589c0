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
 * at once.
 */
int start_serving(struct options *o, struct complaints *c);

/*
 * Do the same, but listen and serve; ports are tried. One that is in use is
 * only warned of, for the server whose settings these are may run. The process
 * may be somebody else afterwards.
 */
int start_checking(struct options *o, struct complaints *c);

#endif
