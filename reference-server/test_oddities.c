/* SPDX-License-Identifier: MIT */
/* What an odd server says, word for word: all of it must be legal. */
#include "odd_server.h"

static void bare_status(void **state)
{
	struct drive *d = *state;

	start(state, "bare-status");
	assert_string_equal(drive_heard(d), "+OK " TIMESTAMP "\r\n");
	say(d, "STAT", "-ERR\r\n");
	say(d, "USER mrose", "+OK\r\n");
	say(d, "PASS tanstaaf", "+OK\r\n");
	say(d, "STAT", "+OK 2 320\r\n");
	say(d, "LIST", "+OK\r\n1 120\r\n2 200\r\n.\r\n");
	say(d, "LIST 2", "+OK 2 200\r\n");
	say(d, "UIDL 2", "+OK 2 memory:00000002\r\n");
	say(d, "RETR 1", "+OK\r\n" FIRST ".\r\n");
	say(d, "QUIT", "+OK\r\n");
}

static void chatty_listing(void **state)
{
	struct drive *d = log_in(state, "chatty-listing");

	say(d, "STAT", "+OK 2 320 octets in all\r\n");
	say(d, "LIST 1", "+OK 1 120 octets\r\n");
	say(d, "LIST",
	    "+OK 2 messages (320 octets)\r\n"
	    "1 120 octets\r\n2 200 octets\r\n.\r\n");
	say(d, "UIDL 1", "+OK 1 memory:00000001\r\n");
}

static void descending_listing(void **state)
{
	struct drive *d = log_in(state, "descending-listing");

	say(d, "LIST",
	    "+OK 2 messages (320 octets)\r\n2 200\r\n1 120\r\n.\r\n");
	say(d, "UIDL",
	    "+OK\r\n2 memory:00000002\r\n1 memory:00000001\r\n.\r\n");
	say(d, "DELE 2", "+OK message 2 deleted\r\n");
	say(d, "LIST", "+OK 1 message (120 octets)\r\n1 120\r\n.\r\n");
}

static void reversed_maildrop(void **state)
{
	struct drive *d = log_in(state, "reversed-maildrop");

	say(d, "LIST",
	    "+OK 2 messages (320 octets)\r\n1 200\r\n2 120\r\n.\r\n");
	say(d, "UIDL 1", "+OK 1 memory:00000002\r\n");
	say(d, "RETR 2", "+OK 120 octets\r\n" FIRST ".\r\n");
	say(d, "LIST 3",
	    "-ERR no such message, only 2 messages in maildrop\r\n");
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	say(d, "STAT", "+OK 1 120\r\n");
	say(d, "QUIT",
	    "+OK dewey POP3 server signing off (1 message left)\r\n");
	assert_true(slice_is(store_memory_octets(d->store, "mrose", 0), FIRST));
}

static void rset_shows_new_mail(void **state)
{
	struct drive *d = log_in(state, "rset-shows-new-mail");

	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	store_memory_deliver(d->store, "mrose", slice_str("x\n"));
	say(d, "NOOP", "+OK\r\n");
	say(d, "STAT", "+OK 1 200\r\n");
	say(d, "RSET", "+OK mrose's maildrop has 3 messages (323 octets)\r\n");
	say(d, "LIST 1", "+OK 1 120\r\n");
	say(d, "LIST 3", "+OK 3 3\r\n");
}

static void hash_unique_ids(void **state)
{
	struct drive *d = *state;
	char first[100];

	start(state, "hash-unique-ids");
	store_memory_deliver(d->store, "mrose", slice_str(FIRST));
	drive_say(d, LOGIN);
	drive_heard(d);
	drive_say(d, "UIDL 1\r\n");
	snprintf(first, sizeof(first), "%s", drive_heard(d));
	assert_int_equal(strlen(first), strlen("+OK 1 0123456789abcdef\r\n"));
	first[4] = '2';
	drive_say(d, "UIDL 2\r\n");
	assert_string_not_equal(drive_heard(d), first);
	first[4] = '3';
	say(d, "UIDL 3", first);
}

