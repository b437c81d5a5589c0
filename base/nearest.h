/* SPDX-License-Identifier: MIT */
/* Which of the words that are known was meant by one that is not. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

#define NEAREST_MAX 40 /* octets; longer words are not compared */

/*
 * Start with all zeroes but wrong, offer each word that is known, and take
 * best: the word that fewest octets make of the wrong one (inserted, dropped or
 * replaced), the first of several; NULL when that would be more than a third of
 * it, and one. Borrows the words.
 */
struct nearest {
	const char *wrong;
	const char *best;
	size_t edits; /* that best needs */
};

void nearest_offer(struct nearest *n, const char *known);

#endif
