/* SPDX-License-Identifier: MIT */
#include "store_maildir.h"

#include "background.h"
#include "crlf.h"
#include "maildir_defects.h"
#include "maildir_index_file.h"
#include "maildir_lock.h"
#include "maildir_remove.h"
#include "user_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MANY 5000 /* messages: to free ten times as many takes 15 ms */
#define PIECE 65536

struct maildir_store {
	struct maildrop_store store; /* first: what callers have */
	struct switches switches;
	int root;
};

struct maildir {
	struct maildrop maildrop; /* first: what callers have */
	const struct switches *switches; /* the store's */
	struct maildir_list list;
	struct maildir_lock lock; /* its file may be missing: not locked */
	struct unremoved left;
	bool index_lies;
	/* The message that is being read: */
	size_t index;
	int fd;
	uint64_t unread;  /* octets of the file */
	uint64_t sent;	  /* octets that were made of the others */
	struct slice raw; /* read, but not converted; points into piece */
	struct crlf crlf;
	char *piece; /* owned; NULL while no message is open */
};

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void stop_reading(struct maildrop *m)
{
	struct maildir *d = (struct maildir *)m;

	close_fd(d->fd);
	d->fd = -1;
	free(d->piece);
	d->piece = NULL;
}

/* How much of what is unread is read at a time. */
static size_t next_piece(const struct maildir *d)
{
	return d->unread < PIECE ? (size_t)d->unread : PIECE;
}

/* Takes fd. */
static void start_to_read(struct maildir *d, size_t i, int fd)
{
	stop_reading(&d->maildrop);
	d->unread = d->list.files[i].stored;
	if (fd >= 0)
		d->piece = malloc(next_piece(d) + 1);
	if (d->piece)
		d->fd = fd;
	else
		close_fd(fd);
	d->index = i;
	d->sent = 0;
	d->raw = slice_str(NULL);
	d->crlf = CRLF_START;
	if (d->fd >= 0)
		defect_read(d->switches, &d->list, i);
}

static int rewind_message(struct maildrop *m, size_t i, struct error *e)
{
	struct maildir *d = (struct maildir *)m;
	bool moved = false;
	bool lost = maildir_lock_is_lost(&d->lock);

	start_to_read(d, i, lost ? -1 : maildir_list_open(&d->list, i, &moved));
	if (d->fd >= 0)
		return 0;
	error_set(e, lost ? "the lock is lost"
			  : "the message is gone, changed, or not readable");
	return moved ? MAILDROP_MOVED : -1;
}

static int find_message(struct maildrop *m, size_t i, struct error *e)
{
	struct maildir *d = (struct maildir *)m;

	start_to_read(d, i, -1);
	if (maildir_lock_is_lost(&d->lock))
		return error_set(e, "the lock is lost");
	start_to_read(d, i, maildir_list_find(&d->list, i, e));
	return d->fd < 0 ? -1 : 0;
}

/* The index is ours, but somebody may have written what is in it. */
static void check_size(struct maildir *d)
{
	d->index_lies |= d->sent != d->list.files[d->index].sent;
}

/* More raw octets. Returns 1, 0 at the end, or -1 and e. */
static int fill(struct maildir *d, struct error *e)
{
	size_t most = next_piece(d);
	ssize_t got;

	if (most == 0) {
		d->raw = slice_str(crlf_ended(&d->crlf) ? NULL : "\r\n");
		if (d->raw.len == 0)
			check_size(d);
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
		size_t made =
		    crlf_convert(&d->crlf, &d->raw, to + n, room - n);

		n += made;
		d->sent += made;
		if (d->raw.len == 0)
			more = fill(d, e);
	}
	return more < 0 ? -1 : (long)n;
}

static size_t remove_messages(struct maildrop *m, const bool *marked)
{
	struct maildir *d = (struct maildir *)m;

	m->left = &d->left;
	if (!maildir_lock_is_lost(&d->lock))
		return maildir_remove(&d->list, d->switches, marked, &d->left);
	strcpy(d->left.name, MAILDIR_LOCK);
	error_set(&d->left.why, "the lock is lost");
	return maildir_count_marked(&d->list, marked);
}

static void *free_maildir(void *of)
{
	struct maildir *d = of;

	for (size_t i = 0; d->maildrop.messages && i < d->list.count; i++)
		free(d->maildrop.messages[i].unique_id);
	free(d->maildrop.messages);
	maildir_list_free(&d->list);
	free(d);
	return NULL;
}

