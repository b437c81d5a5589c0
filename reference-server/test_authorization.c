/* SPDX-License-Identifier: MIT */
/* Who is let in, and who is not. */
#include "mrose.h"

static void before_the_login(void **state)
{
	static const char *const later[] = {
		"STAT\r\n", "LIST\r\n", "RETR 1\r\n",  "DELE 1\r\n",
		"NOOP\r\n", "RSET\r\n", "TOP 1 0\r\n", "UIDL\r\n",
	};
	struct drive *d = reconnect(state);

	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		refused(d, later[i]);
	say(d, "QUIT", "+OK dewey POP3 server signing off\r\n");
	assert_true(d->closed);
	assert_int_equal(store_memory_count(d->store, "mrose"), 2);
}

static void a_login_that_fails_may_be_tried_again(void **state)
{
	struct drive *d = reconnect(state);

	refused(d, "PASS tanstaaf\r\n");
	refused(d, "USER\r\n");
	refused(d, "USER mrose rose\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS", "-ERR PASS needs an argument, and only one\r\n");
	refused(d, "PASS tanstaaf\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS tanstaaf ",
	    "-ERR [AUTH] invalid user name or password\r\n");
	refused(d, "PASS tanstaaf\r\n");
	say(d, "USER nobody", "+OK send your password\r\n");
	say(d, "PASS tanstaaf",
	    "-ERR [AUTH] invalid user name or password\r\n");
	refused(d, "APOP mrose\r\n");
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fc",
	    "-ERR [AUTH] permission denied\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
}

static void a_digest_has_32_hexadecimal_digits(void **state)
{
	static const char *const bad[] = {
		"APOP mrose C4C9334BAC560ECC979E58001B3E22FB",
		"APOP mrose c4c9334bac560ecc979e58001b3e22f",
		"APOP mrose c4c9334bac560ecc979e58001b3e22fb0",
		"APOP mrose g4c9334bac560ecc979e58001b3e22fb",
		"APOP mrose c4c9334bac560ecc979e58001b3e22f/",
		"APOP mrose c4c9334bac560ecc979e58001b3e22f:",
		"APOP mrose c4c9334bac560ecc979e58001b3e22f`",
	};
	struct drive *d = reconnect(state);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		say(d, bad[i],
		    "-ERR a digest has 32 hexadecimal digits, "
		    "letters in lower case\r\n");
	say(d, "APOP mrose 0123456789abcdef0123456789abcdef",
	    "-ERR [AUTH] permission denied\r\n");
}

static void pass_comes_right_after_user(void **state)
{
	struct drive *d = reconnect(state);

	say(d, "USER mrose", "+OK send your password\r\n");
	refused(d, "NOOP\r\n");
	refused(d, "PASS tanstaaf\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS tanstaaf",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

static void no_timestamp_no_apop(void **state)
{
	const struct session_config without = { .host = "dewey" };
	struct drive *d = *state;
	struct maildrop_store *store = d->store;

	drive_free(d);
	assert_int_equal(drive_start(d, &without, store, knows), 0);
	assert_string_equal(drive_heard(d), "+OK POP3 server ready\r\n");
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    "-ERR unknown command\r\n");
	assert_true(session_deadline(d->session) == SESSION_NEVER);
}

static void a_locked_maildrop_is_in_use(void **state)
{
	struct drive *first = *state;
	struct drive second;

	connect_to(&second, first->store);
	drive_say(&second, LOGIN);
	assert_string_equal(drive_heard(&second),
			    "+OK send your password\r\n"
			    "-ERR [IN-USE] maildrop already locked\r\n");
	say(first, "QUIT",
	    "+OK dewey POP3 server signing off (2 messages left)\r\n");
	drive_say(&second, LOGIN);
	assert_string_equal(drive_heard(&second), LOGGED_IN);
	drive_free(&second);
}

static void a_user_without_maildrop(void **state)
{
	struct drive *d = reconnect(state);

	say(d, "USER gone", "+OK send your password\r\n");
	say(d, "PASS tanstaaf",
	    "-ERR [SYS/PERM] maildrop cannot be opened\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(before_the_login),
		MROSE_TEST(a_login_that_fails_may_be_tried_again),
		MROSE_TEST(a_digest_has_32_hexadecimal_digits),
		MROSE_TEST(pass_comes_right_after_user),
		MROSE_TEST(no_timestamp_no_apop),
		MROSE_TEST(a_locked_maildrop_is_in_use),
		MROSE_TEST(a_user_without_maildrop),
	};

	return cmocka_run_group_tests_name("authorization", tests, NULL, NULL);
}
