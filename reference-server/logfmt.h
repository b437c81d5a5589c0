/* SPDX-License-Identifier: MIT */
/*
 * A line of a log that people and programs read:
 *
 *	time=2026-11-26T14:42:00.123Z event=login id=7 user=al messages=2
 *
 * Values that have more in them than printable ASCII without spaces, quotes,
 * equals signs and backslashes stand in quotes; what could move a terminal's
 * cursor, or end a line, is \n, \r, \t or \xHH. Nothing is allocated.
 */
#ifndef POP3_LOGFMT_H
#define POP3_LOGFMT_H

#include "bytes.h"

#include <stdint.h>
#include <time.h>

#define LOGFMT_LINE 2048 /* octets; what has no room is left out */
#define LOGFMT_VALUE 200 /* octets of a value, before \xHH; then "..." */

struct logfmt {
	char text[LOGFMT_LINE]; /* len octets; no line end, no NUL */
	size_t len;
};

/* A new line; at is since 1970, in UTC. */
struct logfmt logfmt_line(struct timespec at, const char *event);

/* Keys are words. */
void logfmt_text(struct logfmt *l, const char *key, struct slice value);
void logfmt_number(struct logfmt *l, const char *key, uint64_t value);

/* In seconds, with three digits behind the point. */
void logfmt_ms(struct logfmt *l, const char *key, uint64_t ms);

#endif
