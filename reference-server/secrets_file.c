/* SPDX-License-Identifier: MIT */
#include "secrets_file.h"

#include "file_text.h"

#include <openssl/crypto.h>

#define MIB_MAX 16

int secrets_file_read(struct buf *b, const char *path, const char *setting,
		      struct complaints *c)
{
	struct error e;

	if (file_text(b, path, MIB_MAX, &e) == 0)
		return 0;
	if (setting)
		error_prefix(&e, setting);
	return complaints_add(c, "%s", e.text);
}

void secrets_file_wipe(struct buf *b)
{
	if (b->ptr)
		OPENSSL_cleanse(b->ptr, b->room);
	buf_free(b);
}

static struct slice take_line(struct slice *text)
{
	struct slice line = slice_first(*text, slice_find(*text, '\n'));

	*text = slice_from(*text, line.len + 1);
	if (slice_ends(line, "\r"))
		line = slice_first(line, line.len - 1);
	return line;
}

void wrong_lines_add(struct wrong_lines *w, size_t line, size_t column,
		     const char *what)
{
	if (w->count++ < SECRETS_FILE_TOLD)
		complaints_add(w->c, "%s:%zu:%zu: %s", w->path, line, column,
			       what);
}

int wrong_lines_end(const struct wrong_lines *w)
{
	size_t more = w->count > SECRETS_FILE_TOLD
			      ? w->count - SECRETS_FILE_TOLD
			      : 0;

	if (more > 0)
		complaints_add(w->c, "%s: %zu more line%s wrong", w->path, more,
			       more == 1 ? " is" : "s are");
	return w->count > 0 ? -1 : 0;
}

void secrets_file_each(struct slice text, read_line *read, void *to,
		       struct wrong_lines *w)
{
	for (size_t number = 1; text.len > 0; number++) {
		struct slice line = take_line(&text);
		const char *wrong;
		size_t at = 0;

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		wrong = read(to, line, number, &at);
		if (wrong)
			wrong_lines_add(w, number, at + 1, wrong);
	}
}

size_t secrets_file_lines(struct slice text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	return lines;
}
