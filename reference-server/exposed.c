/* SPDX-License-Identifier: MIT */
#include "exposed.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

static bool is_ours(uid_t owner, const uid_t *owners, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (owner == owners[i])
			return true;
	return owner == 0;
}

void exposed_warn(const char *path, enum exposed what, const uid_t *owners,
		  size_t owners_count, struct complaints *warnings)
{
	struct stat st;

	if (!path || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	if (st.st_mode & S_IWOTH)
		complaints_add(warnings, "others can write to %s", path);
	else if (!is_ours(st.st_uid, owners, owners_count))
		complaints_add(warnings, "a stranger, uid %ju, owns %s",
			       (uintmax_t)st.st_uid, path);
	else if ((st.st_mode & S_IWGRP) && st.st_gid != 0)
		complaints_add(warnings, "a group, gid %ju, can write to %s",
			       (uintmax_t)st.st_gid, path);
	else if (what == EXPOSED_SECRET && (st.st_mode & S_IROTH))
		complaints_add(warnings, "others can read %s", path);
}
