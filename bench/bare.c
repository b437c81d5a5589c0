/* SPDX-License-Identifier: MIT */
/*
 * What the loopback gives at most: a "server" that knows nothing of POP3. It
 * answers each line with "+OK", and RETR with octets that it has in memory, of
 * a message of so many octets. Prints the port, and serves until it is killed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct client {
	uv_tcp_t tcp;
	uv_write_t write;
	char input[4096];
};

static uv_loop_t loop;
static uv_buf_t message; /* as RETR sends it, with its first line */
static uv_buf_t ok = { (char *)"+OK\r\n", 5 };

static void check(const char *what, int failed)
{
	if (failed < 0) {
		fprintf(stderr, "bare: %s: %s\n", what, uv_strerror(failed));
		exit(1);
	}
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_written(uv_write_t *request, int status)
{
	(void)request;
	(void)status;
}

static void answer(struct client *c, const uv_buf_t *with)
{
	if (uv_write(&c->write, (uv_stream_t *)&c->tcp, with, 1, on_written))
		uv_close((uv_handle_t *)&c->tcp, on_closed);
}

static void on_room(uv_handle_t *handle, size_t hint, uv_buf_t *room)
{
	struct client *c = handle->data;

	(void)hint;
	*room = uv_buf_init(c->input, sizeof(c->input));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct client *c = stream->data;

	if (n < 0)
		uv_close((uv_handle_t *)stream, on_closed);
	else if (n >= 4)
		answer(c, memcmp(room->base, "RETR", 4) ? &ok : &message);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct client *c = calloc(1, sizeof(*c));

	check("connection", c ? status : UV_ENOMEM);
	check("socket", uv_tcp_init(&loop, &c->tcp));
	c->tcp.data = c;
	check("accept", uv_accept(listener, (uv_stream_t *)&c->tcp));
	uv_tcp_nodelay(&c->tcp, 1);
	answer(c, &ok);
	check("read", uv_read_start((uv_stream_t *)&c->tcp, on_room, on_read));
}

static void make_message(size_t octets)
{
	static const char end[] = ".\r\n";
	char *to = malloc(octets + sizeof(end) + 5);
	size_t len = 5;

	check("message", to ? 0 : UV_ENOMEM);
	memcpy(to, "+OK\r\n", 5);
	for (; len < octets + 5; len++)
		to[len] = "x\r\n"[len % 64 < 62 ? 0 : len % 64 - 61];
	memcpy(to + len - 2, "\r\n", 2);
	memcpy(to + len, end, sizeof(end) - 1);
	message = uv_buf_init(to, (unsigned)(len + sizeof(end) - 1));
}

int main(int argc, char **argv)
{
	struct sockaddr_in at;
	int len = sizeof(at);
	uv_tcp_t listener;

	if (argc != 2) {
		fputs("usage: bare OCTETS\n", stderr);
		return 2;
	}
	make_message((size_t)atoll(argv[1]));
	check("loop", uv_loop_init(&loop));
	check("listener", uv_tcp_init(&loop, &listener));
	check("address", uv_ip4_addr("127.0.0.1", 0, &at));
	check("bind", uv_tcp_bind(&listener, (struct sockaddr *)&at, 0));
	check("listen", uv_listen((uv_stream_t *)&listener, 1024,
				  on_connection));
	check("port", uv_tcp_getsockname(&listener, (struct sockaddr *)&at,
					 &len));
	printf("%u\n", (unsigned)ntohs(at.sin_port));
	fflush(stdout);
	return uv_run(&loop, UV_RUN_DEFAULT);
}
