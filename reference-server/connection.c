/* SPDX-License-Identifier: MIT */
#include "connection_defects.h"
#include "connection_log.h"

#include <stdio.h>
#include <stdlib.h>

/* How long a client may take to hear the last, and to close its side. */
#define LINGER 2000

void connection_forget(struct connection *c)
{
	if (c->handles > 0 || c->doing == WORKING)
		return;
	if (c->admitted)
		log_closed(c);
	session_free(c->session);
	job_end(&c->job);
	if (c->entered)
		places_leave(c->all->places, &c->from, connection_now(c));
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
	connection_forget(c);
}

static void on_timer_closed(uv_handle_t *handle)
{
	on_closed(handle->data);
}

void connection_close(struct connection *c, const char *why)
{
	if (c->closing)
		return;
	if (!c->why)
		c->why = why;
	c->closing = true;
	transport_close(&c->transport);
	uv_close((uv_handle_t *)&c->timer, on_timer_closed);
	if (c->doing == WORKING)
		job_cancel(&c->job);
}

void connection_leave(struct connection *c, const char *why)
{
	c->why = why;
	session_free(c->session);
	c->session = NULL;
	c->doing = LEAVING;
	c->securing = false;
	transport_leave(&c->transport);
}

void connection_tick(struct connection *c)
{
	if (c->session)
		session_tick(c->session, connection_now(c));
}

static uint64_t time_until(const struct connection *c, uint64_t deadline)
{
	uint64_t now = connection_now(c);

	if (deadline == SESSION_NEVER)
		return SESSION_NEVER;
	return deadline > now ? deadline - now : 0;
}

static uint64_t time_to_rest(const struct connection *c)
{
	return c->turn < LINES_A_TURN
		       ? bucket_wait(&c->commands,
				     connection_limits(c)->commands)
		       : 0;
}

/* How long what c is doing may take, in ms, or until it goes on. */
static uint64_t patience_now(const struct connection *c)
{
	if (c->securing)
		return time_until(c, c->secure_by);
	switch (c->doing) {
	case WAITING:
		return c->resting ? time_to_rest(c)
				  : time_until(c, session_deadline(c->session));
	case WORKING:
		return SESSION_NEVER;
	case HOLDING:
		return time_until(c, c->hold_until);
	case LEAVING:
		return LINGER;
	case WRITING:
		break;
	}
	return connections_autologout(c->all);
}

/* Nobody is cut off in the middle of a login that may be right. */
static uint64_t time_to_login(const struct connection *c)
{
	if (c->logged_in || c->doing == WORKING || c->doing == LEAVING)
		return SESSION_NEVER;
	return time_until(c, c->login_by);
}

static uint64_t patience(const struct connection *c)
{
	uint64_t most = patience_now(c), login = time_to_login(c);

	return login < most ? login : most;
}

/*
 * The client still has not said who it is. What is held it hears first: a reply
 * is owed to each command (ruling C39).
 */
static void end_login(struct connection *c)
{
	if (c->doing == HOLDING) {
		c->dismissed = "no login in time";
		c->login_by = connection_now(c) + LINGER;
		connection_answer(c);
	} else if (c->doing == WAITING && !c->securing) {
		connection_leave(c, "no login in time");
	} else {
		connection_close(c, "no login in time");
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct connection *c = timer->data;

	if (c->doing == WAITING && !c->securing)
		transport_hush(&c->transport);
	if (time_to_login(c) == 0)
		end_login(c);
	else if (c->doing == HOLDING)
		connection_answer(c);
	else if (c->doing == WAITING && !c->securing)
		connection_tick(c);
	else
		connection_close(c, c->securing ? "TLS handshake took too long"
						: "client takes nothing");
	connection_proceed(c);
}

void connection_set_timer(struct connection *c)
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
	connection_tick(c);
	connection_proceed(c);
}

static void on_written(void *owner, bool fine)
{
	struct connection *c = owner;

	if (c->closing)
		return;
	c->doing = WAITING;
	if (!fine || patience(c) == 0) {
		connection_close(c, fine ? "autologout" : "client reset");
		return;
	}
	connection_tick(c);
	connection_wrote(c);
	connection_proceed(c);
}

static void on_broken(void *owner)
{
	connection_close(owner, "connection broke");
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
	c->id = ++all->ids;
	c->born = uv_now(all->loop);
	transport_init(&c->transport, all->loop, &all->room, &transport_ops, c);
	uv_timer_init(all->loop, &c->timer);
	c->handles = 2;
	return c;
}

static uint64_t from_now(const struct connection *c, uint64_t time)
{
	return time > 0 ? connection_now(c) + time : SESSION_NEVER;
}

/* Returns why a client cannot be served, or NULL. */
static const char *admit(struct connection *c)
{
	const struct client_limits *l = connection_limits(c);
	const struct connections *all = c->all;

	if (transport_from(&c->transport, &c->from) != 0)
		return "it is gone";
	c->limited = l->loopback_too || !address_is_loopback(&c->from);
	c->login_by = from_now(c, l->login_time);
	c->commands = bucket_full(l->commands, connection_now(c));
	if (all->count > all->config->max_connections)
		return "too many connections";
	c->entered = places_enter(all->places, &c->from,
				  c->limited ? l->per_address : 0);
	c->admitted = c->entered;
	return c->entered ? NULL : "too many connections from your address";
}

/*
 * RFC 1939 knows no greeting that is negative, and clients do (ruling C30). The
 * code says that it may pass (RFC 3206 section 4); who asked for no CAPA yet
 * takes it for text, which it is, too. Within TLS that would cost a handshake.
 */
static void refuse(struct connection *c, const char *why)
{
	const struct switches *on = &c->all->config->switches;
	bool codes = !switch_is_on(on, ODDITY_NO_CAPA) &&
		     !switch_is_on(on, ODDITY_MINIMAL);
	char line[128];

	log_refused(c, why);
	snprintf(line, sizeof(line), "-ERR %s%s, try again later\r\n",
		 codes ? "[SYS/TEMP] " : "", why);
	if (c->tls != LISTEN_IMPLICIT)
		transport_say_at_once(&c->transport, slice_str(line));
	connection_close(c, why);
}

void connection_accept(struct connections *all, uv_stream_t *listener,
		       enum listen_tls tls)
{
	struct connection *c = new_connection(all);
	const char *why;

	if (!c)
		return;
	c->tls = tls;
	if (transport_accept(&c->transport, listener) != 0) {
		connection_close(c, "gone");
		return;
	}
	why = admit(c);
	if (why) {
		refuse(c, why);
		return;
	}
	log_connected(c, tls == LISTEN_IMPLICIT);
	if (connection_begin(c))
		connection_proceed(c);
}

void connections_close(struct connections *all)
{
	for (struct connection *c = all->first; c; c = c->next)
		connection_close(c, "server ends");
}
