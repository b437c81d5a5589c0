/* SPDX-License-Identifier: MIT */
/* For tests: a directory of their own. What fails here aborts the test. */
#ifndef HARNESS_SCRATCH_H
#define HARNESS_SCRATCH_H

#include <stdbool.h>

struct scratch {
	char path[64];
};

void scratch_open(struct scratch *s);
void scratch_close(struct scratch *s); /* removes all of it */

/* Returns owned the path of name in s. */
char *scratch_path(const struct scratch *s, const char *name);

/* Make a file, or a directory, and the directories above it. */
void scratch_write(const struct scratch *s, const char *name, const char *text);
void scratch_directory(const struct scratch *s, const char *name);
void scratch_link(const struct scratch *s, const char *name, const char *to);

/* Number of entries of directory name but . and .., -1 when there is none. */
int scratch_entries(const struct scratch *s, const char *name);

#endif
