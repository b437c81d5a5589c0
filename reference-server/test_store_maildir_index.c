/* SPDX-License-Identifier: MIT */
/* The index as a file: it spares reading, and may be anything. */
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

#define INDEX "al/" MAILDIR_INDEX

static const struct timespec long_ago[2] = { { 1000, 7 }, { 1000, 7 } };

static void put_old(struct place *p, const char *path, const char *text)
{
	place_put(p, path, slice_str(text));
	assert_int_equal(utimensat(p->fd, path, long_ago, 0), 0);
}

/* Other octets in the same file, of which nothing tells but reading it. */
static void change_secretly(struct place *p, const char *path, const char *text)
{
	int fd = openat(p->fd, path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_int_equal(utimensat(p->fd, path, long_ago, 0), 0);
}

static uint64_t size_at_login(struct place *p)
{
	struct maildrop *m = place_open(p);
	uint64_t size;

	assert_true(m->count > 0);
	size = m->messages[0].size;
	m->ops->close(m);
	return size;
}

static struct buf index_now(struct place *p)
{
	int home = openat(p->fd, "al", O_RDONLY | O_DIRECTORY);
	struct buf octets = maildir_index_load(home);

	close(home);
	return octets;
}

static void what_is_known_is_not_read(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct buf b = { 0 };

	put_old(p, "al/new/1.a", "abc\n");
	assert_int_equal(size_at_login(p), 5);
	assert_true(place_has(p, INDEX));
	assert_false(place_has(p, INDEX ".new"));
	place_rename(p, "al/new/1.a", "al/cur/1.a:2,S");
	change_secretly(p, "al/cur/1.a:2,S", "\n\n\n\n");
	assert_int_equal(size_at_login(p), 5);
	/* A message that was not of its size: what told it goes. */
	m = place_open(p);
	maildrop_read_all(m, 0, 100, &b);
	buf_free(&b);
	m->ops->close(m);
	assert_false(place_has(p, INDEX));
	assert_int_equal(size_at_login(p), 8);
}

static void what_changed_is_read_again(void **state)
{
	const struct timespec later[2] = { { 1001, 7 }, { 1001, 7 } };
	const struct timespec now[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	struct place *p = *state;
	struct buf octets;

	put_old(p, "al/new/1.a", "abc\n");
	assert_int_equal(size_at_login(p), 5);
	change_secretly(p, "al/new/1.a", "\n\n\n\n");
	assert_int_equal(utimensat(p->fd, "al/new/1.a", later, 0), 0);
	assert_int_equal(size_at_login(p), 8);
	put_old(p, "al/new/other", "a\n\n\n");
	place_rename(p, "al/new/other", "al/new/1.a");
	assert_int_equal(size_at_login(p), 7);
	change_secretly(p, "al/new/1.a", "longer\n");
	assert_int_equal(size_at_login(p), 8);
	/* Too young to be known: it may change and keep its time. */
	assert_int_equal(utimensat(p->fd, "al/new/1.a", now, 0), 0);
	assert_int_equal(size_at_login(p), 8);
	octets = index_now(p);
	assert_int_equal(octets.len, strlen("pop3spec index 3\n") + 1 + 8);
	buf_free(&octets);
}

static void spoil(struct place *p, const char *octets, size_t len)
{
	int fd = openat(p->fd, INDEX, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, len), len);
	close(fd);
}

/* Whatever lies in its place, the sizes are right, and it is made anew. */
static void assert_rebuilt(struct place *p)
{
	struct buf octets;

	assert_int_equal(size_at_login(p), 5);
	octets = index_now(p);
	assert_true(octets.len > 0);
	buf_free(&octets);
	assert_false(place_has(p, INDEX ".new"));
}

static void what_is_damaged_is_made_anew(void **state)
{
	struct place *p = *state;
	struct buf good;

	put_old(p, "al/new/1.a", "abc\n");
	assert_rebuilt(p);
	good = index_now(p);
	spoil(p, "", 0);
	assert_rebuilt(p);
	spoil(p, good.ptr, good.len - 1);
	assert_rebuilt(p);
	good.ptr[good.len / 2] ^= 4;
	spoil(p, good.ptr, good.len);
	assert_rebuilt(p);
	spoil(p, "pop3spec index 2\n", 17);
	assert_rebuilt(p);
	buf_free(&good);
}

static void what_is_not_ours_is_made_anew(void **state)
{
	struct place *p = *state;
	struct buf good;

	put_old(p, "al/new/1.a", "abc\n");
	assert_rebuilt(p);
	good = index_now(p);
	unlinkat(p->fd, INDEX, 0);
	assert_int_equal(symlinkat("../other", p->fd, INDEX), 0);
	place_put(p, "other", buf_slice(&good));
	assert_rebuilt(p);
	unlinkat(p->fd, INDEX, 0);
	assert_int_equal(mkfifoat(p->fd, INDEX, 0600), 0);
	assert_rebuilt(p);
	assert_int_equal(fchmodat(p->fd, INDEX, 0622, 0), 0);
	assert_int_equal(index_now(p).len, 0);
	assert_rebuilt(p);
	spoil(p, good.ptr, good.len);
	assert_int_equal(symlinkat("../other", p->fd, INDEX ".new"), 0);
	unlinkat(p->fd, INDEX, 0);
	assert_rebuilt(p);
	assert_true(place_has(p, "other"));
	buf_free(&good);
}

static void what_is_huge_is_not_read(void **state)
{
	struct place *p = *state;
	int fd;

	put_old(p, "al/new/1.a", "abc\n");
	fd = openat(p->fd, INDEX, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(ftruncate(fd, (off_t)1 << 40), 0);
	close(fd);
	assert_int_equal(index_now(p).len, 0);
	assert_rebuilt(p);
}

static void a_folder_in_its_place_does_no_harm(void **state)
{
	struct place *p = *state;

	put_old(p, "al/new/1.a", "abc\n");
	assert_int_equal(mkdirat(p->fd, INDEX, 0700), 0);
	assert_int_equal(size_at_login(p), 5);
	assert_false(place_has(p, INDEX ".new"));
	assert_int_equal(mkdirat(p->fd, INDEX ".new", 0700), 0);
	assert_int_equal(size_at_login(p), 5);
}

static void what_is_gone_leaves_the_index_in_the_end(void **state)
{
	struct place *p = *state;
	struct buf three, one;

	put_old(p, "al/new/1.a", "abc\n");
	put_old(p, "al/new/2.b", "abc\n");
	put_old(p, "al/new/3.c", "abc\n");
	assert_int_equal(size_at_login(p), 5);
	three = index_now(p);
	unlinkat(p->fd, "al/new/2.b", 0);
	unlinkat(p->fd, "al/new/3.c", 0);
	assert_int_equal(size_at_login(p), 5);
	one = index_now(p);
	assert_true(one.len > 0 && one.len < three.len);
	buf_free(&three);
	buf_free(&one);
}

/* Root may write where nobody else may. */
static void set_privileges(bool wanted)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(wanted ? 0 : 65534), 0);
}

