/* SPDX-License-Identifier: MIT */
#include "logins.h"
#include "policies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define A slice_str("alice")
#define B slice_str("bob")

static void delays_may_be_of_one_user(void **state)
{
	struct session_config config = { 0 };
	struct policies p = { .login_delay = 60 };

	(void)state;
	policies_apply(&p, &config);
	assert_int_equal(config.login_delay, 60);
	assert_false(config.login_delay_differs);
	assert_int_equal(policies_delay_user(&p, A, 5, NULL), 0);
	assert_int_equal(policies_delay_user(&p, A, 90, NULL), 0);
	assert_int_equal(policies_delay(&p, A), 90);
	assert_int_equal(policies_delay(&p, B), 60);
	policies_apply(&p, &config);
	assert_int_equal(config.login_delay, 90);
	assert_true(config.login_delay_differs);
}

static void users_have_an_end(void **state)
{
	struct policies p = { 0 };
	struct error e;

	(void)state;
	for (int i = 0; i < POLICIES_USERS; i++)
		assert_int_equal(policies_delay_user(&p, A, 1, &e), 0);
	assert_int_equal(policies_delay_user(&p, A, 1, &e), -1);
	assert_string_equal(e.text, "more than 64 users");
}

static void a_login_too_soon_is_known(void **state)
{
	struct logins *l = calloc(1, sizeof(*l));

	(void)state;
	assert_non_null(l);
	assert_false(logins_too_soon(l, A, 0, 1000));
	assert_false(logins_too_soon(l, slice_str(""), 0, 1000));
	logins_note(l, A, 500);
	assert_true(logins_too_soon(l, A, 500, 1000));
	assert_true(logins_too_soon(l, A, 1499, 1000));
	assert_false(logins_too_soon(l, A, 1500, 1000));
	assert_false(logins_too_soon(l, A, 500, 0));
	assert_false(logins_too_soon(l, B, 500, 1000));
	assert_false(logins_too_soon(l, slice_str("alic"), 500, 1000));
	logins_note(l, A, 2000);
	assert_true(logins_too_soon(l, A, 2999, 1000));
	free(l);
}

static void the_oldest_login_is_forgotten(void **state)
{
	struct logins *l = calloc(1, sizeof(*l));
	char user[16];

	(void)state;
	assert_non_null(l);
	logins_note(l, A, 1);
	logins_note(l, B, 2);
	for (uint64_t i = 0; i < LOGINS_ROOM - 2; i++) {
		snprintf(user, sizeof(user), "user%u", (unsigned)i);
		logins_note(l, slice_str(user), 3 + i);
	}
	logins_note(l, A, 5000);
	assert_true(logins_too_soon(l, B, 5000, 10000));
	logins_note(l, slice_str("one-more"), 5001);
	assert_false(logins_too_soon(l, B, 5001, 10000));
	assert_true(logins_too_soon(l, A, 5001, 10000));
	assert_true(logins_too_soon(l, slice_str("user0"), 5001, 10000));
	assert_true(logins_too_soon(l, slice_str("one-more"), 5001, 10000));
	free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delays_may_be_of_one_user),
		cmocka_unit_test(users_have_an_end),
		cmocka_unit_test(a_login_too_soon_is_known),
		cmocka_unit_test(the_oldest_login_is_forgotten),
	};

	return cmocka_run_group_tests_name("policies", tests, NULL, NULL);
}
