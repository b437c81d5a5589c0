/* SPDX-License-Identifier: MIT */
#include "decimal.h"

bool decimal_read(struct slice digits, uint64_t *value)
{
	uint64_t n = 0;

	if (!digits.len)
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		uint64_t d = (uint64_t)slice_at(digits, i) - '0';

		if (d > 9 || n > (UINT64_MAX - d) / 10)
			return false;
		n = n * 10 + d;
	}
	*value = n;
	return true;
}

bool decimal_is(struct slice digits)
{
	size_t n = 0;

	while (n < digits.len && digits.ptr[n] >= '0' && digits.ptr[n] <= '9')
		n++;
	return n && n == digits.len;
}

struct slice decimal_shortest(struct slice digits)
{
	while (digits.len > 1 && digits.ptr[0] == '0')
		digits = slice_from(digits, 1);
	return digits;
}
