/* SPDX-License-Identifier: MIT */
#include "maildir_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void flags_are_not_part_of_the_unique_name(void **state)
{
	(void)state;
	assert_true(slice_is(maildir_unique("1.a.h:2,RS"), "1.a.h"));
	assert_true(slice_is(maildir_unique("1.a.h:2,"), "1.a.h"));
	assert_true(slice_is(maildir_unique("1.a.h"), "1.a.h"));
	assert_true(slice_is(maildir_unique("1.a:1,x:2,S"), "1.a"));
	assert_true(slice_is(maildir_unique("1.a:"), "1.a"));
	assert_true(slice_is(maildir_unique(":2,S"), ""));
}

static void assert_ascending(const char *a, const char *b)
{
	assert_true(maildir_compare(slice_str(a), slice_str(b)) < 0);
	assert_true(maildir_compare(slice_str(b), slice_str(a)) > 0);
	assert_true(maildir_time(slice_str(a)) <= maildir_time(slice_str(b)));
}

static void order_is_by_time_then_by_octets(void **state)
{
	(void)state;
	assert_ascending("9.z", "10.a");
	assert_ascending("0009.z", "10.a");
	assert_ascending("no time", "1");
	assert_ascending("1.a", "1.b");
	assert_ascending("1.a", "1.ab");
	assert_ascending("01.a", "1.a");
	assert_ascending("99999999999999999999998", "99999999999999999999999");
	assert_ascending("a", "\xff");
	assert_int_equal(maildir_compare(slice_str("1.a"), slice_str("1.a")),
			 0);
}

static void assert_digest(struct slice unique, uint64_t twin)
{
	char *id = maildir_unique_id(unique, twin);

	assert_non_null(id);
	assert_int_equal(strspn(id, "0123456789abcdef"), 64);
	assert_int_equal(strlen(id), 64);
	free(id);
}

static void unique_ids_are_what_the_rfc_allows(void **state)
{
	char name[71];
	char *id, *other;

	(void)state;
	memset(name, '~', sizeof(name));
	id = maildir_unique_id(slice_of(name, 70), 0);
	assert_memory_equal(id, name, 70);
	assert_int_equal(id[70], '\0');
	free(id);
	assert_digest(slice_of(name, 71), 0);
	assert_digest(slice_str(""), 0);
	assert_digest(slice_str("a b"), 0);
	assert_digest(slice_str("a\xc3\xa9"), 0);
	assert_digest(slice_str("a\x7f"), 0);
	assert_digest(slice_str("a\x7f\n\xff"), 0);
	id = maildir_unique_id(slice_str("a"), 7);
	other = maildir_unique_id(slice_str("a"), 8);
	assert_string_not_equal(id, other);
	free(id);
	free(other);
}

/* Else who may deliver could take another message's unique-id. */
static void a_name_like_a_digest_is_digested(void **state)
{
	char *id = maildir_unique_id(slice_str("a b"), 0);
	char *taken = maildir_unique_id(slice_str(id), 0);

	(void)state;
	assert_string_not_equal(id, taken);
	free(taken);
	id[0] = 'g';
	taken = maildir_unique_id(slice_str(id), 0);
	assert_string_equal(id, taken);
	free(taken);
	free(id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(flags_are_not_part_of_the_unique_name),
	    cmocka_unit_test(order_is_by_time_then_by_octets),
	    cmocka_unit_test(a_name_like_a_digest_is_digested),
	    cmocka_unit_test(unique_ids_are_what_the_rfc_allows),
	};

	return cmocka_run_group_tests_name("maildir_name", tests, NULL, NULL);
}
