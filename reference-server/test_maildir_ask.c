/* SPDX-License-Identifier: MIT */
/* What the disk is asked at each login, and what is said of it. */
#include "maildir_files.h"
#include "maildir_index_file.h"
#include "maildir_place.h"

#include <fcntl.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* So many that two threads ask. */
#define MANY 1100
#define FEW 900 /* one thread */

struct login {
	int home;
	struct maildir_list list;
	struct maildir_measured measured;
};

/* What a foreign program does when so many walks of a folder are over. */
struct deed {
	unsigned walks;
	const char *from, *to; /* NULL: nothing; it is removed */
};

static struct place *place; /* where */
static const struct deed *deeds;
static atomic_uint walks, questions; /* since count_steps() */

/* The linker has the server call these: see CMakeLists.txt. */
int __real_fstatat(int, const char *, struct stat *, int);
int __wrap_fstatat(int, const char *, struct stat *, int);
ssize_t __real_getdents64(int, void *, size_t);
ssize_t __wrap_getdents64(int, void *, size_t);

static void do_what_is_due(void)
{
	for (; deeds && deeds->from && deeds->walks <= walks; deeds++) {
		if (deeds->to)
			place_rename(place, deeds->from, deeds->to);
		else
			assert_int_equal(unlinkat(place->fd, deeds->from, 0),
					 0);
	}
}

int __wrap_fstatat(int folder, const char *name, struct stat *st, int flags)
{
	do_what_is_due();
	questions++;
	return __real_fstatat(folder, name, st, flags);
}

ssize_t __wrap_getdents64(int folder, void *to, size_t room)
{
	ssize_t got;

	do_what_is_due();
	got = __real_getdents64(folder, to, room);
	walks += got == 0;
	return got;
}

static void count_steps(struct place *p, const struct deed *done_meanwhile)
{
	walks = questions = 0;
	place = p;
	deeds = done_meanwhile;
}

/* As a login of so many seconds from now. */
static void log_in(struct place *p, struct login *l, time_t later)
{
	struct maildir_list *list = &l->list;
	struct buf index;

	*l = (struct login){ .home = openat(p->fd, "al", O_RDONLY) };
	list->now = time(NULL) + later;
	list->folders[MAILDIR_NEW] = openat(l->home, "new", O_RDONLY);
	list->folders[MAILDIR_CUR] = openat(l->home, "cur", O_RDONLY);
	index = maildir_index_load(l->home);
	assert_int_equal(maildir_list_read(list, buf_slice(&index),
					   &l->measured, NULL),
			 0);
	maildir_index_save(l->home, list, &l->measured);
	buf_free(&index);
}

static void log_out(struct login *l)
{
	maildir_list_free(&l->list);
	close(l->list.folders[MAILDIR_NEW]);
	close(l->list.folders[MAILDIR_CUR]);
	close(l->home);
}

/*
 * Logs in when all has been at rest for long: how many files are there, how
 * many of them are read, and how many octets the first has as it is sent.
 */
static void assert_login(struct place *p, size_t count, size_t read,
			 uint64_t first)
{
	struct login l;

	log_in(p, &l, 1000);
	assert_int_equal(l.list.count, count);
	assert_int_equal(l.measured.files, read);
	assert_int_equal(l.list.files[0].sent, first);
	for (size_t i = 1; i < count; i++)
		assert_int_equal(l.list.files[i].sent, 5);
	log_out(&l);
}

static void put(struct place *p, const char *path)
{
	const struct timespec long_ago[2] = { { 1000, 7 }, { 1000, 7 } };

	place_put(p, path, slice_str("abc\n"));
	assert_int_equal(utimensat(p->fd, path, long_ago, 0), 0);
}

static void fill(struct place *p, int count)
{
	char path[32];

	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "al/new/%d.a", i + 1);
		put(p, path);
	}
}

static void change(struct place *p, const char *path)
{
	int fd = openat(p->fd, path, O_WRONLY);

	assert_int_equal(write(fd, "longer\n", 7), 7);
	close(fd);
}

static void what_is_as_it_was_is_not_read(void **state)
{
	struct place *p = *state;

	fill(p, 3);
	assert_login(p, 3, 3, 5);
	assert_login(p, 3, 0, 5);
}

/* No folder tells of it. */
static void a_file_changed_in_place_has_its_new_size(void **state)
{
	struct place *p = *state;

	fill(p, MANY);
	assert_login(p, MANY, MANY, 5);
	change(p, "al/new/1.a");
	assert_login(p, MANY, 1, 8);
	/* One message is not worth to write the index for. */
	assert_login(p, MANY, 1, 8);
}

static void whatever_comes_goes_or_moves_is_seen(void **state)
{
	struct place *p = *state;

	fill(p, 9);
	assert_login(p, 9, 9, 5);
	put(p, "al/cur/9999.b:2,S");
	assert_login(p, 10, 1, 5);
	place_rename(p, "al/cur/9999.b:2,S", "al/cur/9999.b:2,RS");
	assert_login(p, 10, 0, 5);
	unlinkat(p->fd, "al/new/7.a", 0);
	assert_login(p, 9, 0, 5);
	/* Whether or not it has the inode of the other, it has not its time. */
	unlinkat(p->fd, "al/new/8.a", 0);
	place_put(p, "al/new/8.a", slice_str("abc\n"));
	assert_login(p, 9, 1, 5);
}

