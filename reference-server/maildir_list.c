/* SPDX-License-Identifier: MIT */
#include "maildir_files.h"

#include "maildir_name.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 32768 /* of a folder, at a time */

static int fail(struct error *e, const char *name)
{
	return error_because(e, errno, "%s: %s", name, strerror(errno));
}

const char *files_folder(enum maildir_folder folder)
{
	return folder == MAILDIR_NEW ? "new" : "cur";
}

int files_stat(const struct maildir_list *l, enum maildir_folder folder,
	       const char *name, struct stat *st)
{
	return fstatat(l->folders[folder], name, st, AT_SYMLINK_NOFOLLOW);
}

int files_open(const struct maildir_list *l, const struct maildir_file *f)
{
	return openat(l->folders[f->folder], f->name,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
			  O_CLOEXEC);
}

bool files_same(const struct maildir_file *f, const struct stat *st)
{
	return S_ISREG(st->st_mode) && f->inode == st->st_ino &&
	       f->device == st->st_dev;
}

bool files_unchanged(const struct maildir_file *f, const struct stat *st)
{
	return files_same(f, st) && (uint64_t)st->st_size == f->stored &&
	       st->st_mtim.tv_sec == f->modified.tv_sec &&
	       st->st_mtim.tv_nsec == f->modified.tv_nsec;
}

/* Of entries as the kernel writes them. */
static int visit_entries(struct maildir_list *l, enum maildir_folder folder,
			 struct slice entries, files_visit *visit,
			 struct error *e)
{
	int done = 0;

	while (done == 0 && entries.len > 0) {
		const struct dirent64 *entry = (const void *)entries.ptr;

		if (entry->d_name[0] != '.' &&
		    (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN))
			done = visit(l, folder, entry, e);
		entries = slice_from(entries, entry->d_reclen);
	}
	return done;
}

/*
 * By getdents64(), as the folder is open: fdopendir() would take a descriptor
 * of its own and 32 KiB, which is most of what a login to a few messages costs.
 */
int files_walk(struct maildir_list *l, enum maildir_folder folder,
	       files_visit *visit, struct error *e)
{
	_Alignas(struct dirent64) char piece[PIECE];
	int fd = l->folders[folder], done = 0;
	ssize_t got = lseek(fd, 0, SEEK_SET) == 0;

	while (done == 0 && got > 0) {
		got = getdents64(fd, piece, sizeof(piece));
		if (got > 0)
			done = visit_entries(l, folder,
					     slice_of(piece, (size_t)got),
					     visit, e);
	}
	return got < 0 ? fail(e, "folder") : done;
}

static struct maildir_file *grow(struct maildir_list *l)
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

int files_name(struct maildir_file *f, enum maildir_folder folder,
	       const char *name)
{
	char *copy = strdup(name);

	if (!copy)
		return -1;
	free(f->name);
	f->name = copy;
	f->unique = maildir_unique(copy);
	f->time = maildir_time(f->unique);
	f->folder = folder;
	f->been |= 1u << folder;
	return 0;
}

/* A file of that name, last of l; or NULL without memory. */
static struct maildir_file *add(struct maildir_list *l,
				enum maildir_folder folder, const char *name)
{
	struct maildir_file *f = grow(l);

	return f && files_name(f, folder, name) == 0 ? f : NULL;
}

void files_note(struct maildir_file *f, const struct stat *st)
{
	f->device = st->st_dev;
	f->inode = st->st_ino;
	f->modified = st->st_mtim;
	f->stored = (uint64_t)st->st_size;
}

/* Some file systems do not tell in a folder what stands there. */
static bool is_file(const struct maildir_list *l, enum maildir_folder folder,
		    const struct dirent64 *entry)
{
	struct stat st;

	return entry->d_type == DT_REG ||
	       (files_stat(l, folder, entry->d_name, &st) == 0 &&
		S_ISREG(st.st_mode));
}

static int list_file(struct maildir_list *l, enum maildir_folder folder,
		     const struct dirent64 *entry, struct error *e)
{
	struct maildir_file *f;

	if (!is_file(l, folder, entry))
		return 0;
	f = add(l, folder, entry->d_name);
	if (!f)
		return fail(e, entry->d_name);
	f->inode = entry->d_ino;
	return 0;
}

/* The time decides nearly always, and costs a tenth of comparing names. */
static int compare_unique(const struct maildir_file *a,
			  const struct maildir_file *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return maildir_compare(a->unique, b->unique);
}

/* So that a file which was seen twice stands beside itself. */
static int by_file(const void *left, const void *right)
{
	const struct maildir_file *a = left, *b = right;
	int order = compare_unique(a, b);

	if (order != 0)
		return order;
	return (a->inode > b->inode) - (a->inode < b->inode);
}

