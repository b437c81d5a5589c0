/* SPDX-License-Identifier: MIT */
/* For the tests: runs to report on, and files to report to. */
#ifndef REPORTS_SAMPLES_H
#define REPORTS_SAMPLES_H

#include "report.h"

struct sample {
	const char *name; /* of its golden files */
	struct run_info run;
	struct verdict *verdicts;
	size_t count;
	struct run_summary summary;
};

extern struct sample sample_clean;    /* passes and skips */
extern struct sample sample_breaches; /* every outcome there is */
extern struct sample sample_alike;    /* one fault, seen in many scenarios */
extern struct sample sample_hostile;  /* escapes, odd octets, NULL, floods */

/* Each of them, NULL at the end. */
extern struct sample *const samples[];

/* Report it whole; anything that fails, fails the test. */
void sample_report(const struct sample *s, const char *format,
		   const char *path);

/* The verdicts alone, begun but not ended. Returns owned. */
struct report *sample_begin(const struct sample *s, const char *format,
			    const char *path);

/* A new folder for a test, named in *state; cmocka's setup and teardown. */
int folder_make(void **state);
int folder_remove(void **state);

#define IN_FOLDER(test)                                                        \
	cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

/* Returns owned "<folder>/<name>". */
char *folder_path(void **state, const char *name);

/* How many files there are in it. */
size_t folder_files(void **state);

/* Returns owned what the file holds, or NULL when there is none. */
char *slurp(const char *path);

void spill(const char *path, const char *text);

/*
 * The file must hold what reports/golden/<name> does. With
 * POP3SPEC_REGENERATE set it becomes that golden file instead.
 */
void assert_golden(const char *path, const char *name);

#endif
