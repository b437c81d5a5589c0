/* SPDX-License-Identifier: MIT */
/* Defects that show when mail comes while a session is open. */
#include "defective.h"

#define THIRD "Subject: third\r\n\r\nThe newest.\r\n"

/* Log in to a server with that defect, the store's switch on as well. */
static void log_in_with(struct drive *d, const char *id)
{
	start_with_store(d, id);
	drive_say(d, LOGIN);
	drive_heard(d);
}

static void mail_comes(struct drive *d)
{
	assert_int_equal(
		store_memory_deliver(d->store, "mrose", slice_str(THIRD)), 0);
}

static void holds(struct drive *d, size_t i, const char *octets)
{
	struct slice held = store_memory_octets(d->store, "mrose", i);

	assert_true(slice_is(held, octets));
}

static void noop_reads_anew(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "noop-reads-anew");
	say(d, "LIST 1", "+OK 1 200\r\n");
	mail_comes(d);
	say(d, "LIST 1", "+OK 1 200\r\n");
	drive_say(d, "NOOP\r\nLIST 1\r\n");
	assert_non_null(strstr(drive_heard(d), "+OK 1 31\r\n"));
}

static void rset_reads_anew(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "rset-reads-anew");
	mail_comes(d);
	say(d, "LIST 2", "+OK 2 120\r\n");
	drive_say(d, "RSET\r\nLIST 2\r\n");
	assert_non_null(strstr(drive_heard(d), "+OK 2 200\r\n"));
}

static void update_numbers_anew(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "update-numbers-anew");
	say(d, "DELE 1", "+OK message 1 deleted\r\n");
	mail_comes(d);
	drive_say(d, "QUIT\r\n");
	assert_int_equal(store_memory_count(d->store, "mrose"), 2);
	holds(d, 0, FIRST);
	holds(d, 1, THIRD);
}

static void update_cuts_the_file(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "update-cuts-the-file");
	drive_say(d, "DELE 1\r\nDELE 2\r\n");
	mail_comes(d);
	drive_say(d, "QUIT\r\n");
	assert_int_equal(store_memory_count(d->store, "mrose"), 0);
}

static void update_cuts_no_half(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "update-cuts-the-file");
	drive_say(d, "DELE 1\r\n");
	mail_comes(d);
	drive_say(d, "QUIT\r\n");
	assert_int_equal(store_memory_count(d->store, "mrose"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(noop_reads_anew),
		MROSE_TEST(rset_reads_anew),
		MROSE_TEST(update_numbers_anew),
		MROSE_TEST(update_cuts_the_file),
		MROSE_TEST(update_cuts_no_half),
	};

	return cmocka_run_group_tests_name("defects_mail", tests, NULL, NULL);
}
