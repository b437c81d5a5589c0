/* SPDX-License-Identifier: MIT */
/* Numbers in lines: equal by value, and at an end where their digits end. */
#include "pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

static bool matches(const char *pattern, struct slice octets,
		    struct bindings *b)
{
	struct error e = { 0 };
	struct pattern *p =
	    pattern_parse(slice_str(pattern), PATTERN_EXPECTED, &e);
	bool matched;

	if (!p)
		fail_msg("%s: %s", pattern, e.text);
	matched = pattern_match(p, octets, b);
	assert_false(b->failed);
	pattern_free(p);
	return matched;
}

/* With value bound to name before; NULL: nothing is. */
static bool fits_bound(const char *name, const char *value, const char *pattern,
		       const char *text)
{
	struct bindings b = {0};
	bool matched;

	if (name)
		binding_set(&b, name, slice_str(value));
	matched = matches(pattern, slice_str(text), &b);
	bindings_free(&b);
	return matched;
}

static bool fits(const char *pattern, const char *text)
{
	return fits_bound(NULL, NULL, pattern, text);
}

static void takes(const char *pattern, const char *text, const char *name,
		  const char *value)
{
	struct bindings b = {0};
	const struct binding *one;

	assert_true(matches(pattern, slice_str(text), &b));
	one = binding_find(&b, name);
	assert_non_null(one);
	assert_true(slice_is(buf_slice(&one->value), value));
	bindings_free(&b);
}

static void a_number_is_a_word_of_digits(void **state)
{
	(void)state;
	assert_true(fits("+OK 3 512", "+OK 0003 512"));
	assert_true(fits("+OK 003 512", "+OK 3 0512"));
	assert_true(fits("3", "03"));
	assert_true(fits("0 00", "000 0"));
	assert_false(fits("+OK 3", "+OK 30"));
	assert_false(fits("+OK 3", "+OK 3 "));
	assert_false(fits("+OK 3", "+OK +3"));
	assert_false(fits("+OK 0", "+OK "));
	assert_false(fits("+OK  3", "+OK 3"));
	assert_true(fits("99999999999999999998", "099999999999999999998"));
	assert_false(fits("99999999999999999998", "99999999999999999999"));
}

static void digits_within_a_word_are_octets(void **state)
{
	(void)state;
	assert_false(fits("+OK x3", "+OK x03"));
	assert_false(fits("+OK 3x", "+OK 03x"));
	assert_false(fits("<1.2@h>", "<01.2@h>"));
	assert_false(fits("{any}:3", "a:03"));
}

static void bound_numbers_are_equal_by_value(void **state)
{
	static const char *const names[] = {"number of a", "size of a",
					    "total"};
	char pattern[40];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(pattern, sizeof(pattern), "+OK {%s} x", names[i]);
		assert_true(fits_bound(names[i], "12", pattern, "+OK 0012 x"));
		assert_true(fits_bound(names[i], "012", pattern, "+OK 12 x"));
		assert_true(fits_bound(names[i], "0", pattern, "+OK 00 x"));
		assert_false(fits_bound(names[i], "12", pattern, "+OK 112 x"));
		assert_false(fits_bound(names[i], "12", pattern, "+OK 120 x"));
		assert_false(fits_bound(names[i], "12", pattern, "+OK 12. x"));
		assert_false(fits_bound(names[i], "0", pattern, "+OK  x"));
	}
	takes("{number of a} {any}", "007 x", "number of a", "007");
	assert_false(fits_bound("uid of a", "12", "{uid of a}", "012"));
	assert_false(fits_bound("total", "12a", "{total}", "012a"));
	assert_false(fits_bound("total", "12", "{total}", "12a"));
}

static void a_number_twice_in_a_line_is_equal(void **state)
{
	(void)state;
	assert_true(fits("{x} {x}", "12 012"));
	assert_true(fits("{number of a}...{number of a}", "12.012"));
	assert_false(fits("{number of a} {number of a}", "12 121"));
	assert_false(fits("{uid of a} {uid of a}", "12 012"));
	assert_false(fits("{x} {x}", "12a 012a"));
}

/* RFC 1939 section 5 makes no requirement on what follows the size. */
static void rest_behind_a_number_is_anything_else(void **state)
{
	static const char *const rests[] = {"", " ", " x", ".", "\t1", ",5",
					    "x", "octets"};
	char line[40];

	(void)state;
	for (size_t i = 0; i < sizeof(rests) / sizeof(*rests); i++) {
		snprintf(line, sizeof(line), "+OK 3 512%s", rests[i]);
		assert_true(fits("+OK 3 512...", line));
		assert_true(fits("+OK 3 {any number}...", line));
		assert_true(fits_bound("total", "512", "+OK 3 {total}...",
				       line));
		assert_true(fits_bound("size of a", "0512",
				       "+OK 3 {size of a}...", line));
		assert_false(fits_bound("total", "51", "+OK 3 {total}...",
					line));
		assert_false(fits("+OK 3 51...", line));
		takes("+OK 3 {total}...", line, "total", "512");
		takes("+OK 3 {size of a}...", line, "size of a", "512");
	}
	assert_false(fits("+OK x12...", "+OK x123"));
	assert_true(fits("+OK x12...", "+OK x12."));
	assert_true(fits("{total}...5", "12.5"));
	assert_false(fits("{total}...5", "125"));
}

/* Without "..." behind it a name is as long as it can be. */
static void a_name_is_a_number_before_rest_alone(void **state)
{
	(void)state;
	takes("{total}", "512.", "total", "512.");
	takes("<{stamp}>...", "<12.3@h>", "stamp", "12.3@h");
	takes("{total} ...", "512. x", "total", "512.");
	takes("{total}...", "-512.", "total", "-512.");
	takes("...{total}...", "512", "total", "512");
}

static void lines_of_digits_cost_little(void **state)
{
	static const char *const patterns[] = {
	    "...{total}...{any number}x", "...7...7...7...7x",
	    "...{x}...{x}...!",		  "{x} {y}...{x}...{y}",
	    "{bound}...{bound}x",	  "...{bound}...{any number}...!"};
	static char line[60000], value[30000];
	clock_t begin = clock();

	(void)state;
	memset(value, '7', sizeof(value));
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		for (size_t zeros = 0; zeros < 60000; zeros += 29999) {
			struct bindings b = {0};

			memset(line, '7', sizeof(line));
			memset(line, '0', zeros);
			binding_set(&b, "bound",
				    slice_of(value, sizeof(value)));
			assert_false(matches(patterns[i],
					     slice_of(line, sizeof(line)), &b));
			bindings_free(&b);
		}
	}
	assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_is_a_word_of_digits),
	    cmocka_unit_test(digits_within_a_word_are_octets),
	    cmocka_unit_test(bound_numbers_are_equal_by_value),
	    cmocka_unit_test(a_number_twice_in_a_line_is_equal),
	    cmocka_unit_test(rest_behind_a_number_is_anything_else),
	    cmocka_unit_test(a_name_is_a_number_before_rest_alone),
	    cmocka_unit_test(lines_of_digits_cost_little),
	};

	return cmocka_run_group_tests_name("pattern_numbers", tests, NULL,
					   NULL);
}
