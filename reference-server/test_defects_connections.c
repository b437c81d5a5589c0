/* SPDX-License-Identifier: MIT */
/* Defects that show on several connections, or by waiting for the login. */
#include "mrose.h"

static void start_with(struct drive *d, struct session_config *c,
		       const char *id,
		       bool (*right)(const struct credentials *c))
{
	struct maildrop_store *store = d->store;

	drive_free(d);
	assert_true(switch_on(&c->switches, id));
	assert_int_equal(drive_start(d, c, store, right), 0);
}

static void start(struct drive *d, const char *id)
{
	struct session_config defective = config;

	start_with(d, &defective, id, knows);
	assert_string_equal(drive_heard(d), READY);
}

static void greeting_forgotten(void **state)
{
	struct session_config defective = config;
	struct drive *d = *state;

	defective.number = 2;
	start_with(d, &defective, "greeting-forgotten", knows);
	assert_string_equal(drive_heard(d), READY);
	defective.number = 3;
	start_with(d, &defective, "greeting-forgotten", knows);
	assert_string_equal(drive_heard(d), "");
	say(d, "STAT", READY "-ERR STAT comes after the login\r\n");
}

static void apop_replayed(void **state)
{
	struct session_config defective = config;
	struct drive *d = *state;

	defective.timestamp = "<2@dewey>";
	defective.earlier = TIMESTAMP;
	start_with(d, &defective, "apop-replayed", knows);
	drive_heard(d);
	say(d, "APOP mrose 00000000000000000000000000000000",
	    "-ERR [AUTH] permission denied\r\n");
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

static void lock_by_failed_login(void **state)
{
	struct drive *d = *state;
	struct drive second;

	start(d, "lock-by-failed-login");
	drive_say(d, "USER mrose\r\nPASS x\r\n");
	assert_string_equal(drive_heard(d),
			    "+OK send your password\r\n"
			    "-ERR [AUTH] invalid user name or password\r\n");
	connect_to(&second, d->store);
	drive_say(&second, LOGIN);
	assert_string_equal(drive_heard(&second),
			    "+OK send your password\r\n"
			    "-ERR [IN-USE] maildrop already locked\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
	drive_free(&second);
}

static void locked_login_gets_in(void **state)
{
	struct session_config defective = config;
	struct drive *d = *state;
	struct drive second;

	assert_true(switch_on(&defective.switches, "locked-login-gets-in"));
	assert_int_equal(drive_start(&second, &defective, d->store, knows), 0);
	drive_say(&second, LOGIN "STAT\r\n");
	assert_string_equal(drive_heard(&second),
			    READY "+OK send your password\r\n"
			    "-ERR [IN-USE] maildrop already locked\r\n"
			    "+OK 0 0\r\n");
	drive_free(&second);
}

static void lock_outlives_session(void **state)
{
	struct drive *d = *state;

	start(d, "lock-outlives-session");
	drive_say(d, LOGIN "QUIT\r\n");
	start(d, "lock-outlives-session");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
	start(d, "lock-outlives-session");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d),
			    "+OK send your password\r\n"
			    "-ERR [IN-USE] maildrop already locked\r\n");
}

static void login_timer_short(void **state)
{
	struct drive *d = *state;

	start(d, "login-timer-short");
	drive_wait(d, 119999);
	say(d, "USER mrose", "+OK send your password\r\n");
	drive_wait(d, 119999);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
}

static void pass_timer_short(void **state)
{
	struct drive *d = *state;

	start(d, "pass-timer-short");
	drive_wait(d, TEN_MINUTES - 1);
	say(d, "USER mrose", "+OK send your password\r\n");
	drive_wait(d, 59999);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
}

static void slow_reader_cut(void **state)
{
	struct drive *d = *state;

	start(d, "slow-reader-cut");
	drive_say(d, LOGIN);
	drive_heard(d);
	d->window = 0;
	drive_say(d, "RETR 1\r\n");
	drive_wait(d, 59999);
	assert_false(d->closed);
	drive_wait(d, 1);
	assert_true(d->closed);
}

#define LONGEST "forty-octets-are-the-most-that-are-sure."

static bool knows_longest(const struct credentials *c)
{
	return slice_is(c->password, LONGEST);
}

static void password_cut_at_39(void **state)
{
	struct session_config defective = config;
	struct drive *d = *state;

	start_with(d, &defective, "password-cut-at-39", knows_longest);
	drive_heard(d);
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "PASS " LONGEST,
	    "-ERR [AUTH] invalid user name or password\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(greeting_forgotten),
		MROSE_TEST(apop_replayed),
		MROSE_TEST(lock_by_failed_login),
		MROSE_TEST(locked_login_gets_in),
		MROSE_TEST(lock_outlives_session),
		MROSE_TEST(login_timer_short),
		MROSE_TEST(pass_timer_short),
		MROSE_TEST(slow_reader_cut),
		MROSE_TEST(password_cut_at_39),
	};

	return cmocka_run_group_tests_name("defects_connections", tests, NULL,
					   NULL);
}
