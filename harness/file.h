/* SPDX-License-Identifier: MIT */
/* Small files, read whole and with a bound. */
#ifndef HARNESS_FILE_H
#define HARNESS_FILE_H

#include "bytes.h"
#include "error.h"

#include <sys/stat.h>

/*
 * Append what the regular file at path holds to to. Returns -1 and e, which
 * names path, when it cannot be opened, is no regular file (nothing waits for
 * a FIFO) or holds more than limit octets. Unless is is NULL, it becomes what
 * fstat() says of the very file that was read.
 */
int file_read(const char *path, size_t limit, struct buf *to, struct stat *is,
	      struct error *e);

/*
 * The same for name in the open directory dir; a symbolic link is refused. e
 * names it as shown does.
 */
int file_read_at(int dir, const char *name, const char *shown, size_t limit,
		 struct buf *to, struct error *e);

/* Returns owned "directory/name", or name when it is absolute; or NULL. */
char *file_path(const char *directory, const char *name);

#endif
