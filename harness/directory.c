/* SPDX-License-Identifier: MIT */
#include "directory.h"

#include "bytes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int directory_open(int at, const char *name, const char *shown, struct error *e)
{
	int fd =
	    openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	/* Linux has ENOTDIR for a link too. */
	if (fd < 0)
		return error_set(e, "%s: %s", shown,
				 errno == ENOTDIR
				     ? "not a directory, or a symbolic link, "
				       "which is not followed"
				     : strerror(errno));
	return fd;
}

void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
	*names = (struct names){0};
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int append(struct names *names, const char *name)
{
	char **grown = names->list;

	if (!(names->count & (names->count - 1)))
		grown = reallocarray(grown, names->count ? 2 * names->count : 1,
				     sizeof(*grown));
	if (!grown)
		return -1;
	names->list = grown;
	grown[names->count] = strdup(name);
	return grown[names->count++] ? 0 : -1;
}

static int collect(DIR *d, const char *shown, size_t limit, struct names *names,
		   struct error *e)
{
	const struct dirent *entry;

	while (errno = 0, (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		if (names->count == limit)
			return error_set(e, "%s: more than %zu entries", shown,
					 limit);
		if (append(names, entry->d_name))
			return error_set(e, "%s: no memory", shown);
	}
	if (errno)
		return error_set(e, "%s: %s", shown, strerror(errno));
	if (names->count)
		qsort(names->list, names->count, sizeof(*names->list), compare);
	return 0;
}

int directory_list(int at, const char *shown, size_t limit, struct names *names,
		   struct error *e)
{
	/* A descriptor of its own: reading moves it. */
	int fd = directory_open(at, ".", shown, e);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	int failed;

	*names = (struct names){0};
	if (fd < 0)
		return -1;
	if (!d) {
		close(fd);
		return error_set(e, "%s: no memory", shown);
	}
	failed = collect(d, shown, limit, names, e);
	closedir(d);
	if (failed)
		names_free(names);
	return failed;
}

char *directory_of_program(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	const char *slash;

	if (n <= 0 || n == sizeof(path))
		return NULL;
	slash = memrchr(path, '/', (size_t)n);
	return slash ? slice_copy(slice_of(path, (size_t)(slash - path)))
		     : NULL;
}
