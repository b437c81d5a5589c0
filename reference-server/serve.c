/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include "apop.h"
#include "connection.h"
#include "listening.h"
#include "log.h"
#include "reload.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define BACKLOG 1024

enum { END, INTERRUPT, HANG_UP, SIGNALS };

struct listener {
	uv_tcp_t tcp;
	struct server *server;
	enum listen_tls tls;
	char place[64];
};

struct server {
	uv_loop_t loop;
	struct listener listeners[LISTENERS_MAX];
	uv_signal_t signals[SIGNALS];
	struct connections connections;
	struct reload reload;
};

/* Also one that was never initialised. */
static void close_handle(uv_handle_t *handle)
{
	if (handle->loop && !uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void close_all(struct server *s)
{
	for (size_t i = 0; i < LISTENERS_MAX; i++)
		close_handle((uv_handle_t *)&s->listeners[i].tcp);
	for (size_t i = 0; i < SIGNALS; i++)
		close_handle((uv_handle_t *)&s->signals[i]);
	connections_close(&s->connections);
}

/* failed is what notify_send() said. */
static void notified(const struct server *s, int failed, const struct error *e)
{
	if (failed)
		log_complain(s->connections.config->log, "%s", e->text);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct server *s = handle->data;
	struct error e;

	(void)number;
	notified(s,
		 notify_send(s->connections.config->notify, "STOPPING=1", &e),
		 &e);
	close_all(s);
}

/* Takes a. */
static void use_authority(struct server *s, struct authority *a)
{
	struct connections *all = &s->connections;

	authority_drop(all->authority);
	all->authority = a;
	all->apop = apop_available() && users_schemes(a->users) & SCHEME_PLAIN;
	s->reload.had_users = users_count(a->users) > 0;
}

static void log_complaint(struct log *log, const char *event, const char *what,
			  const char *text)
{
	struct logfmt line = log_event(event);
	struct error whole;

	logfmt_text(&line, "text", slice_str(text));
	error_set(&whole, "%s%s", what, text);
	log_complain_line(log, &line, whole.text);
}

/* As complaints_tell() does, or as events of that name. */
static void log_complaints(struct log *log, const char *event, const char *what,
			   const struct complaints *c)
{
	struct error more;

	for (size_t i = 0; i < c->count && i < COMPLAINTS_KEPT; i++)
		log_complaint(log, event, what, complaints_text(c, i));
	if (c->count <= COMPLAINTS_KEPT)
		return;
	error_set(&more, "%zu more", c->count - COMPLAINTS_KEPT);
	log_complaint(log, event, what, more.text);
}

/* Logins and handshakes that begin from now on are by what was read. */
static void on_reloaded(struct reload *r)
{
	struct server *s = r->owner;
	struct log *log = s->connections.config->log;
	struct logfmt line;
	struct error e;

	log_complaints(log, "error", "", &r->complaints);
	log_complaints(log, "warning", "warning: ", &r->warnings);
	if (r->authority) {
		use_authority(s, r->authority);
		connections_reoffer(&s->connections);
	}
	if (r->context)
		tls_context_replace(s->connections.config->tls, r->context);
	if (log_has_events(log)) {
		line = log_event("reload");
		logfmt_text(&line, "taken",
			    slice_str(r->authority ? "yes" : "no"));
		log_write(log, &line);
	}
	r->authority = NULL;
	r->context = NULL;
	if (!r->again)
		notified(s, notify_send(s->connections.config->notify,
					"READY=1", &e),
			 &e);
}

static void on_hang_up(uv_signal_t *handle, int number)
{
	struct server *s = handle->data;
	struct error e;

	(void)number;
	notified(s, notify_reloading(s->connections.config->notify, &e), &e);
	log_reopen(s->connections.config->log);
	reload_start(&s->reload);
}

static int end_at(struct server *s, uv_signal_t *handle, int number)
{
	int failed = uv_signal_init(&s->loop, handle);

	handle->data = s;
	return failed ? failed
		      : uv_signal_start_oneshot(handle, on_signal, number);
}

static int catch_signals(struct server *s)
{
	uv_signal_t *hang_up = &s->signals[HANG_UP];
	int failed = end_at(s, &s->signals[END], SIGTERM);

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is no reason to die */
	if (!failed)
		failed = end_at(s, &s->signals[INTERRUPT], SIGINT);
	if (!failed)
		failed = uv_signal_init(&s->loop, hang_up);
	hang_up->data = s;
	return failed ? failed : uv_signal_start(hang_up, on_hang_up, SIGHUP);
}

static void on_connection(uv_stream_t *tcp, int status)
{
	struct listener *l = tcp->data;

	if (status == 0)
		connection_accept(&l->server->connections, tcp,
				  l->tls);
}

/* Notes the address that the listener got, with the port that it got. */
static int note_place(struct listener *l)
{
	struct sockaddr_storage address = {0};
	const struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
	int len = sizeof(address);
	char name[46] = "";
	int failed =
	    uv_tcp_getsockname(&l->tcp, (struct sockaddr *)&address, &len);

	if (failed)
		return failed;
	uv_ip_name((struct sockaddr *)&address, name, sizeof(name));
	/* The port is at the same place in both kinds of address. */
	snprintf(l->place, sizeof(l->place),
		 address.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u", name,
		 (unsigned)ntohs(v6->sin6_port));
	return 0;
}

static void tell_place(const struct listener *l, struct log *log)
{
	struct logfmt line = log_event("listening");

	if (!log_has_events(log))
		return;
	logfmt_text(&line, "address", slice_str(l->place));
	logfmt_text(&line, "tls",
		    slice_str(l->tls == LISTEN_IMPLICIT ? "yes" : "no"));
	log_write(log, &line);
}

static int listen_at(struct server *s, struct listener *l,
		     const struct listen_config *config, struct error *e)
{
	const struct serve_config *all = s->connections.config;
	struct sockaddr_storage address = {0};
	int failed = uv_tcp_init(&s->loop, &l->tcp);

	l->tcp.data = l;
	l->server = s;
	l->tls = config->tls;
	if (!failed)
		failed = listening_address(config, &address);
	if (!failed)
		failed = uv_tcp_bind(&l->tcp, (struct sockaddr *)&address,
				     listening_is_v6_only(all, config)
					     ? UV_TCP_IPV6ONLY
					     : 0);
	if (!failed)
		failed = uv_listen((uv_stream_t *)&l->tcp, BACKLOG,
				   on_connection);
	if (!failed) /* what is accepted from it has it, too */
		failed = uv_tcp_nodelay(&l->tcp, 1);
	if (!failed)
		failed = note_place(l);
	if (failed)
		error_set(e, "%s:%u: %s", config->address,
			  (unsigned)config->port, uv_strerror(failed));
	else
		tell_place(l, s->connections.config->log);
	return failed;
}

static int start(struct server *s, const struct serve_config *config,
		 struct error *e)
{
	int failed = catch_signals(s);

	if (failed)
		return error_set(e, "%s", uv_strerror(failed));
	for (size_t i = 0; i < config->listeners_count && !failed; i++)
		failed = listen_at(s, &s->listeners[i], &config->listeners[i],
				   e);
	return failed;
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
	s->reload = (struct reload){ .loop = &s->loop,
				     .who = &config->who,
				     .tls = &config->certificates,
				     .done = on_reloaded,
				     .owner = s };
	use_authority(s, authority_hold(config->authority));
	s->connections.places = places_new();
	if (!s->connections.places)
		error_set(e, "out of memory");
	else if (start(s, config, e) == 0)
		return s;
	server_free(s);
	return NULL;
}

const char *server_place(const struct server *s, size_t i)
{
	return s->listeners[i].place;
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
	authority_drop(s->connections.authority);
	places_free(s->connections.places);
	free(s);
}
