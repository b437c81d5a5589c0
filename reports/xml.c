/* SPDX-License-Identifier: MIT */
#include "xml.h"

#include "plain.h"

static void add_octet(struct buf *to, unsigned char c)
{
	switch (c) {
	case '&':
		buf_add_str(to, "&amp;");
		break;
	case '<':
		buf_add_str(to, "&lt;");
		break;
	case '>':
		buf_add_str(to, "&gt;");
		break;
	case '"':
		buf_add_str(to, "&quot;");
		break;
	default:
		buf_add_char(to, c == '\n' || (c >= ' ' && c <= '~') ? (char)c
								     : '?');
	}
}

void xml_page(struct buf *to, struct slice page)
{
	for (size_t i = 0; i < page.len; i++)
		add_octet(to, slice_at(page, i));
}

void xml_text(struct buf *to, const char *text)
{
	struct buf plain = { 0 };

	plain_add(&plain, text);
	xml_page(to, buf_slice(&plain));
	to->failed |= plain.failed;
	buf_free(&plain);
}

void xml_attribute(struct buf *to, const char *name, const char *value)
{
	buf_printf(to, " %s=\"", name);
	xml_text(to, value);
	buf_add_char(to, '"');
}
