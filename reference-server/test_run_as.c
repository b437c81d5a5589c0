/* SPDX-License-Identifier: MIT */
#include "run_as.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void users_and_groups_are_found(void **state)
{
	struct run_as i;

	(void)state;
	assert_int_equal(run_as_find(&i, "root", NULL), RUN_AS_FOUND);
	assert_int_equal(i.uid, 0);
	assert_int_equal(i.gid, 0);
	assert_int_equal(run_as_find(&i, "nobody", "daemon"), RUN_AS_FOUND);
	assert_int_not_equal(i.uid, 0);
	assert_int_not_equal(i.gid, 0);
	assert_int_equal(run_as_find(&i, "no\nbody", NULL), RUN_AS_NO_USER);
	assert_int_equal(run_as_find(&i, "nobody", "nope"), RUN_AS_NO_GROUP);
}

static void who_is_it_already_stays(void **state)
{
	struct run_as i = { "me", getuid(), getgid() };
	struct error e;

	(void)state;
	assert_int_equal(run_as_become(&i, &e), 0);
}

/* In a child: becomes nobody, and tries to be anybody else. */
static int become_nobody(void)
{
	struct run_as nobody, daemon;
	struct error e;

	if (run_as_find(&nobody, "nobody", NULL) != RUN_AS_FOUND ||
	    run_as_find(&daemon, "daemon", NULL) != RUN_AS_FOUND)
		return 1;
	if (geteuid() == 0 && run_as_become(&nobody, &e) != 0)
		return 2;
	if (geteuid() == 0 || setuid(0) == 0 || seteuid(0) == 0)
		return 3;
	if (run_as_become(&daemon, &e) == 0)
		return 4;
	return strcmp(e.text, "only root can become daemon") == 0 ? 0 : 5;
}

static void there_is_no_way_back(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		_exit(become_nobody());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_and_groups_are_found),
		cmocka_unit_test(who_is_it_already_stays),
		cmocka_unit_test(there_is_no_way_back),
	};

	return cmocka_run_group_tests_name("run_as", tests, NULL, NULL);
}
