/* SPDX-License-Identifier: MIT */
/* The reports that were asked for: can they all be had? */
#ifndef HARNESS_REPORT_WISHES_H
#define HARNESS_REPORT_WISHES_H

#include "options.h"

/*
 * Returns 0, or -1 and e: a format that there is not, or two reports of which
 * one would replace the other, or be mixed with it. Nothing is opened.
 */
int report_wishes_check(const struct run_options *o, struct error *e);

/*
 * The same for a run, which prints its report as text unless some report goes to
 * standard output.
 */
int report_wishes_check_run(const struct run_options *o, struct error *e);

/* Whether one of them goes to standard output. */
bool report_wishes_standard_output(const struct run_options *o);

#endif
