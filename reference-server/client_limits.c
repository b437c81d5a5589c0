/* SPDX-License-Identifier: MIT */
#include "client_limits.h"

#define TOKEN 1000 /* at a rate of 1, one comes in so many ms */

uint64_t client_limits_delay(const struct client_limits *l, unsigned nth)
{
	uint64_t times = 1;

	while (nth-- > 1 && times < CLIENT_DELAY_MOST)
		times *= 2;
	return times * l->refusal_delay;
}

struct bucket bucket_full(unsigned rate, uint64_t now)
{
	return (struct bucket){ now, (uint64_t)rate * TOKEN };
}

/* What came in a second fills it, so longer pauses overflow nothing. */
size_t bucket_tokens(struct bucket *b, unsigned rate, uint64_t now)
{
	const uint64_t most = (uint64_t)rate * TOKEN;
	uint64_t pause = now - b->filled;

	b->filled = now;
	b->level += (pause < TOKEN ? pause : TOKEN) * rate;
	if (b->level > most)
		b->level = most;
	return (size_t)(b->level / TOKEN);
}

void bucket_take(struct bucket *b, size_t tokens)
{
	b->level -= tokens * TOKEN;
}

uint64_t bucket_wait(const struct bucket *b, unsigned rate)
{
	if (b->level >= TOKEN)
		return 0;
	return (TOKEN - b->level + rate - 1) / rate;
}

struct slice lines_first(struct slice octets, size_t lines)
{
	size_t end = 0;

	while (lines-- > 0 && end < octets.len) {
		struct slice rest = slice_from(octets, end);

		end += slice_find(rest, '\n') + 1;
	}
	return slice_first(octets, end);
}

size_t lines_count(struct slice octets)
{
	size_t lines = 0;

	for (size_t end; (end = slice_find(octets, '\n')) < octets.len; lines++)
		octets = slice_from(octets, end + 1);
	return lines;
}
