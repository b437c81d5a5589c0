/* SPDX-License-Identifier: MIT */
#include "transport.h"

#include <sys/socket.h>

/*
 * So much goes out in a turn of the loop before others have theirs, however
 * fast the client reads.
 */
#define BURST 32768

static uv_stream_t *stream(struct transport *t)
{
	return (uv_stream_t *)&t->tcp;
}

void transport_init(struct transport *t, uv_loop_t *loop,
		    struct transport_room *room,
		    const struct transport_ops *ops, void *owner)
{
	t->room = room;
	t->ops = ops;
	t->owner = owner;
	t->tcp.data = t->writing.data = t->shutting.data = t;
	uv_tcp_init(loop, &t->tcp);
}

int transport_accept(struct transport *t, uv_stream_t *listener)
{
	return uv_accept(listener, stream(t)) ? -1 : 0;
}

int transport_from(const struct transport *t, struct address *from)
{
	struct sockaddr_storage address = { 0 };
	int len = sizeof(address);

	if (uv_tcp_getpeername(&t->tcp, (struct sockaddr *)&address, &len))
		return -1;
	return address_read(from, (struct sockaddr *)&address);
}

void transport_say_at_once(struct transport *t, struct slice octets)
{
	uv_buf_t buf = uv_buf_init((char *)octets.ptr, (unsigned)octets.len);
	int n = uv_try_write(stream(t), &buf, 1);

	if (n > 0)
		t->octets_out += (unsigned)n;
}

struct slice transport_input(struct transport *t)
{
	char *to = t->room->octets;

	if (t->tls && t->came.len == 0)
		t->came = slice_of(
			to, tls_read(t->tls, to, sizeof(t->room->octets)));
	return t->came;
}

void transport_take(struct transport *t, size_t octets)
{
	t->came = slice_from(t->came, octets);
}

static void drop_input(struct transport *t)
{
	t->came = slice_of(NULL, 0);
	buf_free(&t->kept);
}

int transport_keep(struct transport *t)
{
	if (t->came.len == 0) {
		drop_input(t);
		return 0;
	}
	if (t->kept.len > 0)
		return 0;
	buf_add(&t->kept, t->came);
	t->came = buf_slice(&t->kept);
	return t->kept.failed ? -1 : 0;
}

bool transport_ended(const struct transport *t)
{
	return t->tls ? tls_state(t->tls) == TLS_ENDED : t->ended;
}

/* What is not wanted stays where it is: there is no room for it. */
static void on_room_wanted(uv_handle_t *handle, size_t hint, uv_buf_t *room)
{
	struct transport *t = handle->data;

	(void)hint;
	t->asked = true;
	*room = uv_buf_init(t->room->octets,
			    t->wanted ? sizeof(t->room->octets) : 0);
}

static void stop_reading(struct transport *t)
{
	uv_read_stop(stream(t));
	t->reading = false;
}

static void note_end(struct transport *t, ssize_t status)
{
	t->ended = true;
	t->reading = false;
	t->failed = status != UV_EOF;
	if (t->tls)
		tls_end_of_input(t->tls);
}

/*
 * There was no room; or libuv saw behind what came that all is over, and says
 * so without a read, whoever listens. A read of whoever does tells why, too;
 * who leaves does not ask why.
 */
static void put_off(struct transport *t)
{
	stop_reading(t);
	if (t->wanted)
		transport_listen(t);
}

/*
 * To stop and start again costs three system calls: only when the client says
 * something before it is its turn.
 */
static void on_read(uv_stream_t *tcp, ssize_t n, const uv_buf_t *room)
{
	struct transport *t = tcp->data;
	struct slice octets = slice_of(room->base, n > 0 ? (size_t)n : 0);
	bool was_read = (t->asked || t->leaving) && n != UV_ENOBUFS;

	t->asked = false;
	if (!was_read)
		put_off(t);
	if (!was_read || n == 0)
		return;
	t->octets_in += octets.len;
	if (t->leaving) {
		if (n < 0)
			t->ops->broke(t->owner);
		return;
	}
	t->wanted = false;
	t->burst = 0;
	if (n < 0)
		note_end(t, n);
	else if (t->tls)
		tls_feed(t->tls, octets);
	else
		t->came = octets;
	t->ops->came(t->owner);
}

void transport_listen(struct transport *t)
{
	t->wanted = true;
	if (t->reading)
		return;
	t->reading = uv_read_start(stream(t), on_room_wanted, on_read) == 0;
	if (!t->reading)
		t->ops->broke(t->owner);
}

void transport_hush(struct transport *t)
{
	t->wanted = false;
}

