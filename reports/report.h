/* SPDX-License-Identifier: MIT */
/*
 * Writers of results, one a format. A run feeds them; they own their file.
 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include "error.h"
#include "verdict.h"

struct report {
	const struct report_ops *ops;
};

struct report_ops {
	int (*begin)(struct report *r, const struct run_info *run,
		     struct error *e);
	/* Borrows v for the call. */
	int (*verdict)(struct report *r, const struct verdict *v,
		       struct error *e);
	int (*end)(struct report *r, const struct run_summary *s,
		   struct error *e);
	/* Frees r. Without end() first, what was written so far stays. */
	void (*free)(struct report *r);
};

/*
 * A writer of format ("text", "jsonl", "json") to the file at path, or to
 * standard output for "-". The journal (jsonl) grows line by line, flushed
 * as each verdict comes; the others appear by rename at the end, so that a
 * reader never sees half of one. text on a terminal is coloured. Returns owned,
 * or NULL and e: an unknown format (e lists those known) or a path that cannot
 * be written.
 */
struct report *report_open(const char *format, const char *path,
			   struct error *e);

/* The formats known, NULL at the end. */
extern const char *const report_formats[];

/* Write the verdicts of the journal at path to r, begin to end. */
int report_replay(const char *journal, struct report *r, struct error *e);

#endif
