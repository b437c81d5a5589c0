/* SPDX-License-Identifier: MIT */
/* A transport and its client, over TCP. */
#include "tls_pair.h"
#include "transport.h"

#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

/* What it sends by itself goes through here, and not what libuv sends. */
static int sends, flags_sent;

ssize_t send(int fd, const void *octets, size_t len, int flags)
{
	sends++;
	flags_sent = flags;
	return sendto(fd, octets, len, flags, NULL, 0);
}

struct ends {
	uv_loop_t loop;
	uv_tcp_t listener;
	struct transport_room room;
	struct transport transport;
	bool listens; /* on, to the rest of what came */
	bool accepted, closed;
	int came, broke;
	int client;
};

static void on_came(void *owner)
{
	struct ends *e = owner;

	e->came++;
	if (e->listens && !transport_ended(&e->transport))
		transport_listen(&e->transport);
}

static void on_written(void *owner, bool fine)
{
	(void)owner;
	(void)fine;
}

static void on_broken(void *owner)
{
	((struct ends *)owner)->broke++;
}

static void on_closed(void *owner)
{
	((struct ends *)owner)->closed = true;
}

static const struct transport_ops ops = { on_came, on_written, on_broken,
					  on_closed };

static void on_connection(uv_stream_t *listener, int status)
{
	struct ends *e = listener->data;

	assert_int_equal(status, 0);
	transport_init(&e->transport, &e->loop, &e->room, &ops, e);
	assert_int_equal(transport_accept(&e->transport, listener), 0);
	uv_unref((uv_handle_t *)listener);
	e->accepted = true;
}

static void run_until(struct ends *e, const int *what, int count)
{
	while (*what < count)
		uv_run(&e->loop, UV_RUN_ONCE);
}

/* Where it is not in order, the loop has always something to do. */
static void run_until_nothing_is_to_do(struct ends *e)
{
	assert_int_equal(uv_run(&e->loop, UV_RUN_DEFAULT), 0);
}

static struct ends *meet(void)
{
	struct ends *e = calloc(1, sizeof(*e));
	struct sockaddr_in at;
	int len = sizeof(at);

	assert_non_null(e);
	uv_loop_init(&e->loop);
	uv_tcp_init(&e->loop, &e->listener);
	e->listener.data = e;
	uv_ip4_addr("127.0.0.1", 0, &at);
	assert_int_equal(uv_tcp_bind(&e->listener, (struct sockaddr *)&at, 0),
			 0);
	assert_int_equal(
		uv_listen((uv_stream_t *)&e->listener, 1, on_connection), 0);
	uv_tcp_getsockname(&e->listener, (struct sockaddr *)&at, &len);
	e->client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(e->client, (struct sockaddr *)&at, sizeof(at)),
			 0);
	while (!e->accepted)
		uv_run(&e->loop, UV_RUN_ONCE);
	sends = flags_sent = 0;
	return e;
}

static void part(struct ends *e)
{
	transport_close(&e->transport);
	uv_close((uv_handle_t *)&e->listener, NULL);
	run_until_nothing_is_to_do(e);
	assert_true(e->closed);
	transport_free(&e->transport);
	assert_int_equal(uv_loop_close(&e->loop), 0);
	if (e->client >= 0)
		close(e->client);
	free(e);
}

static void client_says(struct ends *e, const char *octets)
{
	ssize_t len = (ssize_t)strlen(octets);

	assert_int_equal(write(e->client, octets, (size_t)len), len);
}

static void close_client(struct ends *e)
{
	close(e->client);
	e->client = -1;
}

/* Until the server's end knows that nothing goes either way. */
static void await_hangup(const struct ends *e)
{
	struct pollfd p = { 0 };
	uv_os_fd_t fd;

	uv_fileno((const uv_handle_t *)&e->transport.tcp, &fd);
	p.fd = fd;
	assert_int_equal(poll(&p, 1, -1), 1);
	assert_true(p.revents & POLLHUP);
}

