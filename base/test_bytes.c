/* SPDX-License-Identifier: MIT */
#include "bytes.h"
#include "error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void slices_are_cut_to_what_is_there(void **state)
{
	struct slice s = slice_str("RETR 1");

	(void)state;
	assert_true(slice_is(slice_first(s, 4), "RETR"));
	assert_true(slice_is(slice_from(s, 5), "1"));
	assert_true(slice_is(slice_first(s, 99), "RETR 1"));
	assert_int_equal(slice_from(s, 99).len, 0);
	assert_int_equal(slice_find(s, ' '), 4);
	assert_int_equal(slice_find(s, '!'), 6);
	assert_int_equal(slice_find(slice_str(NULL), '!'), 0);
}

static void slices_compare_octets(void **state)
{
	(void)state;
	assert_true(slice_equal(slice_str(NULL), slice_str("")));
	assert_true(slice_equal(slice_of("a\0b", 3), slice_of("a\0b", 3)));
	assert_false(slice_equal(slice_of("a\0b", 3), slice_of("a\0c", 3)));
	assert_true(slice_is_nocase(slice_str("nOoP"), "NOOP"));
	assert_false(slice_is_nocase(slice_str("no{p"), "NO[P"));
	assert_true(slice_starts(slice_str("+OK x"), "+OK"));
	assert_false(slice_starts(slice_str("+O"), "+OK"));
	assert_true(slice_ends(slice_str("a.json"), ".json"));
	assert_false(slice_ends(slice_str("json"), ".json"));
	assert_int_equal(slice_at(slice_str("\xff"), 0), 0xff);
}

static void search_finds_the_first(void **state)
{
	(void)state;
	assert_int_equal(slice_search(slice_str("aab"), slice_str("ab")), 1);
	assert_int_equal(slice_search(slice_str("aab"), slice_str("x")), 3);
	assert_int_equal(slice_search(slice_str("a"), slice_str("ab")), 1);
	assert_int_equal(slice_search(slice_str("a"), slice_str("")), 0);
}

static void buf_grows_and_drops(void **state)
{
	struct buf b = { 0 };
	char *text;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i);
	assert_int_equal(b.len, 3890);
	buf_drop(&b, 3879);
	assert_true(slice_is(buf_slice(&b), "97,998,999,"));
	buf_drop(&b, 99);
	assert_int_equal(b.len, 0);
	buf_add_char(&b, 'x');
	buf_add(&b, slice_str(NULL));
	text = buf_steal(&b);
	assert_string_equal(text, "x");
	assert_null(b.ptr);
	free(text);
}

static void buf_failure_sticks(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_add_str(&b, "kept");
	assert_null(buf_reserve(&b, SIZE_MAX - 1));
	assert_true(b.failed);
	buf_add_str(&b, "lost");
	assert_int_equal(b.len, 4);
	assert_null(buf_text(&b));
	assert_null(buf_steal(&b));
	assert_false(b.failed);
}

static void text_of_an_empty_buf_is_empty(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_string_equal(buf_text(&b), "");
	buf_free(&b);
}

static void errors_are_printable_and_cut(void **state)
{
	struct error e;
	char big[2000];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_int_equal(error_set(&e, "a\x1b[1m\n\xff%d", 7), -1);
	assert_string_equal(e.text, "a?[1m??7");
	assert_int_equal(e.reason, 0);
	assert_int_equal(error_prefix(&e, "x.json:1:2"), -1);
	assert_string_equal(e.text, "x.json:1:2: a?[1m??7");
	error_because(&e, 7, "seven");
	assert_int_equal(error_prefix(&e, "x"), -1);
	assert_int_equal(e.reason, 7);
	error_set(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_int_equal(error_set(NULL, "nobody asks"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_are_cut_to_what_is_there),
		cmocka_unit_test(slices_compare_octets),
		cmocka_unit_test(search_finds_the_first),
		cmocka_unit_test(buf_grows_and_drops),
		cmocka_unit_test(buf_failure_sticks),
		cmocka_unit_test(text_of_an_empty_buf_is_empty),
		cmocka_unit_test(errors_are_printable_and_cut),
	};

	return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
