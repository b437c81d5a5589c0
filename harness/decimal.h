/* SPDX-License-Identifier: MIT */
#ifndef JUDGE_DECIMAL_H
#define JUDGE_DECIMAL_H

#include "bytes.h"

#include <stdint.h>

/*
 * A number as POP3 writes it: decimal digits and nothing else (RFC 1939
 * section 4). False for anything else, and above UINT64_MAX.
 */
bool decimal_read(struct slice digits, uint64_t *value);

/* Nothing but digits, of a number of any size. */
bool decimal_is(struct slice digits);

/* The digits without leading zeros, but for the one of zero itself. */
struct slice decimal_shortest(struct slice digits);

#endif
