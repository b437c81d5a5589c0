/* SPDX-License-Identifier: MIT */
/* Defects of QUIT that show among many messages. */
#include "defective.h"

/* A defective server with a maildrop of count messages. */
static struct drive *crowd(void **state, const char *id, size_t count)
{
	struct drive *d = *state;

	start_with_store(d, id);
	while (store_memory_count(d->store, "mrose") < count)
		assert_int_equal(store_memory_deliver(d->store, "mrose",
						      slice_str("a\n")),
				 0);
	drive_say(d, LOGIN);
	drive_heard(d);
	return d;
}

static void mark(struct drive *d, size_t from, size_t to)
{
	char command[40];

	for (; from <= to; from++) {
		snprintf(command, sizeof(command), "DELE %zu\r\n", from);
		drive_say(d, command);
	}
	drive_heard(d);
}

static void leaves(struct drive *d, size_t count)
{
	drive_say(d, "QUIT\r\n");
	drive_heard(d);
	assert_true(d->closed);
	assert_int_equal(store_memory_count(d->store, "mrose"), count);
}

static void update_removes_two(void **state)
{
	struct drive *d = crowd(state, "update-removes-two", 10);

	mark(d, 2, 3);
	leaves(d, 8);
	d = crowd(state, "update-removes-two", 10);
	mark(d, 5, 7);
	leaves(d, 8);
}

static void update_removes_99(void **state)
{
	struct drive *d = crowd(state, "update-removes-99", 120);

	mark(d, 2, 100);
	leaves(d, 21);
	d = crowd(state, "update-removes-99", 120);
	mark(d, 1, 100);
	leaves(d, 21);
}

static void update_up_to_ten(void **state)
{
	struct drive *d = crowd(state, "update-up-to-ten", 12);

	mark(d, 9, 12);
	leaves(d, 10);
}

static void update_by_32(void **state)
{
	struct drive *d = crowd(state, "update-by-32", 70);

	mark(d, 34, 34);
	leaves(d, 67);
	assert_true(slice_is(store_memory_octets(d->store, "mrose", 0), FIRST));
	d = crowd(state, "update-by-32", 32);
	mark(d, 3, 4);
	leaves(d, 30);
}

static void update_keeps_no_few(void **state)
{
	struct drive *d = crowd(state, "update-keeps-no-few", 20);

	mark(d, 1, 17);
	leaves(d, 3);
	d = crowd(state, "update-keeps-no-few", 20);
	mark(d, 2, 19);
	leaves(d, 0);
}

static void uidl_begins_anew(void **state)
{
	struct drive *d = crowd(state, "uidl-begins-anew", 2);

	say(d, "UIDL 1", "+OK 1 memory:00000001\r\n");
	mark(d, 2, 2);
	leaves(d, 1);
	d = *state;
	store_memory_deliver(d->store, "mrose", slice_str("a\n"));
	start(d, "uidl-begins-anew");
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "UIDL 2", "+OK 2 memory:00000003\r\n");
	mark(d, 1, 2);
	leaves(d, 0);
	store_memory_deliver(d->store, "mrose", slice_str("b\n"));
	start(d, "uidl-begins-anew");
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "UIDL 1", "+OK 1 memory:00000001\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(update_removes_two),
		MROSE_TEST(update_removes_99),
		MROSE_TEST(update_up_to_ten),
		MROSE_TEST(update_by_32),
		MROSE_TEST(update_keeps_no_few),
		MROSE_TEST(uidl_begins_anew),
	};

	return cmocka_run_group_tests_name("defects_update", tests, NULL, NULL);
}
