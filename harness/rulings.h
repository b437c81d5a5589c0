/* SPDX-License-Identifier: MIT */
/*
 * docs/rulings.md, as far as a person at a terminal needs it: of each ruling
 * the question, and what we hold.
 */
#ifndef HARNESS_RULINGS_H
#define HARNESS_RULINGS_H

#include "bytes.h"

#define RULINGS_LIMIT ((size_t)1 << 20)

struct rulings {
	struct buf text; /* of the file; empty when there is none */
};

/* What stands in docs beside the directory of scenarios; none is no error. */
void rulings_load(struct rulings *r, const char *scenarios);
void rulings_free(struct rulings *r);

/* Borrowed from r; false when there is no ruling of that number ("C10"). */
bool rulings_question(const struct rulings *r, const char *number,
		      struct slice *question);

/* Append the paragraph behind "We hold." on one line, without its markup. */
void rulings_held(const struct rulings *r, const char *number, struct buf *to);

#endif
