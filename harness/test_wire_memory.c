/* SPDX-License-Identifier: MIT */
/* Peers here do as their fields say; each counts what was done to it. */
#include "wire_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define WINDOW 65536 /* octets that may wait unread, and a piece on top */

struct odd_peer {
	struct peer peer;
	struct buf heard, says;
	size_t takes;       /* octets of a feed, at most */
	size_t endless;     /* octets of a piece that it always has to say */
	size_t said;        /* octets */
	uint64_t until;     /* it closes then; 0: never by itself */
	uint64_t ticks, last_tick;
	bool answers;       /* with what it hears */
	bool closes_at_end; /* of the input */
	bool ended, closing, never_rests;
	int *freed;
};

static struct odd_peer *of(struct peer *p)
{
	return (struct odd_peer *)p;
}

static size_t feed(struct peer *p, struct slice octets)
{
	struct odd_peer *o = of(p);
	struct slice taken = slice_first(octets, o->takes);

	assert_false(o->ended);
	buf_add(&o->heard, taken);
	if (o->answers)
		buf_add(&o->says, taken);
	return taken.len;
}

static void end_of_input(struct peer *p)
{
	assert_false(of(p)->ended);
	of(p)->ended = true;
	if (of(p)->closes_at_end)
		of(p)->closing = true;
}

static struct slice output(struct peer *p)
{
	static const char endless[1000];

	return of(p)->endless ? slice_of(endless, of(p)->endless)
			      : buf_slice(&of(p)->says);
}

static void sent(struct peer *p, size_t octets)
{
	of(p)->said += octets;
	if (!of(p)->endless)
		buf_drop(&of(p)->says, octets);
}

static bool closes(struct peer *p)
{
	return of(p)->closing;
}

static void tick(struct peer *p, uint64_t now)
{
	of(p)->ticks++;
	of(p)->last_tick = now;
	if (of(p)->until && now >= of(p)->until)
		of(p)->closing = true;
}

static uint64_t deadline(struct peer *p)
{
	if (of(p)->never_rests)
		return of(p)->last_tick + 1;
	return of(p)->until ? of(p)->until : UINT64_MAX;
}

static void peer_free(struct peer *p)
{
	buf_free(&of(p)->heard);
	buf_free(&of(p)->says);
	if (of(p)->freed)
		++*of(p)->freed;
}

static const struct peer_ops odd_ops = {
	feed, end_of_input, output, sent, closes, tick, deadline, peer_free,
};

/* Like a server that answers each octet with itself. */
static struct odd_peer echo(void)
{
	return (struct odd_peer){ .peer = { &odd_ops }, .takes = SIZE_MAX,
				  .answers = true, .closes_at_end = true };
}

static void send_text(struct wire *w, const char *text)
{
	assert_int_equal(w->ops->send(w, slice_str(text), UINT64_MAX),
			 WIRE_OCTETS);
}

static void assert_receives(struct wire *w, const char *text)
{
	struct buf came = { 0 };

	assert_int_equal(w->ops->receive(w, &came, UINT64_MAX), WIRE_OCTETS);
	assert_string_equal(buf_text(&came), text);
	buf_free(&came);
}

static enum wire_event receive_until(struct wire *w, uint64_t until)
{
	struct buf came = { 0 };
	enum wire_event event = w->ops->receive(w, &came, until);

	assert_int_equal(came.len > 0, event == WIRE_OCTETS);
	buf_free(&came);
	return event;
}

static void what_is_sent_is_answered(void **state)
{
	struct memory_net net = { 0 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);

	(void)state;
	send_text(w, "one");
	send_text(w, " two");
	assert_receives(w, "one two");
	assert_int_equal(net.now, 0);
	w->ops->close(w);
	assert_null(net.wires);
}

static void a_peer_that_takes_little_gets_all(void **state)
{
	struct memory_net net = { 0 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);

	(void)state;
	p.takes = 1;
	send_text(w, "octet by octet");
	assert_string_equal(buf_text(&p.heard), "octet by octet");
	assert_receives(w, "octet by octet");
	w->ops->close(w);
}

static void a_peer_is_held_back_until_somebody_reads(void **state)
{
	struct memory_net net = { 0 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);
	struct buf came = { 0 };

	(void)state;
	p.endless = 1000;
	send_text(w, "go");
	assert_in_range(p.said, WINDOW, WINDOW + 1000);
	send_text(w, "go");
	assert_in_range(p.said, WINDOW, WINDOW + 1000);
	assert_int_equal(w->ops->receive(w, &came, 0), WIRE_OCTETS);
	assert_in_range(came.len, WINDOW, WINDOW + 1000);
	assert_int_equal(w->ops->receive(w, &came, 0), WIRE_OCTETS);
	assert_in_range(came.len, 2 * WINDOW, 2 * WINDOW + 2000);
	buf_free(&came);
	w->ops->abort(w);
}

static void the_end_comes_behind_what_was_sent(void **state)
{
	struct memory_net net = { 0 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);

	(void)state;
	p.takes = 0; /* busy */
	send_text(w, "QUIT");
	w->ops->half_close(w);
	assert_false(p.ended);
	p.takes = SIZE_MAX;
	assert_receives(w, "QUIT");
	assert_true(p.ended);
	assert_int_equal(receive_until(w, UINT64_MAX), WIRE_CLOSED);
	assert_int_equal(receive_until(w, UINT64_MAX), WIRE_CLOSED);
	assert_int_equal(w->ops->send(w, slice_str("more"), UINT64_MAX),
			 WIRE_CLOSED);
	w->ops->close(w);
}

