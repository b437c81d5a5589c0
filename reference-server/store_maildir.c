/* SPDX-License-Identifier: MIT */
#include "store_maildir.h"

#include "crlf.h"
#include "maildir_defects.h"
#include "maildir_list.h"
#include "user_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_NAME "pop3.lock"
#define PIECE 4096

/* Programs that read mail may rename files while they are removed here. */
#define REMOVE_ROUNDS 3

struct maildir_store {
	struct maildrop_store store; /* first: what callers have */
	struct switches switches;
	int root;
};

struct maildir {
	struct maildrop maildrop; /* first: what callers have */
	const struct switches *switches; /* the store's */
	struct maildir_list list;
	int lock; /* -1: shared with other sessions */
	/* The message that is being read: */
	int fd;
	uint64_t unread;  /* octets of the file */
	struct slice raw; /* read, but not converted; points into piece */
	struct crlf crlf;
	char piece[PIECE];
};

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static bool lock_is_lost(const struct maildir *d)
{
	struct stat st;

	return d->lock >= 0 && (fstat(d->lock, &st) != 0 || st.st_nlink == 0);
}

static int rewind_message(struct maildrop *m, size_t i, struct error *e)
{
	struct maildir *d = (struct maildir *)m;

	close_fd(d->fd);
	d->fd = -1;
	if (lock_is_lost(d))
		return error_set(e, "the lock is lost");
	d->fd = maildir_list_open(&d->list, i, e);
	d->unread = d->list.files[i].stored;
	d->raw = slice_str(NULL);
	d->crlf = CRLF_START;
	defect_read(d->switches, &d->list, i);
	return d->fd < 0 ? -1 : 0;
}

/* More raw octets. Returns 1, 0 at the end, or -1 and e. */
static int fill(struct maildir *d, struct error *e)
{
	size_t most = d->unread < PIECE ? (size_t)d->unread : PIECE;
	ssize_t got;

	if (most == 0) {
		d->raw = slice_str(crlf_ended(&d->crlf) ? NULL : "\r\n");
		return d->raw.len > 0;
	}
	got = read(d->fd, d->piece, most);
	if (got < 0)
		return error_set(e, "%s", strerror(errno));
	if (got == 0)
		return error_set(e, "the message became shorter");
	d->raw = slice_of(d->piece, (size_t)got);
	d->unread -= (uint64_t)got;
	return 1;
}

static long read_message(struct maildrop *m, char *to, size_t room,
			 struct error *e)
{
	struct maildir *d = (struct maildir *)m;
	size_t n = 0;
	int more = 1;

	if (d->fd < 0)
		return error_set(e, "no message is open");
	while (n < room && more > 0) {
		n += crlf_convert(&d->crlf, &d->raw, to + n, room - n);
		if (d->raw.len == 0)
			more = fill(d, e);
	}
	return more < 0 ? -1 : (long)n;
}

static size_t unlink_marked(struct maildir *d, const bool *marked)
{
	struct maildir_list *l = &d->list;
	size_t still_there = 0;

	for (size_t i = 0; i < l->count; i++)
		if (marked[i] && !l->files[i].gone &&
		    !defect_left(d->switches, &l->files[i]))
			still_there += maildir_list_unlink(l, i) != 0;
	return still_there;
}

/* Some file systems cannot sync a folder, and say so by EINVAL. */
static bool is_synced(int folder)
{
	return fsync(folder) == 0 || errno == EINVAL;
}

static size_t count_marked(const struct maildir_list *l, const bool *marked)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++)
		count += marked[i];
	return count;
}

/* What is not known to be on the disk counts as still there. */
static size_t remove_messages(struct maildrop *m, const bool *marked)
{
	struct maildir *d = (struct maildir *)m;
	size_t still_there = count_marked(&d->list, marked);

	if (still_there == 0 || lock_is_lost(d))
		return still_there;
	for (int i = 0; i < REMOVE_ROUNDS && still_there > 0; i++) {
		maildir_list_refresh(&d->list);
		still_there = unlink_marked(d, marked);
	}
	if (!is_synced(d->list.folders[MAILDIR_NEW]) ||
	    !is_synced(d->list.folders[MAILDIR_CUR]))
		return count_marked(&d->list, marked);
	return still_there;
}

static void close_maildir(struct maildrop *m)
{
	struct maildir *d = (struct maildir *)m;

	defect_closed(d->switches, &d->list);
	for (size_t i = 0; d->maildrop.messages && i < d->list.count; i++)
		free(d->maildrop.messages[i].unique_id);
	free(d->maildrop.messages);
	maildir_list_free(&d->list);
	close_fd(d->fd);
	close_fd(d->list.folders[MAILDIR_NEW]);
	close_fd(d->list.folders[MAILDIR_CUR]);
	if (!m->lock_stays)
		close_fd(d->lock); /* last: it releases the lock */
	free(d);
}

static const struct maildrop_ops ops = {
    .rewind = rewind_message,
    .read = read_message,
    .remove = remove_messages,
    .close = close_maildir,
};

