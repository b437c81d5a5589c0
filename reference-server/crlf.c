/* SPDX-License-Identifier: MIT */
#include "crlf.h"

size_t crlf_convert(struct crlf *c, struct slice *from, char *to, size_t room)
{
	size_t n = 0;

	while (n < room && from->len > 0) {
		char octet = from->ptr[0];

		/* The LF is not taken yet: next time it follows its CR. */
		if (octet == '\n' && c->last != '\r')
			octet = '\r';
		else
			*from = slice_from(*from, 1);
		c->last = octet;
		to[n++] = octet;
	}
	return n;
}

bool crlf_ended(const struct crlf *c)
{
	return c->last == '\n';
}

uint64_t crlf_size(struct crlf *c, struct slice from)
{
	uint64_t size = from.len;

	while (from.len > 0) {
		size_t end = slice_find(from, '\n');

		if (end > 0)
			c->last = from.ptr[end - 1];
		if (end == from.len)
			break;
		size += c->last != '\r';
		c->last = '\n';
		from = slice_from(from, end + 1);
	}
	return size;
}

uint64_t crlf_missing_end(const struct crlf *c)
{
	return crlf_ended(c) ? 0 : 2;
}
