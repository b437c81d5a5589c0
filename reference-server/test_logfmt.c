/* SPDX-License-Identifier: MIT */
#include "logfmt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define BEGINNING "time=1996-05-01T12:34:56.007Z event=login"

static struct logfmt line(void)
{
	return logfmt_line((struct timespec){ 830954096, 7999999 }, "login");
}

static void assert_line(const struct logfmt *l, const char *expected)
{
	char text[LOGFMT_LINE + 1];

	memcpy(text, l->text, l->len);
	text[l->len] = '\0';
	assert_string_equal(text, expected);
}

static void a_line_begins_with_time_and_event(void **state)
{
	struct logfmt l = line();

	(void)state;
	assert_line(&l, BEGINNING);
	l = logfmt_line((struct timespec){ 0, 0 }, "x");
	assert_line(&l, "time=1970-01-01T00:00:00.000Z event=x");
}

static void values_are_quoted_when_they_must(void **state)
{
	static const struct {
		struct slice value;
		const char *shown;
	} rows[] = {
		{ { "al", 2 }, "al" },
		{ { "127.0.0.1:1110", 14 }, "127.0.0.1:1110" },
		{ { "[::1]:1110", 10 }, "[::1]:1110" },
		{ { "a@b.example", 11 }, "a@b.example" },
		{ { NULL, 0 }, "\"\"" },
		{ { "b o b", 5 }, "\"b o b\"" },
		{ { "a=b", 3 }, "\"a=b\"" },
		{ { "say \"hi\"", 8 }, "\"say \\\"hi\\\"\"" },
		{ { "\\", 1 }, "\"\\\\\"" },
		{ { "a\r\nevent=login user=root", 24 },
		  "\"a\\r\\nevent=login user=root\"" },
		{ { "\t\0\033[2J\177", 7 }, "\"\\t\\x00\\x1b[2J\\x7f\"" },
		{ { "m\xc3\xbcller\xff", 8 }, "\"m\\xc3\\xbcller\\xff\"" },
		{ { "\xe2\x80\xae", 3 }, "\"\\xe2\\x80\\xae\"" },
	};
	char expected[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct logfmt l = line();

		logfmt_text(&l, "user", rows[i].value);
		snprintf(expected, sizeof(expected), BEGINNING " user=%s",
			 rows[i].shown);
		assert_line(&l, expected);
	}
}

static void numbers_and_times_are_decimal(void **state)
{
	struct logfmt l = line();

	(void)state;
	logfmt_number(&l, "n", 0);
	logfmt_number(&l, "m", UINT64_MAX);
	logfmt_ms(&l, "s", 60005);
	logfmt_ms(&l, "t", UINT64_MAX);
	assert_line(&l, BEGINNING " n=0 m=18446744073709551615 s=60.005 "
				  "t=18446744073709551.615");
}

static void long_values_are_cut(void **state)
{
	char octets[5000], expected[LOGFMT_LINE];
	struct logfmt l = line();

	(void)state;
	memset(octets, 'x', sizeof(octets));
	logfmt_text(&l, "a", slice_of(octets, LOGFMT_VALUE));
	snprintf(expected, sizeof(expected), BEGINNING " a=%.*s", LOGFMT_VALUE,
		 octets);
	assert_line(&l, expected);
	l = line();
	logfmt_text(&l, "a", slice_of(octets, LOGFMT_VALUE + 1));
	snprintf(expected, sizeof(expected), BEGINNING " a=\"%.*s...\"",
		 LOGFMT_VALUE, octets);
	assert_line(&l, expected);
	l = line();
	logfmt_text(&l, "a", slice_of(octets, sizeof(octets)));
	assert_line(&l, expected);
}

/* The longest of all values, until there is no room: each whole, or not there.
 */
static void a_line_has_a_bound(void **state)
{
	char octets[LOGFMT_VALUE + 1];
	struct logfmt l = line();
	size_t each = strlen(" k=\"...\"") + 4 * LOGFMT_VALUE;

	(void)state;
	memset(octets, 0x01, sizeof(octets));
	for (int i = 0; i < 10; i++)
		logfmt_text(&l, "k", slice_of(octets, sizeof(octets)));
	assert_int_equal((l.len - strlen(BEGINNING)) % each, 0);
	assert_true(l.len + each > LOGFMT_LINE);
	assert_true(l.len <= LOGFMT_LINE);
	assert_memory_equal(l.text + l.len - 4, "...\"", 4);
	for (int i = 0; i < 1000; i++)
		logfmt_number(&l, "n", 1);
	assert_true(l.len <= LOGFMT_LINE && l.len > LOGFMT_LINE - 4);
}

/* Whatever is said: one line of printable ASCII, in pairs that can be found. */
static void any_octet_is_shown_in_one_line(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		const char octets[] = { 'a', (char)c, 'b' };
		struct logfmt l = line();

		logfmt_text(&l, "k", slice_of(octets, 3));
		for (size_t i = 0; i < l.len; i++)
			assert_in_range((unsigned char)l.text[i], 0x20, 0x7e);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_begins_with_time_and_event),
		cmocka_unit_test(values_are_quoted_when_they_must),
		cmocka_unit_test(numbers_and_times_are_decimal),
		cmocka_unit_test(long_values_are_cut),
		cmocka_unit_test(a_line_has_a_bound),
		cmocka_unit_test(any_octet_is_shown_in_one_line),
	};

	return cmocka_run_group_tests_name("logfmt", tests, NULL, NULL);
}
