/* SPDX-License-Identifier: MIT */
#include "maildir_place.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void sizes_are_those_of_what_is_sent(void **state)
{
	static const struct {
		const char *stored, *sent;
	} cases[] = {
	    {"", ""},
	    {"a: b\n\nx\n", "a: b\r\n\r\nx\r\n"},
	    {"a: b\r\n\r\nx\r\n", "a: b\r\n\r\nx\r\n"},
	    {"mixed\r\nx\n\r", "mixed\r\nx\r\n\r\r\n"},
	    {"no end", "no end\r\n"},
	    {"a\rb\n", "a\rb\r\n"},
	    {".\n..\n.x", ".\r\n..\r\n.x\r\n"},
	};
	const size_t count = sizeof(cases) / sizeof(cases[0]);
	struct place *p = *state;
	struct maildrop *m;
	struct buf b = {0};
	char path[32];

	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "al/new/%zu.x", i);
		place_put(p, path, slice_str(cases[i].stored));
	}
	m = place_open(p);
	assert_int_equal(m->count, count);
	for (size_t i = 0; i < count; i++)
		for (size_t room = 1; room < 9; room++) {
			maildrop_read_all(m, i, room, &b);
			assert_string_equal(buf_text(&b), cases[i].sent);
			assert_int_equal(m->messages[i].size, b.len);
		}
	buf_free(&b);
	m->ops->close(m);
}

static void any_octets_pass_in_bounded_pieces(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct buf b = {0};
	size_t len = 300001; /* no line end, NUL and 8-bit octets */
	char *octets = malloc(len);

	assert_non_null(octets);
	for (size_t i = 0; i < len; i++)
		octets[i] = (char)(i % 251 == '\n' ? 0 : i % 251);
	place_put(p, "al/cur/1.x:2,S", slice_of(octets, len));
	m = place_open(p);
	maildrop_read_all(m, 0, 1000, &b);
	assert_int_equal(b.len, len + 2);
	assert_int_equal(m->messages[0].size, len + 2);
	assert_memory_equal(b.ptr, octets, len);
	buf_free(&b);
	free(octets);
	m->ops->close(m);
}

static void assert_unique_ids(struct maildrop *m, const char *a, const char *b,
			      const char *c)
{
	assert_int_equal(m->count, 3);
	assert_string_equal(m->messages[0].unique_id, a);
	assert_string_equal(m->messages[1].unique_id, b);
	assert_string_equal(m->messages[2].unique_id, c);
}

static void numbers_and_unique_ids_persist(void **state)
{
	struct place *p = *state;
	struct maildrop *m;

	place_put(p, "al/new/10.b.host", slice_str("1"));
	place_put(p, "al/new/9.z.host", slice_str("12"));
	place_put(p, "al/cur/10.a.host:2,S", slice_str("123"));
	place_put(p, "al/new/.hidden", slice_str("1234"));
	m = place_open(p);
	assert_unique_ids(m, "9.z.host", "10.a.host", "10.b.host");
	m->ops->close(m);
	place_rename(p, "al/new/10.b.host", "al/cur/10.b.host:2,RS");
	place_rename(p, "al/new/9.z.host", "al/cur/9.z.host:2,");
	place_rename(p, "al/cur/10.a.host:2,S", "al/cur/10.a.host:2,FS");
	m = place_open(p);
	assert_unique_ids(m, "9.z.host", "10.a.host", "10.b.host");
	assert_int_equal(m->messages[1].size, 5);
	m->ops->close(m);
}

static void renamed_files_are_found_again(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct buf b = {0};

	place_put(p, "al/new/1.a", slice_str("first\n"));
	place_put(p, "al/new/2.b", slice_str("second\n"));
	m = place_open(p);
	place_rename(p, "al/new/1.a", "al/cur/1.a:2,");
	place_put(p, "al/new/0.late", slice_str("late\n"));
	maildrop_read_all(m, 0, 100, &b);
	assert_string_equal(buf_text(&b), "first\r\n");
	place_rename(p, "al/cur/1.a:2,", "al/cur/1.a:2,S");
	maildrop_read_all(m, 0, 100, &b);
	assert_string_equal(buf_text(&b), "first\r\n");
	maildrop_read_all(m, 1, 100, &b);
	assert_string_equal(buf_text(&b), "second\r\n");
	assert_int_equal(m->count, 2);
	buf_free(&b);
	m->ops->close(m);
}

