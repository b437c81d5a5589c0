/* SPDX-License-Identifier: MIT */
/* Whether a server that becomes somebody can use the maildrops of its users. */
#ifndef POP3_MAILDROPS_CHECK_H
#define POP3_MAILDROPS_CHECK_H

#include "users.h"

#include <stdbool.h>

struct maildrops_look {
	const char *root;
	const char *who;	   /* this process, for a person */
	bool (*is_late)(void *of); /* asked before each user; NULL: never */
	void *of;
};

/*
 * Look at root/<user>/{new,cur,tmp} of each user, as this process is now, and
 * change nothing. Warns of the first that it cannot list, or where it cannot
 * remove mail, unless the disk is read-only for everybody. What is missing is
 * made at the first login (store_maildir.h): it warns where that cannot be.
 * Once it is late it looks at no other user, and warns of how far it came.
 */
void maildrops_check(const struct users *users, const struct maildrops_look *l,
		     struct complaints *warnings);

#endif
