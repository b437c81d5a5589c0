/* SPDX-License-Identifier: MIT */
/* What a Maildir store does wrong when a defect is on. */
#ifndef POP3_MAILDIR_DEFECTS_H
#define POP3_MAILDIR_DEFECTS_H

#include "maildir_list.h"
#include "switches.h"

/* File i is being read: it is noted as seen, by moving it to cur/. */
void defect_read(const struct switches *on, struct maildir_list *l, size_t i);

/* Is file i, which is marked, left where it is and forgotten? */
bool defect_left(const struct switches *on, const struct maildir_file *f);

/* The session ends: what was new is so no more. */
void defect_closed(const struct switches *on, struct maildir_list *l);

/* Returns owned the unique-id of file i, or NULL without memory. */
char *defect_unique_id(const struct switches *on, const struct maildir_list *l,
		       size_t i);

#endif