static void long_unique_ids(void **state)
{
	struct drive *d = log_in(state, "long-unique-ids");
	const char *heard;

	drive_say(d, "UIDL 1\r\n");
	heard = drive_heard(d);
	assert_int_equal(strlen(heard), strlen("+OK 1 ") + 70 + 2);
	assert_true(slice_starts(slice_str(heard), "+OK 1 memory:00000001!\""));
	for (const char *c = heard + 6; *c != '\r'; c++)
		assert_in_range(*c, 0x21, 0x7e);
}

static void lf_lines_refused(void **state)
{
	struct drive *d = log_in(state, "lf-lines-refused");

	drive_say(d, "NOOP\nXYZZ\r\nNOOP\r\n");
	assert_string_equal(drive_heard(d), "-ERR unknown command\r\n"
			    "-ERR unknown command\r\n+OK\r\n");
}

static void lenient_grammar(void **state)
{
	struct drive *d = log_in(state, "lenient-grammar");

	say(d, "NOOP  ", "+OK\r\n");
	say(d, "LIST\t 1 2", "+OK 1 120\r\n");
	say(d, "LIST +02", "+OK 2 200\r\n");
	say(d, "LIST 00",
	    "-ERR no such message, only 2 messages in maildrop\r\n");
	say(d, "TOP  1  0 ", "+OK\r\nSubject: first\r\n\r\n.\r\n");
	drive_say(d, "NOOP\nSTAT\n");
	assert_string_equal(drive_heard(d), "+OK\r\n+OK 2 320\r\n");
	refused(d, "LIST -1\r\n");
	refused(d, "LIST 1x\r\n");
	refused(d, "LIST +\r\n");
	refused(d, "RETR \r\n");
	refused(d, " NOOP\r\n");
}

