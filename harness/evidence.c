/* SPDX-License-Identifier: MIT */
#include "evidence.h"

#include <string.h>

/* The last octets of what tail holds and what follows it. */
static void follow(char *tail, size_t *len, struct slice octets)
{
	size_t kept;

	if (octets.len > EVIDENCE_OCTETS)
		octets = slice_from(octets, octets.len - EVIDENCE_OCTETS);
	if (!octets.len)
		return;
	kept = EVIDENCE_OCTETS - octets.len;
	kept = kept < *len ? kept : *len;
	memmove(tail, tail + *len - kept, kept);
	memcpy(tail + kept, octets.ptr, octets.len);
	*len = kept + octets.len;
}

/* A fault may lie at the end of the octets before: it was held until now. */
void evidence_add(struct evidence *e, const struct reply *r, uint64_t start,
		  struct slice octets)
{
	if (r->fault_at && r->fault_at >= start && !e->fault_len) {
		memcpy(e->fault, e->tail, e->tail_len);
		e->fault_len = e->tail_len;
		follow(e->fault, &e->fault_len,
		       slice_first(octets, (size_t)(r->fault_at - start)));
	}
	follow(e->tail, &e->tail_len, octets);
}

struct slice evidence_tail(const struct evidence *e)
{
	return slice_of(e->tail, e->tail_len);
}

struct slice evidence_fault(const struct evidence *e)
{
	return slice_of(e->fault, e->fault_len);
}
