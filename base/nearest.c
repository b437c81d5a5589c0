/* SPDX-License-Identifier: MIT */
#include "nearest.h"

#include <string.h>

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* How many octets to insert, drop or replace to make b of a. */
static size_t edits(const char *a, const char *b)
{
	size_t row[NEAREST_MAX + 1];
	size_t width = strlen(b);

	for (size_t j = 0; j <= width; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			size_t up = row[j];

			row[j] = least(up + 1, row[j - 1] + 1,
				       corner + (a[i - 1] != b[j - 1]));
			corner = up;
		}
	}
	return row[width];
}

void nearest_offer(struct nearest *n, const char *known)
{
	size_t wrong = strlen(n->wrong), len = strlen(known), needed;

	if (wrong > NEAREST_MAX || len > NEAREST_MAX)
		return;
	needed = edits(n->wrong, known);
	if (needed > wrong / 3 + 1 || needed >= len ||
	    (n->best && needed >= n->edits))
		return;
	n->best = known;
	n->edits = needed;
}
