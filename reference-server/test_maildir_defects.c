/* SPDX-License-Identifier: MIT */
/* Defects that only a Maildir shows. */
#include "maildir_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void what_was_read_is_not_removed(void **state)
{
	struct place *p = *state;
	const bool marked[2] = {true, true};
	struct buf octets = {0};
	struct maildrop *m;

	place_switch(p, DEFECT_REMOVES_FROM_NEW_ONLY);
	place_put(p, "al/new/1.a", slice_str("a\n"));
	place_put(p, "al/new/2.b", slice_str("b\n"));
	m = place_open(p);
	maildrop_read_all(m, 0, 10, &octets);
	assert_true(slice_is(buf_slice(&octets), "a\r\n"));
	buf_free(&octets);
	assert_int_equal(m->ops->remove(m, marked), 0);
	m->ops->close(m);
	assert_true(place_has(p, "al/cur/1.a:2,S"));
	assert_false(place_has(p, "al/new/2.b"));
}

static void unique_ids_change_with_the_flags(void **state)
{
	struct place *p = *state;
	struct maildrop *m;

	place_switch(p, DEFECT_UNIQUE_ID_WITH_FLAGS);
	place_put(p, "al/new/1.a", slice_str("a\n"));
	m = place_open(p);
	assert_string_equal(m->messages[0].unique_id, "1.a");
	m->ops->close(m);
	m = place_open(p);
	assert_string_equal(m->messages[0].unique_id, "1.a:2,S");
	m->ops->close(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PLACE_TEST(what_was_read_is_not_removed),
	    PLACE_TEST(unique_ids_change_with_the_flags),
	};

	return cmocka_run_group_tests_name("maildir_defects", tests, NULL,
					   NULL);
}
