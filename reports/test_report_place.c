/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "samples.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void assert_same(void **state, const char *a, const char *b, bool same)
{
	char *path_a = folder_path(state, a), *path_b = folder_path(state, b);

	assert_int_equal(report_same_place(path_a, path_b), same);
	assert_int_equal(report_same_place(path_b, path_a), same);
	free(path_a);
	free(path_b);
}

static void new_files_are_told_apart_by_folder_and_name(void **state)
{
	assert_same(state, "a", "a", true);
	assert_same(state, "a", ".//a", true);
	assert_same(state, "a", "b", false);
	assert_same(state, "a", "none/a", false);
}

static void old_files_by_what_they_are(void **state)
{
	char *old = folder_path(state, "old"), *hard = folder_path(state, "hard");
	char *soft = folder_path(state, "soft");

	assert_int_equal(close(creat(old, 0600)), 0);
	assert_int_equal(link(old, hard), 0);
	assert_int_equal(symlink("old", soft), 0);
	assert_same(state, "old", "hard", true);
	assert_same(state, "old", "soft", true);
	assert_same(state, "old", "new", false);
	assert_false(report_same_place(old, "-"));
	free(old);
	free(hard);
	free(soft);
}

static void standard_output_is_one(void **state)
{
	(void)state;
	assert_true(report_same_place("-", "-"));
	assert_false(report_same_place("/dev/null", "/dev/null"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(new_files_are_told_apart_by_folder_and_name),
		IN_FOLDER(old_files_by_what_they_are),
		cmocka_unit_test(standard_output_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
