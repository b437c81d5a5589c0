/* SPDX-License-Identifier: MIT */
/*
 * The one place that writes octets. A handler fills a reply; what a reply looks
 * like on the wire (RFC 1939 section 3) is decided here:
 *
 *	status [SP text] CRLF			every reply
 *	*(byte-stuffed line CRLF) "." CRLF	behind it, when it has a body
 *
 * A body is pulled from its source piece by piece, so that one of any size
 * takes a few KiB.
 */
#ifndef POP3_RENDER_H
#define POP3_RENDER_H

#include "bytes.h"
#include "error.h"
#include "switches.h"
#include "texts.h"

#include <stdint.h>

#define REPLY_OCTETS 512 /* a first line with its CRLF (section 3) */
#define RENDER_PIECE 4096

/*
 * Where the lines of a body come from. read puts the next octets, at most room
 * (RENDER_PIECE or more), at to: lines that end in CRLF, not byte-stuffed, cut
 * anywhere. Returns how many, 0 at the end, -1 when it cannot go on.
 */
struct source {
	long (*read)(void *of, char *to, size_t room);
	void *of;
};

#define WHOLE_BODY UINT64_MAX

struct reply {
	enum { REPLY_LATER, REPLY_OK, REPLY_ERR } status;
	/*
	 * Less "-ERR" and CRLF; may be empty. It is said in all languages, and
	 * the client hears one; what is empty is as in English.
	 */
	char text[LANGUAGES][REPLY_OCTETS - 6];
	bool needed;		     /* clients read the text */
	bool farewell;		     /* to QUIT */
	bool has_body;
	bool is_message; /* has_body, and it is one */
	struct source body;
	uint64_t lines; /* of the body of a message to send behind its headers
			   (section 7, TOP), or WHOLE_BODY */
};

/*
 * Fill r as printf does, cut to what a first line may hold. format is a row of
 * texts.def.
 */
void reply_ok(struct reply *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void reply_err(struct reply *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void reply_bare_ok(struct reply *r);

/* An error whose text is a row of texts.def. */
void reply_error(struct reply *r, const struct error *e);

/* As reply_ok, but what is said is no text: it is what the client asked for. */
void reply_data(struct reply *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Make r multi-line. r borrows what source stands for. */
void reply_body(struct reply *r, struct source source, uint64_t lines);

/* The same, and the body is a message. */
void reply_message(struct reply *r, struct source source, uint64_t lines);

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
	bool open; /* there is a body */
	bool broken;
	bool is_cut;   /* nothing is sent behind left more octets */
	uint64_t left;
	struct body body;
};

/* A renderer that borrows switches. All that it owns goes in render_free(). */
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
