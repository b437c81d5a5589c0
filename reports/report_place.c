/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "bytes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_standard_output(const char *path)
{
	return !strcmp(path, "-");
}

static bool look(const char *path, struct stat *is)
{
	return is_standard_output(path) ? !fstat(STDOUT_FILENO, is)
					: !stat(path, is);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Of the folder that path lies in; what is behind the last slash is *name. */
static bool look_at_folder(const char *path, const char **name,
			   struct stat *is)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	bool there;

	*name = slash ? slash + 1 : path;
	if (!slash)
		return !stat(".", is);
	folder = slice_copy(slice_of(path, (size_t)(slash + 1 - path)));
	there = folder && !stat(folder, is);
	free(folder);
	return there;
}

/* Files that are not there yet: one name in one folder. */
static bool same_new_file(const char *a, const char *b)
{
	const char *name_a, *name_b;
	struct stat in_a, in_b;

	return look_at_folder(a, &name_a, &in_a) &&
	       look_at_folder(b, &name_b, &in_b) && same_file(&in_a, &in_b) &&
	       !strcmp(name_a, name_b);
}

bool report_same_place(const char *a, const char *b)
{
	struct stat is_a, is_b;
	bool there_a = look(a, &is_a), there_b = look(b, &is_b);

	if (is_standard_output(a) && is_standard_output(b))
		return true;
	if (there_a != there_b)
		return false;
	if (!there_a)
		return !is_standard_output(a) && !is_standard_output(b) &&
		       same_new_file(a, b);
	return same_file(&is_a, &is_b) && !S_ISCHR(is_a.st_mode);
}
