/* SPDX-License-Identifier: MIT */
/* A transcript, as much of it as a person needs. */
#ifndef REPORTS_DIALOGUE_H
#define REPORTS_DIALOGUE_H

#include "page.h"
#include "verdict.h"

/*
 * Lines of a dialogue that are shown: all of them when there are no more, else
 * those of the last session, else how it began and ended. The middle of a long
 * body is never shown, but more of the last one.
 */
#define DIALOGUE_LINES 60
#define DIALOGUE_FIRST 8

void dialogue_add(struct page *p, const char *label,
		  const struct exchange *list, size_t lines);

/* "[52 lines left out]" behind a label, or behind "". */
void left_out_add(struct page *p, const char *label, size_t lines);

#endif
