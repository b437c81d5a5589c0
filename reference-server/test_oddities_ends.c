/* SPDX-License-Identifier: MIT */
/*
 * What an odd server does where a session ends, a login is refused, or a line is
 * too long.
 */
#include "odd_server.h"

static void closes_after_failed_login(void **state)
{
	struct drive *d = *state;

	start(state, "closes-after-failed-login");
	drive_heard(d);
	refused(d, "PASS x\r\n");
	assert_false(d->closed);
	drive_say(d, "USER mrose\r\nPASS wrong\r\nSTAT\r\n");
	assert_string_equal(drive_heard(d),
			    "+OK send your password\r\n"
			    "-ERR [AUTH] invalid user name or password\r\n");
	assert_true(d->closed);
}

static void closes_after_third_error(void **state)
{
	struct drive *d = log_in(state, "closes-after-third-error");

	refused(d, "BAD\r\n");
	refused(d, "LIST 3\r\n");
	say(d, "NOOP", "+OK\r\n");
	assert_false(d->closed);
	refused(d, "RETR\r\n");
	assert_true(d->closed);
}

static void closes_later_after_failed_login(void **state)
{
	struct drive *d = *state;

	start(state, "closes-later-after-failed-login");
	drive_heard(d);
	refused(d, "PASS x\r\n");
	drive_say(d, "USER mrose\r\nPASS wrong\r\nSTAT\r\n");
	assert_string_equal(drive_heard(d),
			    "+OK send your password\r\n"
			    "-ERR [AUTH] invalid user name or password\r\n");
	drive_wait(d, 299);
	say(d, "QUIT", "");
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
	assert_string_equal(drive_heard(d), "");
}

static void closes_later_after_third_error(void **state)
{
	struct drive *d = log_in(state, "closes-later-after-third-error");

	refused(d, "BAD\r\n");
	drive_say(d, "BAD\r\nNOOP\r\n");
	assert_string_equal(drive_heard(d),
			    "-ERR unknown command\r\n+OK\r\n");
	drive_say(d, "BAD\r\nNOOP\r\n");
	assert_string_equal(drive_heard(d), "-ERR unknown command\r\n");
	say(d, "NOOP", "");
	drive_wait(d, 299);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
	assert_string_equal(drive_heard(d), "");
}

static void closes_after_error(void **state)
{
	struct drive *d = log_in(state, "closes-after-error");

	refused(d, "BAD\r\n");
	assert_true(d->closed);
}

static void closes_later_after_error(void **state)
{
	struct drive *d = log_in(state, "closes-later-after-error");

	refused(d, "BAD\r\n");
	say(d, "NOOP", "");
	drive_wait(d, 299);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
}

#define WRONG "-ERR [AUTH] invalid user name or password\r\n"
#define FAREWELL "-ERR too many errors, goodbye\r\n"

static void farewell_behind_failed_login(void **state)
{
	struct drive *d = *state;

	start(state, "farewell-behind-failed-login");
	drive_heard(d);
	refused(d, "PASS x\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS wrong", WRONG FAREWELL);
	assert_true(d->closed);
}

static void farewell_later_behind_failed_login(void **state)
{
	struct drive *d = *state;

	start(state, "farewell-later-behind-failed-login");
	drive_heard(d);
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS wrong", WRONG);
	say(d, "NOOP", "");
	drive_wait(d, 299);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_string_equal(drive_heard(d), FAREWELL);
	assert_true(d->closed);
}

static void farewell_behind_third_error(void **state)
{
	struct drive *d = log_in(state, "farewell-behind-third-error");

	refused(d, "BAD\r\n");
	refused(d, "BAD\r\n");
	say(d, "BAD", "-ERR unknown command\r\n" FAREWELL);
	assert_true(d->closed);
}

