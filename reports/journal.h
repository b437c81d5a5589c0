/* SPDX-License-Identifier: MIT */
/* The lines of a journal, from a file that anybody may have written. */
#ifndef REPORTS_JOURNAL_H
#define REPORTS_JOURNAL_H

#include "error.h"

#include <jansson.h>

struct journal;

enum journal_line {
	JOURNAL_LINE,  /* one more object */
	JOURNAL_END,   /* there is no more */
	JOURNAL_CUT,   /* no more but the beginning of a line */
	JOURNAL_WRONG, /* e says what and where */
};

/* Returns owned, or NULL and e. */
struct journal *journal_open(const char *path, struct error *e);

/*
 * Read the next line. At JOURNAL_LINE *object is new. A last line without its
 * end counts when it is whole. Memory: as much as the longest line takes, and
 * a line over JOURNAL_LINE_MAX octets is wrong.
 */
enum journal_line journal_next(struct journal *j, json_t **object,
			       struct error *e);

#define JOURNAL_LINE_MAX (64 << 20)

/* Put "path:line: " of the line read last in front of e. Returns -1. */
int journal_wrong(const struct journal *j, struct error *e);

void journal_free(struct journal *j);

#endif
