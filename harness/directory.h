/* SPDX-License-Identifier: MIT */
/* Directories that a stranger may have filled: no links, bounded, sorted. */
#ifndef HARNESS_DIRECTORY_H
#define HARNESS_DIRECTORY_H

#include "error.h"

#include <stddef.h>

/*
 * Open directory name in the open directory at (or AT_FDCWD). name itself may
 * not be a symbolic link. Returns a descriptor, or -1 and e, which names it as
 * shown does.
 */
int directory_open(int at, const char *name, const char *shown,
		   struct error *e);

struct names {
	char **list;
	size_t count;
};

/*
 * The names in the open directory at that do not begin with a full stop, in
 * the order of their octets. Returns 0 and owned *names (names_free), or -1 and
 * e, also when there are more than limit.
 */
int directory_list(int at, const char *shown, size_t limit, struct names *names,
		   struct error *e);
void names_free(struct names *names);

/* Returns owned the directory of the program that runs, or NULL. */
char *directory_of_program(void);

#endif
