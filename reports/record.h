/* SPDX-License-Identifier: MIT */
/* One verdict, as a person reads it. */
#ifndef REPORTS_RECORD_H
#define REPORTS_RECORD_H

#include "page.h"
#include "verdict.h"

/*
 * Add the verdict: the outcome and where it was seen, the rule with its clause,
 * what was expected and what came, the dialogue, and what a crashed server had
 * written. One that judged nothing (BLOCKED, ERROR) says why instead of its rule.
 * At the end, how to play it again: replay is that of run_info.
 */
void record_add(struct page *p, const struct verdict *v, const char *replay);

/* The same in short, as one more of what was told before: no dialogue. */
void record_add_short(struct page *p, const struct verdict *v);

enum style outcome_style(enum outcome o);

#endif
