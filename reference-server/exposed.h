/* SPDX-License-Identifier: MIT */
/* Who else than the server can read a file that it trusts, or change it. */
#ifndef POP3_EXPOSED_H
#define POP3_EXPOSED_H

#include "complaints.h"

#include <sys/types.h>

/* What a file is for. */
enum exposed {
	EXPOSED_SECRET, /* nobody else may know what is in it */
	EXPOSED_PUBLIC, /* nobody else may change it */
};

/*
 * Warn when others can write to the file at path, when its owner is neither
 * root nor one of these, when a group (but root's) can write to it, or when
 * it is a secret and others can read it: of the gravest of these. What is not
 * there is nobody's, and NULL is no file.
 */
void exposed_warn(const char *path, enum exposed what, const uid_t *owners,
		  size_t owners_count, struct complaints *warnings);

#endif
