/* SPDX-License-Identifier: MIT */
#include "connection.h"

#include "connection_defects.h"
#include "plural.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * How long a client may take to close its side once we closed ours. Closing at
 * once would reset the connection when the client still sends, and a reset can
 * overtake our last reply.
 */
#define LINGER 2000

/* One thing at a time, so that nobody calls a session that is busy. */
enum doing { WAITING, WRITING, WORKING, LEAVING };

struct connection {
	struct connections *all;
	struct connection *previous, *next;
	uv_tcp_t tcp;
	uv_timer_t timer;
	uv_write_t write;
	uv_work_t work;
	uv_shutdown_t shutdown;
	int handles; /* those that are not closed yet */

	struct session *session; /* NULL when it ended */
	char timestamp[APOP_TIMESTAMP_ROOM];
	enum doing doing;
	bool closing;	/* the socket is gone; work may still be under way */
	bool ended;	/* the client sends nothing more */
	bool told;	/* and the session knows */
	size_t written; /* by the write under way */
	struct slice unfed; /* what came and was not taken; points into input */
	char input[4096];

	/* What the threads answer; the event loop looks when they are done. */
	enum want job;
	bool right; /* the credentials, or the way to the message */
	enum maildrop_opened how;
	struct maildrop *maildrop;
	size_t still_there;
	struct error error;
};

/* Frees c once neither the loop nor a thread knows it any more. */
static void forget(struct connection *c)
{
	if (c->handles > 0 || c->doing == WORKING)
		return;
	session_free(c->session);
	if (c->previous)
		c->previous->next = c->next;
	else
		c->all->first = c->next;
	if (c->next)
		c->next->previous = c->previous;
	c->all->count--;
	free(c);
}

static void on_closed(uv_handle_t *handle)
{
	struct connection *c = handle->data;

	c->handles--;
	forget(c);
}

/* Work that has not begun is called off; what has begun is waited for. */
static void close_connection(struct connection *c)
{
	if (c->closing)
		return;
	c->closing = true;
	uv_close((uv_handle_t *)&c->tcp, on_closed);
	uv_close((uv_handle_t *)&c->timer, on_closed);
	if (c->doing == WORKING)
		uv_cancel((uv_req_t *)&c->work);
}

static uint64_t now(const struct connection *c)
{
	return uv_now(c->all->loop);
}

static void proceed(struct connection *c);

static void on_timer(uv_timer_t *timer)
{
	struct connection *c = timer->data;

	if (c->doing != WAITING) {
		close_connection(c);
		return;
	}
	uv_read_stop((uv_stream_t *)&c->tcp);
	session_tick(c->session, now(c));
	proceed(c);
}

/* How long what c is doing may take, in ms. */
static uint64_t patience(const struct connection *c)
{
	uint64_t deadline;

	switch (c->doing) {
	case WORKING:
		return SESSION_NEVER;
	case LEAVING:
		return LINGER;
	case WRITING:
		return c->all->config->autologout > 0
			   ? c->all->config->autologout
			   : SESSION_NEVER;
	case WAITING:
		break;
	}
	deadline = session_deadline(c->session);
	if (deadline == SESSION_NEVER)
		return SESSION_NEVER;
	return deadline > now(c) ? deadline - now(c) : 0;
}

static void set_timer(struct connection *c)
{
	uint64_t most = patience(c);

	if (c->closing || most == SESSION_NEVER)
		uv_timer_stop(&c->timer);
	else
		uv_timer_start(&c->timer, on_timer, most, 0);
}

static void on_room_wanted(uv_handle_t *handle, size_t hint, uv_buf_t *room)
{
	struct connection *c = handle->data;

	(void)hint;
	*room = uv_buf_init(c->input, sizeof(c->input));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
	struct connection *c = stream->data;

	(void)room;
	if (n == 0)
		return;
	if (c->doing == LEAVING) {
		if (n < 0)
			close_connection(c);
		return;
	}
	uv_read_stop(stream);
	if (n < 0 && n != UV_EOF)
		defect_read_error(&c->all->config->switches);
	if (n > 0)
		c->unfed = slice_of(c->input, (size_t)n);
	else
		c->ended = true;
	session_tick(c->session, now(c));
	proceed(c);
}

static void start_to_read(struct connection *c)
{
	if (uv_read_start((uv_stream_t *)&c->tcp, on_room_wanted, on_read))
		close_connection(c);
}

static void on_written(uv_write_t *request, int status)
{
	struct connection *c = request->data;

	if (c->closing)
		return;
	c->doing = WAITING;
	if (status < 0 || patience(c) == 0) {
		close_connection(c);
		return;
	}
	session_tick(c->session, now(c));
	session_sent(c->session, c->written);
	c->unfed = defect_unfed(&c->all->config->switches, c->unfed);
	proceed(c);
}

static void start_to_write(struct connection *c, struct slice octets)
{
	size_t len = defect_written(&c->all->config->switches, octets.len);
	uv_buf_t buf = uv_buf_init((char *)octets.ptr, (unsigned)len);

	c->doing = WRITING;
	c->written = octets.len;
	if (uv_write(&c->write, (uv_stream_t *)&c->tcp, &buf, 1, on_written))
		close_connection(c);
}

