/* SPDX-License-Identifier: MIT */
/*
 * Where a report goes. What has a name grows in a file beside it
 * (NAME.<process>-<n>.part) until it is published, so that a reader never sees
 * half of a report and a failed one never costs the old one. Standard output,
 * and what is not a regular file (a pipe, a terminal, /dev/null), is written
 * directly.
 */
#ifndef REPORTS_RESULT_FILE_H
#define REPORTS_RESULT_FILE_H

#include "bytes.h"
#include "error.h"

struct result_file;

/*
 * Open the file at path, "-" for standard output. A symbolic link is followed;
 * an old file keeps its mode. Returns owned, or NULL and e.
 */
struct result_file *result_file_open(const char *path, struct error *e);

/* It is a terminal that understands colours, and nobody said NO_COLOR. */
bool result_file_takes_colour(const struct result_file *f);

/*
 * Hand octets to the kernel, so that they outlive this process. -1 and e when
 * that failed, and then ever after: what follows a gap must not look whole.
 */
int result_file_write(struct result_file *f, struct slice octets,
		      struct error *e);

/*
 * Give what was written its name. May be called again: later octets go to the
 * same file, and are on the disk when this returns 0. -1 and e: the old file,
 * if there was one, is still there.
 */
int result_file_publish(struct result_file *f, struct error *e);

/* What was not published is gone. NULL is allowed. */
void result_file_free(struct result_file *f);

#endif
