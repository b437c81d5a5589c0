/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>
#include <cmocka.h>

static void every_sample_reads_as_its_golden_file(void **state)
{
	char *path = folder_path(state, "r.jsonl");

	for (size_t i = 0; samples[i]; i++) {
		char name[64];

		sample_report(samples[i], "jsonl", path);
		snprintf(name, sizeof(name), "%s.jsonl", samples[i]->name);
		assert_golden(path, name);
	}
	free(path);
}

static size_t lines_in(const char *path)
{
	char *text = slurp(path);
	size_t n = 0;

	assert_non_null(text);
	for (const char *c = text; *c; c++)
		n += *c == '\n';
	free(text);
	return n;
}

/* The child is killed by its own hand, without a chance to clean up. */
static void a_killed_run_loses_nothing(void **state)
{
	char *path = folder_path(state, "r.jsonl");
	pid_t child = fork();
	int status;

	if (!child) {
		sample_begin(&sample_breaches, "jsonl", path);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(lines_in(path), 1 + sample_breaches.count);
	assert_int_equal(folder_files(state), 1);
	free(path);
}

static void an_old_journal_stays_until_the_run_begins(void **state)
{
	char *path = folder_path(state, "r.jsonl");
	struct error e = { 0 };
	struct report *r;

	spill(path, "one\ntwo\n");
	r = report_open("jsonl", path, &e);
	assert_non_null(r);
	assert_int_equal(lines_in(path), 2);
	assert_int_equal(r->ops->begin(r, &sample_clean.run, &e), 0);
	assert_int_equal(lines_in(path), 1);
	r->ops->free(r);
	assert_int_equal(lines_in(path), 1);
	free(path);
}

static void a_full_device_is_reported(void **state)
{
	struct error e = { 0 };
	struct report *r = report_open("jsonl", "/dev/full", &e);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->ops->begin(r, &sample_clean.run, &e), -1);
	assert_non_null(strstr(e.text, "/dev/full: cannot write: No space"));
	assert_int_equal(r->ops->verdict(r, sample_clean.verdicts, &e), -1);
	assert_int_equal(r->ops->end(r, &sample_clean.summary, &e), -1);
	r->ops->free(r);
}

static void an_unknown_format_is_told_the_known_ones(void **state)
{
	struct error e = { 0 };

	(void)state;
	assert_null(report_open("yaml", "-", &e));
	assert_string_equal(e.text, "yaml: no such report format; there are: "
				    "text, jsonl, json, junit");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(every_sample_reads_as_its_golden_file),
		IN_FOLDER(a_killed_run_loses_nothing),
		IN_FOLDER(an_old_journal_stays_until_the_run_begins),
		cmocka_unit_test(a_full_device_is_reported),
		cmocka_unit_test(an_unknown_format_is_told_the_known_ones),
	};

	return cmocka_run_group_tests_name("jsonl", tests, NULL, NULL);
}
