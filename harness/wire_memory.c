/* SPDX-License-Identifier: MIT */
#include "wire_memory.h"

#include <stdlib.h>

/* What waits at the client's end before the peer is held back. */
#define WINDOW 65536

struct memory_wire {
	struct wire wire;
	struct memory_net *net;
	struct memory_wire *next;
	struct peer *peer;
	struct buf to_peer, to_client;
	bool half_closed, told_peer, closed;
};

static struct memory_wire *of(struct wire *w)
{
	return (struct memory_wire *)w;
}

static bool push(struct memory_wire *m)
{
	size_t taken;

	if (!m->to_peer.len)
		return false;
	taken = m->peer->ops->feed(m->peer, buf_slice(&m->to_peer));
	buf_drop(&m->to_peer, taken);
	return taken > 0;
}

static bool pull(struct memory_wire *m)
{
	struct slice out;

	if (m->to_client.len >= WINDOW)
		return false;
	out = m->peer->ops->output(m->peer);
	buf_add(&m->to_client, out);
	m->peer->ops->sent(m->peer, out.len);
	return out.len > 0;
}

static bool tell_end(struct memory_wire *m)
{
	if (!m->half_closed || m->told_peer || m->to_peer.len)
		return false;
	m->told_peer = true;
	m->peer->ops->end_of_input(m->peer);
	return true;
}

static bool spent(const struct memory_net *net)
{
	return net->budget && net->steps > net->budget;
}

/* Let the peer do all that it can do now. */
static void pump(struct memory_wire *m)
{
	while (!m->closed && !spent(m->net)) {
		m->net->steps++;
		if (pull(m) || push(m) || tell_end(m))
			continue;
		m->closed = m->peer->ops->closes(m->peer) &&
			    m->to_client.len < WINDOW;
		return;
	}
}

static uint64_t next_deadline(const struct memory_net *net)
{
	uint64_t first = UINT64_MAX;

	for (struct memory_wire *m = net->wires; m; m = m->next) {
		uint64_t d = m->closed ? UINT64_MAX
				       : m->peer->ops->deadline(m->peer);

		first = d < first ? d : first;
	}
	return first;
}

static void pass_until(struct memory_net *net, uint64_t now)
{
	net->now = now > net->now ? now : net->now;
	for (struct memory_wire *m = net->wires; m; m = m->next) {
		if (m->closed)
			continue;
		m->peer->ops->tick(m->peer, net->now);
		pump(m);
	}
}

void memory_net_pass(struct memory_net *net, uint64_t ms)
{
	uint64_t end = net->now + ms;

	while (net->now < end && !spent(net)) {
		uint64_t d = next_deadline(net);

		net->steps++;
		pass_until(net, d > net->now && d < end ? d : end);
	}
}

static enum wire_event memory_send(struct wire *w, struct slice octets,
				   uint64_t deadline)
{
	struct memory_wire *m = of(w);

	(void)deadline;
	if (m->closed)
		return WIRE_CLOSED;
	buf_add(&m->to_peer, octets);
	pump(m);
	return spent(m->net) ? WIRE_CANCELLED : WIRE_OCTETS;
}

static enum wire_event memory_receive(struct wire *w, struct buf *to,
				      uint64_t deadline)
{
	struct memory_wire *m = of(w);

	for (;;) {
		uint64_t d;

		pump(m);
		if (spent(m->net))
			return WIRE_CANCELLED;
		if (m->to_client.len) {
			buf_add(to, buf_slice(&m->to_client));
			buf_clear(&m->to_client);
			return WIRE_OCTETS;
		}
		if (m->closed)
			return WIRE_CLOSED;
		if (m->net->now >= deadline)
			return WIRE_TIMEOUT;
		m->net->steps++;
		d = next_deadline(m->net);
		pass_until(m->net, d > m->net->now && d < deadline ? d
								   : deadline);
	}
}

static void memory_half_close(struct wire *w)
{
	of(w)->half_closed = true;
	pump(of(w));
}

static void memory_abort(struct wire *w)
{
	struct memory_wire *m = of(w);
	struct memory_wire **at = &m->net->wires;

	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	m->peer->ops->free(m->peer);
	buf_free(&m->to_peer);
	buf_free(&m->to_client);
	free(m);
}

/* Nobody reads any more; the peer sees the end behind what was sent. */
static void memory_close(struct wire *w)
{
	struct memory_wire *m = of(w);

	m->half_closed = true;
	do {
		buf_clear(&m->to_client);
		pump(m);
	} while (m->to_client.len && !spent(m->net));
	memory_abort(w);
}

static uint64_t memory_now(struct wire *w)
{
	return of(w)->net->now;
}

struct wire *wire_memory(struct memory_net *net, struct peer *p)
{
	static const struct wire_ops ops = {
		memory_send,  memory_receive, memory_half_close,
		memory_close, memory_abort,   memory_now,
	};
	struct memory_wire *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->wire.ops = &ops;
	m->net = net;
	m->peer = p;
	m->next = net->wires;
	net->wires = m;
	return &m->wire;
}
