/* SPDX-License-Identifier: MIT */
#include "log_ring.h"

#include <string.h>

bool log_ring_put(struct log_ring *r, struct slice lines)
{
	size_t end = (r->first + r->len) % LOG_ROOM;
	struct slice before_end = slice_first(lines, LOG_ROOM - end);
	struct slice others = slice_from(lines, before_end.len);

	if (lines.len > LOG_ROOM - r->len)
		return false;
	memcpy(r->octets + end, before_end.ptr, before_end.len);
	if (others.len > 0) /* none has no place, either */
		memcpy(r->octets, others.ptr, others.len);
	r->len += lines.len;
	return true;
}

static size_t whole_lines(const struct log_ring *r)
{
	size_t len = r->len < LOG_PIECE ? r->len : LOG_PIECE;

	while (r->octets[(r->first + len - 1) % LOG_ROOM] != '\n')
		len--;
	return len;
}

size_t log_ring_take(struct log_ring *r, char *to)
{
	size_t len = whole_lines(r), to_end = LOG_ROOM - r->first;
	size_t before_end = len < to_end ? len : to_end;

	memcpy(to, r->octets + r->first, before_end);
	memcpy(to + before_end, r->octets, len - before_end);
	r->first = (r->first + len) % LOG_ROOM;
	r->len -= len;
	return len;
}
