/* SPDX-License-Identifier: MIT */
#include "maildir_index_file.h"

#include "maildir_files.h"
#include "maildir_index.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNDER_WAY MAILDIR_INDEX ".new"
#define OCTETS_MAX (64u << 20)

static bool is_ours(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() &&
	       (st->st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
	       st->st_size <= OCTETS_MAX;
}

static void read_all(int fd, size_t size, struct buf *to)
{
	char *room = buf_reserve(to, size);
	ssize_t got = 1;

	while (room && got > 0 && to->len < size) {
		got = read(fd, to->ptr + to->len, size - to->len);
		to->len += got > 0 ? (size_t)got : 0;
	}
}

struct buf maildir_index_load(int home)
{
	int fd = openat(home, MAILDIR_INDEX,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
				O_CLOEXEC);
	struct buf octets = { 0 };
	struct stat st;

	if (fd < 0)
		return octets;
	if (fstat(fd, &st) == 0 && is_ours(&st))
		read_all(fd, (size_t)st.st_size, &octets);
	close(fd);
	return octets;
}

/* The first of those that share a unique name stands for it. */
static bool is_twin(const struct maildir_list *l, size_t i)
{
	return i > 0 && slice_equal(l->files[i - 1].unique, l->files[i].unique);
}

static void write_entries(const struct maildir_list *l, struct buf *to)
{
	index_begin(to);
	for (size_t i = 0; i < l->count; i++) {
		const struct maildir_file *f = &l->files[i];
		struct index_entry entry = { f->unique, f->inode, f->stored,
					     f->sent, f->modified };

		if (f->steady && f->modified.tv_sec < l->now - MAILDIR_GRAIN &&
		    !is_twin(l, i) && index_entry_allowed(&entry))
			index_add(to, &entry);
	}
	index_end(to);
}

static int write_all(int fd, struct slice octets)
{
	while (octets.len > 0) {
		ssize_t put = write(fd, octets.ptr, octets.len);

		if (put <= 0)
			return -1;
		octets = slice_from(octets, (size_t)put);
	}
	return 0;
}

/* What a login left behind that was killed is in the way, and goes. */
static int write_file(int home, struct slice octets)
{
	int fd, failed;

	unlinkat(home, UNDER_WAY, 0);
	fd = openat(home, UNDER_WAY,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	failed = write_all(fd, octets);
	if (close(fd) == 0 && !failed &&
	    renameat(home, UNDER_WAY, home, MAILDIR_INDEX) == 0)
		return 0;
	unlinkat(home, UNDER_WAY, 0);
	return -1;
}

/* Reading a message costs its octets, and finding it as much as a page. */
static bool is_worth_it(const struct maildir_list *l,
			const struct maildir_measured *m, size_t index_octets)
{
	uint64_t spared = m->octets + 4096 * (uint64_t)m->files;

	return m->stale > l->count || spared > index_octets;
}

void maildir_index_save(int home, const struct maildir_list *l,
			const struct maildir_measured *measured)
{
	struct buf octets = { 0 };

	if (measured->files == 0 && measured->stale <= l->count)
		return;
	write_entries(l, &octets);
	if (!octets.failed && octets.len <= OCTETS_MAX &&
	    is_worth_it(l, measured, octets.len))
		write_file(home, buf_slice(&octets));
	buf_free(&octets);
}

void maildir_index_drop(int home)
{
	unlinkat(home, MAILDIR_INDEX, 0);
}
