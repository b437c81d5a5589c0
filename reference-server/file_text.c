/* SPDX-License-Identifier: MIT */
#include "file_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PIECE 4096

int file_text(struct buf *b, const char *path, size_t most, struct error *e)
{
	FILE *file = fopen(path, "re");
	size_t got = 1;
	bool unread;

	if (!file)
		return error_set(e, "%s: %s", path, strerror(errno));
	while (got > 0 && b->len <= most << 20 && buf_reserve(b, PIECE)) {
		got = fread(b->ptr + b->len, 1, PIECE, file);
		b->len += got;
	}
	unread = ferror(file);
	fclose(file);
	if (unread)
		return error_set(e, "%s: cannot be read", path);
	if (b->len > most << 20)
		return error_set(e, "%s: more than %zu MiB", path, most);
	return b->failed ? error_set(e, "%s: out of memory", path) : 0;
}
