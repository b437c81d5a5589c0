/* SPDX-License-Identifier: MIT */
/* The UPDATE state (RFC 1939 section 6) in a Maildir. */
#ifndef POP3_MAILDIR_REMOVE_H
#define POP3_MAILDIR_REMOVE_H

#include "maildir_list.h"
#include "maildrop.h"
#include "switches.h"

size_t maildir_count_marked(const struct maildir_list *l, const bool *marked);

/*
 * Remove the files with marked[i]. Returns how many of them are not known to be
 * gone; 0 is success, and then nobody will see them again, not even behind a
 * power cut.
 *
 * One unlink() a message takes it away whole or leaves it whole, also when we
 * are killed: there is nothing that would have to be taken up again. Last, the
 * folders that they were in are synced, once each: of 50,000 messages nearly
 * all of the time is the file system's, for unlink(). A file that is not found
 * counts as gone only when nobody changed the folders while it was looked for:
 * it may have run away. Of those that are not gone, first says what is the
 * matter with one; it is written when the result is not 0.
 */
size_t maildir_remove(struct maildir_list *l, const struct switches *switches,
		      const bool *marked, struct unremoved *first);

#endif
