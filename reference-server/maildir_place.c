/* SPDX-License-Identifier: MIT */
#include "maildir_place.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

void place_switch(struct place *p, enum switch_name name)
{
	struct switches switches = {0};

	if (name < SWITCHES)
		switches.on[name] = true;
	if (p->store)
		p->store->free(p->store);
	p->store = store_maildir_new(p->root, &switches, NULL);
	assert_non_null(p->store);
}

int place_set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	strcpy(p->root, "/tmp/maildir-XXXXXX");
	assert_non_null(mkdtemp(p->root));
	p->fd = open(p->root, O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdirat(p->fd, "al", 0700), 0);
	assert_int_equal(mkdirat(p->fd, "al/new", 0700), 0);
	assert_int_equal(mkdirat(p->fd, "al/cur", 0700), 0);
	place_switch(p, SWITCHES);
	*state = p;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

int place_tear_down(void **state)
{
	struct place *p = *state;

	p->store->free(p->store);
	close(p->fd);
	nftw(p->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(p);
	return 0;
}

void place_put(struct place *p, const char *path, struct slice octets)
{
	int fd = openat(p->fd, path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets.ptr, octets.len), octets.len);
	close(fd);
}

void place_rename(struct place *p, const char *from, const char *to)
{
	assert_int_equal(renameat(p->fd, from, p->fd, to), 0);
}

bool place_has(struct place *p, const char *path)
{
	return faccessat(p->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

struct maildrop *place_open(struct place *p)
{
	struct maildrop *m = NULL;
	struct error e = { 0 };

	if (p->store->open(p->store, slice_str("al"), &m, &e) !=
	    MAILDROP_OPENED)
		fail_msg("not opened: %s", e.text);
	return m;
}

int maildrop_start(struct maildrop *m, size_t i, struct error *e)
{
	int failed = m->ops->rewind(m, i, e);

	return failed == MAILDROP_MOVED ? m->ops->find(m, i, e) : failed;
}

void maildrop_read_all(struct maildrop *m, size_t i, size_t room, struct buf *b)
{
	struct error e = { 0 };
	long n = 1;

	buf_clear(b);
	if (maildrop_start(m, i, &e) != 0)
		fail_msg("not opened: %s", e.text);
	while (n > 0) {
		n = m->ops->read(m, buf_reserve(b, room), room, &e);
		if (n < 0)
			fail_msg("not read: %s", e.text);
		b->len += (size_t)n;
	}
}
