/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static void a_line_ends_at_crlf_only(void **state)
{
	struct slice octets = slice_str("NO\rOP\n\r\r\nSTAT\r\n");
	struct line l = { 0 };
	size_t n = line_feed(&l, octets, STRICT);

	(void)state;
	assert_int_equal(n, 9);
	assert_true(l.complete);
	assert_true(slice_is(line_text(&l), "NO\rOP\n\r"));
	n = line_feed(&l, slice_from(octets, n), STRICT);
	assert_int_equal(n, 6);
	assert_true(slice_is(line_text(&l), "STAT"));
}

static void a_lenient_line_ends_at_lf(void **state)
{
	struct line l = { 0 };

	(void)state;
	assert_int_equal(line_feed(&l, slice_str("NOOP\nSTAT"), LENIENT), 5);
	assert_true(slice_is(line_text(&l), "NOOP"));
	assert_int_equal(line_feed(&l, slice_str("STAT\r\n"), LENIENT), 6);
	assert_true(slice_is(line_text(&l), "STAT"));
}

static void a_line_may_be_cut_anywhere(void **state)
{
	struct slice octets = slice_str("RETR 1\r\n");
	struct line l = { 0 };

	(void)state;
	for (size_t i = 0; i < octets.len; i++) {
		assert_false(l.complete);
		line_feed(&l, slice_of(octets.ptr + i, 1), STRICT);
	}
	assert_true(l.complete);
	assert_true(slice_is(line_text(&l), "RETR 1"));
}

static void feed_many(struct line *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(line_feed(l, slice_str("x"), STRICT), 1);
	line_feed(l, slice_str("\r\n"), STRICT);
}

static void a_line_has_255_octets_at_most(void **state)
{
	struct line l = { 0 };

	(void)state;
	feed_many(&l, 253);
	assert_true(l.complete);
	assert_false(line_too_long(&l));
	assert_int_equal(line_text(&l).len, 253);
	feed_many(&l, 254);
	assert_true(l.complete);
	assert_true(line_too_long(&l));
	feed_many(&l, 1000000);
	assert_true(line_too_long(&l));
	feed_many(&l, 3);
	assert_false(line_too_long(&l));
	assert_true(slice_is(line_text(&l), "xxx"));
}

static const struct {
	const char *line;
	size_t count; /* of arguments */
	const char *first, *second;
} commands[] = {
	{ "NOOP", 0, "", "" },	       { "LIST 1", 1, "1", "" },
	{ "TOP 1 10", 2, "1", "10" },  { "TOP 1 10 x", 3, "1", "10" },
	{ "APOP a !~", 2, "a", "!~" },
};

static void arguments_are_separated_by_one_space(void **state)
{
	struct command c;
	struct error e;

	(void)state;
	for (size_t i = 0; i < LEN(commands); i++) {
		assert_int_equal(command_parse(&c, slice_str(commands[i].line),
					       STRICT, &e),
				 0);
		assert_int_equal(command_split(&c, STRICT, &e), 0);
		assert_int_equal(c.count, commands[i].count);
		assert_true(slice_is(c.arguments[0], commands[i].first));
		assert_true(slice_is(c.arguments[1], commands[i].second));
	}
}

static const char *const no_commands[] = {
	"",	  " ",	      " NOOP",	  "NO\tOP",	  "NOOP\n",
	"NOOP\r", "NOOP\x7f", "\xc3\xa4", "USER \x1b[1m",
};

static const char *const bad_spaces[] = {
	"NOOP ", "LIST  1", "LIST 1 ", "LIST  ", "TOP 1  2", "TOP 1 2 ",
};

static void other_spaces_and_octets_are_refused(void **state)
{
	struct command c;
	struct error e;

	(void)state;
	for (size_t i = 0; i < LEN(no_commands); i++)
		assert_int_equal(command_parse(&c, slice_str(no_commands[i]),
					       STRICT, &e),
				 -1);
	assert_int_equal(command_parse(&c, slice_of("NOOP\0", 5), STRICT, &e),
			 -1);
	for (size_t i = 0; i < LEN(bad_spaces); i++) {
		assert_int_equal(
			command_parse(&c, slice_str(bad_spaces[i]), STRICT, &e),
			0);
		assert_int_equal(command_split(&c, STRICT, &e), -1);
	}
}

static void a_lenient_server_forgives_spaces(void **state)
{
	struct slice line = slice_str("TOP\t 1  2 ");
	struct command c;
	struct error e;

	(void)state;
	assert_int_equal(command_parse(&c, line, LENIENT, &e), 0);
	assert_int_equal(command_split(&c, LENIENT, &e), 0);
	assert_true(slice_is(c.keyword, "TOP"));
	assert_int_equal(c.count, 2);
	assert_true(slice_is(c.arguments[0], "1"));
	assert_true(slice_is(c.arguments[1], "2"));
}

static void rest_of(const char *line, size_t count, const char *password)
{
	struct command c;
	struct error e;

	assert_int_equal(command_parse(&c, slice_str(line), STRICT, &e), 0);
	command_take_rest(&c);
	assert_int_equal(c.count, count);
	assert_true(slice_is(c.arguments[0], password));
}

static void the_rest_is_one_argument_with_its_spaces(void **state)
{
	(void)state;
	rest_of("PASS a b  c ", 1, "a b  c ");
	rest_of("PASS  ", 1, " ");
	rest_of("PASS ", 0, "");
	rest_of("PASS", 0, "");
}

static void decimals(void **state)
{
	static const char *const bad[] = { "",	 "00", "01",  "+1",
					   "-1", "1x", "0x1", "1.0",
					   " 1", "1 ", "\xb2" };
	uint64_t n = 7;

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++)
		assert_false(decimal(slice_str(bad[i]), &n));
	assert_int_equal(n, 7);
	assert_true(decimal(slice_str("0"), &n));
	assert_int_equal(n, 0);
	assert_true(decimal(slice_str("18446744073709551614"), &n));
	assert_true(n == UINT64_MAX - 1);
	assert_true(decimal(slice_str("18446744073709551615"), &n));
	assert_true(n == UINT64_MAX);
	assert_true(decimal(slice_str("18446744073709551616"), &n));
	assert_true(n == UINT64_MAX);
	assert_true(decimal(slice_str("99999999999999999999999999"), &n));
	assert_true(n == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_ends_at_crlf_only),
		cmocka_unit_test(a_lenient_line_ends_at_lf),
		cmocka_unit_test(a_line_may_be_cut_anywhere),
		cmocka_unit_test(a_line_has_255_octets_at_most),
		cmocka_unit_test(arguments_are_separated_by_one_space),
		cmocka_unit_test(other_spaces_and_octets_are_refused),
		cmocka_unit_test(a_lenient_server_forgives_spaces),
		cmocka_unit_test(the_rest_is_one_argument_with_its_spaces),
		cmocka_unit_test(decimals),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
