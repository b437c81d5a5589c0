/* SPDX-License-Identifier: MIT */
/*
 * What a handler answers. It fills a reply, in all languages; render.h writes
 * the octets, in the one that the client chose.
 */
#ifndef POP3_RESPONSE_H
#define POP3_RESPONSE_H

#include "error.h"
#include "texts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLY_OCTETS 512 /* a first line with its CRLF (RFC 1939 section 3) */

/*
 * Where the lines of a body come from. read puts the next octets, at most room
 * (some KiB), at to: lines that end in CRLF, not byte-stuffed, cut
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

#endif
