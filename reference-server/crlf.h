/* SPDX-License-Identifier: MIT */
/*
 * Stored octets to octets on the wire: each line end becomes CRLF, and a
 * message that does not end in one gets one (RFC 1939 sections 3 and 11). A
 * CRLF stays what it is; a CR elsewhere, also at the end, is an octet like any
 * other, so that nothing is lost. Byte-stuffing is not done here.
 */
#ifndef POP3_CRLF_H
#define POP3_CRLF_H

#include "bytes.h"

#include <stdint.h>

struct crlf {
	char last; /* the last octet that went out; '\n' before the first */
};

#define CRLF_START ((struct crlf){'\n'})

/*
 * Convert from the beginning of *from, which loses what was taken, to at most
 * room octets at to. Returns how many were written; 0 only when *from is empty
 * or room is 0. Pieces may be cut anywhere, in and out.
 */
size_t crlf_convert(struct crlf *c, struct slice *from, char *to, size_t room);

/* True when the octets so far end a line, or when there were none. */
bool crlf_ended(const struct crlf *c);

/*
 * How many octets crlf_convert() would make of all of these, and how many are
 * wanting behind the last of them to end the line.
 */
uint64_t crlf_size(struct crlf *c, struct slice from);
uint64_t crlf_missing_end(const struct crlf *c);

#endif
