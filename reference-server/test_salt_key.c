/* SPDX-License-Identifier: MIT */
#include "salt_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char folder[32], file[64];
};

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	strcpy(p->folder, "/tmp/salt-key-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->file, sizeof(p->file), "%s/" SALT_KEY_FILE, p->folder);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;

	unlink(p->file);
	assert_int_equal(rmdir(p->folder), 0); /* nothing else was left */
	free(p);
	return 0;
}

static void it_is_the_same_once_it_is_kept(void **state)
{
	const struct place *p = *state;
	struct salt_key a, b;
	struct error e;
	struct stat st;

	assert_int_equal(salt_key_take(&a, p->folder, &e), 0);
	assert_false(a.kept);
	assert_int_equal(access(p->file, F_OK), -1);
	assert_int_equal(salt_key_take(&b, p->folder, &e), 0);
	assert_memory_not_equal(a.octets, b.octets, sizeof(a.octets));
	assert_int_equal(salt_key_keep(&a, p->folder, &e), 0);
	assert_true(a.kept);
	assert_int_equal(stat(p->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(salt_key_take(&b, p->folder, &e), 0);
	assert_true(b.kept);
	assert_memory_equal(a.octets, b.octets, sizeof(a.octets));
	assert_int_equal(salt_key_keep(&b, p->folder, &e), 0);
}

static void what_is_no_key_is_left_alone(void **state)
{
	const struct place *p = *state;
	struct salt_key k;
	struct error e = { 0 };

	assert_int_equal(symlink("/dev/zero", p->file), 0);
	assert_int_equal(salt_key_take(&k, p->folder, &e), 0);
	assert_false(k.kept);
	assert_int_equal(salt_key_keep(&k, p->folder, &e), -1);
	assert_non_null(strstr(e.text, SALT_KEY_FILE ": File exists"));
	assert_int_equal(unlink(p->file), 0);
	assert_int_equal(mkfifo(p->file, 0600), 0); /* nobody waits for it */
	assert_int_equal(salt_key_take(&k, p->folder, &e), 0);
	assert_false(k.kept);
}

static void where_nothing_can_be_kept_that_is_told(void **state)
{
	struct salt_key k;
	struct error e = { 0 };

	(void)state;
	assert_int_equal(salt_key_take(&k, "/nowhere", &e), 0);
	assert_int_equal(salt_key_keep(&k, "/nowhere", &e), -1);
	assert_string_equal(e.text, "/nowhere/" SALT_KEY_FILE
				    ": No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(it_is_the_same_once_it_is_kept),
		TEST(what_is_no_key_is_left_alone),
		TEST(where_nothing_can_be_kept_that_is_told),
	};

	return cmocka_run_group_tests_name("salt_key", tests, NULL, NULL);
}
