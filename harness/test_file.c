/* SPDX-License-Identifier: MIT */
#include "file.h"

#include "random.h"
#include "scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct room {
	struct scratch scratch;
	int fd;
	struct buf got;
	struct error e;
};

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	scratch_open(&r->scratch);
	scratch_write(&r->scratch, "f", "0123456789");
	scratch_link(&r->scratch, "link", "f");
	r->fd = open(r->scratch.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkfifoat(r->fd, "fifo", 0600), 0);
	*state = r;
	return 0;
}

static int close_room(void **state)
{
	struct room *r = *state;

	scratch_close(&r->scratch);
	close(r->fd);
	buf_free(&r->got);
	free(r);
	return 0;
}

static int read_path(struct room *r, const char *name, size_t limit)
{
	char *path = file_path(r->scratch.path, name);
	int failed = file_read(path, limit, &r->got, NULL, &r->e);

	free(path);
	return failed;
}

static void a_file_is_read_whole(void **state)
{
	struct room *r = *state;

	buf_add_str(&r->got, "<");
	assert_int_equal(read_path(r, "f", 10), 0);
	assert_true(slice_is(buf_slice(&r->got), "<0123456789"));
	assert_int_equal(read_path(r, "link", 10), 0);
}

static void too_much_is_an_error(void **state)
{
	struct room *r = *state;

	assert_int_equal(read_path(r, "f", 9), -1);
	assert_non_null(strstr(r->e.text, "/f: more than 9 octets"));
}

static void what_is_no_file_is_refused_at_once(void **state)
{
	struct room *r = *state;

	assert_int_equal(read_path(r, "fifo", 10), -1);
	assert_non_null(strstr(r->e.text, "/fifo: not a regular file"));
	assert_int_equal(read_path(r, "", 10), -1);
	assert_non_null(strstr(r->e.text, ": not a regular file"));
	assert_int_equal(read_path(r, "none", 10), -1);
	assert_non_null(strstr(r->e.text, "/none: No such file"));
	assert_int_equal(read_path(r, "/dev/zero", 10), -1);
	assert_string_equal(r->e.text, "/dev/zero: not a regular file");
}

static void a_link_is_not_followed_in_a_directory(void **state)
{
	struct room *r = *state;

	assert_int_equal(file_read_at(r->fd, "f", "shown", 10, &r->got, &r->e),
			 0);
	assert_int_equal(
	    file_read_at(r->fd, "link", "shown", 10, &r->got, &r->e), -1);
	assert_string_equal(r->e.text,
			    "shown: a symbolic link is not followed");
}

static void random_digits_differ(void **state)
{
	char a[2 * RANDOM_LIMIT + 1], b[2 * RANDOM_LIMIT + 1];
	struct error e;

	(void)state;
	assert_int_equal(random_hex(a, RANDOM_LIMIT, &e), 0);
	assert_int_equal(random_hex(b, RANDOM_LIMIT, &e), 0);
	assert_int_equal(strlen(a), 2 * RANDOM_LIMIT);
	assert_int_equal(strspn(a, "0123456789abcdef"), 2 * RANDOM_LIMIT);
	assert_string_not_equal(a, b);
	assert_int_equal(random_hex(a, RANDOM_LIMIT + 1, &e), -1);
}

#define IN_ROOM(t) cmocka_unit_test_setup_teardown(t, open_room, close_room)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(a_file_is_read_whole),
	    IN_ROOM(too_much_is_an_error),
	    IN_ROOM(what_is_no_file_is_refused_at_once),
	    IN_ROOM(a_link_is_not_followed_in_a_directory),
	    cmocka_unit_test(random_digits_differ),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
