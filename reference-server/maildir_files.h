/* SPDX-License-Identifier: MIT */
/* What the files of maildir_list.h share. */
#ifndef POP3_MAILDIR_FILES_H
#define POP3_MAILDIR_FILES_H

#include "maildir_list.h"

#include <dirent.h>

/* Is called for each name that may be a message, until it returns -1. */
typedef int files_visit(struct maildir_list *l, enum maildir_folder folder,
			const struct dirent64 *entry, struct error *e);

int files_walk(struct maildir_list *l, enum maildir_folder folder,
	       files_visit *visit, struct error *e);

/* The status of what has that name; a link is not followed. As fstatat(). */
int files_stat(const struct maildir_list *l, enum maildir_folder folder,
	       const char *name, struct stat *st);

/* Its name, as in that of a file that a person is told. */
const char *files_folder(enum maildir_folder folder);

/* Opens f under its name, whatever is there; -1 and errno. */
int files_open(const struct maildir_list *l, const struct maildir_file *f);

/* f has another name. Returns 0, or -1 without memory. */
int files_name(struct maildir_file *f, enum maildir_folder folder,
	       const char *name);

/* The same file, perhaps changed; and changed in nothing that shows. */
bool files_same(const struct maildir_file *f, const struct stat *st);
bool files_unchanged(const struct maildir_file *f, const struct stat *st);

/* What the file was at login. */
void files_note(struct maildir_file *f, const struct stat *st);

/*
 * Ask the disk what each file of l is. Those that are not there any more, or no
 * messages, stay as they were, not asked. Returns 0, or -1 and e.
 */
int files_ask(struct maildir_list *l, struct error *e);

/*
 * Let the files of l, which stand in order, have their sizes: from the index,
 * else by reading them. Those that are where they were no more are sought under
 * other names, which asks of no other file, and are left out when they are gone.
 * Returns 0, or -1 and e when one cannot be read.
 */
int files_measure(struct maildir_list *l, const struct index_reader *index,
		  struct maildir_measured *measured, struct error *e);

#endif