static void vanished_and_changed_files_are_errors(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct error e;
	char octet;
	int fd;

	place_put(p, "al/new/1.a", slice_str("first\n"));
	place_put(p, "al/new/2.b", slice_str("second\n"));
	place_put(p, "al/new/3.c", slice_str("third\n"));
	place_put(p, "al/new/4.d", slice_str("fourth\n"));
	m = place_open(p);
	unlinkat(p->fd, "al/new/1.a", 0);
	/* Made while 2.b is there, so that it cannot be the same file again. */
	place_put(p, "al/new/other", slice_str("second\n"));
	place_rename(p, "al/new/other", "al/new/2.b");
	fd = openat(p->fd, "al/new/3.c", O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "more\n", 5), 5);
	close(fd);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(maildrop_start(m, i, &e), -1);
		assert_int_equal(m->ops->read(m, &octet, 1, &e), -1);
	}
	assert_int_equal(m->ops->rewind(m, 3, &e), 0);
	fd = openat(p->fd, "al/new/4.d", O_WRONLY | O_TRUNC);
	assert_int_equal(m->ops->read(m, &octet, 1, &e), -1);
	assert_string_equal(e.text, "the message became shorter");
	close(fd);
	m->ops->close(m);
}

/* What walks the folders is find(), which nobody calls on the event loop. */
static void rewind_does_not_walk(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct error e;

	place_put(p, "al/new/1.a", slice_str("first\n"));
	m = place_open(p);
	assert_int_equal(m->ops->find(m, 0, &e), 0);
	place_rename(p, "al/new/1.a", "al/cur/1.a:2,");
	assert_int_equal(m->ops->rewind(m, 0, &e), MAILDROP_MOVED);
	assert_int_equal(m->ops->rewind(m, 0, &e), MAILDROP_MOVED);
	assert_int_equal(m->ops->find(m, 0, &e), 0);
	assert_int_equal(m->ops->rewind(m, 0, &e), 0);
	unlinkat(p->fd, "al/cur/1.a:2,", 0);
	assert_int_equal(m->ops->rewind(m, 0, &e), MAILDROP_MOVED);
	assert_int_equal(m->ops->find(m, 0, &e), -1);
	assert_string_equal(e.text,
			    "1.a:2,: gone, changed, or not readable");
	assert_int_equal(m->ops->rewind(m, 0, &e), -1);
	m->ops->close(m);
}

/* Programs that move mail by link and unlink leave two names for a while. */
static void a_message_with_two_names_goes_wholly(void **state)
{
	struct place *p = *state;
	const bool marked[2] = {true, false};
	struct maildrop *m;

	place_put(p, "al/new/1.a", slice_str("a\n"));
	place_put(p, "al/new/2.b", slice_str("b\n"));
	m = place_open(p);
	assert_int_equal(
	    linkat(p->fd, "al/new/1.a", p->fd, "al/cur/1.a:2,S", 0), 0);
	assert_int_equal(linkat(p->fd, "al/new/1.a", p->fd, "al/copy", 0), 0);
	assert_int_equal(m->ops->remove(m, marked), 0);
	assert_false(place_has(p, "al/new/1.a"));
	assert_false(place_has(p, "al/cur/1.a:2,S"));
	assert_true(place_has(p, "al/copy"));
	assert_true(place_has(p, "al/new/2.b"));
	m->ops->close(m);
}

static void assert_left(const struct maildrop *m, const char *name,
			const char *why)
{
	assert_non_null(m->left);
	assert_string_equal(m->left->name, name);
	assert_string_equal(m->left->why.text, why);
}

