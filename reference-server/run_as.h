/* SPDX-License-Identifier: MIT */
/*
 * Who the server is once it listens and has read its keys: root begins, and
 * somebody who may do less goes on.
 */
#ifndef POP3_RUN_AS_H
#define POP3_RUN_AS_H

#include "error.h"

#include <sys/types.h>

struct run_as {
	const char *user; /* borrowed */
	uid_t uid;
	gid_t gid;
};

enum run_as_found { RUN_AS_FOUND, RUN_AS_NO_USER, RUN_AS_NO_GROUP };

/* Look up user, and group, which is NULL for the user's own. */
enum run_as_found
run_as_find(struct run_as *i, const char *user, const char *group);

/*
 * Become i, with the groups that the system gives to its user, in all threads
 * and for good: that it cannot be undone is tried. For who is i already it is
 * nothing; only root can become another. Returns 0, or -1 and e: then the
 * process may be neither, and must end.
 */
int run_as_become(const struct run_as *i, struct error *e);

#endif