static void client_resets(struct ends *e)
{
	const struct linger at_once = { .l_onoff = 1 };

	setsockopt(e->client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close_client(e);
	await_hangup(e);
}

static void take(struct ends *e, const char *text)
{
	struct slice came = transport_input(&e->transport);

	assert_int_equal(came.len, strlen(text));
	assert_memory_equal(came.ptr, text, came.len);
	transport_take(&e->transport, came.len);
}

/* Who does not listen hears nothing, and the end is there when he does. */
static void an_end_waits_until_it_is_listened_to(void **state)
{
	struct ends *e = meet();

	(void)state;
	transport_listen(&e->transport);
	client_says(e, "NOOP\r\n");
	shutdown(e->client, SHUT_WR);
	run_until(e, &e->came, 1);
	run_until_nothing_is_to_do(e);
	assert_int_equal(e->came, 1);
	assert_false(transport_ended(&e->transport));
	take(e, "NOOP\r\n");
	transport_listen(&e->transport);
	run_until(e, &e->came, 2);
	assert_true(transport_ended(&e->transport));
	assert_false(e->transport.failed);
	part(e);
}

/* What the client says is heard; that it resets then waits for a listener. */
static void hear_and_be_reset(struct ends *e, const char *says)
{
	transport_listen(&e->transport);
	client_says(e, says);
	client_resets(e);
	run_until(e, &e->came, 1);
	run_until_nothing_is_to_do(e);
}

/* libuv tells of it right behind what came, and asks for no room. */
static void a_reset_waits_until_it_is_listened_to(void **state)
{
	struct ends *e = meet();

	(void)state;
	hear_and_be_reset(e, "NOOP\r\n");
	assert_int_equal(e->came, 1);
	assert_false(transport_ended(&e->transport));
	take(e, "NOOP\r\n");
	transport_listen(&e->transport);
	run_until(e, &e->came, 2);
	assert_true(transport_ended(&e->transport));
	assert_true(e->transport.failed);
	run_until_nothing_is_to_do(e);
	assert_int_equal(e->came + e->broke, 2);
	part(e);
}

/* By who listens to the rest of a line. It is no end like any other. */
static void a_reset_behind_a_piece_is_told_as_one(void **state)
{
	struct ends *e = meet();

	(void)state;
	e->listens = true;
	transport_listen(&e->transport);
	client_says(e, "NO");
	client_resets(e);
	run_until(e, &e->came, 2);
	assert_true(transport_ended(&e->transport));
	assert_true(e->transport.failed);
	run_until_nothing_is_to_do(e);
	assert_int_equal(e->came + e->broke, 2);
	part(e);
}

/* The same for what TLS is told: a thread may be reading its facts. */
static void tls_ends_when_it_is_listened_to(void **state)
{
	struct pair *p = *state;
	struct ends *e = meet();

	assert_int_equal(transport_secure(&e->transport, p->context), 0);
	hear_and_be_reset(e, "\x16\x03\x01\x02"); /* a handshake's first octets */
	assert_int_equal(e->came, 1);
	assert_int_equal(transport_tls(&e->transport), TLS_HANDSHAKE);
	transport_listen(&e->transport);
	run_until(e, &e->came, 2);
	assert_int_equal(transport_tls(&e->transport), TLS_BROKEN);
	part(e);
}

static void who_leaves_a_client_that_is_gone_is_done(void **state)
{
	struct ends *e = meet();

	(void)state;
	hear_and_be_reset(e, "QUIT\r\n");
	transport_leave(&e->transport);
	run_until(e, &e->broke, 1);
	run_until_nothing_is_to_do(e);
	assert_int_equal(e->broke, 1);
	part(e);
}

/* Who says goodbye in TLS and closes costs one turn of the loop. */
static void who_is_left_is_not_read_twice(void **state)
{
	struct ends *e = meet();

	(void)state;
	transport_leave(&e->transport);
	client_says(e, "bye");
	close_client(e);
	await_hangup(e);
	uv_run(&e->loop, UV_RUN_ONCE);
	assert_int_equal(e->broke, 1);
	part(e);
}

static void client_hears(struct ends *e, const char *text)
{
	char heard[64];
	size_t len = 0;
	ssize_t n;

	while ((n = read(e->client, heard + len, sizeof(heard) - len)) > 0)
		len += (size_t)n;
	assert_int_equal(n, 0);
	assert_int_equal(len, strlen(text));
	assert_memory_equal(heard, text, len);
}

/* The kernel is told that the end follows; then it is one segment. */
static void the_last_waits_for_the_end(void **state)
{
	struct ends *e = meet();

	(void)state;
	assert_true(transport_write(&e->transport, slice_str("+OK 1\r\n")));
	assert_int_equal(sends, 0);
	transport_end_soon(&e->transport);
	assert_true(transport_write(&e->transport, slice_str("+OK 2\r\n")));
	assert_int_equal(sends, 1);
	assert_true(flags_sent & MSG_MORE);
	transport_leave(&e->transport);
	client_hears(e, "+OK 1\r\n+OK 2\r\n");
	part(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_end_waits_until_it_is_listened_to),
		cmocka_unit_test(a_reset_waits_until_it_is_listened_to),
		cmocka_unit_test(a_reset_behind_a_piece_is_told_as_one),
		PAIR_TEST(tls_ends_when_it_is_listened_to),
		cmocka_unit_test(who_leaves_a_client_that_is_gone_is_done),
		cmocka_unit_test(who_is_left_is_not_read_twice),
		cmocka_unit_test(the_last_waits_for_the_end),
	};

	return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
