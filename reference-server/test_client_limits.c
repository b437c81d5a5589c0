/* SPDX-License-Identifier: MIT */
#include "client_limits.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void a_delay_doubles_up_to_a_bound(void **state)
{
	const struct client_limits l = { .refusal_delay = 100 };
	static const uint64_t expected[] = { 100, 100,	200,  400,
					     800, 1600, 1600, 1600 };

	(void)state;
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(client_limits_delay(&l, i), expected[i]);
	assert_int_equal(client_limits_delay(&l, UINT_MAX), 1600);
}

static void without_a_delay_nobody_waits(void **state)
{
	const struct client_limits l = { 0 };

	(void)state;
	assert_int_equal(client_limits_delay(&l, 1), 0);
	assert_int_equal(client_limits_delay(&l, 50), 0);
}

/* Takes all that there is, for so many ms, one at a time. */
static size_t drain(struct bucket *b, unsigned rate, uint64_t from, uint64_t ms)
{
	size_t taken = 0;

	for (uint64_t now = from; now <= from + ms; now++)
		while (bucket_tokens(b, rate, now) > 0) {
			bucket_take(b, 1);
			taken++;
		}
	return taken;
}

static void a_bucket_gives_its_rate(void **state)
{
	static const unsigned rates[] = { 1, 3, 7, 100, 999, 1000, 5000 };

	(void)state;
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		unsigned rate = rates[i];
		struct bucket b = bucket_full(rate, 1000);

		/* It is full at first, and then ten seconds go by. */
		assert_int_equal(drain(&b, rate, 1000, 0), rate);
		assert_int_equal(drain(&b, rate, 1000, 10000), 10 * rate);
	}
}

static void a_bucket_does_not_overflow(void **state)
{
	struct bucket b = bucket_full(10, 0);

	(void)state;
	assert_int_equal(bucket_tokens(&b, 10, UINT64_MAX / 2), 10);
	b = bucket_full(UINT_MAX, 0);
	assert_int_equal(bucket_tokens(&b, UINT_MAX, UINT64_MAX), UINT_MAX);
}

static void what_it_says_it_takes_is_what_it_takes(void **state)
{
	(void)state;
	for (unsigned rate = 1; rate < 2000; rate++) {
		struct bucket b = bucket_full(rate, 5);
		uint64_t wait;

		assert_int_equal(bucket_wait(&b, rate), 0);
		bucket_take(&b, rate);
		wait = bucket_wait(&b, rate);
		assert_true(wait > 0 && wait <= 1000);
		assert_int_equal(bucket_tokens(&b, rate, 5 + wait - 1), 0);
		assert_true(bucket_tokens(&b, rate, 5 + wait) > 0);
	}
}

static void lines_end_with_lf(void **state)
{
	static const struct {
		const char *octets;
		size_t lines, taken;
	} rows[] = {
		{ "", 1, 0 },
		{ "NOOP\r\nNOOP\r\nNO", 0, 0 },
		{ "NOOP\r\nNOOP\r\nNO", 1, 6 },
		{ "NOOP\r\nNOOP\r\nNO", 2, 12 },
		{ "NOOP\r\nNOOP\r\nNO", 3, 14 },
		{ "NOOP\r\nNOOP\r\nNO", SIZE_MAX, 14 },
		{ "NOOP", 1, 4 },
		{ "\n\n\n", 2, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
			lines_first(slice_str(rows[i].octets), rows[i].lines)
				.len,
			rows[i].taken);
	assert_int_equal(lines_count(slice_str("")), 0);
	assert_int_equal(lines_count(slice_str("a\r\nb")), 1);
	assert_int_equal(lines_count(slice_str("\n\na\n")), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_delay_doubles_up_to_a_bound),
		cmocka_unit_test(without_a_delay_nobody_waits),
		cmocka_unit_test(a_bucket_gives_its_rate),
		cmocka_unit_test(a_bucket_does_not_overflow),
		cmocka_unit_test(what_it_says_it_takes_is_what_it_takes),
		cmocka_unit_test(lines_end_with_lf),
	};

	return cmocka_run_group_tests_name("client_limits", tests, NULL, NULL);
}
