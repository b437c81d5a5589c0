/* SPDX-License-Identifier: MIT */
/*
 * The one place that writes octets. A handler fills a reply; what a reply looks
 * like on the wire (RFC 1939 section 3) is decided here:
 *
 *	status [SP text] CRLF			every reply
 *	*(byte-stuffed line CRLF) "." CRLF	behind it, when it has a body
 *
 * A body is pulled from its source piece by piece, so that one of any size
 * takes what is collected of it, and a few KiB.
 */
#ifndef POP3_RENDER_H
#define POP3_RENDER_H

#include "bytes.h"
#include "response.h"
#include "switches.h"

#include <stdint.h>

#define RENDER_PIECE 4096

/* The body that is being sent, and how far it is. */
struct body {
	struct source source;
	uint64_t lines_left; /* of the part that is no header */
	bool in_headers;
	bool begun;	    /* a piece of it has come */
	bool is_message;    /* no listing */
	bool cut;	    /* the rest is not sent */
	uint64_t octets;    /* that have come */
	uint64_t looked_at; /* octets of them */
	size_t pieces;	    /* that have come */
	size_t line_ends;   /* of the last of them */
	size_t body_lines;  /* behind the headers */
	size_t line_octets; /* of the line that has begun, 0 at its start */
	char last;
};

struct render {
	const struct switches *switches;
	enum language language; /* of replies */
	bool without_codes; /* RESP-CODES cannot be announced, so there are none */
	struct buf out;
	size_t collects; /* octets of a body, before they are sent */
	bool open; /* there is a body */
	bool broken;
	bool is_cut;   /* nothing is sent behind left more octets */
	uint64_t left;
	struct body body;
};

/*
 * A renderer that borrows switches, and collects RENDER_PIECE octets of a body.
 * All that it owns goes in render_free().
 */
struct render render_new(const struct switches *switches);
void render_free(struct render *r);

/* Write a reply behind what is there. A body that is still open ends here. */
void render_reply(struct render *r, const struct reply *reply);

/*
 * Write "+ " and octets in base64 (RFC 5034 section 4). It has no limit of 512:
 * a challenge is as long as its mechanism makes it.
 */
void render_challenge(struct render *r, struct slice octets);
/* Write octets as they are behind what is there. */
void render_octets(struct render *r, struct slice octets);

/* Send so many octets from now on, then break. */
void render_cut(struct render *r, uint64_t octets);

/* What is to be sent, borrowed until the next call; empty when there is none.
 */
struct slice render_output(struct render *r);
void render_sent(struct render *r, size_t octets);

/* True when there is something to send. */
bool render_is_waiting(const struct render *r);

/* True when another reply would only pile up behind what waits. */
bool render_is_full(const struct render *r);

/* True when a body could not be read to its end, memory ran out, or by cut. */
bool render_is_broken(const struct render *r);

/* Forget all that was not sent. */
void render_drop(struct render *r);

#endif
