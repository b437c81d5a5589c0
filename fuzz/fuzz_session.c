/* SPDX-License-Identifier: MIT */
/*
 * Whole sessions of the reference server, on one maildrop. The input is a first
 * octet, of which each bit sets something up (below), and then what a client
 * sends, with events in it that begin with 0xFF:
 *
 *	0xFF 'c'	what was sent so far is one piece
 *	0xFF '1', '2'	another client goes on; it connects when it is not there
 *	0xFF 'n'	a new session
 *	0xFF 'd'	the client hangs up, without QUIT
 *	0xFF 'h'	the client will send no more
 *	0xFF 't' N	N times ten seconds pass
 *	0xFF 'w' N	from now on the client takes N octets at a time, 0: all
 *	0xFF 'm' N ...	a message of N octets is delivered
 *	0xFF 's' N ...	STLS is sent, and N octets with it in one segment
 *	0xFF 0xFF	an octet 0xFF is sent
 *
 * There is AUTH, with two mechanisms of its own (who.h).
 *
 * It is played three times, cut in different ways, and every reply is checked.
 * What is behind STLS in one piece is dropped, so a piece ends there in all of
 * them, but for that event.
 */
#include "drive.h"
#include "fuzz.h"
#include "store_memory.h"
#include "view.h"
#include "who.h"

#include <stdlib.h>
#include <string.h>

#define USER WHO
#define STLS "STLS\r\n"
#define TEN_MINUTES (10u * 60 * 1000)
#define A_FEW_KIB (12u * 1024) /* session_output() promises no more */

enum setup {
	NO_APOP = 1,
	NO_MAIL = 2,
	CANNOT_REMOVE = 4,
	CANNOT_READ = 8, /* behind 100 octets of a message */
	TLS_OFFERED = 16,
	HAS_LAST = 32,
	LONG_MAIL = 64,	 /* a message longer than a piece of output */
	SECRETS_NEED_TLS = 128,
};

enum cutting { AS_WRITTEN, NOT_AT_ALL, IN_OCTETS };

struct client {
	struct drive drive;
	struct view view;
	bool connected;
	uint64_t idle;	   /* ms since a command was complete */
	struct buf heard;  /* in all of its sessions */
	struct buf unsent; /* not cut yet */
};

struct world {
	unsigned setup;
	enum cutting cutting;
	struct maildrop_store *store;
	struct mail mail;
	struct client clients[2];
	struct client *now; /* who goes on */
	size_t window;
};

static struct client *other(struct world *w)
{
	return w->now == w->clients ? w->clients + 1 : w->clients;
}

/* Whether the session ended as the view expects, with the marks it expects. */
static void check_state(struct client *c)
{
	struct view *v = &c->view;
	const bool *marked = session_marked(c->drive.session);

	fuzz_same(c->drive.closed, v->over,
		  "a session ends by QUIT, its client or time alone");
	fuzz_holds(c->drive.largest <= A_FEW_KIB, "output takes a few KiB",
		   slice_of(NULL, 0));
	if (!v->in)
		return;
	fuzz_holds(marked, "who is in has a maildrop", slice_of(NULL, 0));
	for (size_t i = 0; i < v->count; i++)
		fuzz_same(marked[i], v->marked[i],
			  "marks change by DELE and RSET alone");
}

static void hang_up(struct world *w)
{
	struct client *c = w->now;

	if (!c->connected)
		return;
	drive_free(&c->drive);
	view_free(&c->view);
	c->connected = false;
	mail_check(&w->mail, w->store, USER);
}

static void listen(struct world *w, struct slice octets, unsigned before)
{
	struct client *c = w->now;

	c->view.busy = other(w)->view.in;
	view_turn(&c->view, octets, buf_slice(&c->drive.said),
		  who_logins != before);
	buf_add(&c->heard, buf_slice(&c->drive.said));
	check_state(c);
	if (c->drive.said.len)
		mail_check(&w->mail, w->store, USER);
	buf_clear(&c->drive.said);
	if (c->drive.closed)
		hang_up(w);
}