static void note_written(struct transport *t, bool fine)
{
	if (t->tls)
		tls_sent(t->tls, t->on_its_way);
	if (fine)
		t->octets_out += t->on_its_way;
	t->on_its_way = 0;
}

static void on_written(uv_write_t *request, int status)
{
	struct transport *t = request->data;

	note_written(t, status == 0);
	t->burst = 0;
	if (!t->leaving)
		t->ops->written(t->owner, status == 0);
}

static bool is_queued(const struct transport *t)
{
	return uv_stream_get_write_queue_size((const uv_stream_t *)&t->tcp) > 0;
}

static int descriptor(const struct transport *t)
{
	uv_os_fd_t fd = -1;

	uv_fileno((const uv_handle_t *)&t->tcp, &fd);
	return fd;
}

/* As uv_try_write(), but the kernel keeps it until there is more, or the end. */
static ssize_t try_write_last(const struct transport *t, struct slice octets)
{
	if (is_queued(t))
		return 0;
	return send(descriptor(t), octets.ptr, octets.len,
		    MSG_MORE | MSG_DONTWAIT | MSG_NOSIGNAL);
}

static ssize_t try_write(struct transport *t, struct slice octets)
{
	uv_buf_t buf = uv_buf_init((char *)octets.ptr, (unsigned)octets.len);

	return uv_try_write(stream(t), &buf, 1);
}

/* Returns how many of octets went out at once. */
static size_t write_at_once(struct transport *t, struct slice octets)
{
	ssize_t n = 0;
	size_t written;

	if (t->burst < BURST)
		n = t->ending ? try_write_last(t, octets)
			      : try_write(t, octets);
	written = n > 0 ? (size_t)n : 0;

	t->burst += written;
	return written;
}

bool transport_write(struct transport *t, struct slice octets)
{
	uv_buf_t buf;

	if (t->tls) {
		tls_write(t->tls, octets);
		octets = tls_output(t->tls);
	}
	t->on_its_way = octets.len;
	octets = slice_from(octets, write_at_once(t, octets));
	if (octets.len == 0) {
		note_written(t, true);
		return true;
	}
	buf = uv_buf_init((char *)octets.ptr, (unsigned)octets.len);
	if (uv_write(&t->writing, stream(t), &buf, 1, on_written))
		t->ops->broke(t->owner);
	return false;
}

bool transport_owes(const struct transport *t)
{
	return t->tls && tls_output(t->tls).len > 0;
}

int transport_secure(struct transport *t, struct tls_context *c)
{
	drop_input(t);
	t->tls = tls_new(c);
	if (!t->tls)
		return -1;
	if (t->ended)
		tls_end_of_input(t->tls);
	return 0;
}

enum tls_state transport_tls(const struct transport *t)
{
	return t->tls ? tls_state(t->tls) : TLS_OPEN;
}

const struct tls *transport_tls_end(const struct transport *t)
{
	return t->tls;
}

const struct tls_facts *transport_facts(const struct transport *t)
{
	return t->tls ? tls_facts(t->tls) : NULL;
}

/* Nothing more is said. Unless the client did before, it is waited for. */
static void end_output(struct transport *t, bool fine)
{
	if (!fine || t->ended)
		t->ops->broke(t->owner);
	else
		transport_listen(t);
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
	end_output(request->data, status == 0);
}

void transport_end_soon(struct transport *t)
{
	t->ending = true;
}

/* By ourselves where nothing is queued: libuv would wait for the next turn. */
void transport_leave(struct transport *t)
{
	t->leaving = true;
	if (t->tls)
		tls_close(t->tls);
	if (transport_owes(t))
		transport_write(t, slice_of(NULL, 0));
	if (!is_queued(t))
		end_output(t, shutdown(descriptor(t), SHUT_WR) == 0);
	else if (uv_shutdown(&t->shutting, stream(t), on_shutdown))
		t->ops->broke(t->owner);
}

static void on_closed(uv_handle_t *handle)
{
	struct transport *t = handle->data;

	t->ops->closed(t->owner);
}

/* Only when that can be said now (RFC 8446 section 6.1). */
static void say_goodbye(struct transport *t)
{
	if (!t->tls || t->leaving || t->on_its_way)
		return;
	tls_close(t->tls);
	transport_say_at_once(t, tls_output(t->tls));
}

void transport_close(struct transport *t)
{
	say_goodbye(t);
	uv_close((uv_handle_t *)&t->tcp, on_closed);
}

void transport_free(struct transport *t)
{
	drop_input(t);
	tls_free(t->tls);
}
