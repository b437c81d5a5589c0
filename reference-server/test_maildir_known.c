/* SPDX-License-Identifier: MIT */
/* What is not asked again where the folders of a Maildir are as they were. */
#include "maildir_index_file.h"
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

/* So many that the index is written for the folders alone. */
#define MANY 70

struct login {
	int home;
	struct maildir_list list;
	struct maildir_measured measured;
};

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

static bool is_before(const struct stat *a, const struct stat *b)
{
	return a->st_ctim.tv_sec < b->st_ctim.tv_sec ||
	       (a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
		a->st_ctim.tv_nsec < b->st_ctim.tv_nsec);
}

static struct stat changed(struct place *p, const char *path)
{
	struct stat st;

	assert_int_equal(fstatat(p->fd, path, &st, 0), 0);
	return st;
}

/* Until the clock of the file system shows that a change would be later. */
static void pass_grain(struct place *p)
{
	const struct stat new = changed(p, "al/new"), cur = changed(p, "al/cur");
	struct stat now = new;

	while (!is_before(&new, &now) || !is_before(&cur, &now)) {
		place_put(p, "grain", slice_str(""));
		unlinkat(p->fd, "grain", 0);
		now = changed(p, ".");
	}
}

/* Logs in much later: whether the folders were known, and the messages. */
static void assert_login(struct place *p, bool known, size_t count)
{
	struct login l;

	log_in(p, &l, 1000);
	assert_int_equal(l.measured.folders, known);
	assert_int_equal(l.list.count, count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(l.list.files[i].sent, 5);
	log_out(&l);
	pass_grain(p);
}

static void put(struct place *p, const char *path)
{
	const struct timespec long_ago[2] = { { 1000, 7 }, { 1000, 7 } };

	place_put(p, path, slice_str("abc\n"));
	assert_int_equal(utimensat(p->fd, path, long_ago, 0), 0);
}

static void fill(struct place *p)
{
	char path[32];

	for (int i = 0; i < MANY; i++) {
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

static void folders_at_rest_are_known(void **state)
{
	struct place *p = *state;

	fill(p);
	assert_login(p, false, MANY);
	assert_login(p, true, MANY);
}

static void whatever_comes_goes_or_moves_is_seen(void **state)
{
	struct place *p = *state;

	fill(p);
	assert_login(p, false, MANY);
	put(p, "al/cur/9999.b:2,S");
	assert_login(p, false, MANY + 1);
	assert_login(p, true, MANY + 1);
	place_rename(p, "al/cur/9999.b:2,S", "al/cur/9999.b:2,RS");
	assert_login(p, false, MANY + 1);
	unlinkat(p->fd, "al/new/7.a", 0);
	assert_login(p, false, MANY);
	/* As likely as not it has the inode of the other. */
	unlinkat(p->fd, "al/new/8.a", 0);
	put(p, "al/new/8.a");
	assert_login(p, false, MANY);
	assert_login(p, true, MANY);
}

/* Another change could hide within the grain of its time. */
static void who_changed_lately_is_not_known(void **state)
{
	struct place *p = *state;
	struct login l;

	fill(p);
	for (int i = 0; i < 2; i++) {
		log_in(p, &l, 0);
		assert_false(l.measured.folders);
		log_out(&l);
	}
	assert_login(p, false, MANY);
	assert_login(p, true, MANY);
}

/* Which nobody does who delivers or reads mail. */
static void who_changes_a_file_in_place_is_found_out(void **state)
{
	struct place *p = *state;
	struct login l;
	bool moved;

	fill(p);
	assert_login(p, false, MANY);
	change(p, "al/new/1.a");
	log_in(p, &l, 1000);
	assert_int_equal(l.list.files[0].sent, 5);
	assert_int_equal(maildir_list_open(&l.list, 0, &moved), -1);
	assert_false(moved);
	assert_true(l.list.changed);
	log_out(&l);
	log_in(p, &l, 1000);
	assert_int_equal(maildir_list_unlink(&l.list, 0), -1);
	assert_true(l.list.changed);
	maildir_index_drop(l.home); /* as the store does */
	log_out(&l);
	log_in(p, &l, 1000);
	assert_int_equal(l.list.files[0].sent, 8);
	log_out(&l);
}

/* The index says nothing of one that was too young for it. */
static void who_is_not_in_the_index_is_asked(void **state)
{
	const struct timespec future[2] = { { 1L << 33, 0 }, { 1L << 33, 0 } };
	struct place *p = *state;
	struct login l;

	fill(p);
	assert_int_equal(utimensat(p->fd, "al/new/5.a", future, 0), 0);
	assert_login(p, false, MANY);
	change(p, "al/new/5.a");
	log_in(p, &l, 1000);
	assert_true(l.measured.folders);
	assert_int_equal(l.list.files[4].sent, 8);
	log_out(&l);
}

static void twins_are_looked_at(void **state)
{
	struct place *p = *state;

	fill(p);
	put(p, "al/cur/1.a:2,S");
	assert_login(p, false, MANY + 1);
	/* The second has a name of its own by now. */
	assert_login(p, false, MANY + 1);
	assert_login(p, true, MANY + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(folders_at_rest_are_known),
		PLACE_TEST(whatever_comes_goes_or_moves_is_seen),
		PLACE_TEST(who_changed_lately_is_not_known),
		PLACE_TEST(who_changes_a_file_in_place_is_found_out),
		PLACE_TEST(who_is_not_in_the_index_is_asked),
		PLACE_TEST(twins_are_looked_at),
	};

	return cmocka_run_group_tests_name("maildir_known", tests, NULL, NULL);
}
