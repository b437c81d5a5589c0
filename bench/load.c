/* SPDX-License-Identifier: MIT */
/*
 * Loads a POP3 server: so many connections at once, each of which goes through
 * one session after the other, under a name of its own (user0, user1, ...), for
 * so many seconds. Nothing is pipelined: it waits for each reply, as a simple
 * client does. Prints
 *
 *	sessions N seconds S octets N slowest S
 *
 * where octets are those that came, and slowest is the longest session. A
 * negative reply, or a connection that ends too early, ends it with 1.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define PIECE ((size_t)256 << 10)

static const char usage[] =
	"usage: load PORT CONNECTIONS SECONDS PASSWORD [COMMAND]...\n"
	"A session is USER, PASS, the COMMANDs (such as STAT or \"RETR 1\") and "
	"QUIT.\nSECONDS 0 is one session for each connection.\n";

enum awaited { LINE, BODY };

struct run {
	uv_loop_t loop;
	struct sockaddr_in to;
	const char *password;
	char **commands;
	size_t command_count;
	uint64_t started, until; /* ns */
	uint64_t sessions, octets, slowest;
};

struct client {
	struct run *run;
	unsigned number;
	uv_tcp_t tcp;
	uv_connect_t connect;
	uv_write_t write;
	char command[600];
	size_t step; /* 0 USER, 1 PASS, then the commands, then QUIT */
	enum awaited awaited;
	bool greeted;
	bool first;   /* the next octet begins a reply */
	char last[5]; /* octets that came, for the end of a body */
	uint64_t began;
};

static char piece[PIECE]; /* nobody keeps octets */

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "load: %s: %s\n", what, why);
	exit(1);
}

static void check(const char *what, int failed)
{
	if (failed < 0)
		fail(what, uv_strerror(failed));
}

static size_t steps(const struct run *r)
{
	return r->command_count + 3;
}

static const char *command_at(struct client *c)
{
	const struct run *r = c->run;

	if (c->step == 0)
		snprintf(c->command, sizeof(c->command), "USER user%u\r\n",
			 c->number);
	else if (c->step == 1)
		snprintf(c->command, sizeof(c->command), "PASS %s\r\n",
			 r->password);
	else if (c->step == steps(r) - 1)
		snprintf(c->command, sizeof(c->command), "QUIT\r\n");
	else
		snprintf(c->command, sizeof(c->command), "%s\r\n",
			 r->commands[c->step - 2]);
	return c->command;
}

static void on_written(uv_write_t *request, int status)
{
	(void)request;
	check("write", status);
}

static void send_command(struct client *c)
{
	const char *command = command_at(c);
	uv_buf_t b = uv_buf_init((char *)command, (unsigned)strlen(command));

	c->awaited = LINE;
	c->first = true;
	check("write", uv_write(&c->write, (uv_stream_t *)&c->tcp, &b, 1,
				on_written));
}

static void begin(struct client *c);

static void on_closed(uv_handle_t *handle)
{
	struct client *c = handle->data;
	struct run *r = c->run;
	uint64_t took = uv_hrtime() - c->began;

	r->sessions++;
	if (took > r->slowest)
		r->slowest = took;
	if (uv_hrtime() < r->until)
		begin(c);
}

static bool is_multi_line(const char *command)
{
	return !strncmp(command, "RETR ", 5) || !strncmp(command, "TOP ", 4) ||
	       !strcmp(command, "LIST\r\n") || !strcmp(command, "UIDL\r\n");
}

/* A reply is whole. */
static void go_on(struct client *c)
{
	if (!c->greeted) {
		c->greeted = true;
		c->step = 0;
	} else if (++c->step == steps(c->run)) {
		uv_close((uv_handle_t *)&c->tcp, on_closed);
		return;
	}
	send_command(c);
}

/* Keep the last octets, as far as an end of a body can be cut. */
static bool body_ends(struct client *c, const char *octets, size_t n)
{
	size_t keep = sizeof(c->last);

	if (n >= keep) {
		memcpy(c->last, octets + n - keep, keep);
	} else {
		memmove(c->last, c->last + n, keep - n);
		memcpy(c->last + keep - n, octets, n);
	}
	return memcmp(c->last, "\r\n.\r\n", keep) == 0;
}

/* The first line of a reply; returns how many octets it took. */
static size_t take_line(struct client *c, const char *octets, size_t n)
{
	const char *end = memchr(octets, '\n', n);

	if (c->first && octets[0] != '+')
		fail(c->greeted ? c->command : "greeting",
		     "no positive reply");
	c->first = false;
	if (!end)
		return n;
	if (c->greeted && is_multi_line(c->command)) {
		c->awaited = BODY;
		memcpy(c->last, "xxx\r\n", sizeof(c->last));
	} else {
		go_on(c);
	}
	return (size_t)(end - octets) + 1;
}

static void take(struct client *c, const char *octets, size_t n)
{
	if (c->awaited == LINE) {
		size_t taken = take_line(c, octets, n);

		octets += taken;
		n -= taken;
	}
	/* One command at a time, so a body is all that can follow. */
	if (n && c->awaited == BODY && body_ends(c, octets, n))
		go_on(c);
}

static void on_room(uv_handle_t *handle, size_t hint, uv_buf_t *room)
{
	(void)handle;
	(void)hint;
	*room = uv_buf_init(piece, sizeof(piece));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct client *c = stream->data;

	(void)room;
	check(c->command, (int)(n < 0 ? n : 0));
	c->run->octets += (uint64_t)n;
	if (n > 0)
		take(c, piece, (size_t)n);
}

static void on_connected(uv_connect_t *request, int status)
{
	struct client *c = request->data;

	check("connect", status);
	check("read", uv_read_start((uv_stream_t *)&c->tcp, on_room, on_read));
}

static void begin(struct client *c)
{
	struct run *r = c->run;

	c->began = uv_hrtime();
	c->greeted = false;
	c->first = true;
	c->awaited = LINE;
	c->command[0] = '\0';
	check("socket", uv_tcp_init(&r->loop, &c->tcp));
	c->tcp.data = c;
	c->connect.data = c;
	check("nodelay", uv_tcp_nodelay(&c->tcp, 1));
	check("connect", uv_tcp_connect(&c->connect, &c->tcp,
					(struct sockaddr *)&r->to,
					on_connected));
}

int main(int argc, char **argv)
{
	struct run r = { .password = argc > 4 ? argv[4] : NULL };
	struct client *clients;
	unsigned count = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	double seconds;

	if (argc < 5 || !count) {
		fputs(usage, stderr);
		return 2;
	}
	r.commands = argv + 5;
	r.command_count = (size_t)argc - 5;
	clients = calloc(count, sizeof(*clients));
	if (!clients)
		fail("clients", "out of memory");
	check("loop", uv_loop_init(&r.loop));
	check("address", uv_ip4_addr("127.0.0.1", atoi(argv[1]), &r.to));
	r.started = uv_hrtime();
	r.until = r.started + (uint64_t)(atof(argv[3]) * 1e9);
	for (unsigned i = 0; i < count; i++) {
		clients[i].run = &r;
		clients[i].number = i;
		begin(&clients[i]);
	}
	uv_run(&r.loop, UV_RUN_DEFAULT);
	seconds = (double)(uv_hrtime() - r.started) / 1e9;
	printf("sessions %" PRIu64 " seconds %.6f octets %" PRIu64
	       " slowest %.6f\n",
	       r.sessions, seconds, r.octets, (double)r.slowest / 1e9);
	free(clients);
	return 0;
}