/* On a thread of the pool: nobody else touches c meanwhile. */
static void do_job(uv_work_t *request)
{
	struct connection *c = request->data;
	const struct serve_config *config = c->all->config;
	struct maildrop *m = session_maildrop(c->session);

	if (c->job == WANT_VERIFY)
		c->right = users_verify(config->users,
					session_credentials(c->session));
	else if (c->job == WANT_OPEN)
		c->how = config->store->open(
		    config->store, session_credentials(c->session)->user,
		    &c->maildrop, &c->error);
	else if (c->job == WANT_FIND)
		c->right = !m->ops->find(m, session_sought(c->session), NULL);
	else
		c->still_there = m->ops->remove(m, session_marked(c->session));
}

static void complain(const struct connection *c)
{
	if (c->job == WANT_OPEN && c->how == MAILDROP_BROKEN)
		fprintf(stderr, "pop3-reference-server: %s\n", c->error.text);
	if (c->job == WANT_UPDATE && c->still_there > 0)
		fprintf(stderr,
			"pop3-reference-server: %zu deleted message%s not "
			"removed\n",
			c->still_there, plural(c->still_there));
}

static void answer(struct connection *c)
{
	if (c->job == WANT_VERIFY)
		session_verified(c->session, c->right);
	else if (c->job == WANT_OPEN)
		session_opened(c->session, c->how, c->maildrop);
	else if (c->job == WANT_FIND)
		session_found(c->session, c->right);
	else
		session_updated(c->session, c->still_there);
	c->maildrop = NULL; /* the session's now */
}

static void on_job_done(uv_work_t *request, int status)
{
	struct connection *c = request->data;

	c->doing = WAITING;
	if (status == 0) {
		complain(c);
		session_tick(c->session, now(c));
		answer(c);
	}
	if (c->closing)
		forget(c);
	else if (status == 0)
		proceed(c);
	else
		close_connection(c);
}

static void start_job(struct connection *c, enum want job)
{
	c->job = job;
	c->doing = WORKING;
	if (uv_queue_work(c->all->loop, &c->work, do_job, on_job_done)) {
		c->doing = WAITING;
		close_connection(c);
	}
}

static void on_shutdown(uv_shutdown_t *request, int status)
{
	if (status < 0)
		close_connection(request->data);
}

/* Ends the session, and waits a little for the client to close. */
static void leave(struct connection *c)
{
	session_free(c->session);
	c->session = NULL;
	c->doing = LEAVING;
	if (c->ended ||
	    uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown))
		close_connection(c);
	else
		start_to_read(c);
}

/* Returns false when there is nothing to tell the session. */
static bool feed(struct connection *c)
{
	size_t taken;

	if (c->unfed.len > 0) {
		taken = session_feed(c->session, c->unfed);
		c->unfed = slice_from(c->unfed, taken);
		return taken > 0;
	}
	if (!c->ended || c->told)
		return false;
	c->told = true;
	session_end_of_input(c->session);
	return true;
}

/* Does what the session waits for. Returns true when that is done. */
static bool step(struct connection *c)
{
	struct slice output = session_output(c->session);
	enum want want = session_want(c->session);

	if (output.len > 0)
		start_to_write(c, output);
	else if (want == WANT_CLOSE)
		leave(c);
	else if (want != WANT_INPUT)
		start_job(c, want);
	else if (feed(c))
		return true;
	else if (!c->ended && c->unfed.len == 0)
		start_to_read(c);
	return false;
}

static void proceed(struct connection *c)
{
	while (step(c))
		;
	set_timer(c);
}

static struct connection *new_connection(struct connections *all)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->all = all;
	c->tcp.data = c->timer.data = c->write.data = c->work.data =
	    c->shutdown.data = c;
	c->next = all->first;
	if (c->next)
		c->next->previous = c;
	all->first = c;
	all->count++;
	uv_tcp_init(all->loop, &c->tcp);
	uv_timer_init(all->loop, &c->timer);
	c->handles = 2;
	return c;
}

static struct session *new_session(struct connection *c)
{
	const struct serve_config *config = c->all->config;
	uint64_t serial = ++c->all->serial;
	bool apop = c->all->apop && apop_timestamp(c->timestamp, config->host,
						   serial, time(NULL)) == 0;
	struct session_config session = {
	    .host = config->host,
	    .timestamp = apop ? c->timestamp : NULL,
	    .autologout = config->autologout,
	    .number = serial,
	    .earlier = c->all->earlier,
	    .switches = config->switches,
	};
	struct session *s;

	defect_timestamp(&config->switches, c->timestamp, sizeof(c->timestamp),
			 config->host, time(NULL));
	s = session_new(&session, now(c));
	memcpy(c->all->earlier, c->timestamp, sizeof(c->all->earlier));
	return s;
}

void connection_accept(struct connections *all, uv_stream_t *listener)
{
	struct connection *c = new_connection(all);

	if (!c)
		return;
	if (uv_accept(listener, (uv_stream_t *)&c->tcp) == 0 &&
	    all->count <= all->config->max_connections)
		c->session = new_session(c);
	if (!c->session) {
		close_connection(c);
		return;
	}
	uv_tcp_nodelay(&c->tcp, 1);
	proceed(c);
}

void connections_close(struct connections *all)
{
	struct connection *c = all->first;

	for (; c; c = c->next)
		close_connection(c);
}
