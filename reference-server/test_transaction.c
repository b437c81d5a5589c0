/* SPDX-License-Identifier: MIT */
/* The TRANSACTION state, held against the examples of RFC 1939. */
#include "mrose.h"

static void the_session_of_section_10(void **state)
{
	struct drive *d = reconnect(state);

	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
	say(d, "STAT", "+OK 2 320\r\n");
	say(d, "LIST",
	    "+OK 2 messages (320 octets)\r\n1 120\r\n2 200\r\n.\r\n");
	say(d, "RETR 1", "+OK 120 octets\r\n" FIRST ".\r\n");
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	say(d, "RETR 2",
	    "+OK 200 octets\r\nSubject: second\r\n\r\n..\r\n..hidden\r\n"
	    "This one is of two hundred octets; its third and fourth lines\r\n"
	    "begin with a full stop, which a server must double, and which\r\n"
	    "must not be counted, not even once: is it\r\n.\r\n");
	say(d, "DELE 2", "+OK message 2 deleted\r\n");
	say(d, "QUIT",
	    "+OK dewey POP3 server signing off (maildrop empty)\r\n");
	assert_true(d->closed);
	assert_int_equal(store_memory_count(d->store, "mrose"), 0);
}

static void the_other_examples(void **state)
{
	struct drive *d = *state;

	say(d, "NOOP", "+OK\r\n");
	say(d, "LIST 2", "+OK 2 200\r\n");
	say(d, "LIST 3",
	    "-ERR no such message, only 2 messages in maildrop\r\n");
	say(d, "UIDL 3",
	    "-ERR no such message, only 2 messages in maildrop\r\n");
	say(d, "UIDL",
	    "+OK\r\n1 memory:00000001\r\n2 memory:00000002\r\n.\r\n");
	say(d, "UIDL 2", "+OK 2 memory:00000002\r\n");
	say(d, "TOP 1 0", "+OK\r\nSubject: first\r\n\r\n.\r\n");
	say(d, "TOP 2 1", "+OK\r\nSubject: second\r\n\r\n..\r\n.\r\n");
	say(d, "DELE 2", "+OK message 2 deleted\r\n");
	say(d, "DELE 2", "-ERR message 2 already deleted\r\n");
	say(d, "RSET", "+OK maildrop has 2 messages (320 octets)\r\n");
	say(d, "QUIT",
	    "+OK dewey POP3 server signing off (2 messages left)\r\n");
	assert_true(d->closed);
}

static void what_is_marked_is_counted_out_once(void **state)
{
	struct drive *d = *state;

	say(d, "STAT", "+OK 2 320\r\n");
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	say(d, "DELE 1", "-ERR message 1 already deleted\r\n");
	say(d, "STAT", "+OK 1 200\r\n");
	say(d, "RSET", "+OK maildrop has 2 messages (320 octets)\r\n");
	say(d, "RSET", "+OK maildrop has 2 messages (320 octets)\r\n");
	say(d, "DELE 2", "+OK message 2 deleted\r\n");
	say(d, "STAT", "+OK 1 120\r\n");
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	say(d, "STAT", "+OK 0 0\r\n");
	say(d, "LIST", "+OK 0 messages (0 octets)\r\n.\r\n");
	say(d, "RSET", "+OK maildrop has 2 messages (320 octets)\r\n");
	say(d, "STAT", "+OK 2 320\r\n");
}

static void one_message_is_no_plural(void **state)
{
	struct drive *d = *state;

	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	say(d, "QUIT",
	    "+OK dewey POP3 server signing off (1 message left)\r\n");
	reconnect(state);
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    "+OK mrose's maildrop has 1 message (200 octets)\r\n");
	say(d, "RETR 2",
	    "-ERR no such message, only 1 message in maildrop\r\n");
	say(d, "UIDL 1", "+OK 1 memory:00000002\r\n");
}

static void an_empty_maildrop(void **state)
{
	struct drive *d = reconnect(state);

	assert_int_equal(store_memory_add_user(d->store, "gone"), 0);
	drive_say(d, "USER gone\r\nPASS tanstaaf\r\n");
	assert_string_equal(
		drive_heard(d),
		"+OK send your password\r\n"
		"+OK gone's maildrop has 0 messages (0 octets)\r\n");
	say(d, "STAT", "+OK 0 0\r\n");
	say(d, "LIST", "+OK 0 messages (0 octets)\r\n.\r\n");
	say(d, "UIDL", "+OK\r\n.\r\n");
	say(d, "LIST 1", "-ERR no such message, maildrop is empty\r\n");
	say(d, "RSET", "+OK maildrop has 0 messages (0 octets)\r\n");
	say(d, "QUIT",
	    "+OK dewey POP3 server signing off (maildrop empty)\r\n");
}

static void a_mark_hides_a_message(void **state)
{
	static const char *const refused_now[] = {
		"DELE 1", "RETR 1", "LIST 1", "UIDL 1", "TOP 1 0",
	};
	struct drive *d = *state;

	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	say(d, "STAT", "+OK 1 200\r\n");
	say(d, "LIST", "+OK 1 message (200 octets)\r\n2 200\r\n.\r\n");
	say(d, "UIDL", "+OK\r\n2 memory:00000002\r\n.\r\n");
	for (size_t i = 0; i < 5; i++)
		say(d, refused_now[i], "-ERR message 1 already deleted\r\n");
	say(d, "RSET", "+OK maildrop has 2 messages (320 octets)\r\n");
	say(d, "LIST 1", "+OK 1 120\r\n");
}

static void an_unreadable_message_is_cut(void **state)
{
	struct drive *d = *state;

	store_memory_fail_reading(d->store, 50);
	drive_say(d, "RETR 1\r\n");
	assert_true(d->closed);
	assert_int_equal(strlen(drive_heard(d)),
			 strlen("+OK 120 octets\r\n") + 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(the_session_of_section_10),
		MROSE_TEST(the_other_examples),
		MROSE_TEST(what_is_marked_is_counted_out_once),
		MROSE_TEST(one_message_is_no_plural),
		MROSE_TEST(an_empty_maildrop),
		MROSE_TEST(a_mark_hides_a_message),
		MROSE_TEST(an_unreadable_message_is_cut),
	};

	return cmocka_run_group_tests_name("transaction", tests, NULL, NULL);
}
