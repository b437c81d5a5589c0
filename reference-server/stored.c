/* SPDX-License-Identifier: MIT */
#include "stored.h"

#include "crlf.h"

#include <stdio.h>
#include <stdlib.h>

/* The octets that RETR sends, but for a line end that is missing at the end. */
static void convert(struct stored *m, struct slice octets)
{
	struct crlf c = CRLF_START;
	char piece[4096];

	while (octets.len) {
		size_t n = crlf_convert(&c, &octets, piece, sizeof(piece));

		buf_add(&m->octets, slice_of(piece, n));
	}
	m->size = m->octets.len + crlf_missing_end(&c);
}

struct stored *stored_new(struct slice octets)
{
	struct stored *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->holders = 1;
	convert(m, octets);
	if (!m->octets.failed)
		return m;
	stored_release(m);
	return NULL;
}

void stored_name(struct stored *m, unsigned long name)
{
	m->name = name;
	snprintf(m->unique_id, sizeof(m->unique_id), "memory:%08lx", name);
}

void stored_release(struct stored *m)
{
	if (--m->holders)
		return;
	buf_free(&m->octets);
	free(m);
}
