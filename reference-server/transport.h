/* SPDX-License-Identifier: MIT */
/*
 * A client's octets over TCP, in clear or, from some octet on, in TLS. A part
 * of connection.c, which asks for one thing at a time: it reads, or writes, or
 * does neither while it thinks.
 */
#ifndef POP3_TRANSPORT_H
#define POP3_TRANSPORT_H

#include "address.h"
#include "tls.h"

#include <uv.h>

/* What a transport tells its owner. */
struct transport_ops {
	void (*came)(void *owner); /* octets, or the end, or a handshake's; only
				      to who listens */
	void (*written)(void *owner, bool fine);
	void (*broke)(void *owner);  /* it is good for nothing more: close it */
	void (*closed)(void *owner); /* the loop knows it no more */
};

/* Octets come into it, one transport's at a time; all of a loop share it. */
struct transport_room {
	char octets[4096];
};

struct transport {
	uv_tcp_t tcp;
	uv_write_t writing;
	uv_shutdown_t shutting;
	const struct transport_ops *ops;
	void *owner;
	struct tls *tls; /* NULL: in clear */
	bool ended;	 /* TCP gives nothing more */
	bool failed;	 /* because of an error, not by its end */
	bool ending; /* what is written is the last */
	bool leaving;
	size_t on_its_way; /* octets that are being written */
	size_t burst; /* octets that were written in this turn of the loop */
	bool reading; /* the loop reads for it; it goes on until something
			 comes that is not wanted */
	bool wanted;  /* listened to any more */
	bool asked;   /* for room, by a read that is not told yet */
	uint64_t octets_in, octets_out; /* of TCP's, so far */
	struct transport_room *room; /* borrowed */
	struct slice came; /* what the client said and was not taken; points
			      into room, or kept */
	struct buf kept;
};

void transport_init(struct transport *t, uv_loop_t *loop,
		    struct transport_room *room,
		    const struct transport_ops *ops, void *owner);

/*
 * Takes the connection that waits at listener, from which it has TCP_NODELAY.
 * Returns 0 or -1.
 */
int transport_accept(struct transport *t, uv_stream_t *listener);

/* Where the client is. Returns 0, or -1 when it is gone. */
int transport_from(const struct transport *t, struct address *from);

/* Write what goes out at once, in clear; the rest is lost. */
void transport_say_at_once(struct transport *t, struct slice octets);

/*
 * What the client said and was not taken, borrowed until the next call of any
 * of these; empty when it is to be listened to, or when transport_ended().
 */
struct slice transport_input(struct transport *t);
void transport_take(struct transport *t, size_t octets);
bool transport_ended(const struct transport *t);

/*
 * Before the loop goes on: what was not taken is kept apart from the room that
 * all share. So a client of which nothing waits costs no buffer. Returns -1
 * without memory.
 */
int transport_keep(struct transport *t);

/* Tell by came() once there is more to take; transport_hush() not to. */
void transport_listen(struct transport *t);
void transport_hush(struct transport *t);

/*
 * Write octets, behind what TLS has to say for itself; transport_owes() is true
 * when it has to. Returns true when that is done already, which spares a turn
 * of the loop; else they are borrowed until written() comes.
 */
bool transport_write(struct transport *t, struct slice octets);
bool transport_owes(const struct transport *t);

/*
 * Begin TLS; what came and was not taken is dropped. From then on to listen is
 * to shake hands, until transport_tls() is another state. Returns -1 without
 * memory.
 */
int transport_secure(struct transport *t, struct tls_context *c);
enum tls_state transport_tls(const struct transport *t); /* in clear: open */
const struct tls *transport_tls_end(const struct transport *t); /* or NULL */
const struct tls_facts *
transport_facts(const struct transport *t); /* or NULL */

/*
 * What is written from now on is the last, and goes out with the end that
 * transport_leave() says: one segment, and the client is woken once.
 */
void transport_end_soon(struct transport *t);

/*
 * Say goodbye, and listen without hearing until the client closes, too: closing
 * at once would reset the connection when the client still sends, and a reset
 * can overtake our last reply. broke() tells that it is done.
 */
void transport_leave(struct transport *t);

/* Close it now; closed() tells that it is. Then transport_free(). */
void transport_close(struct transport *t);
void transport_free(struct transport *t);

#endif
