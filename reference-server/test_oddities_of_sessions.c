/* SPDX-License-Identifier: MIT */
/* Odd greetings, and odd ways to share a maildrop: all of it is legal. */
#include "mrose.h"

/* A server with one oddity, and a session that has said nothing yet. */
static void start_odd(struct drive *d, const char *id,
		      struct maildrop_store *store)
{
	struct session_config odd = config;

	assert_true(switch_on(&odd.switches, id));
	assert_int_equal(drive_start(d, &odd, store, knows), 0);
}

/* Greets so, has APOP with that timestamp, and no CAPA. */
static void greets(const char *id, const char *greeting)
{
	struct drive d = { 0 };
	struct maildrop_store *store = new_store();

	start_odd(&d, id, store);
	assert_string_equal(drive_heard(&d), greeting);
	refused(&d, "CAPA\r\n");
	drive_say(&d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n");
	assert_string_equal(drive_heard(&d), "+OK mrose's maildrop has 2 messages "
			    "(320 octets)\r\n");
	drive_hang_up(&d);
	store->free(store);
	drive_free(&d);
}

static void brackets_beside_the_timestamp(void **state)
{
	(void)state;
	greets("brackets-before-timestamp",
	       "+OK POP3 server ready <at last> " TIMESTAMP "\r\n");
	greets("brackets-behind-timestamp",
	       "+OK POP3 server ready " TIMESTAMP " mail <fun>\r\n");
}

/* Says login to another server with the same store; what the last reply is. */
static const char *second_login(struct drive *d, const char *id,
				struct maildrop_store *store, uint64_t now)
{
	const char *heard, *end;

	start_odd(d, id, store);
	d->now = now;
	drive_say(d, LOGIN);
	heard = drive_heard(d);
	for (end = heard + strlen(heard) - 2; end > heard && end[-1] != '\n';)
		end--;
	return end;
}

/* RFC 1939 says when the lock is released behind QUIT, and of nothing else. */
static void late_unlock(void **state)
{
	struct session_config odd = config;
	struct maildrop_store *store;
	struct drive first = { 0 }, second = { 0 };

	(void)state;
	assert_true(switch_on(&odd.switches, "late-unlock"));
	store = store_memory_new(&odd.switches);
	store_memory_deliver(store, "mrose", slice_str(FIRST));
	start_odd(&first, "late-unlock", store);
	drive_say(&first, LOGIN "DELE 1\r\n");
	drive_free(&first);
	assert_string_equal(second_login(&second, "late-unlock", store, 999),
			    "-ERR [IN-USE] maildrop already locked\r\n");
	drive_free(&second);
	assert_string_equal(second_login(&second, "late-unlock", store, 1000),
			    "+OK mrose's maildrop has 1 message (120 "
			    "octets)\r\n");
	drive_say(&second, "QUIT\r\n");
	drive_free(&second);
	assert_true(slice_starts(slice_str(second_login(&second, "late-unlock",
							store, 1000)),
				 "+OK"));
	drive_free(&second);
	store->free(store);
}

static void newest_session_stays(void **state)
{
	struct session_config odd = config;
	struct maildrop_store *store;
	struct drive first = { 0 }, second = { 0 };

	(void)state;
	assert_true(switch_on(&odd.switches, "newest-session-stays"));
	store = store_memory_new(&odd.switches);
	store_memory_deliver(store, "mrose", slice_str(FIRST));
	start_odd(&first, "newest-session-stays", store);
	drive_say(&first, LOGIN "DELE 1\r\n");
	drive_heard(&first);
	assert_true(slice_starts(slice_str(second_login(&second,
							"newest-session-stays",
							store, 0)),
				 "+OK"));
	drive_say(&first, "QUIT\r\n");
	assert_string_equal(drive_heard(&first), "");
	assert_true(first.closed);
	drive_free(&first);
	assert_int_equal(store_memory_count(store, "mrose"), 1);
	say(&second, "RETR 1", "+OK 120 octets\r\n" FIRST ".\r\n");
	drive_free(&second);
	store->free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brackets_beside_the_timestamp),
		cmocka_unit_test(late_unlock),
		cmocka_unit_test(newest_session_stays),
	};

	return cmocka_run_group_tests_name("oddities_of_sessions", tests, NULL,
					   NULL);
}
