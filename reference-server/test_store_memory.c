/* SPDX-License-Identifier: MIT */
#include "store_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct maildrop_store *store_with(enum switch_name name)
{
	struct switches switches = { 0 };
	struct maildrop_store *store;

	if (name != SWITCHES)
		switches.on[name] = true;
	store = store_memory_new(&switches);
	assert_non_null(store);
	return store;
}

static void deliver(struct maildrop_store *store, const char *octets)
{
	assert_int_equal(store_memory_deliver(store, "u", slice_str(octets)),
			 0);
}

static struct maildrop *open_it(struct maildrop_store *store)
{
	struct maildrop *m = NULL;
	struct error e;

	assert_int_equal(store->open(store, slice_str("u"), &m, &e),
			 MAILDROP_OPENED);
	return m;
}

static void assert_reads(struct maildrop *m, size_t i, const char *expected)
{
	struct buf b = { 0 };
	char piece[3];
	long n;

	assert_int_equal(m->ops->rewind(m, i, NULL), 0);
	while ((n = m->ops->read(m, piece, sizeof(piece), NULL)) > 0)
		buf_add(&b, slice_of(piece, (size_t)n));
	assert_int_equal(n, 0);
	assert_string_equal(buf_text(&b), expected);
	buf_free(&b);
}

static void line_ends_become_crlf_and_count_as_such(void **state)
{
	struct maildrop_store *store = store_with(SWITCHES);
	struct maildrop *m;

	(void)state;
	deliver(store, "a\nb\r\n");
	deliver(store, "no end");
	deliver(store, "");
	m = open_it(store);
	assert_int_equal(m->count, 3);
	assert_int_equal(m->messages[0].size, 6);
	assert_int_equal(m->messages[1].size, 8);
	assert_int_equal(m->messages[2].size, 0);
	assert_reads(m, 0, "a\r\nb\r\n");
	assert_reads(m, 1, "no end");
	assert_reads(m, 0, "a\r\nb\r\n");
	assert_reads(m, 2, "");
	m->ops->close(m);
	store->free(store);
}

static void only_one_session_at_a_time(void **state)
{
	struct maildrop_store *store = store_with(SWITCHES);
	struct maildrop *m, *other = NULL;

	(void)state;
	deliver(store, "x\n");
	m = open_it(store);
	assert_int_equal(store->open(store, slice_str("u"), &other, NULL),
			 MAILDROP_IN_USE);
	assert_int_equal(store->open(store, slice_str("v"), &other, NULL),
			 MAILDROP_BROKEN);
	m->ops->close(m);
	m = open_it(store);
	m->ops->close(m);
	store->free(store);
}

static void removal_persists_and_ids_do_not_return(void **state)
{
	struct maildrop_store *store = store_with(SWITCHES);
	const bool second[] = { false, true };
	struct maildrop *m;

	(void)state;
	deliver(store, "1\n");
	deliver(store, "2\n");
	m = open_it(store);
	assert_string_equal(m->messages[0].unique_id, "memory:00000001");
	assert_string_equal(m->messages[1].unique_id, "memory:00000002");
	deliver(store, "3\n");
	assert_int_equal(m->count, 2);
	assert_int_equal(m->ops->remove(m, second), 0);
	m->ops->close(m);
	m = open_it(store);
	assert_int_equal(m->count, 2);
	assert_string_equal(m->messages[0].unique_id, "memory:00000001");
	assert_string_equal(m->messages[1].unique_id, "memory:00000003");
	m->ops->close(m);
	assert_int_equal(store_memory_count(store, "u"), 2);
	assert_int_equal(store_memory_count(store, "v"), 0);
	assert_true(slice_is(store_memory_octets(store, "u", 1), "3\r\n"));
	assert_int_equal(store_memory_octets(store, "u", 2).len, 0);
	store->free(store);
}

static void it_fails_when_told_to(void **state)
{
	struct maildrop_store *store = store_with(SWITCHES);
	const bool both[] = { true, true };
	struct maildrop *m;
	char piece[10];

	(void)state;
	deliver(store, "12345\n");
	deliver(store, "1\n");
	store_memory_fail_removal(store);
	store_memory_fail_reading(store, 3);
	m = open_it(store);
	assert_int_equal(m->ops->remove(m, both), 2);
	assert_int_equal(store_memory_count(store, "u"), 2);
	assert_int_equal(m->ops->rewind(m, 0, NULL), 0);
	assert_int_equal(m->ops->read(m, piece, sizeof(piece), NULL), 3);
	assert_int_equal(m->ops->read(m, piece, sizeof(piece), NULL), -1);
	assert_reads(m, 1, "1\r\n");
	m->ops->close(m);
	store->free(store);
}

static void a_shared_maildrop_is_a_snapshot(void **state)
{
	struct maildrop_store *store = store_with(ODDITY_SHARED_MAILDROP);
	const bool first[] = { true, false };
	struct maildrop *m, *other;

	(void)state;
	deliver(store, "1\n");
	deliver(store, "2\n");
	m = open_it(store);
	other = open_it(store);
	assert_int_equal(m->ops->remove(m, first), 0);
	m->ops->close(m);
	assert_reads(other, 0, "1\r\n");
	assert_int_equal(other->ops->remove(other, first), 0);
	other->ops->close(other);
	assert_int_equal(store_memory_count(store, "u"), 1);
	store->free(store);
}

static void a_stolen_maildrop_is_no_longer_read(void **state)
{
	struct maildrop_store *store = store_with(DEFECT_LOCK_IS_STOLEN);
	struct maildrop *m, *thief;
	const bool all[] = { true };
	char piece[10];

	(void)state;
	deliver(store, "1\n");
	m = open_it(store);
	assert_int_equal(m->ops->rewind(m, 0, NULL), 0);
	thief = open_it(store);
	assert_int_equal(m->ops->read(m, piece, sizeof(piece), NULL), -1);
	assert_int_equal(m->ops->rewind(m, 0, NULL), -1);
	assert_int_equal(m->ops->remove(m, all), 1);
	m->ops->close(m);
	assert_reads(thief, 0, "1\r\n");
	thief->ops->close(thief);
	store->free(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_ends_become_crlf_and_count_as_such),
		cmocka_unit_test(only_one_session_at_a_time),
		cmocka_unit_test(removal_persists_and_ids_do_not_return),
		cmocka_unit_test(it_fails_when_told_to),
		cmocka_unit_test(a_shared_maildrop_is_a_snapshot),
		cmocka_unit_test(a_stolen_maildrop_is_no_longer_read),
	};

	return cmocka_run_group_tests_name("store_memory", tests, NULL, NULL);
}
