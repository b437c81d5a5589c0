/* SPDX-License-Identifier: MIT */
/* Whether a server that becomes somebody can use the maildrops of its users. */
#ifndef POP3_MAILDROPS_CHECK_H
#define POP3_MAILDROPS_CHECK_H

#include "users.h"

/*
 * Look at root/<user>/{new,cur,tmp} of each user, as this process is now, and
 * change nothing. Warns of the first that it cannot list, or where it cannot
 * remove mail, unless the disk is read-only for everybody. What is missing is
 * made at the first login (store_maildir.h): it warns where that cannot be. who
 * is this process, for a person.
 */
void maildrops_check(const struct users *users, const char *root,
		     const char *who, struct complaints *warnings);

#endif
