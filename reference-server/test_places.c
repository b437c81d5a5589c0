/* SPDX-License-Identifier: MIT */
#include "places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

/* IPv4 address number n; and IPv6, each n in a /64 of its own. */
static struct address v4(unsigned n)
{
	struct address a = { .octets = {
				     [10] = 0xff, [11] = 0xff, [12] = 10 } };

	for (unsigned i = 0; i < 3; i++)
		a.octets[15 - i] = (unsigned char)(n >> 8 * i);
	return a;
}

static struct address v6(unsigned n, unsigned char host)
{
	struct address a = { .octets = { 0x20, 0x01, [15] = host } };

	for (unsigned i = 0; i < 4; i++)
		a.octets[7 - i] = (unsigned char)(n >> 8 * i);
	return a;
}

static int set_up(void **state)
{
	*state = places_new();
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	places_free(*state);
	return 0;
}

static void a_place_has_so_many_connections_at_once(void **state)
{
	struct places *p = *state;
	struct address a = v4(1), b = v4(2);

	for (int i = 0; i < 3; i++)
		assert_true(places_enter(p, &a, 3));
	assert_false(places_enter(p, &a, 3));
	assert_true(places_enter(p, &b, 3));
	places_leave(p, &a, 0);
	assert_true(places_enter(p, &a, 3));
	assert_false(places_enter(p, &a, 3));
	assert_true(places_enter(p, &a, 0)); /* any number */
}

static void the_addresses_of_a_64_are_one_place(void **state)
{
	struct places *p = *state;

	for (unsigned char i = 0; i < 5; i++) {
		struct address a = v6(1, i);

		assert_int_equal(places_enter(p, &a, 3), i < 3);
	}
	assert_int_equal(places_count(p), 1);
}

static void who_leaves_is_forgotten(void **state)
{
	struct places *p = *state;

	for (unsigned i = 0; i < 1000; i++) {
		struct address a = v4(i), b = v6(i, 1);

		assert_true(places_enter(p, &a, 1));
		assert_true(places_enter(p, &b, 1));
	}
	assert_int_equal(places_count(p), 2000);
	for (unsigned i = 1000; i-- > 0;) {
		struct address a = v4(i), b = v6(i, 1);

		places_leave(p, &a, 0);
		places_leave(p, &b, 0);
	}
	assert_int_equal(places_count(p), 0);
}

static void failures_add_up_over_connections_and_are_forgotten(void **state)
{
	struct places *p = *state;
	struct address a = v4(1), b = v4(2);

	assert_true(places_enter(p, &b, 0));
	for (unsigned i = 1; i < 5; i++) {
		assert_true(places_enter(p, &a, 0));
		assert_int_equal(places_fail(p, &a, i), i);
		places_leave(p, &a, i);
	}
	assert_int_equal(places_fail(p, &b, 5), 1);
	assert_true(places_enter(p, &a, 0));
	assert_int_equal(places_fail(p, &a, 3 + PLACES_FORGET), 5);
	assert_int_equal(places_fail(p, &a, 3 + 2 * PLACES_FORGET), 1);
	places_leave(p, &a, 3 + 2 * PLACES_FORGET);
	places_leave(p, &b, 5 + 2 * PLACES_FORGET);
	assert_int_equal(places_count(p), 1);
	assert_true(places_enter(p, &b, 0));
	places_leave(p, &b, 3 + 3 * PLACES_FORGET);
	assert_int_equal(places_count(p), 0);
}

/* Who has a /32 has more places than we have memory. */
static void memory_is_bounded_whoever_fails(void **state)
{
	struct places *p = *state;
	struct address first = v6(0, 1), last = v6(99999, 1);

	for (unsigned i = 0; i < 100000; i++) {
		struct address a = v6(i, 1);

		assert_true(places_enter(p, &a, 0));
		assert_int_equal(places_fail(p, &a, i), 1);
		places_leave(p, &a, i);
		assert_true(places_count(p) <= PLACES_REMEMBERED);
	}
	assert_int_equal(places_count(p), PLACES_REMEMBERED);
	assert_true(places_enter(p, &first, 0));
	assert_int_equal(places_fail(p, &first, 100000), 1);
	assert_true(places_enter(p, &last, 0));
	assert_int_equal(places_fail(p, &last, 100000), 2);
}

/* One that is connected is never pushed out. */
static void who_is_there_is_counted_whatever_else_comes(void **state)
{
	struct places *p = *state;
	struct address a = v4(1);

	assert_true(places_enter(p, &a, 1));
	for (unsigned i = 0; i < 2 * PLACES_REMEMBERED; i++) {
		struct address other = v6(i, 1);

		assert_true(places_enter(p, &other, 0));
		places_fail(p, &other, 0);
		places_leave(p, &other, 0);
	}
	assert_false(places_enter(p, &a, 1));
	places_leave(p, &a, 0);
	assert_true(places_enter(p, &a, 1));
}

/* In any order, against a plain count. */
static void the_count_is_right_in_any_order(void **state)
{
	enum { PLACES = 40, MOST = 5 };
	struct places *p = *state;
	size_t open[PLACES] = { 0 };

	srand(7);
	for (int i = 0; i < 20000; i++) {
		unsigned n = (unsigned)rand() % PLACES;
		struct address a = n % 2 ? v4(n) : v6(n, (unsigned char)i);

		if (rand() % 2) {
			assert_int_equal(places_enter(p, &a, MOST),
					 open[n] < MOST);
			open[n] += open[n] < MOST;
		} else if (open[n]) {
			places_leave(p, &a, 0);
			open[n]--;
		}
	}
}

static void one_who_is_not_there_harms_nothing(void **state)
{
	struct places *p = *state;
	struct address a = v4(1);

	places_leave(p, &a, 0);
	assert_int_equal(places_fail(p, &a, 0), 1);
	assert_int_equal(places_count(p), 0);
	places_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_place_has_so_many_connections_at_once),
		TEST(the_addresses_of_a_64_are_one_place),
		TEST(who_leaves_is_forgotten),
		TEST(failures_add_up_over_connections_and_are_forgotten),
		TEST(memory_is_bounded_whoever_fails),
		TEST(who_is_there_is_counted_whatever_else_comes),
		TEST(the_count_is_right_in_any_order),
		TEST(one_who_is_not_there_harms_nothing),
	};

	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
