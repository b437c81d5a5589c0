/* SPDX-License-Identifier: MIT */
/*
 * Writers of results, one a format. A run feeds them; they own their file.
 * README.md tells what they write. A writer may be used by one thread at a
 * time, and knows nothing of other writers.
 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include "error.h"
#include "verdict.h"

struct report {
	const struct report_ops *ops;
};

/*
 * begin once, verdict any number of times, end once. Each borrows what it is
 * handed for the call. -1 and e: no memory, a file that cannot be written, or a
 * number over 2^53 - 1; only free makes sense then.
 */
struct report_ops {
	int (*begin)(struct report *r, const struct run_info *run,
		     struct error *e);
	int (*verdict)(struct report *r, const struct verdict *v,
		       struct error *e);
	int (*end)(struct report *r, const struct run_summary *s,
		   struct error *e);
	/*
	 * Frees r. Without a successful end() before, a journal stays as far
	 * as it got; of the other formats nothing does, and an older file at
	 * their path is as it was.
	 */
	void (*free)(struct report *r);
};

/*
 * A writer of format ("text", "jsonl", "json", "junit") to the file at path, or to
 * standard output for "-" (flush stdio's stdout first: this writes past it).
 * The journal (jsonl) takes its place at begin and grows line by line, each
 * handed to the kernel as its verdict comes; the others appear by rename at the
 * end, so that a reader never sees half of one. text on a terminal is coloured.
 * Returns owned, or NULL and e: an unknown format (e lists those known) or a
 * path that cannot be written.
 */
struct report *report_open(const char *format, const char *path,
			   struct error *e);

/* The formats known, NULL at the end. */
extern const char *const report_formats[];

/* Returns 0, or -1 and e, which lists those known: format is none of them. */
int report_check_format(const char *format, struct error *e);

/*
 * Whether reports to a and b ("-": standard output) would be one file: however
 * the paths are spelled, by a link, or because standard output leads there.
 * Nothing is opened. What takes all and keeps none (/dev/null), or is a
 * terminal, may be written to by two.
 */
bool report_same_place(const char *a, const char *b);

/*
 * Hand the journal at path to r, begin to end. One that was cut short, within a
 * line or before its summary, is summed up from its verdicts and ends with a
 * note in interrupted. -1 and e, r not ended: a journal that cannot be read
 * (file:line:column, or file:line and JSON pointer), or what r says. r may be a
 * journal at the same path.
 */
int report_replay(const char *journal, struct report *r, struct error *e);

#endif
