/* SPDX-License-Identifier: MIT */
/* The directory of a bundled server: mail/<user>/{new,cur,tmp} and users. */
#ifndef HARNESS_BUNDLED_HOME_H
#define HARNESS_BUNDLED_HOME_H

#include "target.h"

struct bundled_home {
	char *directory; /* below TMPDIR, else /dev/shm or /tmp; NULL: not made */
	char *mail;
	char *users;
};

/*
 * Make it with accounts accounts and say so in t (target_init() was called):
 * host, accounts, maildir, what it keeps. Returns -1 and e; what was made is
 * removed by bundled_home_remove() in both cases.
 */
int bundled_home_make(struct bundled_home *h, struct target *t, size_t accounts,
		      struct error *e);

/* Removes the directory with all that is in it, following no link. */
void bundled_home_remove(struct bundled_home *h);

#endif
