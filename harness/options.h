/* SPDX-License-Identifier: MIT */
/* What "pop3spec run" was asked to do. */
#ifndef HARNESS_OPTIONS_H
#define HARNESS_OPTIONS_H

#include "stage.h"
#include "verdict.h"

#define OPTIONS_GLOBS 512
#define OPTIONS_REPORTS 8
#define OPTIONS_SCENARIOS 64

struct report_wish {
	char format[16];
	const char *path;
};

/* Strings are borrowed from argv. */
struct run_options {
	const char *target;    /* NULL: the bundled server; or the journal */
	const char *only[OPTIONS_GLOBS], *exclude[OPTIONS_GLOBS];
	size_t only_count, exclude_count;
	const char *scenarios[OPTIONS_SCENARIOS]; /* strangers', to add */
	size_t scenarios_count;
	struct report_wish reports[OPTIONS_REPORTS];
	size_t report_count;
	const char *password_file;
	enum split split;
	uint64_t seed;
	enum fail_on fail_on;
	uint64_t min_cases;
	uint64_t jobs;        /* lanes, 0: as many as the target allows */
	uint64_t max_time;    /* seconds for the whole run, 0: no end */
	uint64_t progress;    /* seconds of silence, 0: for ever */
	uint64_t max_failures; /* breaches to stop behind, 0: never */
	uint64_t confirm;   /* runs that must agree with a finding */
	bool slow, aggressive, dry_run, help;
};

/*
 * Parse the words behind "run". Returns 0, or -1 and e for what is no option, or
 * has no such value (e names those it may have).
 */
int options_parse(struct run_options *o, int argc, char **argv,
		  struct error *e);

/* The words behind "report": --report is the only option. */
int options_parse_report(struct run_options *o, int argc, char **argv,
			 struct error *e);

extern const char options_help[];

#endif
