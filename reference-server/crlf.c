/* SPDX-License-Identifier: MIT */
#include "crlf.h"

#include <string.h>

/*
 * The first of *from as it goes out, at most room octets: a run without LF, or
 * one of the two that end a line.
 */
static size_t convert_run(struct crlf *c, struct slice *from, char *to,
			  size_t room)
{
	size_t run = slice_find(slice_first(*from, room), '\n');

	if (run == 0) {
		/* The LF is not taken yet: next time it follows its CR. */
		c->last = *to = c->last == '\r' ? '\n' : '\r';
		*from = slice_from(*from, *to == '\n');
		return 1;
	}
	memcpy(to, from->ptr, run);
	c->last = to[run - 1];
	*from = slice_from(*from, run);
	return run;
}

size_t crlf_convert(struct crlf *c, struct slice *from, char *to, size_t room)
{
	size_t n = 0;

	while (n < room && from->len > 0)
		n += convert_run(c, from, to + n, room - n);
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
