/* SPDX-License-Identifier: MIT */
/* What holds for each format that is written at the end of a run. */
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const at_the_end[] = { "json", "junit", "text", NULL };

static void a_report_that_is_not_ended_leaves_the_old_one(void **state)
{
	char *path = folder_path(state, "report");

	spill(path, "old\n");
	for (size_t i = 0; at_the_end[i]; i++) {
		struct report *r =
			sample_begin(&sample_breaches, at_the_end[i], path);
		char *text;

		r->ops->free(r);
		text = slurp(path);
		assert_string_equal(text, "old\n");
		assert_int_equal(folder_files(state), 1);
		free(text);
	}
	free(path);
}

static void a_full_device_is_reported(void **state)
{
	static const char *const formats[] = { "json", "junit", NULL };

	(void)state;
	for (size_t i = 0; formats[i]; i++) {
		struct report *r =
			sample_begin(&sample_clean, formats[i], "/dev/full");
		struct error e = { 0 };

		assert_int_equal(r->ops->end(r, &sample_clean.summary, &e), -1);
		assert_string_equal(e.text, "/dev/full: cannot write: "
					    "No space left on device");
		r->ops->free(r);
	}
}

static void a_folder_that_is_not_there_is_reported(void **state)
{
	char *path = folder_path(state, "none/report");

	for (size_t i = 0; at_the_end[i]; i++) {
		struct error e = { 0 };

		assert_null(report_open(at_the_end[i], path, &e));
		assert_non_null(strstr(e.text, "cannot write"));
	}
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_report_that_is_not_ended_leaves_the_old_one),
		cmocka_unit_test(a_full_device_is_reported),
		IN_FOLDER(a_folder_that_is_not_there_is_reported),
	};

	return cmocka_run_group_tests_name("writers", tests, NULL, NULL);
}