static void send_piece(struct world *w, struct slice octets)
{
	struct client *c = w->now;
	unsigned before = who_logins;

	if (!c->connected || c->view.over || !octets.len)
		return;
	c->drive.window = w->cutting == IN_OCTETS ? 61 : w->window;
	drive_send(&c->drive, octets);
	listen(w, octets, before);
	if (c->view.partial.len < octets.len)
		c->idle = 0; /* a command was complete */
}

static void send_octets(struct world *w, struct slice octets)
{
	for (size_t i = 0; i < octets.len; i++)
		send_piece(w, slice_of(octets.ptr + i, 1));
}

/* How much of octets there is up to the end of a line STLS. */
static size_t until_stls(const struct client *c, struct slice octets)
{
	struct buf all = { 0 };
	size_t end = 0, before = c->view.partial.len;
	struct slice line = slice_str(STLS);

	buf_add(&all, buf_slice(&c->view.partial));
	buf_add(&all, octets);
	for (size_t i = 0; i + line.len <= all.len && end <= before; i++)
		if (slice_is_nocase(slice_of(all.ptr + i, line.len), STLS))
			end = i + line.len;
	buf_free(&all);
	return end > before ? end - before : octets.len;
}

static void send_unsent(struct world *w)
{
	struct client *c = w->now;
	struct slice left = buf_slice(&c->unsent);

	while (left.len) {
		size_t n = until_stls(c, left);

		if (w->cutting == IN_OCTETS)
			send_octets(w, slice_first(left, n));
		else
			send_piece(w, slice_first(left, n));
		left = slice_from(left, n);
	}
	buf_clear(&c->unsent);
}

/* Somebody puts octets behind STLS, to be obeyed in TLS. */
static void send_stls(struct world *w, struct slice injected)
{
	struct slice stls = slice_str(STLS);
	struct buf piece = { 0 };

	if (w->cutting == IN_OCTETS) {
		send_octets(w, slice_first(stls, stls.len - 1));
		stls = slice_from(stls, stls.len - 1);
	}
	buf_add(&piece, stls);
	buf_add(&piece, injected);
	send_piece(w, buf_slice(&piece));
	buf_free(&piece);
}

static void connect(struct world *w)
{
	const struct session_config config = {
		.host = "dewey",
		.timestamp = w->setup & NO_APOP ? NULL : TIMESTAMP,
		.mechanisms = "PLAIN TOY",
		.autologout = TEN_MINUTES,
		.tls_offered = w->setup & TLS_OFFERED,
		.secrets_need_tls = w->setup & SECRETS_NEED_TLS,
		.legacy_last = w->setup & HAS_LAST,
		.switches = fuzz_switches,
	};
	struct client *c = w->now;

	hang_up(w);
	if (drive_start(&c->drive, &config, w->store, who_knows))
		abort();
	c->drive.auth = who_hears;
	c->connected = true;
	c->idle = 0;
	c->view = (struct view){
		.mail = &w->mail,
		.cannot_read = w->setup & CANNOT_READ,
		.cannot_remove = w->setup & CANNOT_REMOVE,
		.tls_offered = w->setup & TLS_OFFERED,
		.secrets_need_tls = w->setup & SECRETS_NEED_TLS,
		.has_last = w->setup & HAS_LAST,
	};
	listen(w, slice_of(NULL, 0), who_logins);
}

static void half_close(struct world *w)
{
	struct client *c = w->now;

	if (!c->connected || c->view.over)
		return;
	drive_end(&c->drive);
	c->view.over = true;
	c->view.in = false;
	listen(w, slice_of(NULL, 0), who_logins);
}

/* RFC 1939 section 3: at least ten minutes; and without UPDATE. */
static void pass_time(struct world *w, struct client *c, uint64_t ms)
{
	struct client *now = w->now;

	if (!c->connected)
		return;
	w->now = c;
	c->idle += ms;
	drive_wait(&c->drive, ms);
	if (c->idle >= TEN_MINUTES) {
		c->view.over = true;
		c->view.in = false;
	}
	listen(w, slice_of(NULL, 0), who_logins);
	w->now = now;
}

