/* SPDX-License-Identifier: MIT */
#include "wire_tcp.h"

#include "await.h"
#include "listener.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#define LONG 20000 /* ms: more than any test takes */

/* A listener on loopback, a wire to it, and the server's end. */
struct net {
	int listener;
	char port[PORT_SIZE];
	struct wire *wire;
	int server;
	struct cancel cancel;
	struct buf got;
};

static int open_net(void **state)
{
	struct net *n = calloc(1, sizeof(*n));
	struct error e;

	assert_non_null(n);
	assert_int_equal(cancel_open(&n->cancel, &e), 0);
	n->listener = listen_on_loopback(n->port);
	n->wire = wire_tcp_connect("127.0.0.1", n->port, LONG, &n->cancel, &e);
	assert_non_null(n->wire);
	n->server = accept(n->listener, NULL, NULL);
	assert_true(n->server >= 0);
	*state = n;
	return 0;
}

static int close_net(void **state)
{
	struct net *n = *state;

	if (n->wire)
		n->wire->ops->close(n->wire);
	if (n->server >= 0)
		close(n->server);
	close(n->listener);
	cancel_close(&n->cancel);
	buf_free(&n->got);
	free(n);
	return 0;
}

static uint64_t soon(const struct net *n)
{
	return n->wire->ops->now(n->wire) + LONG;
}

static enum wire_event receive(struct net *n)
{
	return n->wire->ops->receive(n->wire, &n->got, soon(n));
}

static enum wire_event send_text(struct net *n, const char *text)
{
	return n->wire->ops->send(n->wire, slice_str(text), soon(n));
}

static void serve(struct net *n, const char *text)
{
	assert_int_equal(send(n->server, text, strlen(text), 0), strlen(text));
}

