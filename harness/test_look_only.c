/* SPDX-License-Identifier: MIT */
#include "look_only.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static const struct account alice = { .user = "alice",
				      .password = "pass word",
				      .secret = "tanstaaf" };

static bool allows(const char *unfinished, bool retrieved, const char *text)
{
	struct look_only l = { slice_str(unfinished), retrieved, &alice,
			       "<1896.697170952@dbc.mtview.ca.us>" };
	const char *why;

	return look_only_allows(&l, slice_str(text), &why);
}

static void looking_is_allowed(void **state)
{
	(void)state;
	assert_true(allows("", false, "STAT\r\nRETR 1\r\nTOP 1 0\r\n"));
	assert_true(allows("", false, "STAT\r\nQUIT\r\n"));
	assert_true(allows("", true, "NOOP\r\n"));
	assert_true(allows("", false, "X DELE 1\r\n"));
}

static void deleting_is_not(void **state)
{
	(void)state;
	assert_false(allows("", false, "DELE 1\r\n"));
	assert_false(allows("", false, "dele 1\r\n"));
	assert_false(allows("", false, "NOOP\r\nDELE 1\r\n"));
	assert_false(allows("", false, "NOOP\nDELE 1\n"));
	assert_false(allows("DE", false, "LE 1\r\n"));
	assert_false(allows("", false, "DELE"));
	assert_false(allows("", false, "DELE\t1\r\n"));
	assert_false(allows("", false, " DELE 1\r\n"));
	assert_false(allows("", false, "DELETE 1\r\n"));
	assert_false(allows("", false, "NOOP\rDELE 1\r"));
}

static void quitting_behind_a_retrieval_is_not(void **state)
{
	(void)state;
	assert_false(allows("", true, "QUIT\r\n"));
	assert_false(allows("", false, "RETR 1\r\nQUIT\r\n"));
	assert_false(allows("QU", true, "IT\r\n"));
}

static void logging_in_is_allowed(void **state)
{
	(void)state;
	assert_true(allows("", false, "USER alice\r\nPASS pass word\r\n"));
	assert_true(allows("", false, "APOP alice "
			   "c4c9334bac560ecc979e58001b3e22fb\r\n"));
	assert_true(allows("", false, "AUTH\r\n"));
}

static void failing_to_is_not(void **state)
{
	(void)state;
	assert_false(allows("", false, "PASS password\r\n"));
	assert_false(allows("", false, "PASS pass word \r\n"));
	assert_false(allows("", false, "PASS\r\n"));
	assert_false(allows("", false, "APOP alice\r\n"));
	assert_false(allows("", false, "APOP alice "
			    "00000000000000000000000000000000\r\n"));
	assert_false(allows("", false, "AUTH PLAIN AGEAYg==\r\n"));
}

static void long_lines_are_not(void **state)
{
	char line[LOOK_ONLY_LINE + 1];

	(void)state;
	for (size_t i = 0; i < LOOK_ONLY_LINE; i++)
		line[i] = 'x';
	line[LOOK_ONLY_LINE] = '\0';
	assert_false(allows("", false, line));
	line[LOOK_ONLY_LINE - 1] = '\0';
	assert_false(allows("", false, line));
	line[LOOK_ONLY_LINE - 2] = '\0';
	assert_true(allows("", false, line));
	assert_false(allows("xx", false, line));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looking_is_allowed),
		cmocka_unit_test(deleting_is_not),
		cmocka_unit_test(quitting_behind_a_retrieval_is_not),
		cmocka_unit_test(logging_in_is_allowed),
		cmocka_unit_test(failing_to_is_not),
		cmocka_unit_test(long_lines_are_not),
	};

	return cmocka_run_group_tests_name("look_only", tests, NULL, NULL);
}
