/* SPDX-License-Identifier: MIT */
#include "maildir_defects.h"

#include "maildir_name.h"

#include <limits.h>
#include <stdio.h>

static void move_to_cur(struct maildir_list *l, const struct maildir_file *f)
{
	char name[NAME_MAX + 1];
	int len = snprintf(name, sizeof(name), "%.*s:2,S", (int)f->unique.len,
			   f->name);

	if (f->folder == MAILDIR_NEW && len < (int)sizeof(name))
		renameat(l->folders[MAILDIR_NEW], f->name,
			 l->folders[MAILDIR_CUR], name);
}

void defect_read(const struct switches *on, struct maildir_list *l, size_t i)
{
	if (!switch_is_on(on, DEFECT_REMOVES_FROM_NEW_ONLY))
		return;
	move_to_cur(l, &l->files[i]);
	maildir_list_refresh(l);
}

bool defect_left(const struct switches *on, const struct maildir_file *f)
{
	return f->folder == MAILDIR_CUR &&
	       switch_is_on(on, DEFECT_REMOVES_FROM_NEW_ONLY);
}

void defect_closed(const struct switches *on, struct maildir_list *l)
{
	if (!switch_is_on(on, DEFECT_UNIQUE_ID_WITH_FLAGS))
		return;
	for (size_t i = 0; i < l->count; i++)
		if (!maildir_list_gone(l, i))
			move_to_cur(l, &l->files[i]);
}

char *defect_unique_id(const struct switches *on, const struct maildir_list *l,
		       size_t i)
{
	if (switch_is_on(on, DEFECT_UNIQUE_ID_WITH_FLAGS))
		return maildir_unique_id(slice_str(l->files[i].name), 0);
	return maildir_list_unique_id(l, i);
}
