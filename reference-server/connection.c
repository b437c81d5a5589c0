/* SPDX-License-Identifier: MIT */
#include "connection.h"

#include "connection_defects.h"
#include "job.h"
#include "session.h"

#include <stdlib.h>

/* How long a client may take to close its side once we closed ours. */
#define LINGER 2000
#define HANDSHAKE 30000 /* ms that one of TLS may take */

/* One thing at a time, so that nobody calls a session that is busy. */
enum doing { WAITING, WRITING, WORKING, LEAVING };

struct connection {
	struct connections *all;
	struct connection *previous, *next;
	struct transport transport;
	uv_timer_t timer;
	int handles; /* those that are not closed yet */

	struct session *session; /* NULL before TLS, and when it ended */
	struct session_texts texts;
	enum doing doing;
	bool closing;	/* the socket is gone; work may still be under way */
	bool told;	/* the session knows that the client sends no more */
	bool securing;	/* a TLS handshake is under way */
	uint64_t secure_by;
	size_t written; /* by the write under way */
	struct job job;
};

/* Frees c once neither the loop nor a thread knows it any more. */
static void forget(struct connection *c)
{
	if (c->handles > 0 || c->doing == WORKING)
		return;
	session_free(c->session);
	job_end(&c->job);
	if (c->previous)
		c->previous->next = c->next;
	else
		c->all->first = c->next;
	if (c->next)
		c->next->previous = c->previous;
	c->all->count--;
	transport_free(&c->transport);
	free(c);
}

static void on_closed(void *owner)
{
	struct connection *c = owner;

	c->handles--;
	forget(c);
}

static void on_timer_closed(uv_handle_t *handle)
{
	on_closed(handle->data);
}

/* Work that has not begun is called off; what has begun is waited for. */
static void close_connection(struct connection *c)
{
	if (c->closing)
		return;
	c->closing = true;
	transport_close(&c->transport);
	uv_close((uv_handle_t *)&c->timer, on_timer_closed);
	if (c->doing == WORKING)
		job_cancel(&c->job);
}

static uint64_t now(const struct connection *c)
{
	return uv_now(c->all->loop);
}

static void tick(struct connection *c)
{
	if (c->session)
		session_tick(c->session, now(c));
}

static void proceed(struct connection *c);

static void on_timer(uv_timer_t *timer)
{
	struct connection *c = timer->data;

	if (c->doing != WAITING || c->securing) {
		close_connection(c);
		return;
	}
	transport_hush(&c->transport);
	tick(c);
	proceed(c);
}

static uint64_t time_until(const struct connection *c, uint64_t deadline)
{
	if (deadline == SESSION_NEVER)
		return SESSION_NEVER;
	return deadline > now(c) ? deadline - now(c) : 0;
}

/* How long what c is doing may take, in ms. */
static uint64_t patience(const struct connection *c)
{
	if (c->securing)
		return time_until(c, c->secure_by);
	if (c->doing == WAITING)
		return time_until(c, session_deadline(c->session));
	if (c->doing == WORKING)
		return SESSION_NEVER;
	return c->doing == LEAVING ? LINGER
				   : connections_autologout(c->all);
}

static void set_timer(struct connection *c)
{
	uint64_t most = c->closing ? SESSION_NEVER : patience(c);

	if (most == SESSION_NEVER)
		uv_timer_stop(&c->timer);
	else
		uv_timer_start(&c->timer, on_timer, most, 0);
}

static void on_came(void *owner)
{
	struct connection *c = owner;

	if (c->transport.failed)
		defect_read_error(&c->all->config->switches);
	tick(c);
	proceed(c);
}

static void on_written(void *owner, bool fine)
{
	struct connection *c = owner;

	if (c->closing)
		return;
	c->doing = WAITING;
	if (!fine || patience(c) == 0) {
		close_connection(c);
		return;
	}
	tick(c);
	if (c->session)
		session_sent(c->session, c->written);
	if (defect_loses_input(&c->all->config->switches))
		transport_take(&c->transport, SIZE_MAX);
	proceed(c);
}

static void start_to_write(struct connection *c, struct slice octets)
{
	size_t len = defect_written(&c->all->config->switches, octets.len);

	c->doing = WRITING;
	c->written = octets.len;
	transport_write(&c->transport, slice_first(octets, len));
}

static void on_job_done(struct job *j, bool fine)
{
	struct connection *c = j->owner;

	c->doing = WAITING;
	if (fine) {
		tick(c);
		if (j->want == WANT_OPEN && j->how == MAILDROP_OPENED)
			logins_note(&c->all->logins,
				    session_credentials(c->session)->user,
				    now(c));
		job_answer(j);
	}
	if (c->closing)
		forget(c);
	else if (fine)
		proceed(c);
	else
		close_connection(c);
}

