/* SPDX-License-Identifier: MIT */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE 65536

static int read_all(int fd, const char *shown, size_t limit, struct buf *to,
		    struct error *e)
{
	size_t before = to->len;

	for (;;) {
		char *at = buf_reserve(to, PIECE);
		ssize_t n = at ? read(fd, at, PIECE) : -1;

		if (!at)
			return error_set(e, "%s: no memory", shown);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(e, "%s: %s", shown, strerror(errno));
		if (n == 0)
			return 0;
		to->len += (size_t)n;
		if (to->len - before > limit)
			return error_set(e, "%s: more than %zu octets", shown,
					 limit);
	}
}

static int read_open(int fd, const char *shown, size_t limit, struct buf *to,
		     struct stat *is, struct error *e)
{
	if (fstat(fd, is))
		return error_set(e, "%s: %s", shown, strerror(errno));
	if (!S_ISREG(is->st_mode))
		return error_set(e, "%s: not a regular file", shown);
	return read_all(fd, shown, limit, to, e);
}

static int read_at(int dir, const char *name, int flags, const char *shown,
		   size_t limit, struct buf *to, struct stat *is,
		   struct error *e)
{
	int fd = openat(dir, name,
			O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
	int failed;

	if (fd < 0 && errno == ELOOP && flags)
		return error_set(e, "%s: a symbolic link is not followed",
				 shown);
	if (fd < 0)
		return error_set(e, "%s: %s", shown, strerror(errno));
	failed = read_open(fd, shown, limit, to, is, e);
	close(fd);
	return failed;
}

int file_read(const char *path, size_t limit, struct buf *to, struct stat *is,
	      struct error *e)
{
	struct stat unwanted;

	return read_at(AT_FDCWD, path, 0, path, limit, to, is ? is : &unwanted,
		       e);
}

int file_read_at(int dir, const char *name, const char *shown, size_t limit,
		 struct buf *to, struct error *e)
{
	struct stat unwanted;

	return read_at(dir, name, O_NOFOLLOW, shown, limit, to, &unwanted, e);
}

char *file_path(const char *directory, const char *name)
{
	struct buf path = {0};

	if (*name != '/')
		buf_printf(&path, "%s/", directory);
	buf_add_str(&path, name);
	return buf_steal(&path);
}
