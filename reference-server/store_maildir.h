/* SPDX-License-Identifier: MIT */
/*
 * Maildrops that are Maildirs: <root>/<user>/{new,cur,tmp}, created at the
 * first login when they are missing. Each regular file of new/ and cur/ whose
 * name does not start with a dot is a message.
 *
 * A session holds a lock (maildir_lock.h), which shuts out other sessions of
 * this process and of others; when the lock file is removed the lock is lost,
 * and the session reads and removes nothing more. Programs that deliver or read
 * mail need no lock, and may rename files at any time. Nothing is renamed here,
 * and a message in new/ stays there; but of files that share a unique name all
 * but one are given names of their own.
 *
 * What a session may rely on:
 *
 * - Numbers, sizes and unique-ids stay as they were at login, whatever comes,
 *   goes or moves (RFC 1939 sections 4 and 5). A message that another program
 *   moved is found again by its unique name and inode; one that is gone, or was
 *   changed, cannot be read: -ERR.
 * - A message that was not marked is never removed, and neither is a file that
 *   is not the one that was marked.
 * - No message gets the unique-id of one that was removed here (section 7). A
 *   message that shares its unique name with one that cannot be renamed is
 *   therefore not removed before that one is, and counted as left.
 * - Each message is removed by one unlink(): whole or not at all, whenever the
 *   process ends. Nothing is prepared for it, and nothing has to be taken up
 *   again at the next start.
 * - remove() says that nothing is left only when both folders are on the disk
 *   without the messages (fsync). What could not be removed is counted (section
 *   6: "some deleted messages not removed").
 * - Mail can be fetched and removed on a disk that is full, and fetched from
 *   one that is read-only. Sizes are then found anew at each login; otherwise
 *   they are noted (maildir_index_file.h).
 */
#ifndef POP3_STORE_MAILDIR_H
#define POP3_STORE_MAILDIR_H

#include "maildrop.h"
#include "switches.h"

/*
 * A store of the Maildirs below root, which must be a folder; borrows its path. Copies switches:
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
