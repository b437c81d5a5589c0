/* SPDX-License-Identifier: MIT */
#include "exposed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static const uid_t owners[1]; /* root, who is one in any case */

static int set_up(void **state)
{
	char *path = strdup("/tmp/exposed-XXXXXX");

	assert_non_null(path);
	close(mkstemp(path));
	*state = path;
	return 0;
}

static int tear_down(void **state)
{
	unlink(*state);
	free(*state);
	return 0;
}

/* what is "" for no warning. */
static void warns(const char *path, mode_t mode, enum exposed is,
		  const char *what)
{
	const uid_t mine[] = { geteuid() };
	struct complaints c = { 0 };
	char expected[128] = "";

	assert_int_equal(chmod(path, mode), 0);
	exposed_warn(path, is, mine, 1, &c);
	assert_int_equal(c.count, *what ? 1 : 0);
	if (*what) {
		snprintf(expected, sizeof(expected), "%s %s", what, path);
		assert_string_equal(complaints_text(&c, 0), expected);
	}
	complaints_free(&c);
}

static void the_gravest_is_told(void **state)
{
	warns(*state, 0600, EXPOSED_SECRET, "");
	warns(*state, 0640, EXPOSED_SECRET, "");
	warns(*state, 0644, EXPOSED_SECRET, "others can read");
	warns(*state, 0644, EXPOSED_PUBLIC, "");
	warns(*state, 0646, EXPOSED_SECRET, "others can write to");
	warns(*state, 0602, EXPOSED_PUBLIC, "others can write to");
	exposed_warn(NULL, EXPOSED_SECRET, owners, 1, NULL);
	exposed_warn("/no/such/file", EXPOSED_SECRET, owners, 1, NULL);
}

static void a_stranger_or_a_group_can_change_it(void **state)
{
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(*state, 12345, 0), 0);
	warns(*state, 0600, EXPOSED_PUBLIC, "a stranger, uid 12345, owns");
	assert_int_equal(chown(*state, 0, 23456), 0);
	warns(*state, 0640, EXPOSED_SECRET, "");
	warns(*state, 0660, EXPOSED_SECRET, "a group, gid 23456, can write to");
	assert_int_equal(chown(*state, 0, 0), 0);
	warns(*state, 0660, EXPOSED_SECRET, "");
}

#define EXPOSED_TEST(name)                                                     \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EXPOSED_TEST(the_gravest_is_told),
		EXPOSED_TEST(a_stranger_or_a_group_can_change_it),
	};

	return cmocka_run_group_tests_name("exposed", tests, NULL, NULL);
}
