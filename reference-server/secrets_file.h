/* SPDX-License-Identifier: MIT */
/* Files of lines that hold secrets: those of users, and of tokens. */
#ifndef POP3_SECRETS_FILE_H
#define POP3_SECRETS_FILE_H

#include "bytes.h"
#include "complaints.h"

/*
 * Read at most 16 MiB into b. Returns 0, or -1 and tells c, with the setting
 * that named the file ("--users"; NULL when none did).
 */
int secrets_file_read(struct buf *b, const char *path, const char *setting,
		      struct complaints *c);

/* Frees what b holds, and wipes it before. */
void secrets_file_wipe(struct buf *b);

/* Lines of one file that are told; of more the number, so that other files
   have room. */
#define SECRETS_FILE_TOLD 6

/* What is wrong in a file. All zeroes but path and c is nothing. */
struct wrong_lines {
	const char *path;
	struct complaints *c;
	size_t count;
};

/* Tells "path:line:column: what", both counted from 1. */
void wrong_lines_add(struct wrong_lines *w, size_t line, size_t column,
		     const char *what);

/* Tells how many were not told. Returns 0 when nothing is wrong, or -1. */
int wrong_lines_end(const struct wrong_lines *w);

/*
 * Reads a line. Returns NULL, or what is wrong with it, and the offset where,
 * *at. number counts from 1.
 */
typedef const char *read_line(void *to, struct slice line, size_t number,
			      size_t *at);

/* Gives read all lines of text that are neither empty nor a comment. */
void secrets_file_each(struct slice text, read_line *read, void *to,
		       struct wrong_lines *w);

/* How many lines text has, one at least. */
size_t secrets_file_lines(struct slice text);

#endif