static void reset_by_server(struct net *n)
{
	struct linger at_once = {.l_onoff = 1};

	setsockopt(n->server, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(n->server);
	n->server = -1;
}

static void octets_go_both_ways(void **state)
{
	struct net *n = *state;
	char line[9];

	assert_int_equal(send_text(n, "NOOP\r\n"), WIRE_OCTETS);
	assert_int_equal(recv(n->server, line, 6, MSG_WAITALL), 6);
	assert_memory_equal(line, "NOOP\r\n", 6);
	serve(n, "+OK");
	assert_int_equal(receive(n), WIRE_OCTETS);
	assert_true(slice_is(buf_slice(&n->got), "+OK"));
	assert_int_equal(send_text(n, ""), WIRE_OCTETS);
}

static void the_end_comes_after_the_octets(void **state)
{
	struct net *n = *state;

	serve(n, "bye");
	close(n->server);
	n->server = -1;
	assert_int_equal(receive(n), WIRE_OCTETS);
	assert_true(slice_is(buf_slice(&n->got), "bye"));
	assert_int_equal(receive(n), WIRE_CLOSED);
	assert_int_equal(receive(n), WIRE_CLOSED);
}

static void a_reset_comes_after_the_octets(void **state)
{
	struct net *n = *state;

	serve(n, "bye");
	reset_by_server(n);
	assert_int_equal(receive(n), WIRE_OCTETS);
	assert_true(slice_is(buf_slice(&n->got), "bye"));
	assert_int_equal(receive(n), WIRE_RESET);
	assert_int_equal(receive(n), WIRE_RESET);
}

static void a_reset_is_noticed_by_send(void **state)
{
	struct net *n = *state;

	serve(n, "bye");
	reset_by_server(n);
	assert_int_equal(send_text(n, "NOOP\r\n"), WIRE_RESET);
	assert_int_equal(receive(n), WIRE_OCTETS);
	assert_true(slice_is(buf_slice(&n->got), "bye"));
	assert_int_equal(receive(n), WIRE_RESET);
}

static void sending_to_a_closed_server_says_so(void **state)
{
	struct net *n = *state;
	enum wire_event event = WIRE_OCTETS;

	serve(n, "bye");
	close(n->server);
	n->server = -1;
	while (event == WIRE_OCTETS)
		event = send_text(n, "NOOP\r\n");
	assert_int_equal(event, WIRE_CLOSED);
	assert_int_equal(receive(n), WIRE_OCTETS);
	assert_true(slice_is(buf_slice(&n->got), "bye"));
	assert_int_equal(receive(n), WIRE_CLOSED);
}

static void a_deadline_is_kept(void **state)
{
	struct net *n = *state;
	uint64_t start = n->wire->ops->now(n->wire);

	assert_int_equal(n->wire->ops->receive(n->wire, &n->got, start + 30),
			 WIRE_TIMEOUT);
	assert_true(n->wire->ops->now(n->wire) >= start + 30);
	assert_int_equal(n->wire->ops->receive(n->wire, &n->got, 0),
			 WIRE_TIMEOUT);
	serve(n, "x");
	assert_int_equal(n->wire->ops->receive(n->wire, &n->got, 0),
			 WIRE_OCTETS);
}

static void send_gives_up_at_its_deadline(void **state)
{
	struct net *n = *state;
	size_t size = (size_t)32 << 20;
	char *much = calloc(1, size);

	assert_non_null(much);
	assert_int_equal(
	    n->wire->ops->send(n->wire, slice_of(much, size), await_now() + 30),
	    WIRE_TIMEOUT);
	free(much);
}

static void *raise_it(void *cancel)
{
	cancel_raise(cancel);
	return NULL;
}

static void cancelling_ends_a_wait(void **state)
{
	struct net *n = *state;
	pthread_t thread;

	assert_false(cancel_raised(&n->cancel));
	assert_int_equal(pthread_create(&thread, NULL, raise_it, &n->cancel),
			 0);
	assert_int_equal(n->wire->ops->receive(n->wire, &n->got, AWAIT_FOREVER),
			 WIRE_CANCELLED);
	pthread_join(thread, NULL);
	assert_true(cancel_raised(&n->cancel));
	cancel_raise(&n->cancel);
	serve(n, "late");
	assert_int_equal(receive(n), WIRE_CANCELLED);
}

static void nothing_cancels_null(void **state)
{
	(void)state;
	assert_false(cancel_raised(NULL));
	assert_int_equal(await_fd(-1, 0, 0, NULL, NULL), AWAIT_TIMEOUT);
}

/* Writes much before it reads, as some servers answer pipelined commands. */
static void *write_then_read(void *fd)
{
	static char piece[65536];
	int server = *(int *)fd;
	size_t left = 900000;
	ssize_t n;

	while (left) {
		n = send(server, piece, left < sizeof(piece) ? left : 65536,
			 MSG_NOSIGNAL);
		if (n <= 0)
			return NULL;
		left -= (size_t)n;
	}
	while (recv(server, piece, sizeof(piece), 0) > 0)
		;
	send(server, "!", 1, MSG_NOSIGNAL);
	return NULL;
}

static void a_server_that_writes_first_does_not_block_us(void **state)
{
	struct net *n = *state;
	size_t size = (size_t)16 << 20;
	char *much = calloc(1, size);
	int small = 4096;
	pthread_t thread;

	assert_non_null(much);
	setsockopt(n->server, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	assert_int_equal(
	    pthread_create(&thread, NULL, write_then_read, &n->server), 0);
	assert_int_equal(
	    n->wire->ops->send(n->wire, slice_of(much, size), soon(n)),
	    WIRE_OCTETS);
	free(much);
	n->wire->ops->half_close(n->wire);
	while (receive(n) == WIRE_OCTETS && n->got.len < 900001)
		;
	assert_int_equal(n->got.len, 900001);
	assert_int_equal(n->got.ptr[900000], '!');
	pthread_join(thread, NULL);
}

/* A server that never stops must not fill our memory. */
static void what_is_kept_is_bounded(void **state)
{
	struct net *n = *state;
	static char piece[65536];
	size_t size = (size_t)32 << 20;
	char *much = calloc(1, size);

	assert_non_null(much);
	for (;;) {
		enum wire_event event = n->wire->ops->send(
		    n->wire, slice_of(much, size), await_now());
		ssize_t sent = send(n->server, piece, sizeof(piece),
				    MSG_DONTWAIT | MSG_NOSIGNAL);

		assert_int_equal(event, WIRE_TIMEOUT);
		if (sent < 0)
			break;
	}
	free(much);
	assert_int_equal(receive(n), WIRE_OCTETS);
	assert_true(n->got.len <= (1u << 20));
	assert_true(n->got.len > (1u << 19));
}

static void half_close_lets_the_server_answer(void **state)
{
	struct net *n = *state;
	char c;

	n->wire->ops->half_close(n->wire);
	assert_int_equal(recv(n->server, &c, 1, 0), 0);
	serve(n, "+OK");
	assert_int_equal(receive(n), WIRE_OCTETS);
	assert_true(slice_is(buf_slice(&n->got), "+OK"));
}

static void close_is_in_order(void **state)
{
	struct net *n = *state;
	char c;

	serve(n, "unread");
	n->wire->ops->close(n->wire);
	n->wire = NULL;
	assert_int_equal(recv(n->server, &c, 1, 0), 0);
}

static void abort_is_a_reset(void **state)
{
	struct net *n = *state;
	char c;

	n->wire->ops->abort(n->wire);
	n->wire = NULL;
	assert_int_equal(recv(n->server, &c, 1, 0), -1);
	assert_int_equal(errno, ECONNRESET);
}

static void no_memory_is_no_verdict(void **state)
{
	struct net *n = *state;

	serve(n, "x");
	n->got.failed = true;
	assert_int_equal(receive(n), WIRE_CANCELLED);
}

#define WITH_NET(test)                                                         \
	cmocka_unit_test_setup_teardown(test, open_net, close_net)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_NET(octets_go_both_ways),
	    WITH_NET(the_end_comes_after_the_octets),
	    WITH_NET(a_reset_comes_after_the_octets),
	    WITH_NET(a_reset_is_noticed_by_send),
	    WITH_NET(sending_to_a_closed_server_says_so),
	    WITH_NET(a_deadline_is_kept),
	    WITH_NET(send_gives_up_at_its_deadline),
	    WITH_NET(cancelling_ends_a_wait),
	    WITH_NET(a_server_that_writes_first_does_not_block_us),
	    WITH_NET(what_is_kept_is_bounded),
	    WITH_NET(half_close_lets_the_server_answer),
	    WITH_NET(close_is_in_order),
	    WITH_NET(abort_is_a_reset),
	    WITH_NET(no_memory_is_no_verdict),
	    cmocka_unit_test(nothing_cancels_null),
	};

	return cmocka_run_group_tests_name("wire_tcp", tests, NULL, NULL);
}