static void closing_shows_the_end_tearing_down_does_not(void **state)
{
	struct memory_net net = { 0 };
	int freed = 0;

	(void)state;
	for (int abort = 0; abort < 2; abort++) {
		struct odd_peer p = echo();
		struct wire *w = wire_memory(&net, &p.peer);

		p.freed = &freed;
		if (abort)
			w->ops->abort(w);
		else
			w->ops->close(w);
		assert_int_equal(p.ended, !abort);
	}
	assert_int_equal(freed, 2);
	assert_null(net.wires);
}

/* Somebody who closes reads no more: what is under way is no obstacle. */
static void closing_ends_though_much_waits(void **state)
{
	struct memory_net net = { 0 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);
	char much[1000] = "";

	(void)state;
	memset(much, 'x', sizeof(much));
	for (int i = 0; i < 100; i++)
		assert_int_equal(w->ops->send(w, slice_of(much, sizeof(much)),
					      UINT64_MAX),
				 WIRE_OCTETS);
	assert_int_equal(p.said, 66000);
	w->ops->close(w);
	assert_int_equal(p.said, 100000);
	assert_true(p.ended);
}

static void time_passes_only_in_waiting(void **state)
{
	struct memory_net net = { .now = 1000 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);

	(void)state;
	assert_int_equal(receive_until(w, 1000), WIRE_TIMEOUT);
	assert_int_equal(net.now, 1000);
	assert_int_equal(receive_until(w, 601000), WIRE_TIMEOUT);
	assert_int_equal(net.now, 601000);
	assert_int_equal(w->ops->now(w), 601000);
	send_text(w, "x");
	assert_receives(w, "x");
	assert_int_equal(net.now, 601000);
	w->ops->close(w);
}

static void a_peer_acts_at_its_own_deadline(void **state)
{
	struct memory_net net = { 0 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);

	(void)state;
	p.until = 600000;
	assert_int_equal(receive_until(w, 599999), WIRE_TIMEOUT);
	assert_int_equal(receive_until(w, 700000), WIRE_CLOSED);
	assert_int_equal(net.now, 600000);
	w->ops->close(w);
}

static void all_peers_live_in_one_time(void **state)
{
	struct memory_net net = { 0 };
	struct odd_peer p = echo(), q = echo();
	struct wire *w = wire_memory(&net, &p.peer);
	struct wire *v = wire_memory(&net, &q.peer);

	(void)state;
	q.until = 500;
	assert_int_equal(receive_until(w, 2000), WIRE_TIMEOUT);
	assert_int_equal(q.last_tick, 500);
	assert_int_equal(p.last_tick, 2000);
	assert_int_equal(receive_until(v, 2000), WIRE_CLOSED);
	v->ops->close(v);
	memory_net_pass(&net, 1000);
	assert_int_equal(net.now, 3000);
	assert_int_equal(p.last_tick, 3000);
	w->ops->close(w);
}

static void passing_time_stops_at_each_deadline(void **state)
{
	struct memory_net net = { 0 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);

	(void)state;
	p.never_rests = true;
	memory_net_pass(&net, 100);
	assert_int_equal(p.ticks, 100);
	assert_int_equal(net.now, 100);
	w->ops->close(w);
}

/* A budget is of steps, so the same run ends at the same place each time. */
static void who_never_ends_is_ended(void **state)
{
	struct memory_net net = { .budget = 1000 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);

	(void)state;
	p.never_rests = true;
	assert_int_equal(receive_until(w, UINT64_MAX), WIRE_CANCELLED);
	assert_in_range(net.steps, 1000, 1010);
	assert_int_equal(w->ops->send(w, slice_str("x"), 0), WIRE_CANCELLED);
	memory_net_pass(&net, UINT64_MAX / 2);
	assert_in_range(net.steps, 1000, 1010);
	w->ops->close(w);
}

static void who_never_reads_is_ended(void **state)
{
	struct memory_net net = { .budget = 1000 };
	struct odd_peer p = echo();
	struct wire *w = wire_memory(&net, &p.peer);

	(void)state;
	p.endless = 1;
	assert_int_equal(w->ops->send(w, slice_str("x"), 0), WIRE_CANCELLED);
	assert_in_range(net.steps, 1000, 1010);
	w->ops->close(w);
	assert_in_range(net.steps, 1000, 1010);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sent_is_answered),
		cmocka_unit_test(a_peer_that_takes_little_gets_all),
		cmocka_unit_test(a_peer_is_held_back_until_somebody_reads),
		cmocka_unit_test(the_end_comes_behind_what_was_sent),
		cmocka_unit_test(closing_shows_the_end_tearing_down_does_not),
		cmocka_unit_test(closing_ends_though_much_waits),
		cmocka_unit_test(time_passes_only_in_waiting),
		cmocka_unit_test(a_peer_acts_at_its_own_deadline),
		cmocka_unit_test(all_peers_live_in_one_time),
		cmocka_unit_test(passing_time_stops_at_each_deadline),
		cmocka_unit_test(who_never_ends_is_ended),
		cmocka_unit_test(who_never_reads_is_ended),
	};

	return cmocka_run_group_tests_name("wire_memory", tests, NULL, NULL);
}
