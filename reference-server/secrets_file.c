/* SPDX-License-Identifier: MIT */
#include "secrets_file.h"

#include "file_text.h"

#include <openssl/crypto.h>

#define MIB_MAX 16

int secrets_file_read(struct buf *b, const char *path, struct error *e)
{
	return file_text(b, path, MIB_MAX, e);
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
