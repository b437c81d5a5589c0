/* SPDX-License-Identifier: MIT */
/*
 * Base64 (RFC 4648 section 4) by the letter, as RFC 5034 section 4 wants it: an
 * octet outside the alphabet, a line end, a pad character anywhere but at the
 * end, one too many or too few, or bits behind the last octet that are not zero
 * (RFC 4648 section 3.5) make a text no base64 at all.
 */
#ifndef POP3_BASE64_H
#define POP3_BASE64_H

#include "bytes.h"

/* Octets that a text of len octets can stand for, at most. */
#define BASE64_DECODED(len) ((len) / 4 * 3)

/*
 * Decode text to the BASE64_DECODED() octets at to, which may be where the text
 * is. Returns false when it is no base64; what is at to is then not defined.
 */
bool base64_decode(struct slice text, char *to, size_t *len);

/* Add octets to b, encoded. */
void base64_encode(struct slice octets, struct buf *b);

#endif
