/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void every_sample_reads_as_its_golden_file(void **state)
{
	char *path = folder_path(state, "r.json");

	for (size_t i = 0; samples[i]; i++) {
		char name[64];

		sample_report(samples[i], "json", path);
		snprintf(name, sizeof(name), "%s.json", samples[i]->name);
		assert_golden(path, name);
	}
	free(path);
}

static json_t *reported(void **state, const struct sample *s)
{
	char *path = folder_path(state, "r.json");
	json_t *root;

	sample_report(s, "json", path);
	root = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	free(path);
	return root;
}

static void no_string_holds_an_octet_that_is_not_visible(void **state)
{
	char *path = folder_path(state, "r.json");
	char *text;

	sample_report(&sample_hostile, "json", path);
	text = slurp(path);
	assert_non_null(text);
	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= 0x20 && *c <= 0x7e));
	assert_null(strstr(text, "\\u"));
	free(text);
	free(path);
}

static void a_time_that_is_no_number_is_written_as_none(void **state)
{
	struct verdict v = { .outcome = OUTCOME_PASS, .seconds = NAN };
	struct sample s = { .verdicts = &v, .count = 1 };
	json_t *root;
	const json_t *time;

	s.summary.seconds = INFINITY;
	root = reported(state, &s);
	time = json_object_get(json_object_get(root, "summary"), "seconds");
	assert_true(json_is_real(time) && !(json_real_value(time) > 0));
	json_decref(root);
}

static void a_number_that_readers_would_round_is_refused(void **state)
{
	char *path = folder_path(state, "r.json");
	struct run_info run = { .seed = 9007199254740992 };
	struct error e = { 0 };
	struct report *r = report_open("json", path, &e);

	assert_non_null(r);
	assert_int_equal(r->ops->begin(r, &run, &e), -1);
	assert_string_equal(e.text, "\"seed\" does not fit into JSON");
	r->ops->free(r);
	assert_int_equal(folder_files(state), 0);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(every_sample_reads_as_its_golden_file),
		IN_FOLDER(no_string_holds_an_octet_that_is_not_visible),
		IN_FOLDER(a_time_that_is_no_number_is_written_as_none),
		IN_FOLDER(a_number_that_readers_would_round_is_refused),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
