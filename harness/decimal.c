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
