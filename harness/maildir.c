/* SPDX-License-Identifier: MIT */
#include "maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int part(int at, const char *path, const char *name, struct error *e)
{
	struct buf shown = {0};
	int fd;

	buf_printf(&shown, "%s/%s", path, name);
	fd = directory_open(at, name, buf_text(&shown) ? shown.ptr : name, e);
	buf_free(&shown);
	return fd;
}

/* As one word of a shell; as it stands where that is one. */
static void quote(struct buf *to, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+@%,:=";

	if (strspn(text, plain) == strlen(text)) {
		buf_add_str(to, text);
		return;
	}
	buf_add_char(to, '\'');
	for (; *text; text++)
		if (*text == '\'')
			buf_add_str(to, "'\\''");
		else
			buf_add_char(to, *text);
	buf_add_char(to, '\'');
}

/* A command that is cut, or shown with octets replaced, is none. */
static bool can_be_shown(struct slice command)
{
	for (size_t i = 0; i < command.len; i++)
		if (command.ptr[i] < ' ' || command.ptr[i] > '~')
			return false;
	return command.len < sizeof(((struct error *)0)->text) / 4 * 3;
}

static int not_there(const char *path, struct error *e)
{
	static const char *const parts[] = {"/new", "/cur", "/tmp"};
	struct buf command = {0}, whole = {0};

	buf_add_str(&command, "mkdir -p --");
	for (size_t i = 0; i < 3; i++) {
		buf_printf(&whole, "%s%s", path, parts[i]);
		buf_add_char(&command, ' ');
		if (buf_text(&whole))
			quote(&command, whole.ptr);
		buf_clear(&whole);
	}
	if (buf_text(&command) && can_be_shown(buf_slice(&command)))
		error_set(e, "%s: there is no such maildrop; as its owner: %s",
			  path, command.ptr);
	else
		error_set(e, "%s: there is no such maildrop; its owner has to "
			     "make it, with new, cur and tmp inside", path);
	buf_free(&command);
	buf_free(&whole);
	return -1;
}

int maildir_open(struct maildir *m, const char *path, struct error *e)
{
	int top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	*m = (struct maildir){.new = -1, .cur = -1, .tmp = -1};
	if (top < 0 && errno == ENOENT)
		return not_there(path, e);
	if (top < 0)
		return error_set(e, "%s: %s", path, strerror(errno));
	m->path = slice_copy(slice_str(path));
	if (!m->path)
		error_set(e, "no memory");
	else if ((m->new = part(top, path, "new", e)) >= 0 &&
		 (m->cur = part(top, path, "cur", e)) >= 0)
		m->tmp = part(top, path, "tmp", e);
	close(top);
	if (m->tmp >= 0)
		return 0;
	maildir_close(m);
	return -1;
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

void maildir_close(struct maildir *m)
{
	close_if_open(m->new);
	close_if_open(m->cur);
	close_if_open(m->tmp);
	free(m->path);
	*m = (struct maildir){.new = -1, .cur = -1, .tmp = -1};
}

int maildir_writable(const struct maildir *m, struct error *e)
{
	const int parts[] = {m->new, m->cur, m->tmp};

	for (size_t i = 0; i < 3; i++)
		if (faccessat(parts[i], ".", W_OK | X_OK, AT_EACCESS))
			return error_set(e, "%s: we may not write here: %s",
					 m->path, strerror(errno));
	return 0;
}

/* On tmp, where no server would have a lock; and nothing is left behind. */
int maildir_hold(const struct maildir *m, struct error *e)
{
	if (!flock(m->tmp, LOCK_EX | LOCK_NB))
		return fcntl(m->tmp, F_DUPFD_CLOEXEC, 3);
	if (errno != EWOULDBLOCK)
		return -2;
	return error_set(e,
			 "%s: another run of pop3spec fills this maildrop now, "
			 "or another account of this run",
			 m->path);
}

static int write_all(int fd, struct slice octets)
{
	while (octets.len) {
		ssize_t n = write(fd, octets.ptr, octets.len);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			octets = slice_from(octets, (size_t)n);
	}
	return 0;
}

/* A server that runs as the owner of the maildrop must be able to read it. */
static int give_to_owner(int fd, const struct stat *owner)
{
	struct stat is;

	if (fchmod(fd, owner->st_mode & 0666) || fstat(fd, &is))
		return -1;
	if (is.st_uid == owner->st_uid && is.st_gid == owner->st_gid)
		return 0;
	return fchown(fd, owner->st_uid, owner->st_gid);
}

/* Returns what could not be done, and errno; or NULL. */
static const char *fill(const struct maildir *m, int fd, struct slice octets)
{
	struct stat owner;

	if (write_all(fd, octets))
		return "write a message";
	if (fstat(m->new, &owner) || give_to_owner(fd, &owner))
		return "give a message to the owner of the maildrop";
	return NULL;
}

int maildir_deliver(const struct maildir *m, const char *name,
		    struct slice octets, struct error *e)
{
	int fd =
	    openat(m->tmp, name,
		   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	const char *failed = fd < 0 ? "create a message" : fill(m, fd, octets);

	if (!failed && renameat(m->tmp, name, m->new, name))
		failed = "move a message into new";
	if (failed)
		error_set(e, "%s: cannot %s: %s", m->path, failed,
			  strerror(errno));
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && failed)
		unlinkat(m->tmp, name, 0);
	return failed ? -1 : 0;
}

static int count_in(const struct maildir *m, int dir, maildir_is_ours *is_ours,
		    void *with, size_t *count, struct error *e)
{
	struct names names;

	if (directory_list(dir, m->path, MAILDIR_LIMIT, &names, e))
		return -1;
	for (size_t i = 0; i < names.count; i++)
		count[is_ours(dir, names.list[i], with)]++;
	names_free(&names);
	return 0;
}

int maildir_count(const struct maildir *m, maildir_is_ours *is_ours, void *with,
		  size_t *ours, size_t *foreign, struct error *e)
{
	size_t count[2] = {0, 0};

	/* Servers move from new to cur: this order misses none. */
	if (count_in(m, m->new, is_ours, with, count, e) ||
	    count_in(m, m->cur, is_ours, with, count, e))
		return -1;
	*foreign = count[0];
	*ours = count[1];
	return 0;
}

static int remove_in(const struct maildir *m, int dir, maildir_is_ours *is_ours,
		     void *with, struct error *e)
{
	struct names names;
	int failed = 0;

	if (directory_list(dir, m->path, MAILDIR_LIMIT, &names, e))
		return -1;
	for (size_t i = 0; i < names.count && !failed; i++)
		if (is_ours(dir, names.list[i], with) &&
		    unlinkat(dir, names.list[i], 0) && errno != ENOENT)
			failed = error_set(e, "%s: cannot remove a message: %s",
					   m->path, strerror(errno));
	names_free(&names);
	return failed;
}

int maildir_remove(const struct maildir *m, maildir_is_ours *is_ours,
		   void *with, struct error *e)
{
	return remove_in(m, m->new, is_ours, with, e) ||
		       remove_in(m, m->cur, is_ours, with, e) ||
		       remove_in(m, m->tmp, is_ours, with, e)
		   ? -1
		   : 0;
}
