/* SPDX-License-Identifier: MIT */
/* Defects that need another maildrop, another session, or time, to be seen. */
#include "mrose.h"

static void start(struct drive *d, const char *id, const char *timestamp)
{
	struct session_config defective = config;

	drive_free(d);
	defective.timestamp = timestamp;
	assert_true(switch_on(&defective.switches, id));
	assert_int_equal(drive_start(d, &defective, d->store, knows), 0);
}

static void start_logged_in(struct drive *d, const char *id)
{
	start(d, id, TIMESTAMP);
	drive_say(d, LOGIN);
	drive_heard(d);
}

static void deliver(struct drive *d, struct slice octets)
{
	assert_int_equal(store_memory_deliver(d->store, "mrose", octets), 0);
}

static void list_empty_refused(void **state)
{
	struct drive *d = *state;

	assert_int_equal(store_memory_add_user(d->store, "gone"), 0);
	start(d, "list-empty-refused", TIMESTAMP);
	drive_say(d, "USER gone\r\nPASS tanstaaf\r\n");
	drive_heard(d);
	say(d, "LIST", "-ERR maildrop is empty\r\n");
	say(d, "STAT", "+OK 0 0\r\n");
}

static void timestamp_constant(void **state)
{
	struct drive *d = *state;

	start(d, "timestamp-constant", "<other@dewey>");
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    READY "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

static void uidl_not_stable(void **state)
{
	struct drive *d = *state;
	char before[200];

	start_logged_in(d, "uidl-not-stable");
	drive_say(d, "UIDL 1\r\n");
	snprintf(before, sizeof(before), "%s", drive_heard(d));
	say(d, "UIDL 1", before);
	start(d, "uidl-not-stable", "<other@dewey>");
	drive_say(d, LOGIN);
	drive_heard(d);
	drive_say(d, "UIDL 1\r\n");
	assert_string_not_equal(drive_heard(d), before);
}

static void long_lines_split(void **state)
{
	struct drive *d = *state;
	char line[2003], heard[2050];

	memset(line, 'x', sizeof(line));
	memcpy(line + 2001, "\r\n", 2);
	deliver(d, slice_of(line, sizeof(line)));
	start_logged_in(d, "long-lines-split");
	snprintf(heard, sizeof(heard),
		 "+OK 2003 octets\r\n%.1000s\r\n%.1000s\r\nx\r\n.\r\n", line,
		 line);
	say(d, "RETR 3", heard);
}

static void size_wraps(void **state)
{
	struct drive *d = *state;
	char *x = malloc(65536);

	assert_non_null(x);
	memset(x, 'x', 65536);
	memcpy(x + 65534, "\r\n", 2);
	deliver(d, slice_of(x, 65536));
	free(x);
	start_logged_in(d, "size-wraps-at-65536");
	say(d, "LIST 3", "+OK 3 0\r\n");
	say(d, "LIST 1", "+OK 1 120\r\n");
	say(d, "STAT", "+OK 3 320\r\n");
}

static void stuffing_lost_between_pieces(void **state)
{
	struct drive *d = *state;
	char stops[2 * 4096];
	const char *heard;

	memset(stops, 'x', sizeof(stops));
	memcpy(stops + 4094, "\r\n.", 3);
	memcpy(stops + 4088, "\r\n.", 3);
	deliver(d, slice_of(stops, sizeof(stops)));
	start_logged_in(d, "stuffing-lost-between-pieces");
	drive_say(d, "RETR 3\r\n");
	heard = drive_heard(d);
	assert_non_null(strstr(heard, "\r\n..xxx\r\n.xxx"));
}

static void piece_is_a_command(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "piece-is-a-command");
	drive_say(d, "NO");
	drive_say(d, "OP\r\n");
	assert_string_equal(drive_heard(d), "-ERR unknown command\r\n"
					    "-ERR unknown command\r\n");
}

