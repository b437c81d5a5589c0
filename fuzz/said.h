/* SPDX-License-Identifier: MIT */
/*
 * What a server said, taken apart anew: neither the server's renderer nor the
 * judge's reader has a hand in it. RFC 1939 section 3 by the letter; whatever
 * is not so breaks an invariant.
 */
#ifndef FUZZ_SAID_H
#define FUZZ_SAID_H

#include "fuzz.h"

struct said {
	bool positive;
	struct slice text; /* behind the status, borrowed from what was said */
	bool has_body;
	bool cut;          /* the body does not end */
	struct buf body;   /* unstuffed, each line with its CRLF */
};

/*
 * Take one reply from the front of *octets. command is what it answers (empty:
 * the greeting); only that tells whether a body follows. Returns false when no
 * whole first line is there. s->body is to be freed by the caller.
 */
bool said_take(struct said *s, struct slice *octets, struct slice command);

/*
 * Take a challenge of a SASL exchange (RFC 5034 section 4) from the front of
 * *octets. Returns false when something else is there.
 */
bool said_take_challenge(struct slice *octets);

/* Printable ASCII and spaces, as a command must be. */
bool is_visible(struct slice text);

/* Base64 by the letter (RFC 4648 section 4). */
bool is_base64(struct slice text);

/* The word of a command before its first space, and what is behind it. */
struct slice command_word(struct slice command);
struct slice command_rest(struct slice command);

/* Lines of text, each with its CRLF: the next of *text, without it. */
struct slice line_take(struct slice *text);

#endif
