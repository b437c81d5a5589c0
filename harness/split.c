/* SPDX-License-Identifier: MIT */
#include "split.h"

const char *split_name(enum split how)
{
	static const char *const names[] = { "none", "random", "every-octet" };

	return how <= SPLIT_EVERY_OCTET ? names[how] : "none";
}

/* xorshift64 */
static uint64_t next_random(uint64_t *state)
{
	uint64_t x = *state ? *state : 0x9e3779b97f4a7c15u;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

size_t split_next(enum split how, uint64_t *random, size_t left)
{
	switch (how) {
	case SPLIT_EVERY_OCTET:
		return 1;
	case SPLIT_RANDOM:
		return 1 + (size_t)(next_random(random) % left);
	default:
		return left;
	}
}