static void start_job(struct connection *c)
{
	c->job = (struct job){
		.config = c->all->config,
		.session = c->session,
		.tls = transport_facts(&c->transport),
		.done = on_job_done,
		.owner = c,
		.exchange = c->job.exchange,
	};
	c->doing = WORKING;
	if (job_start(&c->job, c->all->loop) == 0)
		return;
	c->doing = WAITING;
	close_connection(c);
}

/* Ends the session, and waits a little for the client to close. */
static void leave(struct connection *c)
{
	session_free(c->session);
	c->session = NULL;
	c->doing = LEAVING;
	c->securing = false;
	transport_leave(&c->transport);
}

/* The session is told that the client sends no more. Returns false later. */
static bool end_input(struct connection *c)
{
	if (c->told)
		return false;
	c->told = true;
	session_end_of_input(c->session);
	return true;
}

/* Returns false when there is nothing to tell the session. */
static bool feed(struct connection *c)
{
	struct transport *t = &c->transport;
	struct slice input = transport_input(t);
	size_t taken;

	if (input.len > 0) {
		taken = session_feed(c->session, input);
		transport_take(t, taken);
		return taken > 0;
	}
	if (transport_ended(t))
		return end_input(c);
	if (transport_owes(t) || transport_tls(t) == TLS_BROKEN)
		return true;
	transport_listen(t);
	return false;
}

static bool start_session(struct connection *c)
{
	c->session = connections_session(c->all, &c->texts,
					 transport_facts(&c->transport));
	if (!c->session)
		close_connection(c);
	return c->session;
}

/*
 * Begins a handshake; it is a part of the time before the login. What came
 * behind STLS is dropped here, and goes nowhere.
 */
static bool start_tls(struct connection *c)
{
	uint64_t most = connections_autologout(c->all);

	c->securing = true;
	c->secure_by = now(c) + (most < HANDSHAKE ? most : HANDSHAKE);
	if (transport_secure(&c->transport, c->all->config->tls) == 0)
		return true;
	close_connection(c);
	return false;
}

/* The handshake is over: a session begins, or goes on. */
static bool tls_started(struct connection *c)
{
	c->securing = false;
	if (!c->session)
		return start_session(c);
	connections_secured(c->all, c->session, &c->texts,
			    transport_facts(&c->transport));
	return true;
}

/* The next of a handshake. Returns true when it is over. */
static bool secure(struct connection *c)
{
	switch (transport_tls(&c->transport)) {
	case TLS_OPEN:
	case TLS_ENDED:
		return tls_started(c);
	case TLS_HANDSHAKE:
		transport_listen(&c->transport);
		return false;
	case TLS_BROKEN:
		break;
	}
	leave(c);
	return false;
}

/* Does what the session wants. Returns true when that is done. */
static bool serve(struct connection *c)
{
	struct slice output = session_output(c->session);
	enum want want = session_want(c->session);

	if (output.len > 0)
		start_to_write(c, output);
	else if (want == WANT_CLOSE)
		leave(c);
	else if (want == WANT_START_TLS)
		return start_tls(c);
	else if (want == WANT_OPEN &&
		 policies_refuse(&c->all->config->policies, &c->all->logins,
				 c->session, now(c)))
		return true;
	else if (want != WANT_INPUT)
		start_job(c);
	else
		return feed(c);
	return false;
}

/* Does what is next. Returns true when it is done, and something follows. */
static bool step(struct connection *c)
{
	if (transport_owes(&c->transport))
		start_to_write(c, slice_of(NULL, 0));
	else if (c->securing)
		return secure(c);
	else if (transport_tls(&c->transport) == TLS_BROKEN)
		leave(c);
	else
		return serve(c);
	return false;
}

static void proceed(struct connection *c)
{
	while (step(c))
		;
	if (transport_keep(&c->transport) != 0)
		close_connection(c);
	set_timer(c);
}

static void on_broken(void *owner)
{
	close_connection(owner);
}

static const struct transport_ops transport_ops = { on_came, on_written,
						    on_broken, on_closed };

static struct connection *new_connection(struct connections *all)
{
	struct connection *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->all = all;
	c->timer.data = c;
	c->next = all->first;
	if (c->next)
		c->next->previous = c;
	all->first = c;
	all->count++;
	transport_init(&c->transport, all->loop, &all->room, &transport_ops, c);
	uv_timer_init(all->loop, &c->timer);
	c->handles = 2;
	return c;
}

void connection_accept(struct connections *all, uv_stream_t *listener,
		       bool implicit_tls)
{
	struct connection *c = new_connection(all);

	if (!c)
		return;
	if (transport_accept(&c->transport, listener) == 0 &&
	    all->count <= all->config->max_connections &&
	    (implicit_tls ? start_tls(c) : start_session(c)))
		proceed(c);
	else
		close_connection(c);
}

void connections_close(struct connections *all)
{
	for (struct connection *c = all->first; c; c = c->next)
		close_connection(c);
}
