/* SPDX-License-Identifier: MIT */
#include "maildir_list.h"

#include "crlf.h"
#include "maildir_name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 32768

static int fail(struct error *e, const char *name)
{
	return error_set(e, "%s: %s", name, strerror(errno));
}

static bool same_file(const struct maildir_file *f, const struct stat *st)
{
	return S_ISREG(st->st_mode) && f->inode == st->st_ino &&
	       f->device == st->st_dev;
}

static int open_file(const struct maildir_list *l, enum maildir_folder folder,
		     const char *name)
{
	return openat(l->folders[folder], name,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
			  O_CLOEXEC);
}

/* Calls visit for each name that may be a message, until it returns -1. */
static int walk(struct maildir_list *l, enum maildir_folder folder,
		int (*visit)(struct maildir_list *l, enum maildir_folder folder,
			     const char *name, struct error *e),
		struct error *e)
{
	int fd =
	    openat(l->folders[folder], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int done = 0;

	if (!directory) {
		fail(e, "folder");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (done == 0 && (errno = 0, entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.' &&
		    (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN))
			done = visit(l, folder, entry->d_name, e);
	if (done == 0 && errno != 0)
		done = fail(e, "folder");
	closedir(directory);
	return done;
}

static struct maildir_file *add_file(struct maildir_list *l)
{
	size_t room = l->room ? 2 * l->room : 16;

	if (l->count == l->room) {
		struct maildir_file *files =
		    realloc(l->files, room * sizeof(*files));

		if (!files)
			return NULL;
		l->files = files;
		l->room = room;
	}
	l->files[l->count] = (struct maildir_file){0};
	return &l->files[l->count++];
}

static int set_name(struct maildir_file *f, enum maildir_folder folder,
		    const char *name)
{
	char *copy = strdup(name);

	if (!copy)
		return -1;
	free(f->name);
	f->name = copy;
	f->unique = maildir_unique(copy);
	f->folder = folder;
	return 0;
}

static int measure(int fd, struct maildir_file *f)
{
	struct crlf c = CRLF_START;
	char piece[PIECE];
	ssize_t got;

	while ((got = read(fd, piece, sizeof(piece))) > 0) {
		f->stored += (uint64_t)got;
		f->sent += crlf_size(&c, slice_of(piece, (size_t)got));
	}
	f->sent += crlf_missing_end(&c);
	return got < 0 ? -1 : 0;
}

static int list_open_file(struct maildir_list *l, enum maildir_folder folder,
			  const char *name, int fd)
{
	struct maildir_file *f;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode))
		return 0;
	f = add_file(l);
	if (!f || set_name(f, folder, name) != 0)
		return -1;
	f->device = st.st_dev;
	f->inode = st.st_ino;
	f->modified = st.st_mtim;
	return measure(fd, f);
}

static int list_file(struct maildir_list *l, enum maildir_folder folder,
		     const char *name, struct error *e)
{
	int fd = open_file(l, folder, name);
	int done;

	/* Renamed or removed meanwhile, a symbolic link, a socket. */
	if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
		return 0;
	if (fd < 0)
		return fail(e, name);
	done = list_open_file(l, folder, name, fd);
	if (done != 0)
		fail(e, name);
	close(fd);
	return done;
}

/* So that a file which was seen twice stands beside itself. */
static int by_file(const void *left, const void *right)
{
	const struct maildir_file *a = left, *b = right;
	int order = maildir_compare(a->unique, b->unique);

	if (order != 0)
		return order;
	return (a->inode > b->inode) - (a->inode < b->inode);
}

/* A file renamed while the folders were read may have been seen twice. */
static void drop_seen_twice(struct maildir_list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct maildir_file *f = &l->files[i];

		if (kept > 0 && by_file(&l->files[kept - 1], f) == 0)
			free(f->name);
		else
			l->files[kept++] = *f;
	}
	l->count = kept;
}

static int by_time(const struct timespec *a, const struct timespec *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return (a->tv_nsec > b->tv_nsec) - (a->tv_nsec < b->tv_nsec);
}

/* Of files that share a unique name, the one that keeps it stands first. */
static int by_number(const void *left, const void *right)
{
	const struct maildir_file *a = left, *b = right;
	int order = maildir_compare(a->unique, b->unique);

	if (order != 0)
		return order;
	if (a->folder != b->folder)
		return a->folder == MAILDIR_CUR ? -1 : 1;
	order = by_time(&a->modified, &b->modified);
	return order != 0 ? order : by_file(left, right);
}

static void sort(struct maildir_list *l,
		 int (*by)(const void *left, const void *right))
{
	if (l->count > 0)
		qsort(l->files, l->count, sizeof(*l->files), by);
}

