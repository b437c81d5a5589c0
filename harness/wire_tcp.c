/* SPDX-License-Identifier: MIT */
#include "wire_tcp.h"

#include "await.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE ((size_t)65536) /* received at a time */
#define KEPT_LIMIT ((size_t)1 << 20)

struct wire_tcp {
	struct wire wire;
	int fd;
	const struct cancel *cancel;
	struct buf kept; /* came while we sent */
	bool ended;	 /* nothing more will come */
	bool torn;	 /* and that by RST */
};

static struct wire_tcp *tcp(struct wire *w)
{
	return (struct wire_tcp *)w;
}

static enum wire_event end_event(const struct wire_tcp *t)
{
	return t->torn ? WIRE_RESET : WIRE_CLOSED;
}

static enum wire_event await(struct wire_tcp *t, short events,
			     uint64_t deadline, short *came)
{
	switch (await_fd(t->fd, events, deadline, t->cancel, came)) {
	case AWAIT_READY:
		return WIRE_OCTETS;
	case AWAIT_TIMEOUT:
		return WIRE_TIMEOUT;
	default:
		return WIRE_CANCELLED;
	}
}

/* What is there now, at most a piece; WIRE_TIMEOUT when there is nothing. */
static enum wire_event take_piece(struct wire_tcp *t, struct buf *to)
{
	char *at = buf_reserve(to, PIECE);
	ssize_t n = at ? recv(t->fd, at, PIECE, MSG_DONTWAIT) : -1;

	if (!at)
		return WIRE_CANCELLED;
	if (n > 0) {
		to->len += (size_t)n;
		return WIRE_OCTETS;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return WIRE_TIMEOUT;
	t->ended = true;
	t->torn |= n < 0;
	return end_event(t);
}

static bool may_keep(const struct wire_tcp *t)
{
	return !t->ended && t->kept.len + PIECE <= KEPT_LIMIT;
}

static enum wire_event receive(struct wire *w, struct buf *to,
			       uint64_t deadline)
{
	struct wire_tcp *t = tcp(w);
	enum wire_event got = WIRE_TIMEOUT;

	if (t->kept.len) {
		buf_add(to, buf_slice(&t->kept));
		buf_clear(&t->kept);
		return to->failed ? WIRE_CANCELLED : WIRE_OCTETS;
	}
	if (t->ended)
		return end_event(t);
	while (got == WIRE_TIMEOUT) {
		enum wire_event ready = await(t, POLLIN, deadline, NULL);

		if (ready != WIRE_OCTETS)
			return ready;
		got = take_piece(t, to);
	}
	return got;
}

/*
 * The kernel took no more and says why in errno. What came before the end stays
 * to be received. EPIPE: the server had closed in order.
 */
static enum wire_event send_failed(struct wire_tcp *t)
{
	if (errno != EPIPE)
		t->torn = true;
	while (may_keep(t) && take_piece(t, &t->kept) == WIRE_OCTETS)
		;
	return end_event(t);
}

/* Wait until the kernel takes octets again; meanwhile keep what comes. */
static enum wire_event await_room(struct wire_tcp *t, uint64_t deadline)
{
	short events = POLLOUT | (may_keep(t) ? POLLIN : 0);
	short came;
	enum wire_event ready = await(t, events, deadline, &came);

	if (ready == WIRE_OCTETS && (came & events & POLLIN) &&
	    take_piece(t, &t->kept) == WIRE_CANCELLED)
		return WIRE_CANCELLED;
	return ready;
}

static enum wire_event send_all(struct wire *w, struct slice octets,
				uint64_t deadline)
{
	struct wire_tcp *t = tcp(w);

	while (octets.len) {
		ssize_t n = send(t->fd, octets.ptr, octets.len,
				 MSG_DONTWAIT | MSG_NOSIGNAL);
		enum wire_event ready;

		if (n >= 0) {
			octets = slice_from(octets, (size_t)n);
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return send_failed(t);
		ready = await_room(t, deadline);
		if (ready != WIRE_OCTETS)
			return ready;
	}
	return WIRE_OCTETS;
}

static void half_close(struct wire *w)
{
	shutdown(tcp(w)->fd, SHUT_WR);
}

static void wire_free(struct wire_tcp *t)
{
	close(t->fd);
	buf_free(&t->kept);
	free(t);
}

/* The kernel makes RST of a close that leaves octets unread: read them. */
static void close_in_order(struct wire *w)
{
	struct wire_tcp *t = tcp(w);

	shutdown(t->fd, SHUT_WR);
	buf_clear(&t->kept);
	while (may_keep(t) && take_piece(t, &t->kept) == WIRE_OCTETS)
		;
	wire_free(t);
}

static void tear_down(struct wire *w)
{
	struct linger at_once = {.l_onoff = 1, .l_linger = 0};

	setsockopt(tcp(w)->fd, SOL_SOCKET, SO_LINGER, &at_once,
		   sizeof(at_once));
	wire_free(tcp(w));
}

static uint64_t now(struct wire *w)
{
	(void)w;
	return await_now();
}

static const struct wire_ops ops = {
    .send = send_all,
    .receive = receive,
    .half_close = half_close,
    .close = close_in_order,
    .abort = tear_down,
    .now = now,
};

struct wire *wire_tcp_take(int fd, const struct cancel *cancel, struct error *e)
{
	struct wire_tcp *t = calloc(1, sizeof(*t));
	int on = 1;

	if (!t) {
		close(fd);
		error_set(e, "no memory");
		return NULL;
	}
	/* Only TCP knows it; a socket pair sends without delay anyway. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	t->wire.ops = &ops;
	t->fd = fd;
	t->cancel = cancel;
	return &t->wire;
}