static void closes_later_behind_farewell(void **state)
{
	struct drive *d = log_in(state, "closes-later-behind-farewell");

	refused(d, "BAD\r\n");
	refused(d, "BAD\r\n");
	say(d, "BAD", "-ERR unknown command\r\n" FAREWELL);
	say(d, "NOOP", "");
	drive_wait(d, 299);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
}

static void farewell_behind_error(void **state)
{
	struct drive *d = log_in(state, "farewell-behind-error");

	say(d, "BAD", "-ERR unknown command\r\n" FAREWELL);
	assert_true(d->closed);
}

static void slow_refusals(void **state)
{
	struct drive *d = *state;

	start(state, "slow-refusals");
	drive_heard(d);
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS x", "");
	say(d, "CAPA", "");
	drive_wait(d, 99);
	assert_string_equal(drive_heard(d), "");
	drive_wait(d, 1);
	assert_string_equal(drive_heard(d),
			    "-ERR [AUTH] invalid user name or password\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS x", "");
	drive_wait(d, 199);
	assert_string_equal(drive_heard(d), "");
	drive_end(d);
	assert_string_equal(drive_heard(d),
			    "-ERR [AUTH] invalid user name or password\r\n");
	assert_true(d->closed);
}

static void three_tries(void **state)
{
	struct drive *d = *state;

	start(state, "three-tries");
	drive_heard(d);
	for (int i = 0; i < 3; i++) {
		say(d, "USER mrose", "+OK send your password\r\n");
		say(d, "PASS x",
		    "-ERR [AUTH] invalid user name or password\r\n");
	}
	refused(d, "USER mrose\r\n");
	refused(d, "PASS tanstaaf\r\n");
	refused(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n");
	say(d, "QUIT", "+OK dewey POP3 server signing off\r\n");
}

/* A command of 255 octets is none of them. */
static void say_long_line(struct drive *d, size_t octets)
{
	struct buf line = { 0 };

	while (line.len < octets - 2)
		buf_add_char(&line, 'x');
	buf_add_str(&line, "\r\n");
	drive_send(d, buf_slice(&line));
	buf_free(&line);
}

static void long_lines_ignored(void **state)
{
	struct drive *d = log_in(state, "long-lines-ignored");

	say_long_line(d, 255);
	assert_string_equal(drive_heard(d), "-ERR unknown command\r\n");
	say_long_line(d, 256);
	assert_string_equal(drive_heard(d), "");
	say(d, "NOOP", "+OK\r\n");
}

static void long_lines_close(void **state)
{
	struct drive *d = log_in(state, "long-lines-close");

	say_long_line(d, 255);
	assert_string_equal(drive_heard(d), "-ERR unknown command\r\n");
	assert_false(d->closed);
	say_long_line(d, 256);
	assert_string_equal(drive_heard(d), "");
	assert_true(d->closed);
}

static void farewell_before_autologout(void **state)
{
	struct drive *d = log_in(state, "farewell-before-autologout");

	drive_wait(d, TEN_MINUTES - 1);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
	assert_string_equal(drive_heard(d),
			    "-ERR no command for too long, goodbye\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(closes_after_failed_login),
		MROSE_TEST(closes_after_third_error),
		MROSE_TEST(closes_later_after_failed_login),
		MROSE_TEST(closes_later_after_third_error),
		MROSE_TEST(closes_after_error),
		MROSE_TEST(closes_later_after_error),
		MROSE_TEST(farewell_behind_failed_login),
		MROSE_TEST(farewell_later_behind_failed_login),
		MROSE_TEST(farewell_behind_third_error),
		MROSE_TEST(closes_later_behind_farewell),
		MROSE_TEST(farewell_behind_error),
		MROSE_TEST(slow_refusals),
		MROSE_TEST(three_tries),
		MROSE_TEST(long_lines_ignored),
		MROSE_TEST(long_lines_close),
		MROSE_TEST(farewell_before_autologout),
	};

	return cmocka_run_group_tests_name("oddities_ends", tests, NULL, NULL);
}
