/* SPDX-License-Identifier: MIT */
/*
 * Who the server is once it listens and has read its keys: root begins, and
 * somebody who may do less goes on.
 */
#ifndef POP3_IDENTITY_H
#define POP3_IDENTITY_H

#include "error.h"

#include <sys/types.h>

struct identity {
	const char *user; /* borrowed */
	uid_t uid;
	gid_t gid;
};

enum identity_found { IDENTITY_FOUND, IDENTITY_NO_USER, IDENTITY_NO_GROUP };

/* Look up user, and group, which is NULL for the user's own. */
enum identity_found
identity_find(struct identity *i, const char *user, const char *group);

/*
 * Become i, with the groups that the system gives to its user, in all threads
 * and for good: that it cannot be undone is tried. For who is i already it is
 * nothing; only root can become another. Returns 0, or -1 and e: then the
 * process may be neither, and must end.
 */
int identity_become(const struct identity *i, struct error *e);

#endif
