/* SPDX-License-Identifier: MIT */
/*
 * Names of nobody: a setting or a token names a user, but the file of users has
 * none of that name, and nobody of that name has a maildrop. That may be right
 * soon, as both can come while the server runs, so it is a warning; but it is
 * more likely a slip of the pen.
 */
#ifndef POP3_NOBODY_H
#define POP3_NOBODY_H

#include "authority.h"

/* Whom a setting names. */
struct named_user {
	struct slice name;
	char *setting; /* with the name, as complaints tell of it */
};

/* Warns of each one whom files->named or a token of a names. */
void nobody_warn(const struct authority *a, const struct authority_files *files,
		 struct complaints *warnings);

#endif