/* It is not what the client saw, and marked. */
static void what_changed_is_not_removed(void **state)
{
	static const struct timespec other[2] = {{5, 0}, {5, 0}};
	struct place *p = *state;
	const bool marked[2] = {true, true};
	struct maildrop *m;

	place_put(p, "al/new/1.a", slice_str("a\n"));
	place_put(p, "al/new/2.b", slice_str("b\n"));
	m = place_open(p);
	assert_int_equal(utimensat(p->fd, "al/new/1.a", other, 0), 0);
	assert_int_equal(m->ops->rewind(m, 0, NULL), -1);
	assert_int_equal(m->ops->remove(m, marked), 1);
	assert_left(m, "new/1.a", "it was changed since the login");
	assert_true(place_has(p, "al/new/1.a"));
	assert_false(place_has(p, "al/new/2.b"));
	m->ops->close(m);
}

static void removes_the_marked_and_no_other(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	const bool none[5] = {false};
	const bool marked[5] = {true, false, true, true, true};

	place_put(p, "al/new/1.a", slice_str("a\n"));
	place_put(p, "al/new/2.b", slice_str("b\n"));
	place_put(p, "al/cur/3.c:2,S", slice_str("c\n"));
	place_put(p, "al/cur/4.d:2,S", slice_str("d\n"));
	place_put(p, "al/cur/5.e:2,S", slice_str("e\n"));
	m = place_open(p);
	assert_int_equal(m->count, 5);
	assert_int_equal(m->ops->remove(m, none), 0);
	assert_true(place_has(p, "al/new/1.a"));
	place_rename(p, "al/new/1.a", "al/cur/1.a:2,S");
	place_rename(p, "al/new/2.b", "al/cur/2.b:2,S");
	unlinkat(p->fd, "al/cur/4.d:2,S", 0);
	/*
	 * Another file under the name of a marked one is not marked. Made while
	 * that is there, so that it cannot be the same file again.
	 */
	place_put(p, "al/cur/other", slice_str("e\n"));
	place_rename(p, "al/cur/other", "al/cur/5.e:2,S");
	place_put(p, "al/new/6.late", slice_str("late\n"));
	assert_int_equal(m->ops->remove(m, marked), 0);
	assert_false(place_has(p, "al/cur/1.a:2,S"));
	assert_true(place_has(p, "al/cur/2.b:2,S"));
	assert_false(place_has(p, "al/cur/3.c:2,S"));
	assert_true(place_has(p, "al/cur/5.e:2,S"));
	assert_true(place_has(p, "al/new/6.late"));
	m->ops->close(m);
}

/* Root may write where nobody else may. */
static void set_privileges(bool wanted)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(wanted ? 0 : 65534), 0);
}

static void what_cannot_be_removed_is_counted(void **state)
{
	struct place *p = *state;
	const bool marked[3] = {true, false, true};
	struct maildrop *m;

	place_put(p, "al/new/1.a", slice_str("a\n"));
	place_put(p, "al/new/2.b", slice_str("b\n"));
	place_put(p, "al/cur/3.c", slice_str("c\n"));
	m = place_open(p);
	assert_int_equal(fchmodat(p->fd, "al/new", 0555, 0), 0);
	assert_int_equal(fchmodat(p->fd, "al/cur", 0777, 0), 0);
	set_privileges(false);
	assert_int_equal(m->ops->remove(m, marked), 1);
	set_privileges(true);
	assert_left(m, "new/1.a", "Permission denied");
	assert_true(place_has(p, "al/new/1.a"));
	assert_false(place_has(p, "al/cur/3.c"));
	assert_int_equal(fchmodat(p->fd, "al/new", 0700, 0), 0);
	assert_int_equal(m->ops->remove(m, marked), 0);
	assert_false(place_has(p, "al/new/1.a"));
	assert_true(place_has(p, "al/new/2.b"));
	m->ops->close(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PLACE_TEST(sizes_are_those_of_what_is_sent),
	    PLACE_TEST(any_octets_pass_in_bounded_pieces),
	    PLACE_TEST(numbers_and_unique_ids_persist),
	    PLACE_TEST(renamed_files_are_found_again),
	    PLACE_TEST(vanished_and_changed_files_are_errors),
	    PLACE_TEST(rewind_does_not_walk),
	    PLACE_TEST(a_message_with_two_names_goes_wholly),
	    PLACE_TEST(what_changed_is_not_removed),
	    PLACE_TEST(removes_the_marked_and_no_other),
	    PLACE_TEST(what_cannot_be_removed_is_counted),
	};

	return cmocka_run_group_tests_name("store_maildir", tests, NULL, NULL);
}
