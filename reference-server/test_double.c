/* SPDX-License-Identifier: MIT */
#include "double.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct doubles read_rules(const char *const *texts)
{
	struct doubles d = { 0 };
	struct error e;

	for (; *texts; texts++)
		assert_int_equal(doubles_add(&d, *texts, &e), 0);
	return d;
}

static void a_rule_says_what_happens(void **state)
{
	static const struct {
		const char *text;
		enum double_action action;
		uint64_t number;
		const char *said;
	} cases[] = {
		{ "RETR => delay 0", DOUBLE_DELAYS, 0, "" },
		{ "RETR => delay 1000000000", DOUBLE_DELAYS, 1000000000, "" },
		{ "RETR 1 => cut 17", DOUBLE_CUTS, 17, "" },
		{ "QUIT => close", DOUBLE_CLOSES, 0, "" },
		{ "* => say -ERR no", DOUBLE_SAYS, 0, "-ERR no\r\n" },
		{ "A => say", DOUBLE_SAYS, 0, "\r\n" },
		{ "A => say +OK\\r\\n.\\r\\n\\c", DOUBLE_SAYS, 0,
		  "+OK\r\n.\r\n" },
		{ "A => say a\\\\b\\t\\x00\\xfF", DOUBLE_SAYS, 0, NULL },
		{ "A => say a => b", DOUBLE_SAYS, 0, "a => b\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *texts[] = { cases[i].text, NULL };
		struct doubles d = read_rules(texts);
		struct slice said = buf_slice(&d.rules[0].text);

		assert_int_equal(d.rules[0].action, cases[i].action);
		assert_int_equal(d.rules[0].number, cases[i].number);
		if (cases[i].said)
			assert_true(slice_is(said, cases[i].said));
		else
			assert_true(slice_equal(
				said, slice_of("a\\b\t\0\xff\r\n", 8)));
		doubles_free(&d);
	}
}

static void a_wrong_rule_is_told(void **state)
{
	static const struct {
		const char *text, *told;
	} cases[] = {
		{ "", "a rule is COMMAND => WHAT HAPPENS" },
		{ "RETR", "a rule is COMMAND => WHAT HAPPENS" },
		{ " => close", "a rule is COMMAND => WHAT HAPPENS" },
		{ "RETR=>close", "a rule is COMMAND => WHAT HAPPENS" },
		{ "RETR => ", "what happens is say, delay, cut or close" },
		{ "RETR => sing", "what happens is say, delay, cut or close" },
		{ "RETR => close now", "nothing stands behind close" },
		{ "RETR => delay", "a number from 0 to 1000000000 is needed" },
		{ "RETR => delay 1s", "a number is decimal digits" },
		{ "RETR => delay a", "a number is decimal digits" },
		{ "RETR => cut 1000000001",
		  "a number from 0 to 1000000000 is needed" },
		{ "RETR => cut 99999999999999999999999",
		  "a number from 0 to 1000000000 is needed" },
		{ "A => say \\", "a backslash is followed by" },
		{ "A => say \\q", "a backslash is followed by" },
		{ "A => say \\x0", "a backslash is followed by" },
		{ "A => say \\xg0", "a backslash is followed by" },
		{ "A => say \\cx", "a backslash is followed by" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct doubles d = { 0 };
		struct error e;

		assert_int_equal(doubles_add(&d, cases[i].text, &e), -1);
		assert_true(slice_starts(slice_str(e.text), cases[i].told));
		assert_int_equal(d.count, 0);
		doubles_free(&d);
	}
}

static void the_first_rule_that_fits_counts(void **state)
{
	static const char *const texts[] = {
		"RETR 2 => close", "retr => delay 1", "TOP 1 0 => delay 2",
		"* => delay 3", NULL
	};
	static const struct {
		const char *line;
		size_t rule;
	} cases[] = {
		{ "RETR 2", 0 },  { "retr 2 x", 0 }, { "RETR 22", 1 },
		{ "RETR", 1 },	  { "Retr 1", 1 },   { "RETRO", 3 },
		{ "TOP 1 0", 2 }, { "TOP 1", 3 },    { "", 3 },
	};
	struct doubles d = read_rules(texts);
	struct doubles none = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_ptr_equal(doubles_find(&d, slice_str(cases[i].line)),
				 &d.rules[cases[i].rule]);
	assert_null(doubles_find(&none, slice_str("RETR 2")));
	doubles_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_says_what_happens),
		cmocka_unit_test(a_wrong_rule_is_told),
		cmocka_unit_test(the_first_rule_that_fits_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
