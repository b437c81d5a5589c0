/* SPDX-License-Identifier: MIT */
#include "visible.h"

static void add_octet(struct buf *to, unsigned char c)
{
	switch (c) {
	case '\r':
		buf_add_str(to, "{CR}");
		break;
	case '\n':
		buf_add_str(to, "{LF}");
		break;
	case '\0':
		buf_add_str(to, "{NUL}");
		break;
	case '{':
		buf_add_str(to, "{{");
		break;
	default:
		if (c >= ' ' && c <= '~')
			buf_add_char(to, (char)c);
		else
			buf_printf(to, "{0x%02X}", c);
	}
}

void visible_add(struct buf *to, struct slice octets)
{
	for (size_t i = 0; i < octets.len; i++) {
		if (slice_starts(slice_from(octets, i), "\r\n")) {
			buf_add_str(to, "{CRLF}");
			i++;
		} else {
			add_octet(to, slice_at(octets, i));
		}
	}
}

char *visible(struct slice octets)
{
	struct buf text = { 0 };

	visible_add(&text, octets);
	return buf_steal(&text);
}
