/* SPDX-License-Identifier: MIT */
#ifndef POP3_FILE_TEXT_H
#define POP3_FILE_TEXT_H

#include "bytes.h"
#include "error.h"

#include <stdio.h>

/*
 * Open a file to be read. A pipe or a device, which may keep who reads it for
 * ever, is refused. Returns owned (fclose), or NULL and e.
 */
FILE *file_open(const char *path, struct error *e);

/*
 * Read the whole file into b, which is empty. Returns 0, or -1 and e: also when
 * it has more than so many MiB. b holds what was read until then.
 */
int file_text(struct buf *b, const char *path, size_t most, struct error *e);

#endif
