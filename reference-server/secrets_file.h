/* SPDX-License-Identifier: MIT */
/* Files of lines that hold secrets: those of users, and of tokens. */
#ifndef POP3_SECRETS_FILE_H
#define POP3_SECRETS_FILE_H

#include "bytes.h"
#include "error.h"

/* Read at most 16 MiB into b. Returns 0, or -1 and e. */
int secrets_file_read(struct buf *b, const char *path, struct error *e);

/* Frees what b holds, and wipes it before. */
void secrets_file_wipe(struct buf *b);

/* Takes the next line off *text, without its line end. */
struct slice secrets_file_line(struct slice *text);

/* How many lines text has, one at least. */
size_t secrets_file_lines(struct slice text);

#endif
