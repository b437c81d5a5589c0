/* SPDX-License-Identifier: MIT */
/*
 * The index of a Maildir as a file, "pop3spec.index" in the maildrop's folder,
 * beside new/, cur/ and tmp/. Other programs do not mind it: those that read a
 * Maildir look into these three, and those that know Maildir++ into folders
 * whose names begin with a full stop; other servers keep files of their own in
 * this place, too.
 *
 * It is only a shortcut. Without it, or when it is damaged, of another version,
 * not a file, not ours or too long, each message is read and it is made anew.
 * When it cannot be written all goes on without it.
 */
#ifndef POP3_MAILDIR_INDEX_FILE_H
#define POP3_MAILDIR_INDEX_FILE_H

#include "maildir_list.h"

#define MAILDIR_INDEX "pop3spec.index"

/*
 * The octets of the index in the folder home; empty when there is none that
 * may be trusted to be ours: it must be a file of 64 MiB at most that this
 * user owns and nobody else may write. Owned by the caller.
 */
struct buf maildir_index_load(int home);

/*
 * Note what l knows of its files, for the next login, where that spares more
 * reading than it takes: see maildir_measured. The old index stays, whole,
 * until the new one replaces it (a file of the name MAILDIR_INDEX ".new" is
 * renamed). It is not synced: what a crash of the machine leaves of it has no
 * right checksum.
 */
void maildir_index_save(int home, const struct maildir_list *l,
			const struct maildir_measured *measured);

/* It told a size that was not true. */
void maildir_index_drop(int home);

#endif
