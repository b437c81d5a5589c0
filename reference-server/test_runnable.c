/* SPDX-License-Identifier: MIT */
#include "runnable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <stdlib.h>
#include <cmocka.h>

static void what_can_run_is_fine(void **state)
{
	static const char *const fine[] = {
		"/bin/sh",
		" /bin/sh -c true",
		"true",
		"read x; echo al",
		"exec /nowhere",
		"while read x; do echo al; done",
		"\t\ncat|cat",
		"true;true",
		"cat<x",
		/* Not looked at: */
		"'/no where'",
		"$HOME/x",
		"x=1 y",
		"~/x",
		"(nope)",
		"f() { :; }",
		"",
		" ",
		"# nope",
		"no\"pe\"",
		"2>/dev/null cat",
		"1>&2 true",
		"0<x nope",
	};
	struct error e = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		if (runnable_check(fine[i], &e) != 0)
			fail_msg("%s: %s", fine[i], e.text);
}

static void what_cannot_is_named(void **state)
{
	static const char *const wrong[][2] = {
		{ "/no/such al", "/no/such: No such file or directory" },
		{ "./no/such", "./no/such: No such file or directory" },
		{ "/tmp", "/tmp: Permission denied" },
		{ " no-such-command-x;true",
		  "no-such-command-x: no command of the shell" },
		{ "2", "2: no command of the shell" },
		{ "2 >/dev/null cat", "2: no command of the shell" },
		{ "no2>/dev/null", "no2: no command of the shell" },
		{ "2|cat", "2: no command of the shell" },
	};
	struct error e = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(runnable_check(wrong[i][0], &e), -1);
		assert_string_equal(e.text, wrong[i][1]);
	}
}

static void a_file_must_be_executable(void **state)
{
	char path[] = "/tmp/runnable-XXXXXX";
	struct error e = { 0 };

	(void)state;
	close(mkstemp(path));
	assert_int_equal(runnable_check(path, &e), -1);
	assert_non_null(strstr(e.text, ": Permission denied"));
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(runnable_check(path, &e), 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_run_is_fine),
		cmocka_unit_test(what_cannot_is_named),
		cmocka_unit_test(a_file_must_be_executable),
	};

	return cmocka_run_group_tests_name("runnable", tests, NULL, NULL);
}
