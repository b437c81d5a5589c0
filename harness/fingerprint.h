/* SPDX-License-Identifier: MIT */
/*
 * How somebody's mail stands in a report: nothing of it but how long it is, and
 * its SHA-256, by which its owner knows it.
 */
#ifndef JUDGE_FINGERPRINT_H
#define JUDGE_FINGERPRINT_H

#include "bytes.h"

#include <stdint.h>

/* All zeroes is that of nothing. */
struct fingerprint {
	struct evp_md_ctx_st *digest; /* owned, or NULL */
	uint64_t octets;
};

void fingerprint_add(struct fingerprint *f, struct slice octets);

/*
 * Append "1234 octets, SHA-256 ..." with 64 lower-case digits (without them for
 * no octets, or no memory). f is all zeroes then.
 */
void fingerprint_end(struct fingerprint *f, struct buf *to);

#endif