static struct maildir *new_maildir(const struct maildir_store *s)
{
	struct maildir *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->maildrop.ops = &ops;
	d->switches = &s->switches;
	d->list.folders[MAILDIR_NEW] = d->list.folders[MAILDIR_CUR] = -1;
	d->lock = d->fd = -1;
	return d;
}

/* Opens the folder name in parent, which is created when it is missing. */
static int open_folder(int parent, const char *name, struct error *e)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(parent, name, flags);

	if (fd < 0 && errno == ENOENT &&
	    (mkdirat(parent, name, 0700) == 0 || errno == EEXIST))
		fd = openat(parent, name, flags);
	if (fd < 0)
		error_set(e, "%s: %s", name, strerror(errno));
	return fd;
}

static enum maildrop_opened lock(struct maildir *d, int home, struct error *e)
{
	int reason;

	d->lock = openat(home, LOCK_NAME,
			 O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
			 0600);
	if (d->lock >= 0 && flock(d->lock, LOCK_EX | LOCK_NB) == 0 &&
	    !lock_is_lost(d))
		return MAILDROP_OPENED;
	reason = d->lock >= 0 ? EWOULDBLOCK : errno;
	error_set(e, LOCK_NAME ": %s", strerror(reason));
	return reason == EWOULDBLOCK ? MAILDROP_IN_USE : MAILDROP_BROKEN;
}

static enum maildrop_opened acquire(const struct maildir_store *s,
				    struct maildir *d, int home,
				    struct error *e)
{
	if (switch_is_on(&s->switches, ODDITY_SHARED_MAILDROP))
		return MAILDROP_OPENED;
	if (switch_is_on(&s->switches, DEFECT_LOCK_IS_STOLEN))
		unlinkat(home, LOCK_NAME, 0);
	return lock(d, home, e);
}

static int open_folders(struct maildir *d, int home, struct error *e)
{
	int tmp = open_folder(home, "tmp", e);

	if (tmp < 0)
		return -1;
	close(tmp);
	d->list.folders[MAILDIR_NEW] = open_folder(home, "new", e);
	if (d->list.folders[MAILDIR_NEW] < 0)
		return -1;
	d->list.folders[MAILDIR_CUR] = open_folder(home, "cur", e);
	return d->list.folders[MAILDIR_CUR] < 0 ? -1 : 0;
}

/* Numbers what is listed, with sizes and unique-ids (RFC 1939 section 4). */
static int number(struct maildir *d, struct error *e)
{
	struct maildrop *m = &d->maildrop;

	m->messages = calloc(d->list.count + 1, sizeof(*m->messages));
	if (!m->messages)
		return error_set(e, "out of memory");
	m->count = d->list.count;
	for (size_t i = 0; i < m->count; i++) {
		m->messages[i].size = d->list.files[i].sent;
		m->messages[i].unique_id =
		    defect_unique_id(d->switches, &d->list, i);
		if (!m->messages[i].unique_id)
			return error_set(e, "out of memory");
	}
	return 0;
}

static enum maildrop_opened open_at(const struct maildir_store *s, int home,
				    struct maildrop **m, struct error *e)
{
	struct maildir *d = new_maildir(s);
	enum maildrop_opened how = MAILDROP_BROKEN;

	if (!d) {
		error_set(e, "out of memory");
		return MAILDROP_BROKEN;
	}
	how = acquire(s, d, home, e);
	if (how == MAILDROP_OPENED &&
	    (open_folders(d, home, e) != 0 ||
	     maildir_list_read(&d->list, e) != 0 || number(d, e) != 0))
		how = MAILDROP_BROKEN;
	if (how == MAILDROP_OPENED)
		*m = &d->maildrop;
	else
		close_maildir(&d->maildrop);
	return how;
}

static enum maildrop_opened open_maildir(struct maildrop_store *store,
					 struct slice user, struct maildrop **m,
					 struct error *e)
{
	struct maildir_store *s = (struct maildir_store *)store;
	char name[USER_NAME_MAX + 1] = "";
	enum maildrop_opened how;
	int home;

	if (!user_name_allowed(user)) {
		error_set(e, "a user name is " USER_NAME_RULE);
		return MAILDROP_BROKEN;
	}
	memcpy(name, user.ptr, user.len);
	home = open_folder(s->root, name, e);
	if (home < 0)
		return MAILDROP_BROKEN;
	how = open_at(s, home, m, e);
	close(home);
	if (how != MAILDROP_OPENED)
		error_prefix(e, name);
	return how;
}

static void free_store(struct maildrop_store *store)
{
	struct maildir_store *s = (struct maildir_store *)store;

	close(s->root);
	free(s);
}

struct maildrop_store *store_maildir_new(const char *root,
					 const struct switches *switches,
					 struct error *e)
{
	struct maildir_store *s = calloc(1, sizeof(*s));

	if (!s) {
		error_set(e, "out of memory");
		return NULL;
	}
	s->store.open = open_maildir;
	s->store.free = free_store;
	s->switches = *switches;
	s->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->root >= 0)
		return &s->store;
	error_set(e, "%s: %s", root, strerror(errno));
	free(s);
	return NULL;
}
