/* SPDX-License-Identifier: MIT */
#include "maildir_remove.h"

#include "maildir_defects.h"
#include "maildir_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Programs that read mail may rename files while they are removed here. */
#define ROUNDS 8

static void note(struct unremoved *first, const struct maildir_file *f,
		 const struct error *why)
{
	snprintf(first->name, sizeof(first->name), "%s/%s",
		 files_folder(f->folder), f->name);
	first->why = *why;
}

/* Returns how many are not known to be gone. */
static size_t unlink_marked(struct maildir_list *l, const struct switches *switches,
			    const bool *marked, struct unremoved *first)
{
	size_t still_there = 0;
	struct error why;

	for (size_t i = 0; i < l->count; i++) {
		struct maildir_file *f = &l->files[i];

		if (!marked[i] || maildir_list_gone(l, i) ||
		    defect_left(switches, f) ||
		    maildir_list_unlink(l, i, &why) == 0)
			continue;
		if (still_there++ == 0)
			note(first, f, &why);
	}
	return still_there;
}

/* Some file systems cannot sync a folder, and say so by EINVAL. */
static bool is_synced(int folder)
{
	return fsync(folder) == 0 || errno == EINVAL;
}

/*
 * A marked message might come back there, if the power went: who was never seen
 * in a folder does not, unless somebody else took it away, by whatever way.
 */
static bool must_be_synced(const struct maildir_list *l, const bool *marked,
			   enum maildir_folder folder)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct maildir_file *f = &l->files[i];

		if (marked[i] && (!f->removed || f->been & 1u << folder))
			return true;
	}
	return false;
}

static bool sync_folders(const struct maildir_list *l, const bool *marked,
			 struct unremoved *first)
{
	for (int i = 0; i < MAILDIR_FOLDERS; i++) {
		if (!must_be_synced(l, marked, (enum maildir_folder)i) ||
		    is_synced(l->folders[i]))
			continue;
		strcpy(first->name, files_folder((enum maildir_folder)i));
		error_set(&first->why, "it cannot be synced: %s",
			  strerror(errno));
		return false;
	}
	return true;
}

size_t maildir_count_marked(const struct maildir_list *l, const bool *marked)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++)
		count += marked[i];
	return count;
}

/* Marked, and neither removed by us nor found: they may have run away. */
static size_t count_missed(const struct maildir_list *l, const bool *marked,
			   struct unremoved *first)
{
	size_t count = 0;
	struct error why;

	error_set(&why, "it was not found while others moved mail");
	for (size_t i = 0; i < l->count; i++) {
		const struct maildir_file *f = &l->files[i];

		if (!marked[i] || f->removed || !maildir_list_gone(l, i))
			continue;
		if (count++ == 0)
			note(first, f, &why);
	}
	return count;
}

static bool same_time(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Returns true when nobody changed the folders while they were walked. */
static bool look_again(struct maildir_list *l)
{
	struct stat before[MAILDIR_FOLDERS] = { 0 }, after = { 0 };
	bool quiet = true;

	for (size_t i = 0; i < MAILDIR_FOLDERS; i++)
		quiet = fstat(l->folders[i], &before[i]) == 0 && quiet;
	maildir_list_refresh(l);
	for (size_t i = 0; i < MAILDIR_FOLDERS; i++)
		quiet = quiet && fstat(l->folders[i], &after) == 0 &&
			same_time(&before[i], &after);
	return quiet;
}

size_t maildir_remove(struct maildir_list *l, const struct switches *switches,
		      const bool *marked, struct unremoved *first)
{
	size_t still_there = maildir_count_marked(l, marked);
	bool quiet = false;

	if (still_there == 0)
		return 0;
	for (int i = 0; i < ROUNDS && still_there > 0; i++) {
		if (i > 0)
			quiet = look_again(l);
		still_there = unlink_marked(l, switches, marked, first);
		if (!quiet)
			still_there += count_missed(l, marked, first);
	}
	if (!sync_folders(l, marked, first))
		return maildir_count_marked(l, marked);
	return still_there;
}