static void go_on_as(struct world *w, struct client *c)
{
	w->now = c;
	if (!c->connected)
		connect(w);
}

static void happen(struct world *w, unsigned char event, struct input *in)
{
	unsigned char n;

	if (event == 'c' && w->cutting == NOT_AT_ALL)
		return;
	send_unsent(w);
	switch (event) {
	case '1':
	case '2':
		go_on_as(w, &w->clients[event - '1']);
		break;
	case 'n':
		connect(w);
		break;
	case 'd':
		hang_up(w);
		break;
	case 'h':
		half_close(w);
		break;
	case 't':
		n = input_octet(in);
		pass_time(w, &w->clients[0], n * 10000u);
		pass_time(w, &w->clients[1], n * 10000u);
		break;
	case 'w':
		n = input_octet(in);
		w->window = n ? n : SIZE_MAX;
		break;
	case 'm':
		n = input_octet(in);
		mail_deliver(&w->mail, w->store, USER, input_take(in, n));
		break;
	case 's':
		n = input_octet(in);
		send_stls(w, input_take(in, n));
		break;
	default:
		break;
	}
}

static void deliver(struct world *w, const char *octets)
{
	mail_deliver(&w->mail, w->store, USER, slice_str(octets));
}

/* With full stops all over it. */
static void deliver_long(struct world *w)
{
	struct buf b = { 0 };

	buf_add_str(&b, "Subject: long\n\n");
	for (int i = 0; i < 1100; i++)
		buf_add_str(&b, i % 7 ? ".\nx" : "..\r\n");
	mail_deliver(&w->mail, w->store, USER, buf_slice(&b));
	buf_free(&b);
}

static void open_world(struct world *w)
{
	w->store = store_memory_new(&fuzz_switches);
	if (!w->store || store_memory_add_user(w->store, USER))
		abort();
	if (!(w->setup & NO_MAIL)) {
		deliver(w, "Subject: one\n\n.hidden\n.\n..\nlast\n");
		deliver(w, "Subject: two\r\n\r\nno end: \xe4\xf6\xfc");
		deliver(w, "no header");
	}
	if (w->setup & LONG_MAIL)
		deliver_long(w);
	if (w->setup & CANNOT_REMOVE)
		store_memory_fail_removal(w->store);
	if (w->setup & CANNOT_READ)
		store_memory_fail_reading(w->store, 100);
	w->window = SIZE_MAX;
	w->now = w->clients;
	connect(w);
}

static void close_world(struct world *w)
{
	for (size_t i = 0; i < 2; i++) {
		w->now = &w->clients[i];
		hang_up(w);
		buf_free(&w->now->unsent);
	}
	w->store->free(w->store);
	mail_free(&w->mail);
}

static void play(struct world *w, struct input in)
{
	w->setup = input_octet(&in);
	open_world(w);
	while (in.left.len) {
		unsigned char octet = input_octet(&in);
		unsigned char event = octet == 0xff ? input_octet(&in) : 0xff;

		if (event == 0xff)
			buf_add_char(&w->now->unsent, (char)octet);
		else
			happen(w, event, &in);
	}
	send_unsent(w);
	close_world(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct world worlds[3] = { { .cutting = AS_WRITTEN },
				   { .cutting = NOT_AT_ALL },
				   { .cutting = IN_OCTETS } };

	for (size_t i = 0; i < 3; i++)
		play(&worlds[i], (struct input){ slice_of(octets, count) });
	for (size_t i = 0; i < 6; i++)
		fuzz_equal(buf_slice(&worlds[i / 2].clients[i % 2].heard),
			   buf_slice(&worlds[0].clients[i % 2].heard),
			   "any split gives the same output");
	for (size_t i = 0; i < 6; i++)
		buf_free(&worlds[i / 2].clients[i % 2].heard);
	return 0;
}