/* Where that fails, for want of rights or of room, it keeps its name. */
static int rename_twin(struct maildir_list *l, struct maildir_file *f,
		       struct error *e)
{
	int folder = l->folders[f->folder];
	int unique = (int)f->unique.len;
	char name[NAME_MAX + 1];

	if (snprintf(name, sizeof(name), "%.*s,%" PRIuMAX "%s", unique, f->name,
		     (uintmax_t)f->inode, f->name + unique) > NAME_MAX ||
	    renameat2(folder, f->name, folder, name, RENAME_NOREPLACE) != 0)
		return 0;
	return set_name(f, f->folder, name) == 0 ? 0 : fail(e, name);
}

static int rename_twins(struct maildir_list *l, struct error *e)
{
	size_t keeps = 0;

	for (size_t i = 1; i < l->count; i++) {
		if (!slice_equal(l->files[keeps].unique, l->files[i].unique))
			keeps = i;
		else if (rename_twin(l, &l->files[i], e) != 0)
			return -1;
	}
	return 0;
}

/* new/ first: a file that moves to cur/ meanwhile cannot be missed. */
int maildir_list_read(struct maildir_list *l, struct error *e)
{
	if (walk(l, MAILDIR_NEW, list_file, e) != 0)
		return error_prefix(e, "new");
	if (walk(l, MAILDIR_CUR, list_file, e) != 0)
		return error_prefix(e, "cur");
	sort(l, by_file);
	drop_seen_twice(l);
	sort(l, by_number);
	if (rename_twins(l, e) != 0)
		return -1;
	sort(l, by_number);
	return 0;
}

void maildir_list_free(struct maildir_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->files[i].name);
	free(l->files);
	l->files = NULL;
	l->count = l->room = 0;
}

/* The first file that does not stand before unique. */
static size_t find(const struct maildir_list *l, struct slice unique)
{
	size_t low = 0, high = l->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (maildir_compare(l->files[middle].unique, unique) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int see_file(struct maildir_list *l, enum maildir_folder folder,
		    const char *name, struct error *e)
{
	struct slice unique = maildir_unique(name);
	struct stat st;

	for (size_t i = find(l, unique); i < l->count; i++) {
		struct maildir_file *f = &l->files[i];

		if (!slice_equal(f->unique, unique))
			break;
		if (fstatat(l->folders[folder], name, &st,
			    AT_SYMLINK_NOFOLLOW) != 0 ||
		    !same_file(f, &st))
			continue;
		if (set_name(f, folder, name) != 0)
			return fail(e, name);
		f->gone = false;
	}
	return 0;
}

static void set_gone(struct maildir_list *l, bool gone)
{
	for (size_t i = 0; i < l->count; i++)
		l->files[i].gone = gone;
}

int maildir_list_refresh(struct maildir_list *l)
{
	set_gone(l, true);
	if (walk(l, MAILDIR_NEW, see_file, NULL) == 0 &&
	    walk(l, MAILDIR_CUR, see_file, NULL) == 0)
		return 0;
	set_gone(l, false); /* nothing is known: that is not the same as gone */
	return -1;
}

static int open_as_named(const struct maildir_list *l,
			 const struct maildir_file *f)
{
	int fd = open_file(l, f->folder, f->name);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && same_file(f, &st) &&
	    (uint64_t)st.st_size == f->stored)
		return fd;
	close(fd);
	return -1;
}

int maildir_list_open(struct maildir_list *l, size_t i, struct error *e)
{
	struct maildir_file *f = &l->files[i];
	int fd = f->gone ? -1 : open_as_named(l, f);

	if (fd < 0 && !f->gone && maildir_list_refresh(l) == 0)
		fd = f->gone ? -1 : open_as_named(l, f);
	if (fd < 0)
		error_set(e, "%s: gone, changed, or not readable", f->name);
	return fd;
}

int maildir_list_unlink(struct maildir_list *l, size_t i)
{
	struct maildir_file *f = &l->files[i];
	struct stat st;

	if (fstatat(l->folders[f->folder], f->name, &st, AT_SYMLINK_NOFOLLOW) !=
		0 ||
	    !same_file(f, &st) ||
	    unlinkat(l->folders[f->folder], f->name, 0) != 0)
		return -1;
	f->gone = true;
	return 0;
}

char *maildir_list_unique_id(const struct maildir_list *l, size_t i)
{
	const struct maildir_file *f = &l->files[i];
	bool twin = i > 0 && slice_equal(f[-1].unique, f->unique);

	return maildir_unique_id(f->unique, twin ? f->inode : 0);
}
