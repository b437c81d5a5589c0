/* SPDX-License-Identifier: MIT */
#include "pattern_nearest.h"

#include <string.h>

#define LONGEST 40 /* octets of a word that is worth a hint */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Mistakes between a and b (optimal string alignment, one row a time). */
static size_t mistakes(struct slice a, struct slice b)
{
	size_t rows[3][LONGEST + 1] = {0};

	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i - 1) % 3];
		const size_t *higher = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = lower(a.ptr[i - 1]), y = lower(b.ptr[j - 1]);

			row[j] = least(least(above[j], row[j - 1]) + 1,
				       above[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b.ptr[j - 2]) &&
			    y == lower(a.ptr[i - 2]))
				row[j] = least(row[j], higher[j - 2] + 1);
		}
	}
	return rows[a.len % 3][b.len];
}

static size_t allowed(size_t len)
{
	if (len <= 3)
		return 0;
	return len < 8 ? 1 : 2;
}

const char *nearest_word(struct slice word, const char *const *words)
{
	const char *best = NULL;
	size_t best_mistakes = 0;

	for (; word.len <= LONGEST && *words; words++) {
		size_t len = strlen(*words), n;

		if (len > LONGEST)
			continue;
		n = mistakes(word, slice_str(*words));
		if (n > allowed(len) || (best && n >= best_mistakes))
			continue;
		best = *words;
		best_mistakes = n;
	}
	return best;
}
