/* SPDX-License-Identifier: MIT */
/* Defects that show in long lines, in batches, and when a session ends. */
#include "defective.h"

static void start_logged_in(struct drive *d, const char *id)
{
	start_with_store(d, id);
	drive_say(d, LOGIN);
	drive_heard(d);
}

/* Connect to the same store again, with the same defect. */
static void start_again(struct drive *d, const char *id)
{
	drive_hang_up(d);
	start(d, id);
	drive_heard(d);
}

static void say_long(struct drive *d, size_t octets, const char *end)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < octets; i++)
		buf_add_char(&b, 'x');
	buf_add_str(&b, end);
	drive_send(d, buf_slice(&b));
	buf_free(&b);
}

static void left(struct drive *d, size_t count)
{
	assert_int_equal(store_memory_count(d->store, "mrose"), count);
}

static void capa_indented(void **state)
{
	struct drive *d = *state;
	const char *heard;

	start_with_store(d, "capa-indented");
	drive_say(d, "CAPA\r\n");
	heard = drive_heard(d);
	assert_non_null(strstr(heard, "\r\n TOP\r\n UIDL\r\n"));
	assert_non_null(strstr(heard, "\r\n.\r\n"));
}

static void full_line_is_two(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "full-line-is-two");
	say_long(d, 252, "\r\n");
	assert_string_equal(drive_heard(d), "-ERR unknown command\r\n");
	say_long(d, 253, "\r\n");
	assert_string_equal(drive_heard(d), "-ERR unknown command\r\n"
					    "-ERR unknown command\r\n");
}

static void long_name_closes(void **state)
{
	struct drive *d = *state;

	start_with_store(d, "long-name-closes");
	say_long(d, 127, "\r\n");
	assert_string_equal(drive_heard(d), "-ERR unknown command\r\n");
	say_long(d, 128, "\r\n");
	assert_true(d->closed);
}

static void long_line_in_two(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "long-line-in-two");
	say_long(d, 500, "\r\n");
	drive_heard(d);
	say_long(d, 512, "NOOP\r\n");
	assert_string_equal(drive_heard(d),
			    "-ERR a command has at most 255 octets\r\n"
			    "+OK\r\n");
}

static void login_eats_input(void **state)
{
	struct drive *d = *state;

	start_with_store(d, "login-eats-input");
	drive_say(d, LOGIN "STAT\r\n");
	assert_string_equal(drive_heard(d), LOGGED_IN);
	say(d, "STAT", "+OK 2 320\r\n");
}

static void batch_of_256(void **state)
{
	struct drive *d = *state;
	struct buf b = { 0 };

	start_logged_in(d, "batch-of-256");
	for (int i = 0; i < 300; i++)
		buf_add_str(&b, "NOOP\r\n");
	drive_send(d, buf_slice(&b));
	buf_free(&b);
	assert_int_equal(strlen(drive_heard(d)), 256 * strlen("+OK\r\n"));
}

/* The octets of a session whose output nobody fetches. */
static struct session *stuck(struct drive *d)
{
	struct session *s = d->session;

	assert_int_equal(session_feed(s, slice_str("DELE 2\r\nRETR 1\r\n")),
			 16);
	return s;
}

static void body_eats_input(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "body-eats-input");
	assert_int_equal(session_feed(stuck(d), slice_str("NOOP\r\n")), 6);
	drive_say(d, "");
	assert_null(strstr(drive_heard(d), ".\r\n+OK\r\n"));
}

static void quit_cuts_body(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "quit-cuts-body");
	session_feed(stuck(d), slice_str("QUIT\r\n"));
	drive_say(d, "");
	assert_null(strstr(drive_heard(d), "Subject: first"));
}

static void end_drops_replies(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "end-drops-replies");
	session_end_of_input(stuck(d));
	assert_int_equal(session_output(d->session).len, 0);
}

static void broken_body_removes(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "broken-body-removes");
	session_end_of_input(stuck(d));
	assert_int_equal(session_want(d->session), WANT_UPDATE);
}

static void broken_body_removes_not_else(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "broken-body-removes");
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	drive_end(d);
	left(d, 2);
}

