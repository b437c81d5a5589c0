/* SPDX-License-Identifier: MIT */
/* All that is wrong at once, so that nobody has to mend one thing a start. */
#ifndef POP3_COMPLAINTS_H
#define POP3_COMPLAINTS_H

#include "bytes.h"
#include "error.h"

#define COMPLAINTS_KEPT 20 /* of more only the number is told */

/* All zeroes is none. */
struct complaints {
	struct error *list; /* owned, the first COMPLAINTS_KEPT */
	size_t count;	    /* all of them */
};

/*
 * Notes what is wrong, cut to fit and made visible. Returns -1. Where c is NULL
 * nobody wants to know, and that is all that it does.
 */
int complaints_add(struct complaints *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The ith of those that are kept. */
const char *complaints_text(const struct complaints *c, size_t i);

/*
 * A line each, to standard error, after the name of the program and what, which
 * is "" or "warning: ".
 */
void complaints_tell(const struct complaints *c, const char *what);

void complaints_free(struct complaints *c);

#endif
