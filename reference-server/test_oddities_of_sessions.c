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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(brackets_beside_the_timestamp),
	};

	return cmocka_run_group_tests_name("oddities_of_sessions", tests, NULL,
					   NULL);
}
