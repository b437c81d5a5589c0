/* SPDX-License-Identifier: MIT */
#include "maildrops_check.h"

#include "user_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct look {
	int root;
	const char *path, *who;
	struct complaints *warnings;
};

enum needs { TO_LIST = R_OK | X_OK, TO_REMOVE = R_OK | W_OK | X_OK };

enum found { FOUND, MISSING, NO_GOOD };

static int allows(int at, const char *path, int what)
{
	return faccessat(at, path, what, AT_EACCESS);
}

static enum found warn(const struct look *l, const char *path,
		       const char *cannot)
{
	complaints_add(l->warnings, "%s/%s: %s cannot %s it: %s", l->path, path,
		       l->who, cannot, strerror(errno));
	return NO_GOOD;
}

/* Our own are most, and need no other call: 10,000 users add up. */
static bool is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & S_IRWXU) == S_IRWXU;
}

/* What is no good is told. */
static enum found look_at(const struct look *l, const char *path,
			  const char *parent, enum needs needs)
{
	struct stat st;

	if (fstatat(l->root, path, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno != ENOENT)
			return warn(l, path, "use");
		if (allows(l->root, parent, W_OK | X_OK) != 0)
			return warn(l, path, "make");
		return MISSING;
	}
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return warn(l, path, "use");
	}
	if (is_ours(&st) || allows(l->root, path, (int)needs) == 0 ||
	    (errno == EROFS && allows(l->root, path, TO_LIST) == 0))
		return FOUND;
	return warn(l, path, needs == TO_REMOVE ? "read and write" : "read");
}

/* One line a user. */
static void look_at_user(const struct look *l, struct slice name)
{
	static const struct {
		const char *name;
		enum needs needs;
	} folders[] = { { "new", TO_REMOVE },
			{ "cur", TO_REMOVE },
			{ "tmp", TO_LIST } };
	char home[USER_NAME_MAX + 1] = "", path[USER_NAME_MAX + 8];

	memcpy(home, name.ptr, name.len);
	if (look_at(l, home, ".", TO_LIST) != FOUND)
		return;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", home, folders[i].name);
		if (look_at(l, path, home, folders[i].needs) == NO_GOOD)
			return;
	}
}

/* Returns how many it had time for. */
static size_t look_at_users(const struct look *l, const struct users *users,
			    const struct maildrops_look *how)
{
	size_t i;

	for (i = 0; i < users_count(users); i++) {
		if (how->is_late && how->is_late(how->of))
			break;
		look_at_user(l, users_name(users, i));
	}
	return i;
}

void maildrops_check(const struct users *users, const struct maildrops_look *l,
		     struct complaints *warnings)
{
	struct look look = { .path = l->root,
			     .who = l->who,
			     .warnings = warnings };
	size_t all = users_count(users), looked;

	look.root = open(l->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (look.root < 0)
		return; /* told by who opens it to serve */
	looked = look_at_users(&look, users, l);
	if (looked < all)
		complaints_add(warnings,
			       "%s: %zu of %zu maildrops looked at; "
			       "--check-config looks at all",
			       l->root, looked, all);
	close(look.root);
}
