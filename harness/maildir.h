/* SPDX-License-Identifier: MIT */
/*
 * A Maildir, as a provisioner handles it: open directories, so that nobody can
 * exchange one for a link in between.
 */
#ifndef HARNESS_MAILDIR_H
#define HARNESS_MAILDIR_H

#include "bytes.h"
#include "directory.h"
#include "error.h"

#define MAILDIR_LIMIT 200000 /* files in one directory */

struct maildir {
	char *path; /* for errors */
	int new, cur, tmp;
};

/* Returns 0, or -1 and e, which says how to make a Maildir that is missing. */
int maildir_open(struct maildir *m, const char *path, struct error *e);
void maildir_close(struct maildir *m);

/* -1 and e when we may not write to it. */
int maildir_writable(const struct maildir *m, struct error *e);

/*
 * Lock the maildrop against other runs of ours; servers know nothing of it.
 * Returns a descriptor, which holds the lock until it is closed; -1 and e when
 * somebody has it; -2 when there are no locks here.
 */
int maildir_hold(const struct maildir *m, struct error *e);

/*
 * Write octets to a new file of that name in tmp, give it the owner and the
 * mode (without x) of new, and rename it into new.
 */
int maildir_deliver(const struct maildir *m, const char *name,
		    struct slice octets, struct error *e);

/* Says of a file in the open directory dir whether it may be removed. */
typedef bool maildir_is_ours(int dir, const char *name, void *with);

/*
 * Count the messages, in *ours and *foreign by is_ours, in new and cur. A
 * server may rename them meanwhile.
 */
int maildir_count(const struct maildir *m, maildir_is_ours *is_ours, void *with,
		  size_t *ours, size_t *foreign, struct error *e);

/*
 * Remove all messages of new and cur for which is_ours holds, and such files in
 * tmp.
 */
int maildir_remove(const struct maildir *m, maildir_is_ours *is_ours,
		   void *with, struct error *e);

#endif
