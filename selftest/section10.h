/* SPDX-License-Identifier: MIT */
#ifndef SELFTEST_SECTION10_H
#define SELFTEST_SECTION10_H

#include "library.h"

/*
 * Play the example session of RFC 1939 section 10 with its own host, timestamp,
 * secret and maildrop. Returns 0 when every line is the RFC's, 1 and a line on
 * standard output when not, -1 and e.
 */
int section10_play(const struct library *l, struct error *e);

#endif
