/* SPDX-License-Identifier: MIT */
/*
 * Maildrops that are Maildirs: <root>/<user>/{new,cur,tmp}, created at the
 * first login when they are missing. Each regular file of new/ and cur/ whose
 * name does not start with a dot is a message.
 *
 * A session holds flock() on <root>/<user>/pop3.lock, which shuts out other
 * sessions of this process and of others; when that file is removed the lock is
 * lost, and the session reads and removes nothing more. Programs that deliver
 * or read mail need no lock, and may rename files at any time. Nothing is
 * renamed here, and a message in new/ stays there; but of files that share a
 * unique name all but one are given names of their own.
 */
#ifndef POP3_STORE_MAILDIR_H
#define POP3_STORE_MAILDIR_H

#include "maildrop.h"
#include "switches.h"

/*
 * A store of the Maildirs below root, which must be a folder. Copies switches:
 * the oddity shared-maildrop, the defect lock-is-stolen and those of
 * maildir_defects.h are here. Several
 * threads may open() maildrops of it at once; each maildrop belongs to one
 * thread at a time. Returns owned (->free() it when all maildrops are closed),
 * or NULL and e.
 */
struct maildrop_store *store_maildir_new(const char *root,
					 const struct switches *switches,
					 struct error *e);

#endif