static void quit_alone_removes(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "quit-alone-removes");
	drive_say(d, "DELE 1\r\nQUIT\r\n");
	left(d, 2);
	start_again(d, "quit-alone-removes");
	drive_say(d, LOGIN);
	drive_say(d, "DELE 1\r\n");
	drive_say(d, "QUIT\r\n");
	left(d, 1);
}

static void half_quit_removes(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "half-quit-removes");
	drive_say(d, "DELE 1\r\nQUI");
	drive_end(d);
	left(d, 1);
	start_again(d, "half-quit-removes");
	drive_say(d, LOGIN "DELE 1\r\nQUIX");
	drive_end(d);
	left(d, 1);
}

static void end_ends_lf(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "end-ends-lf");
	drive_say(d, "DELE 1\r\nQUIT\n");
	left(d, 2);
	drive_end(d);
	left(d, 1);
}

static void reset_removes(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "reset-removes");
	drive_say(d, "DELE 1\r\n");
	drive_hang_up(d);
	left(d, 1);
}

static void marks_outlive_session(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "marks-outlive-session");
	drive_say(d, "DELE 1\r\n");
	drive_end(d);
	start_again(d, "marks-outlive-session");
	drive_say(d, LOGIN "STAT\r\n");
	assert_non_null(strstr(drive_heard(d), "+OK 1 200\r\n"));
	left(d, 2);
}

static void quit_removes_anywhere(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "quit-removes-anywhere");
	drive_say(d, "DELE 1\r\n");
	drive_end(d);
	start_again(d, "quit-removes-anywhere");
	drive_say(d, "QUIT\r\n");
	left(d, 2);
	start_again(d, "quit-removes-anywhere");
	drive_say(d, "USER mrose\r\nQUIT\r\n");
	left(d, 1);
}

static void third_error_updates(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "third-error-updates");
	drive_say(d, "DELE 1\r\nBAD\r\nBAD\r\n");
	assert_false(d->closed);
	drive_say(d, "BAD\r\n");
	assert_true(d->closed);
	left(d, 1);
}

/* Log in to d's server on a second connection, and say what it heard. */
static void log_in_beside(struct drive *d, const char *id, struct drive *second)
{
	struct session_config defective = config;

	assert_true(switch_on(&defective.switches, id));
	assert_int_equal(drive_start(second, &defective, d->store, knows), 0);
	drive_heard(second);
	drive_say(second, LOGIN);
}

static void locked_login_closes(void **state)
{
	struct drive *d = *state, second;

	start_logged_in(d, "locked-login-closes");
	log_in_beside(d, "locked-login-closes", &second);
	assert_string_equal(drive_heard(&second),
			    "+OK send your password\r\n");
	assert_true(second.closed);
	drive_free(&second);
}

static void refused_login_steals(void **state)
{
	struct drive *d = *state, second;

	start_logged_in(d, "refused-login-steals");
	log_in_beside(d, "refused-login-steals", &second);
	assert_non_null(strstr(drive_heard(&second), "-ERR [IN-USE]"));
	say(d, "RETR 1", "-ERR [SYS/TEMP] message cannot be read\r\n");
	drive_free(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(capa_indented),
		MROSE_TEST(full_line_is_two),
		MROSE_TEST(long_name_closes),
		MROSE_TEST(long_line_in_two),
		MROSE_TEST(login_eats_input),
		MROSE_TEST(batch_of_256),
		MROSE_TEST(body_eats_input),
		MROSE_TEST(quit_cuts_body),
		MROSE_TEST(end_drops_replies),
		MROSE_TEST(quit_alone_removes),
		MROSE_TEST(half_quit_removes),
		MROSE_TEST(end_ends_lf),
		MROSE_TEST(broken_body_removes),
		MROSE_TEST(broken_body_removes_not_else),
		MROSE_TEST(reset_removes),
		MROSE_TEST(marks_outlive_session),
		MROSE_TEST(quit_removes_anywhere),
		MROSE_TEST(third_error_updates),
		MROSE_TEST(locked_login_closes),
		MROSE_TEST(refused_login_steals),
	};

	return cmocka_run_group_tests_name("defects_input", tests, NULL, NULL);
}
