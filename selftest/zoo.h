/* SPDX-License-Identifier: MIT */
/*
 * The zoo: servers that are odd but legal. Nothing may fail on any of them;
 * warnings are allowed where their row says so.
 */
#ifndef SELFTEST_ZOO_H
#define SELFTEST_ZOO_H

#include "library.h"

/* Play every scenario on every animal. Returns 1 after a false alarm, -1 and e. */
int zoo_play(const struct library *l, struct error *e);

/*
 * Play every scenario on the server that is right, in one segment, in random
 * pieces and octet by octet: the verdicts must be the same.
 */
int splits_play(const struct library *l, struct error *e);

#endif