static void login_piece_is_a_command(void **state)
{
	struct drive *d = *state;

	start(d, "login-piece-is-a-command", TIMESTAMP);
	drive_say(d, "US");
	drive_say(d, "ER mrose\r\nPASS tanstaaf\r\n");
	assert_string_equal(drive_heard(d),
			    READY "-ERR unknown command\r\n"
				  "-ERR unknown command\r\n"
				  "-ERR send USER first\r\n");
	drive_say(d, "USER mrose\r\n");
	drive_say(d, "PASS tanstaaf\r\n");
	drive_heard(d);
	drive_say(d, "NO");
	say(d, "OP", "+OK\r\n");
}

static void cr_ends_piece(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "cr-ends-piece");
	drive_say(d, "NOOP\r");
	assert_string_equal(drive_heard(d), "+OK\r\n");
	say(d, "\nNOOP", "-ERR a command is printable ASCII\r\n");
	say(d, "NOOP", "+OK\r\n");
}

static void nul_ends_command(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "nul-ends-command");
	drive_send(d, slice_of("LIST 1\0 2\r\nNOOPX\r\n", 18));
	assert_string_equal(drive_heard(d),
			    "+OK 1 120\r\n-ERR unknown command\r\n");
}

static void drop_removes(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "drop-removes");
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	drive_end(d);
	assert_true(d->closed);
	assert_int_equal(store_memory_count(d->store, "mrose"), 1);
}

static void quit_without_crlf(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "quit-without-crlf");
	drive_say(d, "DELE 1\r\nQUIT");
	drive_end(d);
	assert_true(d->closed);
	assert_int_equal(store_memory_count(d->store, "mrose"), 1);
}

static void lock_is_stolen(void **state)
{
	struct drive *d = *state;
	struct switches switches = { 0 };
	struct drive second;

	drive_hang_up(d);
	d->store->free(d->store);
	assert_true(switch_on(&switches, "lock-is-stolen"));
	d->store = store_memory_new(&switches);
	deliver(d, slice_str(FIRST));
	deliver(d, slice_str(SECOND));
	start_logged_in(d, "lock-is-stolen");
	log_in_to(&second, d->store);
	say(d, "RETR 1", "-ERR [SYS/TEMP] message cannot be read\r\n");
	say(&second, "RETR 1", "+OK 120 octets\r\n" FIRST ".\r\n");
	drive_free(&second);
}

static void autologout_removes(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "autologout-removes");
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	drive_wait(d, TEN_MINUTES);
	assert_true(d->closed);
	assert_int_equal(store_memory_count(d->store, "mrose"), 1);
}

static void autologout_early(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "autologout-early");
	drive_wait(d, 50000);
	say(d, "NOOP", "+OK\r\n");
	drive_wait(d, 59999);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
}

static void autologout_fixed(void **state)
{
	struct drive *d = *state;

	start_logged_in(d, "autologout-fixed");
	drive_wait(d, TEN_MINUTES - 1);
	say(d, "NOOP", "+OK\r\n");
	drive_wait(d, 1);
	assert_true(d->closed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(list_empty_refused),
		MROSE_TEST(timestamp_constant),
		MROSE_TEST(uidl_not_stable),
		MROSE_TEST(long_lines_split),
		MROSE_TEST(size_wraps),
		MROSE_TEST(stuffing_lost_between_pieces),
		MROSE_TEST(piece_is_a_command),
		MROSE_TEST(login_piece_is_a_command),
		MROSE_TEST(cr_ends_piece),
		MROSE_TEST(nul_ends_command),
		MROSE_TEST(drop_removes),
		MROSE_TEST(quit_without_crlf),
		MROSE_TEST(lock_is_stolen),
		MROSE_TEST(autologout_removes),
		MROSE_TEST(autologout_early),
		MROSE_TEST(autologout_fixed),
	};

	return cmocka_run_group_tests_name("defects_apart", tests, NULL, NULL);
}