static void who_moves_before_it_is_asked_is_found(void **state)
{
	const struct index_reader no_index = { 0 };
	struct place *p = *state;
	struct login l;

	fill(p, 2);
	log_in(p, &l, 0);
	place_rename(p, "al/new/1.a", "al/cur/1.a:2,S");
	for (size_t i = 0; i < 2; i++)
		l.list.files[i].asked = l.list.files[i].measured = false;
	assert_int_equal(files_ask(&l.list, NULL), 0);
	assert_false(l.list.files[0].asked);
	assert_true(l.list.files[1].asked);
	assert_int_equal(files_measure(&l.list, &no_index, &l.measured, NULL),
			 0);
	assert_int_equal(l.list.count, 2);
	assert_string_equal(l.list.files[0].name, "1.a:2,S");
	assert_int_equal(l.list.files[0].sent, 5);
	log_out(&l);
}

/*
 * A login while the deeds are done between its steps, to messages that are all
 * in the index. None is sought so that all are asked again, however many go.
 */
static void assert_steps(struct place *p, const struct deed *meanwhile,
			 size_t count, unsigned walked, unsigned asked)
{
	struct login l;

	fill(p, FEW);
	assert_login(p, FEW, FEW, 5);
	count_steps(p, meanwhile);
	log_in(p, &l, 1000);
	deeds = NULL;
	assert_int_equal(l.list.count, count);
	assert_int_equal(walks, walked);
	assert_int_equal(questions, asked);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(l.list.files[i].sent, 5);
	log_out(&l);
}

static void who_goes_before_it_is_asked_costs_two_looks(void **state)
{
	const struct deed goes[] = { { 2, "al/new/450.a", NULL }, { 0 } };

	assert_steps(*state, goes, FEW - 1, 2 + 4, FEW);
}

static void who_moves_before_it_is_asked_costs_one_look(void **state)
{
	const struct deed moves[] = {
		{ 2, "al/new/450.a", "al/cur/450.a:2,S" }, { 0 }
	};

	assert_steps(*state, moves, FEW, 2 + 2, FEW + 1);
}

static void who_moves_back_while_it_is_sought_is_found(void **state)
{
	const struct deed moves[] = {
		{ 2, "al/new/450.a", "al/cur/450.a:2,S" },
		{ 3, "al/cur/450.a:2,S", "al/new/450.a:2,S" },
		{ 0 }
	};

	assert_steps(*state, moves, FEW, 2 + 4, FEW + 1);
}

/* Twice it is not seen, but the first look finds another that moved. */
static void who_moves_often_where_others_move_is_found(void **state)
{
	const struct deed moves[] = {
		{ 2, "al/new/450.a", "al/cur/450.a:2,S" },
		{ 2, "al/new/7.a", "al/cur/7.a:2,S" },
		{ 3, "al/cur/450.a:2,S", "al/new/450.a:2,S" },
		{ 4, "al/new/450.a:2,S", "al/cur/450.a:2,S" },
		{ 5, "al/cur/450.a:2,S", "al/new/450.a:2,S" },
		{ 0 }
	};

	/* The other is asked again by each look. */
	assert_steps(*state, moves, FEW, 2 + 6, FEW + 3 + 1);
}

static void twins_are_parted(void **state)
{
	struct place *p = *state;

	fill(p, 3);
	put(p, "al/cur/1.a:2,S");
	assert_login(p, 4, 4, 5);
	assert_true(place_has(p, "al/cur/1.a:2,S"));
	assert_false(place_has(p, "al/new/1.a"));
	assert_login(p, 4, 0, 5);
}

/* As who may read the folders, and nothing in them. */
static int read_as_stranger(struct place *p, struct login *l, struct error *e)
{
	bool root = getuid() == 0;
	int failed;

	assert_int_equal(fchmodat(p->fd, "al/new", 0444, 0), 0);
	if (root)
		assert_int_equal(seteuid(65534), 0);
	failed = maildir_list_read(&l->list, slice_str(""), &l->measured, e);
	if (root)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(fchmodat(p->fd, "al/new", 0700, 0), 0);
	return failed;
}

static void who_cannot_be_asked_is_an_error(void **state)
{
	struct place *p = *state;
	struct error e = { 0 };
	struct login l;

	log_in(p, &l, 0);
	fill(p, 3);
	assert_int_equal(read_as_stranger(p, &l, &e), -1);
	assert_non_null(strstr(e.text, "new/1.a: Permission denied"));
	log_out(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(what_is_as_it_was_is_not_read),
		PLACE_TEST(a_file_changed_in_place_has_its_new_size),
		PLACE_TEST(whatever_comes_goes_or_moves_is_seen),
		PLACE_TEST(who_moves_before_it_is_asked_is_found),
		PLACE_TEST(who_goes_before_it_is_asked_costs_two_looks),
		PLACE_TEST(who_moves_before_it_is_asked_costs_one_look),
		PLACE_TEST(who_moves_back_while_it_is_sought_is_found),
		PLACE_TEST(who_moves_often_where_others_move_is_found),
		PLACE_TEST(twins_are_parted),
		PLACE_TEST(who_cannot_be_asked_is_an_error),
	};

	return cmocka_run_group_tests_name("maildir_ask", tests, NULL, NULL);
}
