/* SPDX-License-Identifier: MIT */
#include "maildir_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum maildrop_opened fail(struct error *e, int reason)
{
	error_because(e, reason, MAILDIR_LOCK ": %s", strerror(reason));
	return reason == EWOULDBLOCK ? MAILDROP_IN_USE : MAILDROP_BROKEN;
}

static int open_file(int home)
{
	const int flags =
		O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int fd = openat(home, MAILDIR_LOCK, O_RDWR | flags, 0600);

	if (fd < 0 && (errno == EROFS || errno == EACCES))
		fd = openat(home, MAILDIR_LOCK, O_RDONLY | (flags & ~O_CREAT));
	return fd;
}

/* Why there may be no lock file, although nobody wants to deceive us. */
static bool cannot_be_made(int reason)
{
	return reason == EROFS || reason == EACCES || reason == ENOENT ||
	       reason == ENOSPC || reason == EDQUOT;
}

static enum maildrop_opened lock_file(struct maildir_lock *l, bool enough,
				      struct error *e)
{
	l->file = open_file(l->home);
	if (l->file < 0 && enough && cannot_be_made(errno))
		return MAILDROP_OPENED;
	if (l->file < 0)
		return fail(e, errno);
	if (flock(l->file, LOCK_EX | LOCK_NB) != 0)
		return fail(e, errno);
	return maildir_lock_is_lost(l) ? fail(e, EWOULDBLOCK) : MAILDROP_OPENED;
}

enum maildrop_opened maildir_lock(struct maildir_lock *l, int home,
				  struct error *e)
{
	bool locked = flock(home, LOCK_EX | LOCK_NB) == 0;

	*l = (struct maildir_lock){ .home = home, .file = -1 };
	if (!locked && errno == EWOULDBLOCK)
		return fail(e, EWOULDBLOCK);
	return lock_file(l, locked, e);
}

enum maildrop_opened maildir_lock_steal(struct maildir_lock *l, int home,
					struct error *e)
{
	*l = (struct maildir_lock){ .home = home, .file = -1 };
	unlinkat(home, MAILDIR_LOCK, 0);
	return lock_file(l, false, e);
}

bool maildir_lock_is_lost(const struct maildir_lock *l)
{
	struct stat st;

	return l->file >= 0 && (fstat(l->file, &st) != 0 || st.st_nlink == 0);
}

void maildir_lock_release(struct maildir_lock *l)
{
	if (l->file >= 0)
		close(l->file);
	if (l->home >= 0)
		close(l->home);
	*l = (struct maildir_lock){ .home = -1, .file = -1 };
}