static void close_maildir(struct maildrop *m)
{
	struct maildir *d = (struct maildir *)m;

	defect_closed(d->switches, &d->list);
	stop_reading(m);
	close_fd(d->list.folders[MAILDIR_NEW]);
	close_fd(d->list.folders[MAILDIR_CUR]);
	if (d->index_lies)
		maildir_index_drop(d->lock.home);
	if (!m->lock_stays)
		maildir_lock_release(&d->lock); /* last on disk */
	if (d->list.count < MANY || background(free_maildir, d) != 0)
		free_maildir(d);
}

static const struct maildrop_ops ops = {
    .rewind = rewind_message,
    .find = find_message,
    .read = read_message,
    .stop = stop_reading,
    .remove = remove_messages,
    .close = close_maildir,
};

/* Takes home. */
static struct maildir *new_maildir(const struct maildir_store *s, int home)
{
	struct maildir *d = calloc(1, sizeof(*d));

	if (!d) {
		close(home);
		return NULL;
	}
	d->maildrop.ops = &ops;
	d->switches = &s->switches;
	d->list.folders[MAILDIR_NEW] = d->list.folders[MAILDIR_CUR] = -1;
	d->lock = (struct maildir_lock){.home = home, .file = -1};
	d->fd = -1;
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
		error_because(e, errno, "%s: %s", name, strerror(errno));
	return fd;
}

static enum maildrop_opened lock(const struct maildir_store *s,
				 struct maildir *d, struct error *e)
{
	if (switch_is_on(&s->switches, ODDITY_SHARED_MAILDROP))
		return MAILDROP_OPENED;
	if (switch_is_on(&s->switches, DEFECT_LOCK_IS_STOLEN))
		return maildir_lock_steal(&d->lock, d->lock.home, e);
	return maildir_lock(&d->lock, d->lock.home, e);
}

static int open_folders(struct maildir *d, struct error *e)
{
	const int home = d->lock.home;
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
		return error_because(e, ENOMEM, "out of memory");
	m->count = d->list.count;
	for (size_t i = 0; i < m->count; i++) {
		m->messages[i].size = d->list.files[i].sent;
		m->messages[i].unique_id =
		    defect_unique_id(d->switches, &d->list, i);
		if (!m->messages[i].unique_id)
			return error_because(e, ENOMEM, "out of memory");
	}
	return 0;
}

static int list(struct maildir *d, struct error *e)
{
	struct buf index = maildir_index_load(d->lock.home);
	struct maildir_measured measured;
	int failed;

	d->list.now = time(NULL);
	failed =
	    maildir_list_read(&d->list, buf_slice(&index), &measured, e);

	buf_free(&index);
	if (!failed)
		maildir_index_save(d->lock.home, &d->list, &measured);
	return failed;
}

/* Takes home. */
static enum maildrop_opened open_at(const struct maildir_store *s, int home,
				    struct maildrop **m, struct error *e)
{
	struct maildir *d = new_maildir(s, home);
	enum maildrop_opened how;

	if (!d) {
		error_because(e, ENOMEM, "out of memory");
		return MAILDROP_BROKEN;
	}
	how = lock(s, d, e);
	if (how == MAILDROP_OPENED &&
	    (open_folders(d, e) != 0 || list(d, e) != 0 || number(d, e) != 0))
		how = MAILDROP_BROKEN;
	if (how == MAILDROP_OPENED)
		*m = &d->maildrop;
	else
		close_maildir(&d->maildrop);
	return how;
}

/* As open_at(), below the root. */
static enum maildrop_opened open_user(const struct maildir_store *s,
				      struct slice user, struct maildrop **m,
				      struct error *e)
{
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
	if (how != MAILDROP_OPENED)
		error_prefix(e, name);
	return how;
}

/* What somebody has too much of now, and may have less of soon. */
static bool may_pass(int reason)
{
	return reason == ENOMEM || reason == EMFILE || reason == ENFILE ||
	       reason == ENOSPC || reason == EDQUOT || reason == EAGAIN ||
	       reason == EINTR || reason == EBUSY || reason == ETIMEDOUT;
}

static enum maildrop_opened open_maildir(struct maildrop_store *store,
					 struct slice user, struct maildrop **m,
					 struct error *e)
{
	struct maildir_store *s = (struct maildir_store *)store;
	struct error ours;
	enum maildrop_opened how = open_user(s, user, m, e ? e : &ours);

	if (how == MAILDROP_BROKEN && may_pass(e ? e->reason : ours.reason))
		return MAILDROP_BUSY;
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
	s->store.place = root;
	s->switches = *switches;
	s->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->root >= 0)
		return &s->store;
	error_set(e, "%s: %s", root, strerror(errno));
	free(s);
	return NULL;
}
