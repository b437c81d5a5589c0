/* SPDX-License-Identifier: MIT */
#include "plain.h"

static bool printable(unsigned char c)
{
	return c >= 0x20 && c <= 0x7e;
}

void plain_add(struct buf *to, const char *text)
{
	struct slice s = slice_str(text);

	for (size_t i = 0; i < s.len; i++) {
		if (printable(slice_at(s, i)))
			buf_add_char(to, s.ptr[i]);
		else
			buf_printf(to, "{0x%02X}", slice_at(s, i));
	}
}
