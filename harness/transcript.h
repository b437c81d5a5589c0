/* SPDX-License-Identifier: MIT */
/*
 * What was said, line by line, fit for a report: visible, secrets named, the
 * first 4 KiB of each body and its length.
 */
#ifndef JUDGE_TRANSCRIPT_H
#define JUDGE_TRANSCRIPT_H

#include "pattern.h"
#include "verdict.h"

#define TRANSCRIPT_KEPT 4096 /* octets of one body, and of one line */
#define TRANSCRIPT_LINES 2000

struct transcript {
	struct exchange *list;
	size_t count;
	size_t left_out; /* lines over TRANSCRIPT_LINES, the oldest */
	struct bindings *secrets; /* whose values are never shown, or NULL; a
				     login adds its digest */
	bool mute; /* keeps nothing: of a thousand commands nobody asked for */
	bool failed;
};

/*
 * Add octets that went one way as lines: who is 'C' or 'S', client 0 or 1, at
 * in ms since the scenario began. Secret values in them become {name}. total is
 * how many octets there were on the wire.
 */
void transcript_add(struct transcript *t, char who, unsigned client,
		    uint64_t at, struct slice octets, uint64_t total);

/* Add something that happened, in words: "the server closes". */
void transcript_note(struct transcript *t, unsigned client, uint64_t at,
		     const char *what);

/* Add a line that is visible already, and without secrets. */
void transcript_visible(struct transcript *t, char who, const char *text);

void transcript_clear(struct transcript *t);

#endif
