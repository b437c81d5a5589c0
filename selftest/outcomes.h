/* SPDX-License-Identifier: MIT */
#ifndef SELFTEST_OUTCOMES_H
#define SELFTEST_OUTCOMES_H

#include "play.h"

/* How bad an outcome is: a pass is 0, a breach 4. */
int outcome_weight(enum outcome o);

/* The worst verdict of f from `from` on; NULL when there is none. */
const struct verdict *findings_worst(const struct findings *f, size_t from);

#endif
