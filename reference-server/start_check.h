/* SPDX-License-Identifier: MIT */
/*
 * What a start and --check-config look at beside what is read: the log, the
 * ports, and what the server can reach once it is who it shall be. Nothing is
 * changed. A part of start.c.
 */
#ifndef POP3_START_CHECK_H
#define POP3_START_CHECK_H

#include "options.h"

enum ports_in_use { PORTS_MAY_BE_OURS, PORTS_ARE_OTHERS };

/* Whether log_new() could open the log. Tells c. */
void start_check_log(struct options *o, struct complaints *c);

/*
 * Whether the ports are free. One that is in use is a warning when the server
 * whose settings these are may run.
 */
void start_check_ports(const struct options *o, enum ports_in_use in_use,
		       struct complaints *c, struct complaints *warnings);

/*
 * As this process is from now on: whether it reaches the mail root and can run
 * the command of --oauth-command; else tells c. Warns of what it cannot read
 * or open again at SIGHUP, and, where users is not NULL, of maildrops that it
 * cannot use: --check-config looks at all, a start for a second.
 */
void start_check_reach(struct options *o, const struct users *users,
		       struct complaints *c, struct complaints *warnings);

#endif
