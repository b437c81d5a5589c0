/* SPDX-License-Identifier: MIT */
#include "file_text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 4096

FILE *file_open(const char *path, struct error *e)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	FILE *file = NULL;

	if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		error_set(e, "%s: not a file", path);
	else if (fd < 0 || !(file = fdopen(fd, "r")))
		error_set(e, "%s: %s", path, strerror(errno));
	if (fd >= 0 && !file)
		close(fd);
	return file;
}

int file_text(struct buf *b, const char *path, size_t most, struct error *e)
{
	FILE *file = file_open(path, e);
	size_t got = 1;
	bool unread;

	if (!file)
		return -1;
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
