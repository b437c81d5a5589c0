/* SPDX-License-Identifier: MIT */
/*
 * From octets to a command (RFC 1939 section 3, RFC 2449 section 3):
 *
 *	command = keyword *(SP argument) CRLF
 *
 * A line collects what comes until CRLF; command_parse() takes it apart.
 */
#ifndef POP3_COMMAND_H
#define POP3_COMMAND_H

#include "bytes.h"
#include "error.h"

#include <stdint.h>

#define COMMAND_OCTETS 255 /* with its CRLF (RFC 2449 section 4) */
#define COMMAND_ARGUMENTS 2

/*
 * By the letter a CR or LF alone, a TAB or a second space is an error. Nearly
 * all servers forgive them: that is LENIENT.
 */
enum grammar { STRICT, LENIENT };

/* One line as it comes; all zeroes is an empty one. */
struct line {
	char octets[COMMAND_OCTETS]; /* what is beyond is counted, not kept */
	size_t len;		     /* without the CRLF */
	char last;
	bool complete; /* its CRLF came; the next octet begins another */
	bool bare;     /* ... or LF alone */
};

/* Feed octets up to the end of a line. Returns how many it took. */
size_t line_feed(struct line *l, struct slice octets, enum grammar grammar);

bool line_too_long(const struct line *l);

/* The line without its CRLF, borrowed; cut when it is too long. */
struct slice line_text(const struct line *l);

/* Forget the line; it may have held a password. */
void line_wipe(struct line *l);

struct command {
	struct slice keyword;
	struct slice rest; /* all that follows the space behind the keyword */
	bool has_rest;	   /* there is such a space */
	struct slice arguments[COMMAND_ARGUMENTS]; /* the first of count */
	size_t count;
};

/*
 * Find keyword and rest of a line. c borrows from it. Returns 0, or -1 and e
 * when there is no keyword or an octet is not printable ASCII.
 */
int command_parse(struct command *c, struct slice line, enum grammar grammar,
		  struct error *e);

/*
 * Split the rest into arguments. Returns 0, or -1 and e when they are not each
 * separated by a single space.
 */
int command_split(struct command *c, enum grammar grammar, struct error *e);

/*
 * Take the rest for one argument, spaces and all: "a POP3 server may treat
 * spaces in the argument as part of the password" (RFC 1939 section 7, PASS).
 */
void command_take_rest(struct command *c);

/*
 * A decimal number without sign and leading zeros. What exceeds 64 bits becomes
 * UINT64_MAX, more messages or lines than there can be. Returns false when it
 * is no number; n is not changed then.
 */
bool decimal(struct slice digits, uint64_t *n);

#endif
