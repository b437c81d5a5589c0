/* SPDX-License-Identifier: MIT */
/* Commands as they come, and time as it goes. */
#include "mrose.h"

static void bad_commands_are_refused(void **state)
{
	static const char *const bad[] = {
		"\r\n",
		"NO\r\n",
		"NOOPX\r\n",
		"NOOP x\r\n",
		"NOOP \r\n",
		" NOOP\r\n",
		"STAT 1\r\n",
		"LIST 1 2\r\n",
		"LIST  1\r\n",
		"LIST\t1\r\n",
		"LIST 0\r\n",
		"LIST 01\r\n",
		"LIST +1\r\n",
		"LIST -1\r\n",
		"LIST 1x\r\n",
		"RETR\r\n",
		"RETR 1 1\r\n",
		"RETR x\r\n",
		"DELE\r\n",
		"TOP\r\n",
		"TOP 1\r\n",
		"TOP 1 x\r\n",
		"TOP 1 -1\r\n",
		"TOP 1 1 1\r\n",
		"TOP 9 1\r\n",
		"UIDL 1 2\r\n",
		"RSET 1\r\n",
		"QUIT now\r\n",
		"CAPA x\r\n",
		"NOOP\n\r\n",
		"NO\rOP\r\n",
		"AUTH\r\n",
		"NO\x01OP\r\n",
		"\xff\r\n",
		"LIST 18446744073709551617\r\n",
		"USER mrose\r\n",
		"PASS x\r\n",
		"APOP a b\r\n",
	};
	struct drive *d = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(d, bad[i]);
	drive_send(d, slice_of("NOOP\0\r\n", 7));
	assert_string_equal(drive_heard(d),
			    "-ERR a command is printable ASCII\r\n");
	say(d, "STAT", "+OK 2 320\r\n");
}

static void any_case_of_a_keyword_will_do(void **state)
{
	struct drive *d = *state;

	say(d, "stat", "+OK 2 320\r\n");
	say(d, "nOoP", "+OK\r\n");
	say(d, "tOP 1 0", "+OK\r\nSubject: first\r\n\r\n.\r\n");
}

static void a_bare_lf_ends_no_command(void **state)
{
	struct drive *d = *state;

	drive_say(d, "NOOP\n");
	assert_string_equal(drive_heard(d), "");
	drive_say(d, "NOOP\r\nNOOP\r\n");
	assert_string_equal(drive_heard(d),
			    "-ERR a command is printable ASCII\r\n+OK\r\n");
}

static void long_lines_get_one_error(void **state)
{
	struct drive *d = reconnect(state);
	char line[256];

	memset(line, 'x', sizeof(line));
	memcpy(line, "USER ", 5);
	line[253] = '\0';
	say(d, line, "+OK send your password\r\n");
	memcpy(line, "PASS ", 5);
	say(d, line, "-ERR [AUTH] invalid user name or password\r\n");
	line[253] = 'x';
	line[254] = '\0';
	say(d, line, "-ERR a command has at most 255 octets\r\n");
	for (int i = 0; i < 10000; i++)
		drive_say(d, line);
	assert_string_equal(drive_heard(d), "");
	say(d, "", "-ERR a command has at most 255 octets\r\n");
	say(d, "QUIT", "+OK dewey POP3 server signing off\r\n");
}

/* An end of input does not take away what is owed. */
static void half_a_connection_is_answered(void **state)
{
	struct drive *d = *state;
	struct slice commands = slice_str("RETR 1\r\n");

	assert_int_equal(session_feed(d->session, commands), commands.len);
	session_end_of_input(d->session);
	assert_int_equal(session_want(d->session), WANT_CLOSE);
	assert_int_equal(session_feed(d->session, commands), 0);
	drive_end(d);
	assert_string_equal(drive_heard(d), "+OK 120 octets\r\n" FIRST ".\r\n");
}

static void an_end_of_input_while_the_session_is_busy(void **state)
{
	struct drive *d = reconnect(state);
	struct slice login = slice_str(LOGIN);

	assert_int_equal(session_feed(d->session, login), login.len);
	assert_int_equal(session_want(d->session), WANT_VERIFY);
	assert_int_equal(session_feed(d->session, slice_str("STAT\r\n")), 0);
	drive_end(d);
	assert_string_equal(drive_heard(d), LOGGED_IN);
	assert_true(d->closed);
}

static void answers_that_nobody_asked_for_are_ignored(void **state)
{
	struct drive *d = *state;
	struct maildrop *m;

	assert_int_equal(store_memory_add_user(d->store, "gone"), 0);
	assert_int_equal(d->store->open(d->store, slice_str("gone"), &m, NULL),
			 MAILDROP_OPENED);
	session_verified(d->session, true);
	session_opened(d->session, MAILDROP_OPENED, m);
	session_opened(d->session, MAILDROP_BROKEN, NULL);
	session_updated(d->session, 7);
	say(d, "STAT", "+OK 2 320\r\n");
}

static void ten_minutes_without_a_command(void **state)
{
	struct drive *d = *state;

	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	assert_int_equal(session_deadline(d->session), TEN_MINUTES);
	drive_wait(d, TEN_MINUTES - 1);
	assert_false(d->closed);
	say(d, "NOOP", "+OK\r\n");
	drive_wait(d, TEN_MINUTES - 1);
	drive_say(d, "x\r\n");
	drive_heard(d);
	drive_wait(d, TEN_MINUTES / 2);
	drive_say(d, "STA");
	drive_wait(d, TEN_MINUTES / 2 - 1);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
	assert_string_equal(drive_heard(d), "");
	assert_true(session_deadline(d->session) == SESSION_NEVER);
	drive_hang_up(d);
	assert_int_equal(store_memory_count(d->store, "mrose"), 2);
}

/* It may not take anything away either while an answer is owed. */
static void a_busy_session_has_no_deadline(void **state)
{
	struct drive *d = *state;

	session_feed(d->session, slice_str("QUIT\r\n"));
	assert_int_equal(session_want(d->session), WANT_UPDATE);
	assert_true(session_deadline(d->session) == SESSION_NEVER);
	session_tick(d->session, 2 * TEN_MINUTES);
	assert_int_equal(session_want(d->session), WANT_UPDATE);
	session_updated(d->session, 0);
	assert_int_equal(session_deadline(d->session), TEN_MINUTES);
	session_tick(d->session, 2 * TEN_MINUTES);
	assert_int_equal(session_output(d->session).len, 0);
}

static void taking_octets_is_no_idleness(void **state)
{
	struct drive *d = *state;

	session_feed(d->session, slice_str("RETR 1\r\n"));
	for (uint64_t now = 0; session_output(d->session).len; now += 60000) {
		session_tick(d->session, now);
		session_sent(d->session, 1);
	}
	assert_int_equal(session_want(d->session), WANT_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(bad_commands_are_refused),
		MROSE_TEST(any_case_of_a_keyword_will_do),
		MROSE_TEST(a_bare_lf_ends_no_command),
		MROSE_TEST(long_lines_get_one_error),
		MROSE_TEST(half_a_connection_is_answered),
		MROSE_TEST(an_end_of_input_while_the_session_is_busy),
		MROSE_TEST(answers_that_nobody_asked_for_are_ignored),
		MROSE_TEST(ten_minutes_without_a_command),
		MROSE_TEST(a_busy_session_has_no_deadline),
		MROSE_TEST(taking_octets_is_no_idleness),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
