/* SPDX-License-Identifier: MIT */
#ifndef SELFTEST_OUTCOMES_H
#define SELFTEST_OUTCOMES_H

#include "play.h"

/* The worst verdict of f from `from` on; NULL when there is none. */
const struct verdict *findings_worst(const struct findings *f, size_t from);

#endif