static void a_maildrop_that_cannot_be_written_opens(void **state)
{
	struct place *p = *state;
	struct maildrop *m;

	assert_int_equal(mkdirat(p->fd, "al/tmp", 0700), 0);
	put_old(p, "al/new/1.a", "abc\n");
	for (int i = 0; i < 4; i++) {
		static const char *const folders[] = { "al/new", "al/cur",
						       "al/tmp", "al" };

		assert_int_equal(fchmodat(p->fd, folders[i], 0555, 0), 0);
	}
	assert_int_equal(fchmodat(p->fd, "al/new/1.a", 0444, 0), 0);
	assert_int_equal(fchmod(p->fd, 0755), 0);
	set_privileges(false);
	assert_int_equal(size_at_login(p), 5);
	m = place_open(p);
	assert_int_equal(p->store->open(p->store, slice_str("al"), &m, NULL),
			 MAILDROP_IN_USE);
	assert_false(place_has(p, INDEX));
	assert_int_equal(m->ops->remove(m, (const bool[]){ true }), 1);
	m->ops->close(m);
	set_privileges(true);
	assert_int_equal(fchmodat(p->fd, "al", 0700, 0), 0);
	assert_int_equal(fchmodat(p->fd, "al/new", 0700, 0), 0);
	assert_int_equal(fchmodat(p->fd, "al/cur", 0700, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(what_is_known_is_not_read),
		PLACE_TEST(what_changed_is_read_again),
		PLACE_TEST(what_is_damaged_is_made_anew),
		PLACE_TEST(what_is_not_ours_is_made_anew),
		PLACE_TEST(what_is_huge_is_not_read),
		PLACE_TEST(a_folder_in_its_place_does_no_harm),
		PLACE_TEST(what_is_gone_leaves_the_index_in_the_end),
		PLACE_TEST(a_maildrop_that_cannot_be_written_opens),
	};

	return cmocka_run_group_tests_name("store_maildir_index", tests, NULL,
					   NULL);
}
