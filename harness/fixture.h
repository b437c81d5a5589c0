/* SPDX-License-Identifier: MIT */
/*
 * A fixture: the messages that a scenario finds in its maildrop, as a store
 * keeps them, and the octets that POP3 makes of each.
 */
#ifndef JUDGE_FIXTURE_H
#define JUDGE_FIXTURE_H

#include "bytes.h"
#include "error.h"

#include <stdint.h>

#define FIXTURE_OCTETS_LIMIT ((size_t)64 << 20) /* all messages of one */
#define FIXTURE_MESSAGES_LIMIT 10000

struct fixture_message {
	char *name;	   /* "a": [a-z0-9-], 64 at most */
	struct buf octets; /* as stored; lines usually end in LF */
};

/* All zeroes is an empty fixture. */
struct fixture {
	char *name; /* "three-distinct", or NULL */
	struct fixture_message *messages;
	size_t count;
	size_t octets;	/* of all messages that were added */
	size_t *places; /* fixture.c's own, or NULL: 1 + the place of a message,
			   by its name */
};

void fixture_free(struct fixture *f); /* what it owns, not f itself */

/* True for 1 to 64 of [a-z0-9-]: a name of a fixture or of a message. */
bool fixture_is_name(struct slice name);

/*
 * Add a message. Takes what octets holds, also on failure; octets is empty
 * afterwards. Returns -1 and e for a name that is not one or is there already,
 * and at the limits above.
 */
int fixture_add(struct fixture *f, struct slice name, struct buf *octets,
		struct error *e);

/* The message called name, borrowed, or NULL. */
const struct fixture_message *fixture_find(const struct fixture *f,
					   struct slice name);

/*
 * Add the messages that json, the text of a maildrop.json, describes; file
 * names it in errors.
 *
 *	{ "messages": [
 *		{ "name": "long-line", "line": 100000 },
 *		{ "name": "bulk", "count": 100, "size": 600 },
 *		{ "name": "dots", "size": 2000, "line": 3, "pattern": "." }
 *	] }
 *
 * name     of the message; with a count above 1 they are name-1, name-2 ...
 * count    how many; 1 when not given
 * line     octets of a body line before its line end; 70 when not given
 * size     octets of the whole message as POP3 counts them, line ends as CRLF;
 *          when not given, the body is one line
 * pattern  visible ASCII that fills the lines, over and over
 *
 * Each message has a header of its own, so that no two are equal, and is stored
 * with LF line ends. "messages": [] is an empty maildrop. Returns -1 and e; f
 * may then hold some of them.
 */
int fixture_generate(struct fixture *f, struct slice json, const char *file,
		     struct error *e);

/*
 * What the end of a message is worth when it is stored without a line end. On
 * the wire a CRLF stands before the termination octet in any case; it may
 * be counted as the message's or as the terminator's (RFC 1939 section 3). For
 * any other message the two forms are equal.
 */
enum fixture_end {
	FIXTURE_END_ADDED,    /* the CRLF is the message's */
	FIXTURE_END_AS_STORED /* it is the terminator's */
};

/* True when stored is empty or its last line has no end. */
bool fixture_ends_open(struct slice stored);

/*
 * Append the octets that POP3 sends for stored, without byte-stuffing and
 * termination octet: a bare LF becomes CRLF, a CRLF stays, a bare CR too.
 */
void fixture_as_sent(struct slice stored, enum fixture_end end, struct buf *to);

/*
 * The part of stored that TOP n shows (RFC 1939 section 7): the header, the
 * blank line and n lines of the body. Borrowed from stored; fixture_as_sent()
 * makes of it what is sent. Without a blank line all of it is header.
 */
struct slice fixture_top(struct slice stored, uint64_t lines);

#endif
