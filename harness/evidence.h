/* SPDX-License-Identifier: MIT */
/*
 * The octets that prove a fault within a reply: those before it, and itself. Of
 * a reply of any length, and however it was cut into pieces.
 */
#ifndef JUDGE_EVIDENCE_H
#define JUDGE_EVIDENCE_H

#include "reply.h"

#define EVIDENCE_OCTETS 32

/* All zeroes before a reply. */
struct evidence {
	char tail[EVIDENCE_OCTETS]; /* how the reply ends, so far */
	size_t tail_len;
	char fault[EVIDENCE_OCTETS]; /* up to the first fault of its body */
	size_t fault_len;
};

/* octets were read behind the first start octets of r, and r knows of them. */
void evidence_add(struct evidence *e, const struct reply *r, uint64_t start,
		  struct slice octets);

struct slice evidence_tail(const struct evidence *e);
struct slice evidence_fault(const struct evidence *e);

#endif
