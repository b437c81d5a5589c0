/* SPDX-License-Identifier: MIT */
/*
 * Lines that wait to be written to a log: as many as there is room for, in the
 * order in which they came. A part of log.c, which locks it.
 */
#ifndef POP3_LOG_RING_H
#define POP3_LOG_RING_H

#include "log.h"

#define LOG_PIECE 4096 /* a pipe that takes anything takes that (PIPE_BUF) */

/* All zeroes: nothing waits. */
struct log_ring {
	char octets[LOG_ROOM];
	size_t first, len;
};

/* Lines with their ends. Returns false, and they are lost, without room. */
bool log_ring_put(struct log_ring *r, struct slice lines);

/*
 * Takes the lines that waited longest, as many as are LOG_PIECE octets at most,
 * which to has room for. There must be some. Returns how many octets.
 */
size_t log_ring_take(struct log_ring *r, char *to);

#endif
