/* SPDX-License-Identifier: MIT */
/* Files of a Maildir, found again after login, under whatever name. */
#include "maildir_files.h"

#include "maildir_name.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* So many walks in succession miss what is not there. */
#define WALKS 5

/* Somebody may rename it again and again; then it cannot be read now. */
#define ROUNDS 8

bool maildir_list_gone(const struct maildir_list *l, size_t i)
{
	return l->files[i].removed || l->files[i].missed >= WALKS;
}

/* The first file that does not stand before unique. */
static size_t first_of(const struct maildir_list *l, struct slice unique)
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
		    const struct dirent64 *entry, struct error *e)
{
	const char *name = entry->d_name;
	struct slice unique = maildir_unique(name);
	struct stat st;

	for (size_t i = first_of(l, unique); i < l->count; i++) {
		struct maildir_file *f = &l->files[i];

		if (!slice_equal(f->unique, unique))
			break;
		if (f->removed || files_stat(l, folder, name, &st) != 0 ||
		    !files_same(f, &st))
			continue;
		if (files_name(f, folder, name) != 0)
			return error_set(e, "%s: %s", name, strerror(errno));
		f->missed = 0;
	}
	return 0;
}

int maildir_list_refresh(struct maildir_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		l->files[i].missed++;
	if (files_walk(l, MAILDIR_NEW, see_file, NULL) == 0 &&
	    files_walk(l, MAILDIR_CUR, see_file, NULL) == 0)
		return 0;
	/* Nothing is known of those: that is not the same as gone. */
	for (size_t i = 0; i < l->count; i++)
		l->files[i].missed -= l->files[i].missed > 0;
	return -1;
}

int maildir_list_open(struct maildir_list *l, size_t i, bool *moved)
{
	const struct maildir_file *f = &l->files[i];
	struct stat st = { 0 };
	int fd;

	*moved = false;
	if (maildir_list_gone(l, i))
		return -1;
	fd = files_open(l, f);
	if (fd < 0) {
		*moved = true;
		return -1;
	}
	if (fstat(fd, &st) == 0 && files_unchanged(f, &st))
		return fd;
	*moved = !files_same(f, &st);
	close(fd);
	return -1;
}

int maildir_list_find(struct maildir_list *l, size_t i, struct error *e)
{
	bool moved;
	int fd = maildir_list_open(l, i, &moved);

	for (int round = 0; fd < 0 && moved && round < ROUNDS; round++)
		if (maildir_list_refresh(l) == 0)
			fd = maildir_list_open(l, i, &moved);
	if (fd < 0)
		error_set(e, "%s: gone, changed, or not readable",
			  l->files[i].name);
	return fd;
}

/* To another file, which the next login would take for this one. */
static bool leaves_its_name(const struct maildir_list *l, size_t i)
{
	struct slice unique = l->files[i].unique;

	if (i > 0 && slice_equal(l->files[i - 1].unique, unique))
		return false;
	while (++i < l->count && slice_equal(l->files[i].unique, unique))
		if (!maildir_list_gone(l, i))
			return true;
	return false;
}

int maildir_list_unlink(struct maildir_list *l, size_t i, struct error *e)
{
	struct maildir_file *f = &l->files[i];
	struct stat st;

	if (leaves_its_name(l, i))
		return error_set(e, "another message would have its name");
	if (files_stat(l, f->folder, f->name, &st) != 0)
		return error_set(e, "%s", strerror(errno));
	if (!files_unchanged(f, &st))
		return error_set(e, "it was changed since the login");
	if (unlinkat(l->folders[f->folder], f->name, 0) != 0)
		return error_set(e, "%s", strerror(errno));
	f->removed = st.st_nlink == 1;
	return f->removed ? 0 : error_set(e, "it has another name, too");
}
