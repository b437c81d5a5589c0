/* SPDX-License-Identifier: MIT */
#include "visible.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pattern.h"

static void check(const void *octets, size_t len, const char *expected)
{
	char *text = visible(slice_of(octets, len));

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

static void every_octet_has_one_form(void **state)
{
	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		unsigned char octet = (unsigned char)c;
		char expected[16];

		if (c == '\r')
			strcpy(expected, "{CR}");
		else if (c == '\n')
			strcpy(expected, "{LF}");
		else if (c == 0)
			strcpy(expected, "{NUL}");
		else if (c == '{')
			strcpy(expected, "{{");
		else if (c < 0x20 || c > 0x7e)
			snprintf(expected, sizeof(expected), "{0x%02X}", c);
		else
			snprintf(expected, sizeof(expected), "%c", (int)c);
		check(&octet, 1, expected);
	}
}

static void cr_and_lf_are_one_name_in_this_order_only(void **state)
{
	(void)state;
	check("\r\n", 2, "{CRLF}");
	check("\n\r", 2, "{LF}{CR}");
	check("\r\r\n", 3, "{CR}{CRLF}");
	check("\r\n\n", 3, "{CRLF}{LF}");
	check("+OK\r\n.\r", 7, "+OK{CRLF}.{CR}");
	check("\r\n\r\n", 4, "{CRLF}{CRLF}");
}

static void braces_cannot_be_taken_for_names(void **state)
{
	(void)state;
	check("{CRLF}", 6, "{{CRLF}");
	check("{{}}", 4, "{{{{}}");
	check("\r{", 2, "{CR}{{");
}

static void nothing_is_an_empty_string(void **state)
{
	(void)state;
	check(NULL, 0, "");
}

static void text_is_added_behind_what_is_there(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_add_str(&b, "S: ");
	visible_add(&b, slice_str("+OK\t1"));
	visible_add(&b, slice_str("\r\n"));
	assert_string_equal(buf_text(&b), "S: +OK{0x09}1{CRLF}");
	buf_free(&b);
}

static void failed_memory_is_remembered(void **state)
{
	struct buf b = { .failed = true };

	(void)state;
	visible_add(&b, slice_str("a{\r\n\x01"));
	assert_true(b.failed);
	assert_int_equal(b.len, 0);
}

/* The text of octets, sent by a scenario, is octets again. */
static void check_round_trip(struct slice octets)
{
	char *text = visible(octets);
	struct bindings none = { 0 };
	struct buf sent = { 0 };
	struct error e = { 0 };
	struct pattern *p;

	assert_non_null(text);
	p = pattern_parse(slice_str(text), PATTERN_SENT, &e);
	assert_string_equal(e.text, "");
	assert_non_null(p);
	assert_int_equal(pattern_expand(p, &none, &sent, &e), 0);
	assert_true(slice_equal(buf_slice(&sent), octets));
	buf_free(&sent);
	pattern_free(p);
	bindings_free(&none);
	free(text);
}

static void pasted_text_means_the_same_octets(void **state)
{
	unsigned char all[256], pair[2];

	(void)state;
	for (unsigned c = 0; c < 256; c++)
		all[c] = (unsigned char)c;
	check_round_trip(slice_of(all, sizeof(all)));
	check_round_trip(slice_str("{CRLF} {any} {{ {{{ } }} ... {9 times x}"));
	for (unsigned i = 0; i < 256 * 256; i++) {
		pair[0] = all[i / 256];
		pair[1] = all[i % 256];
		check_round_trip(slice_of(pair, sizeof(pair)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_octet_has_one_form),
		cmocka_unit_test(cr_and_lf_are_one_name_in_this_order_only),
		cmocka_unit_test(braces_cannot_be_taken_for_names),
		cmocka_unit_test(nothing_is_an_empty_string),
		cmocka_unit_test(text_is_added_behind_what_is_there),
		cmocka_unit_test(failed_memory_is_remembered),
		cmocka_unit_test(pasted_text_means_the_same_octets),
	};

	return cmocka_run_group_tests_name("visible", tests, NULL, NULL);
}