/* Two that are one file; what counts is where it was found. */
static void make_one(struct maildir_file *kept, struct maildir_file *other)
{
	unsigned been = kept->been | other->been;

	if (other->asked && !kept->asked) {
		free(kept->name);
		*kept = *other;
	} else {
		free(other->name);
	}
	kept->been = been;
}

/* A file renamed while the folders were read may have been seen twice. */
static void drop_seen_twice(struct maildir_list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct maildir_file *f = &l->files[i];

		if (kept > 0 && by_file(&l->files[kept - 1], f) == 0)
			make_one(&l->files[kept - 1], f);
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

/* by_file(), but of files that share a unique name the first keeps it. */
static int by_number(const void *left, const void *right)
{
	const struct maildir_file *a = left, *b = right;
	int order = compare_unique(a, b);

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

static int rename_file(const struct maildir_list *l, struct maildir_file *f,
		       const char *name)
{
	int folder = l->folders[f->folder];

	if (renameat2(folder, f->name, folder, name, RENAME_NOREPLACE) != 0)
		return -1;
	return files_name(f, f->folder, name);
}

/* What no file had before: an inode alone is used again. */
static void fresh_name(const struct maildir_file *f, char *text, size_t room)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(text, room, "%jd.M%09ldP%jdI%ju.twin", (intmax_t)now.tv_sec,
		 now.tv_nsec, (intmax_t)getpid(), (uintmax_t)f->inode);
}

/*
 * Behind its old name, so that it keeps its place; or instead of it, where
 * both are too long. Flags that are too long even then are cut. Where nothing
 * of this can be done, for want of rights or of room, it keeps its name.
 */
static void rename_twin(const struct maildir_list *l, struct maildir_file *f)
{
	char fresh[NAME_MAX / 2], name[NAME_MAX + 1];
	int unique = (int)f->unique.len;

	fresh_name(f, fresh, sizeof(fresh));
	if (snprintf(name, sizeof(name), "%.*s,%s%s", unique, f->name, fresh,
		     f->name + unique) <= NAME_MAX &&
	    rename_file(l, f, name) == 0)
		return;
	snprintf(name, sizeof(name), "%s%s", fresh, f->name + unique);
	rename_file(l, f, name);
}

/* On the disk before anybody hears of a unique-id that is made of it. */
static void rename_twins(struct maildir_list *l)
{
	size_t keeps = 0;

	for (size_t i = 1; i < l->count; i++) {
		if (!slice_equal(l->files[keeps].unique, l->files[i].unique))
			keeps = i;
		else
			rename_twin(l, &l->files[i]);
	}
	for (int i = 0; i < MAILDIR_FOLDERS; i++)
		fsync(l->folders[i]);
}

static bool have_twins(const struct maildir_list *l)
{
	for (size_t i = 1; i < l->count; i++)
		if (l->files[i - 1].time == l->files[i].time &&
		    slice_equal(l->files[i - 1].unique, l->files[i].unique))
			return true;
	return false;
}

/* Files that share a name are in one order, and have one each, if they may. */
static void part_twins(struct maildir_list *l)
{
	sort(l, by_file); /* by the inodes that they were found to have */
	drop_seen_twice(l);
	if (have_twins(l)) {
		sort(l, by_number);
		rename_twins(l);
		sort(l, by_number);
	}
}

/* new/ first: a file that moves to cur/ meanwhile cannot be missed. */
static int list_all(struct maildir_list *l, struct error *e)
{
	if (files_walk(l, MAILDIR_NEW, list_file, e) != 0)
		return error_prefix(e, "new");
	if (files_walk(l, MAILDIR_CUR, list_file, e) != 0)
		return error_prefix(e, "cur");
	sort(l, by_file);
	if (files_ask(l, e) != 0)
		return -1;
	if (have_twins(l))
		part_twins(l);
	return 0;
}

int maildir_list_read(struct maildir_list *l, struct slice index,
		      struct maildir_measured *measured, struct error *e)
{
	struct index_reader known;

	index_read(&known, index, NULL);
	if (list_all(l, e) != 0)
		return -1;
	return files_measure(l, &known, measured, e);
}

void maildir_list_free(struct maildir_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->files[i].name);
	free(l->files);
	l->files = NULL;
	l->count = l->room = 0;
}

char *maildir_list_unique_id(const struct maildir_list *l, size_t i)
{
	const struct maildir_file *f = &l->files[i];
	struct buf name = {0};
	char *id;

	if (i == 0 || !slice_equal(f[-1].unique, f->unique))
		return maildir_unique_id(f->unique, 0);
	/* No file has a name with a slash; an inode alone is used again. */
	buf_add(&name, f->unique);
	buf_printf(&name, "/%jd.%09ld", (intmax_t)f->modified.tv_sec,
		   f->modified.tv_nsec);
	id = name.failed ? NULL : maildir_unique_id(buf_slice(&name), f->inode);
	buf_free(&name);
	return id;
}
