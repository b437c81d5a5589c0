/* SPDX-License-Identifier: MIT */
/* The end of a text report. */
#ifndef REPORTS_CLOSING_H
#define REPORTS_CLOSING_H

#include "page.h"
#include "verdict.h"

/*
 * Add the figures of the run, and the last line: how many breaches were found,
 * and how much of the register that says anything about. It never says that a
 * server is faultless: no test can.
 */
void closing_add(struct page *p, const struct run_summary *s);

#endif
