/* SPDX-License-Identifier: MIT */
/* How often each of some names came: reasons of skips, folders of passes. */
#ifndef REPORTS_COUNTER_H
#define REPORTS_COUNTER_H

#include "bytes.h"

struct json_t;

struct counter {
	struct json_t *names; /* owned; NULL until the first one */
	size_t total;
};

struct counted {
	const char *name; /* visible ASCII, borrowed from the counter */
	size_t count;
};

/* c begins as all zeroes. -1 without memory. */
int counter_add(struct counter *c, const char *name);

/*
 * Returns owned (free it) the names counted, the most frequent first, equal
 * ones in the order of the alphabet; NULL when there is none, or no memory.
 */
struct counted *counter_list(const struct counter *c, size_t *count);

void counter_free(struct counter *c); /* what it owns, not c itself */

#endif
