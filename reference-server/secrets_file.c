/* SPDX-License-Identifier: MIT */
#include "secrets_file.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX ((size_t)16 << 20)
#define PIECE 4096

int secrets_file_read(struct buf *b, const char *path, struct error *e)
{
	FILE *file = fopen(path, "re");
	size_t got = 1;
	bool unread;

	if (!file)
		return error_set(e, "%s: %s", path, strerror(errno));
	while (got > 0 && b->len <= FILE_MAX && buf_reserve(b, PIECE)) {
		got = fread(b->ptr + b->len, 1, PIECE, file);
		b->len += got;
	}
	unread = ferror(file);
	fclose(file);
	if (unread)
		return error_set(e, "%s: cannot be read", path);
	if (b->len > FILE_MAX)
		return error_set(e, "%s: more than 16 MiB", path);
	return b->failed ? error_set(e, "%s: out of memory", path) : 0;
}

void secrets_file_wipe(struct buf *b)
{
	if (b->ptr)
		OPENSSL_cleanse(b->ptr, b->room);
	buf_free(b);
}

struct slice secrets_file_line(struct slice *text)
{
	struct slice line = slice_first(*text, slice_find(*text, '\n'));

	*text = slice_from(*text, line.len + 1);
	if (slice_ends(line, "\r"))
		line = slice_first(line, line.len - 1);
	return line;
}

size_t secrets_file_lines(struct slice text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	return lines;
}
