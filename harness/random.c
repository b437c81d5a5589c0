/* SPDX-License-Identifier: MIT */
#include "random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

int random_hex(char *to, size_t octets, struct error *e)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[RANDOM_LIMIT];

	if (octets > sizeof(raw))
		return error_set(e, "random: at most %d octets", RANDOM_LIMIT);
	if (getrandom(raw, octets, 0) != (ssize_t)octets)
		return error_set(e, "random: %s", strerror(errno));
	for (size_t i = 0; i < octets; i++) {
		*to++ = digits[raw[i] >> 4];
		*to++ = digits[raw[i] & 15];
	}
	*to = '\0';
	return 0;
}
