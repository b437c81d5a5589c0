/* SPDX-License-Identifier: MIT */
#ifndef SELFTEST_FIGURES_H
#define SELFTEST_FIGURES_H

#include "matrix.h"

/*
 * Print of a whole matrix how many of its scenarios and universal checks were
 * seen to FAIL on some defect, how many to warn at most, and which kill
 * nothing; and how many defects there are of each class, and how many subtle.
 */
void figures_print(const struct matrix *m);

#endif
