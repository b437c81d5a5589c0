/* SPDX-License-Identifier: MIT */
/* A session that plays the part of another. */
#include "mrose.h"

static struct doubles doubles;

/* A session that has greeted, or does what the rule says of that. */
static struct drive *start(void **state, const char *rule)
{
	struct session_config acting = config;
	struct drive *d = *state;
	struct maildrop_store *store = d->store;
	struct error e;

	drive_free(d);
	doubles_free(&doubles);
	assert_int_equal(doubles_add(&doubles, rule, &e), 0);
	acting.doubles = &doubles;
	assert_int_equal(drive_start(d, &acting, store, knows), 0);
	return d;
}

static struct drive *log_in(void **state, const char *rule)
{
	struct drive *d = start(state, rule);

	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), READY LOGGED_IN);
	return d;
}

static void it_says_something_else(void **state)
{
	struct drive *d = log_in(state, "RETR 2 => say -ERR gone\\r\\n*\\c");

	say(d, "RETR 2", "-ERR gone\r\n*");
	say(d, "STAT", "+OK 2 320\r\n");
	d = log_in(state, "dele => say +OK marked");
	say(d, "DELE 1", "+OK marked\r\n");
	say(d, "STAT", "+OK 2 320\r\n");
}

static void it_closes_without_a_reply(void **state)
{
	struct drive *d = log_in(state, "NOOP => close");

	say(d, "STAT", "+OK 2 320\r\n");
	say(d, "NOOP", "");
	assert_true(d->closed);
}

static void it_answers_later(void **state)
{
	struct drive *d = log_in(state, "STAT => delay 1500");

	drive_say(d, "STAT\r\n");
	assert_string_equal(drive_heard(d), "");
	drive_wait(d, 1499);
	assert_string_equal(drive_heard(d), "");
	drive_wait(d, 1);
	assert_string_equal(drive_heard(d), "+OK 2 320\r\n");
	say(d, "NOOP", "+OK\r\n");
}

static void it_answers_later_also_who_half_closed(void **state)
{
	struct drive *d = log_in(state, "STAT => delay 1");

	drive_say(d, "STAT\r\n");
	drive_end(d);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_string_equal(drive_heard(d), "+OK 2 320\r\n");
	assert_true(d->closed);
}

static void it_cuts_a_reply(void **state)
{
	const size_t whole = strlen("+OK 120 octets\r\n" FIRST ".\r\n");

	for (unsigned octets = 0; octets < whole + 10; octets++) {
		char rule[40];
		struct drive *d;

		snprintf(rule, sizeof(rule), "RETR => cut %u", octets);
		d = log_in(state, rule);
		drive_say(d, "RETR 1\r\n");
		assert_int_equal(d->said.len, octets < whole ? octets : whole);
		assert_true(d->closed == (octets <= whole));
		buf_clear(&d->said);
	}
}

static void its_greeting_is_another(void **state)
{
	struct drive *d = start(state, "CONNECT => say -ERR busy");

	assert_string_equal(drive_heard(d), "-ERR busy\r\n");
	d = start(state, "CONNECT => delay 60000");
	assert_string_equal(drive_heard(d), "");
	drive_wait(d, 60000);
	assert_string_equal(drive_heard(d), READY);
	d = start(state, "CONNECT => close");
	assert_string_equal(drive_heard(d), "");
	assert_true(d->closed);
	d = start(state, "* => close");
	assert_string_equal(drive_heard(d), READY);
}

static int forget_rules(void **state)
{
	int failed = tear_down(state);

	doubles_free(&doubles);
	return failed;
}

#define ACTING_TEST(test)                                                      \
	cmocka_unit_test_setup_teardown(test, set_up, forget_rules)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACTING_TEST(it_says_something_else),
		ACTING_TEST(it_closes_without_a_reply),
		ACTING_TEST(it_answers_later),
		ACTING_TEST(it_answers_later_also_who_half_closed),
		ACTING_TEST(it_cuts_a_reply),
		ACTING_TEST(its_greeting_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
