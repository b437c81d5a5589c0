/* SPDX-License-Identifier: MIT */
#ifndef POP3_FILE_TEXT_H
#define POP3_FILE_TEXT_H

#include "bytes.h"
#include "error.h"

/*
 * Read the whole file into b, which is empty. Returns 0, or -1 and e: also when
 * it has more than so many MiB. b holds what was read until then.
 */
int file_text(struct buf *b, const char *path, size_t most, struct error *e);

#endif