static void second_user_refused(void **state)
{
	struct drive *d = *state;

	start(state, "second-user-refused");
	drive_heard(d);
	say(d, "USER mrose", "+OK send your password\r\n");
	refused(d, "USER mrose\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
}

static void user_tells_names(void **state)
{
	struct drive *d = *state;

	start(state, "user-tells-names");
	drive_heard(d);
	say(d, "USER x", "-ERR no mailbox of that name\r\n");
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS x", "-ERR [AUTH] invalid user name or password\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	refused(d, "NOOP\r\n");
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS tanstaaf",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

static void capital_digest(void **state)
{
	struct drive *d = *state;

	start(state, "capital-digest");
	drive_heard(d);
	say(d, "APOP mrose C4C9334BAC560ECC979E58001B3E22FA",
	    "-ERR [AUTH] permission denied\r\n");
	say(d, "APOP mrose C4C9334BAC560ECC979E58001B3E22FB",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

static void no_plain_passwords(void **state)
{
	struct drive *d = *state;

	start(state, "no-plain-passwords");
	drive_heard(d);
	say(d, "USER mrose", "-ERR unknown command\r\n");
	say(d, "PASS tanstaaf", "-ERR unknown command\r\n");
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

static void no_spaces_in_passwords(void **state)
{
	struct drive *d = *state;

	start(state, "no-spaces-in-passwords");
	drive_heard(d);
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS tans taaf", "-ERR a password has no spaces\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
}

static void patient_pass(void **state)
{
	struct drive *d = *state;

	start(state, "patient-pass");
	drive_heard(d);
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	refused(d, "NOOP\r\n");
	say(d, "PASS wrong", "-ERR [AUTH] invalid user name or password\r\n");
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	refused(d, "NOOP\r\n");
	say(d, "PASS tanstaaf",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

static void minimal(void **state)
{
	struct drive *d = *state;

	start(state, "minimal");
	assert_string_equal(drive_heard(d), "+OK POP3 server ready\r\n");
	say(d, "CAPA", "-ERR unknown command\r\n");
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    "-ERR unknown command\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
	say(d, "TOP 1 0", "-ERR unknown command\r\n");
	say(d, "UIDL", "-ERR unknown command\r\n");
	say(d, "LIST 1", "+OK 1 120\r\n");
}

static void no_capa(void **state)
{
	struct drive *d = log_in(state, "no-capa");

	say(d, "CAPA", "-ERR unknown command\r\n");
	say(d, "UIDL 1", "+OK 1 memory:00000001\r\n");
}

static void one_octet_output(void **state)
{
	struct drive *d = log_in(state, "one-octet-output");

	say(d, "RETR 1", "+OK 120 octets\r\n" FIRST ".\r\n");
	assert_int_equal(d->largest, 1);
}

static void top_limited(void **state)
{
	struct drive *d = log_in(state, "top-limited");

	say(d, "TOP 1 0", "+OK\r\nSubject: first\r\n\r\n.\r\n");
	refused(d, "TOP 1 1\r\n");
	drive_say(d, "CAPA\r\n");
	assert_null(strstr(drive_heard(d), "TOP\r\n"));
	drive_say(d, "CAPA\r\n");
	assert_non_null(strstr(drive_heard(d), "EXPIRE 0\r\n"));
	say(d, "RETR 1", "+OK 120 octets\r\n" FIRST ".\r\n");
	drive_say(d, "QUIT\r\n");
	assert_int_equal(store_memory_count(d->store, "mrose"), 1);
}

static void huge_counts_refused(void **state)
{
	struct drive *d = log_in(state, "huge-counts-refused");

	say(d, "TOP 1 2147483647", "+OK\r\n" FIRST ".\r\n");
	refused(d, "TOP 1 2147483648\r\n");
	refused(d, "TOP 1 99999999999999999999\r\n");
}

static void leading_zeros(void **state)
{
	struct drive *d = log_in(state, "leading-zeros");

	say(d, "STAT", "+OK 002 00320\r\n");
	say(d, "LIST 2", "+OK 002 00200\r\n");
	say(d, "UIDL 1", "+OK 001 memory:00000001\r\n");
	refused(d, "LIST 002\r\n");
}

static void top_adds_blank_line(void **state)
{
	struct drive *d = *state;

	start(state, "top-adds-blank-line");
	store_memory_deliver(d->store, "mrose", slice_str("a: b\n"));
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "TOP 3 0", "+OK\r\na: b\r\n\r\n.\r\n");
	say(d, "TOP 3 1", "+OK\r\na: b\r\n\r\n.\r\n");
	say(d, "RETR 3", "+OK 6 octets\r\na: b\r\n.\r\n");
	say(d, "TOP 1 0", "+OK\r\nSubject: first\r\n\r\n.\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(bare_status),
		MROSE_TEST(chatty_listing),
		MROSE_TEST(descending_listing),
		MROSE_TEST(reversed_maildrop),
		MROSE_TEST(rset_shows_new_mail),
		MROSE_TEST(hash_unique_ids),
		MROSE_TEST(long_unique_ids),
		MROSE_TEST(lenient_grammar),
		MROSE_TEST(lf_lines_refused),
		MROSE_TEST(second_user_refused),
		MROSE_TEST(user_tells_names),
		MROSE_TEST(capital_digest),
		MROSE_TEST(no_plain_passwords),
		MROSE_TEST(no_spaces_in_passwords),
		MROSE_TEST(patient_pass),
		MROSE_TEST(minimal),
		MROSE_TEST(no_capa),
		MROSE_TEST(one_octet_output),
		MROSE_TEST(top_limited),
		MROSE_TEST(huge_counts_refused),
		MROSE_TEST(leading_zeros),
		MROSE_TEST(top_adds_blank_line),
	};

	return cmocka_run_group_tests_name("oddities", tests, NULL, NULL);
}
