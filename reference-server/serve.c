/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include "apop.h"
#include "connection.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define BACKLOG 1024

struct server {
	uv_loop_t loop;
	uv_tcp_t listener;
	uv_signal_t signals[2];
	struct connections connections;
	char place[64];
};

/* Also one that was never initialised. */
static void close_handle(uv_handle_t *handle)
{
	if (handle->loop && !uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void close_all(struct server *s)
{
	close_handle((uv_handle_t *)&s->listener);
	close_handle((uv_handle_t *)&s->signals[0]);
	close_handle((uv_handle_t *)&s->signals[1]);
	connections_close(&s->connections);
}

static void on_signal(uv_signal_t *handle, int number)
{
	(void)number;
	close_all(handle->data);
}

static int end_at(struct server *s, uv_signal_t *handle, int number)
{
	int failed = uv_signal_init(&s->loop, handle);

	handle->data = s;
	return failed ? failed
		      : uv_signal_start_oneshot(handle, on_signal, number);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct server *s = listener->data;

	if (status == 0)
		connection_accept(&s->connections, listener);
}

static int read_address(const struct serve_config *config,
			struct sockaddr_storage *to)
{
	if (uv_ip4_addr(config->address, config->port,
			(struct sockaddr_in *)to) == 0)
		return 0;
	return uv_ip6_addr(config->address, config->port,
			   (struct sockaddr_in6 *)to);
}

/* Notes the address that the listener got, with the port that it got. */
static int note_place(struct server *s)
{
	struct sockaddr_storage address = {0};
	const struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
	int len = sizeof(address);
	char name[46] = "";
	int failed =
	    uv_tcp_getsockname(&s->listener, (struct sockaddr *)&address, &len);

	if (failed)
		return failed;
	uv_ip_name((struct sockaddr *)&address, name, sizeof(name));
	/* The port is at the same place in both kinds of address. */
	snprintf(s->place, sizeof(s->place),
		 address.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u", name,
		 (unsigned)ntohs(v6->sin6_port));
	return 0;
}

static int listen_at(struct server *s, const struct serve_config *config)
{
	struct sockaddr_storage address = {0};
	int failed = read_address(config, &address);

	if (!failed)
		failed =
		    uv_tcp_bind(&s->listener, (struct sockaddr *)&address, 0);
	if (!failed)
		failed = uv_listen((uv_stream_t *)&s->listener, BACKLOG,
				   on_connection);
	return failed ? failed : note_place(s);
}

static int start(struct server *s, const struct serve_config *config)
{
	int failed;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is no reason to die */
	failed = end_at(s, &s->signals[0], SIGTERM);
	if (!failed)
		failed = end_at(s, &s->signals[1], SIGINT);
	if (!failed)
		failed = uv_tcp_init(&s->loop, &s->listener);
	s->listener.data = s;
	return failed ? failed : listen_at(s, config);
}

struct server *server_new(const struct serve_config *config, struct error *e)
{
	struct server *s = calloc(1, sizeof(*s));
	int failed = s ? uv_loop_init(&s->loop) : UV_ENOMEM;

	if (failed) {
		error_set(e, "%s", uv_strerror(failed));
		free(s);
		return NULL;
	}
	s->connections.loop = &s->loop;
	s->connections.config = config;
	s->connections.apop = apop_available();
	failed = start(s, config);
	if (!failed)
		return s;
	error_set(e, "%s:%u: %s", config->address, (unsigned)config->port,
		  uv_strerror(failed));
	server_free(s);
	return NULL;
}

const char *server_place(const struct server *s)
{
	return s->place;
}

void server_run(struct server *s)
{
	uv_run(&s->loop, UV_RUN_DEFAULT);
}

void server_free(struct server *s)
{
	if (!s)
		return;
	close_all(s);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	uv_loop_close(&s->loop);
	free(s);
}
