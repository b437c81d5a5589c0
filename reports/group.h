/* SPDX-License-Identifier: MIT */
/* Findings, those of one cause together. */
#ifndef REPORTS_GROUP_H
#define REPORTS_GROUP_H

#include "page.h"
#include "verdict.h"

/*
 * Add the verdicts of list, which becomes sorted, whatever order they came in.
 * Of those with the same cause the most direct one comes first and whole: of
 * the requirement that most of them break the one with the shortest dialogue.
 * The others follow in short, as "also". replay is that of run_info.
 */
void group_add(struct page *p, const struct verdict **list, size_t count,
	       const char *replay);

/*
 * The same for what was BLOCKED: in short where what is in the way is one of
 * count findings, which explain it.
 */
void blocked_add(struct page *p, const struct verdict **list, size_t count,
		 const struct verdict *found, size_t found_count,
		 const char *replay);

#endif
