/* SPDX-License-Identifier: MIT */
/*
 * The exclusive-access lock of a Maildir (RFC 1939 section 4): flock() on the
 * maildrop's folder and on "pop3.lock" in it, which shuts out other sessions of
 * this process and of others, and ends with the process however that ends.
 *
 * The file is what an administrator sees, and may remove to end a session's
 * access. Where it cannot be made, on a disk that is full or may only be read,
 * the folder's lock does alone; where folders cannot be locked (NFS), the
 * file's.
 */
#ifndef POP3_MAILDIR_LOCK_H
#define POP3_MAILDIR_LOCK_H

#include "error.h"
#include "maildrop.h"

#define MAILDIR_LOCK "pop3.lock"

struct maildir_lock {
	int home; /* the maildrop's folder */
	int file; /* -1: none */
};

/*
 * Lock home, a descriptor that l takes. MAILDROP_BROKEN and e when neither can
 * be locked. maildir_lock_release() in any case.
 */
enum maildrop_opened maildir_lock(struct maildir_lock *l, int home,
				  struct error *e);

/* A defect: the lock file of whoever has it is removed, and made anew. */
enum maildrop_opened maildir_lock_steal(struct maildir_lock *l, int home,
					struct error *e);

/* The lock file was removed: somebody else may be in the maildrop. */
bool maildir_lock_is_lost(const struct maildir_lock *l);

void maildir_lock_release(struct maildir_lock *l);

#endif
