/* SPDX-License-Identifier: MIT */
/*
 * What goes wrong between a session and its socket when a defect is on. No
 * session in memory can show it.
 */
#ifndef POP3_CONNECTION_DEFECTS_H
#define POP3_CONNECTION_DEFECTS_H

#include "bytes.h"
#include "switches.h"

#include <time.h>

/* How much of len octets is really written; the rest counts as written, too. */
size_t defect_written(const struct switches *on, size_t len);

/* How many lines are fed at once, which should be that many at most. */
size_t defect_lines(const struct switches *on, size_t lines);

/* True when input that waited until output was written is lost. */
bool defect_loses_input(const struct switches *on);

/* An error was read, which is not the end of input. */
void defect_read_error(const struct switches *on);

/*
 * Write another timestamp over that of room octets at to: as RFC 1939 section 7
 * suggests it, of process and clock, which is not enough for one process.
 */
void defect_timestamp(const struct switches *on, char *to, size_t room,
		      const char *host, time_t now);

#endif
