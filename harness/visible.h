/* SPDX-License-Identifier: MIT */
/*
 * Octets as the notation writes them, so that what a report shows can be
 * pasted into a scenario: visible ASCII and space stand for themselves, the
 * rest is named: {CRLF} {CR} {LF} {NUL} {0xFF} and {{ for an opening brace. A
 * JSON string needs its own escapes of " and \ on top.
 */
#ifndef JUDGE_VISIBLE_H
#define JUDGE_VISIBLE_H

#include "bytes.h"

void visible_add(struct buf *to, struct slice octets);

/* Returns owned, or NULL without memory. */
char *visible(struct slice octets);

#endif
