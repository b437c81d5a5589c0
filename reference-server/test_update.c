/* SPDX-License-Identifier: MIT */
/* What QUIT removes, and that nothing else does. */
#include "mrose.h"

static void only_quit_removes(void **state)
{
	struct drive *d = *state;

	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	drive_say(d, "QUIT");
	drive_end(d);
	assert_string_equal(drive_heard(d), "");
	assert_true(d->closed);
	reconnect(state);
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	drive_say(d, "QUI");
	drive_hang_up(d);
	assert_int_equal(store_memory_count(d->store, "mrose"), 2);
}

static void quit_removes_what_is_marked_and_no_other(void **state)
{
	struct drive *d = *state;

	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	drive_say(d, "QUIT\r\nSTAT\r\n");
	assert_string_equal(drive_heard(d), "+OK dewey POP3 server signing off "
					    "(1 message left)\r\n");
	assert_int_equal(session_feed(d->session, slice_str("STAT\r\n")), 0);
	assert_int_equal(store_memory_count(d->store, "mrose"), 1);
	assert_true(
		slice_is(store_memory_octets(d->store, "mrose", 0), SECOND));
}

static void a_failed_update_is_told(void **state)
{
	struct drive *d = *state;

	store_memory_fail_removal(d->store);
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	say(d, "QUIT", "-ERR some deleted messages not removed\r\n");
	assert_true(d->closed);
	assert_int_equal(store_memory_count(d->store, "mrose"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(only_quit_removes),
		MROSE_TEST(quit_removes_what_is_marked_and_no_other),
		MROSE_TEST(a_failed_update_is_told),
	};

	return cmocka_run_group_tests_name("update", tests, NULL, NULL);
}
