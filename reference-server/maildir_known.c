/* SPDX-License-Identifier: MIT */
/*
 * A Maildir whose folders are as they were when its index was written: each
 * name stands for the file that it stood for then, and 100,000 of them need not
 * be asked. The index is believed for files of its name and inode; the others
 * are asked.
 */
#include "maildir_files.h"

#include "maildir_name.h"

void files_see_folders(struct maildir_list *l,
		       struct index_folder are[MAILDIR_FOLDERS])
{
	struct stat st;

	for (size_t i = 0; i < MAILDIR_FOLDERS; i++) {
		are[i] = (struct index_folder){ 0 };
		if (fstat(l->folders[i], &st) != 0)
			continue;
		l->devices[i] = st.st_dev;
		if (st.st_ctim.tv_sec < l->now - MAILDIR_GRAIN)
			are[i] = (struct index_folder){ st.st_ino, st.st_ctim };
	}
}

bool files_same_folders(const struct index_folder a[MAILDIR_FOLDERS],
			const struct index_folder b[MAILDIR_FOLDERS])
{
	bool same = true;

	for (size_t i = 0; i < MAILDIR_FOLDERS; i++)
		same = same && a[i].inode != 0 && a[i].inode == b[i].inode &&
		       a[i].changed.tv_sec == b[i].changed.tv_sec &&
		       a[i].changed.tv_nsec == b[i].changed.tv_nsec;
	return same;
}

static int list_name(struct maildir_list *l, enum maildir_folder folder,
		     const struct dirent64 *entry, struct error *e)
{
	struct maildir_file *f = entry->d_type == DT_REG
					 ? files_add(l, folder, entry->d_name)
					 : NULL;

	(void)e;
	if (f)
		f->inode = entry->d_ino;
	return f ? 0 : -1;
}

static int ask(const struct maildir_list *l, struct maildir_file *f)
{
	struct stat st;

	if (files_stat(l, f->folder, f->name, &st) != 0 || !S_ISREG(st.st_mode))
		return -1;
	files_note(f, &st);
	return 0;
}

static void believe(struct maildir_file *f, const struct index_entry *entry,
		    dev_t device)
{
	f->device = device;
	f->modified = entry->modified;
	f->stored = entry->stored;
}

/* Both stand in the same order. Returns false when a file is a riddle. */
static bool fill_in(struct maildir_list *l, struct index_reader r)
{
	struct index_entry entry;
	bool more = index_next(&r, &entry);
	size_t i = 0;

	while (i < l->count) {
		struct maildir_file *f = &l->files[i];
		int order = more ? maildir_compare(entry.name, f->unique) : 1;

		if (order < 0) {
			more = index_next(&r, &entry);
			continue;
		}
		if (order == 0 && entry.inode == f->inode)
			believe(f, &entry, l->devices[f->folder]);
		else if (ask(l, f) != 0)
			return false;
		i++;
	}
	return true;
}

/* While the names are read nothing may change, either. */
bool files_list_known(struct maildir_list *l, const struct index_reader *index)
{
	struct index_folder are[MAILDIR_FOLDERS];

	if (!files_same_folders(l->were, index->folders) ||
	    files_walk(l, MAILDIR_NEW, list_name, NULL) != 0 ||
	    files_walk(l, MAILDIR_CUR, list_name, NULL) != 0)
		return false;
	files_sort(l);
	if (files_have_twins(l) || !fill_in(l, *index))
		return false;
	files_see_folders(l, are);
	return files_same_folders(are, l->were);
}
