/* SPDX-License-Identifier: MIT */
#include "spawn_internal.h"

#include <errno.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIECE 4096
#define MARK_LENGTH 32 /* more than any mark of a sanitizer */
#define LAST_PIECES 64 /* more than a pipe holds */

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* The offset behind from at which a sanitizer speaks, or s.len. */
static size_t find_sanitizer(struct slice s, size_t from)
{
	struct slice rest = slice_from(s, from);
	size_t named = from + slice_search(rest, slice_str("Sanitizer: "));
	size_t at = from + slice_search(rest, slice_str(": runtime error: "));

	/* "x.c:12:3: runtime error: ..."; other languages have no number */
	if (at < s.len && (!at || !is_digit(slice_at(s, at - 1))))
		at = s.len;
	return at < named ? at : named;
}

static size_t line_start(struct slice s, size_t at)
{
	while (at && s.ptr[at - 1] != '\n')
		at--;
	return at;
}

static void keep_errors(struct child *c, struct slice piece)
{
	struct buf *b = &c->errors;
	size_t from = b->len > MARK_LENGTH ? b->len - MARK_LENGTH : 0;
	struct slice all;
	size_t at;

	if (c->sanitizer_spoke) {
		buf_add(b, slice_first(piece, SPAWN_KEPT_LIMIT - b->len));
		return;
	}
	buf_add(b, piece);
	all = buf_slice(b);
	at = from < all.len ? find_sanitizer(all, from) : all.len;
	c->sanitizer_spoke = at < all.len;
	if (c->sanitizer_spoke)
		buf_drop(b, line_start(all, at));
	if (b->len > SPAWN_KEPT_LIMIT)
		buf_drop(b, b->len - SPAWN_KEPT_LIMIT);
}

static void keep_said(struct child *c, struct slice piece)
{
	buf_add(&c->said, slice_first(piece, SPAWN_KEPT_LIMIT - c->said.len));
}

/*
 * Read what is there now, with c->lock held: the watcher is not the only one to
 * do so. Returns 1, 0 for nothing, -1 at the end of it.
 */
static int read_now(struct child *c, int fd,
		    void (*keep)(struct child *c, struct slice piece))
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char piece[PIECE];
	ssize_t n;

	if (poll(&p, 1, 0) <= 0)
		return 0;
	n = read(fd, piece, sizeof(piece));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -1;
	keep(c, slice_of(piece, (size_t)n));
	return 1;
}

/* Read what is there now from p->fd, which becomes -1 at its end. */
static void read_stream(struct child *c, struct pollfd *p,
			void (*keep)(struct child *c, struct slice piece))
{
	if (p->fd < 0 || !p->revents)
		return;
	pthread_mutex_lock(&c->lock);
	if (read_now(c, p->fd, keep) < 0)
		p->fd = -1;
	pthread_mutex_unlock(&c->lock);
}

void spawn_catch_up(struct child *c)
{
	for (int i = 0; i < LAST_PIECES; i++)
		if (read_now(c, c->err, keep_errors) <= 0)
			return;
}

/* It stays a zombie, so that its process group keeps its number for us. */
static void note_end(struct child *c, struct pollfd *p)
{
	siginfo_t info = {0};

	p->fd = -1;
	waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOWAIT);
	pthread_mutex_lock(&c->lock);
	c->ended = true;
	c->code = info.si_code;
	c->status = info.si_status;
	pthread_mutex_unlock(&c->lock);
}

/*
 * True when nothing more is in the pipes, or when too much came since this was
 * first asked: somebody else holds the other end.
 */
static bool is_silent(const struct pollfd *p, unsigned *asked)
{
	return (!p[0].revents && !p[1].revents) || ++*asked > LAST_PIECES;
}

void *spawn_watch(void *child)
{
	struct child *c = child;
	unsigned asked = 0;
	uint64_t one = 1;
	struct pollfd p[] = {
	    {.fd = c->out, .events = POLLIN},
	    {.fd = c->err, .events = POLLIN},
	    {.fd = c->pidfd, .events = POLLIN},
	    {.fd = c->leave, .events = POLLIN},
	};

	for (;;) {
		if (poll(p, 4, -1) < 0)
			continue;
		read_stream(c, &p[0], keep_said);
		read_stream(c, &p[1], keep_errors);
		/* What it wrote comes before its end. */
		if (p[2].revents && is_silent(p, &asked))
			note_end(c, &p[2]);
		else if (p[3].revents && is_silent(p, &asked))
			return NULL;
		if (write(c->news, &one, sizeof(one)) < 0)
			continue; /* readable anyway: it is at its limit */
	}
}
