/* SPDX-License-Identifier: MIT */
/* What the RFCs say, and which scenarios look at it. */
#ifndef HARNESS_COVERAGE_H
#define HARNESS_COVERAGE_H

#include "library.h"

/* To standard output: one requirement a line. */
void requirements_print(const struct library *l);

/* To standard output: what judges each requirement, and sums. */
void coverage_print(const struct library *l);

#endif
