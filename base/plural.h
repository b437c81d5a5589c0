/* SPDX-License-Identifier: MIT */
/* Numbers in what a person reads. */
#ifndef BASE_PLURAL_H
#define BASE_PLURAL_H

#include <stdint.h>

/* What makes a regular noun agree with n: "1 line", "0 lines", "2 lines". */
static inline const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

#endif
