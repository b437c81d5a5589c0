/* SPDX-License-Identifier: MIT */
/*
 * Octets to one reply of the server (RFC 1939 section 3), and every framing
 * violation seen on the way. Strict where clients forgive: what a client would
 * let pass is read all the same, but remembered.
 */
#ifndef JUDGE_REPLY_H
#define JUDGE_REPLY_H

#include "bytes.h"

#include <stdint.h>

/*
 * What may come, by the command that was sent, never by what came: only some
 * commands have a multi-line reply, and only when the status is +OK.
 */
enum reply_shape {
	REPLY_ONE_LINE,
	REPLY_MULTI_LINE, /* +OK is followed by lines up to CRLF.CRLF */
};

enum reply_status { STATUS_NONE, STATUS_OK, STATUS_ERR, STATUS_OTHER };

/* One bit each in reply.violations. */
enum violation {
	VIOLATION_NO_INDICATOR,   /* begins with neither + nor - */
	VIOLATION_INDICATOR,      /* neither +OK nor -ERR */
	VIOLATION_INDICATOR_CASE, /* +ok */
	VIOLATION_NO_SPACE,       /* +OKtext */
	VIOLATION_LINE_TOO_LONG,  /* first line over 512 octets with CRLF */
	VIOLATION_LINE_BARE_LF,   /* first line ended by LF alone */
	VIOLATION_LINE_BARE_CR,   /* CR inside the first line */
	VIOLATION_BODY_BARE_LF,   /* LF without CR in a body */
	VIOLATION_TERMINATOR,     /* body ended, but not by CRLF.CRLF */
	VIOLATION_UNASKED,        /* a reply that no command asked for: talk.c
				     sees that, not the reader */
	VIOLATION_UNANSWERED,     /* no reply where one was owed: seen before the
				     first scenario */
	VIOLATIONS
};

#define REPLY_LINE_LIMIT 512 /* RFC 1939 section 3, with CRLF */
#define REPLY_LINE_KEPT 4096 /* octets of a first line that we keep */

/*
 * While a reply is PARTIAL, all counts and violations are of what came so far,
 * and the status is NONE until the first line has ended. It stays NONE when
 * memory ran out (line.failed): then the reply cannot be judged.
 */
struct reply {
	enum reply_status status;
	struct buf line;      /* first line without its end, cut at KEPT */
	uint64_t line_octets; /* on the wire, with its end */
	bool has_body;
	uint64_t body_octets; /* unstuffed, without the termination line */
	uint64_t wire_octets; /* all of it, as sent */
	uint64_t fault_at;    /* of them, those up to the first LF without CR
				 in the body, with it; 0: there is none */
	unsigned violations;  /* 1u << enum violation */
};

/*
 * What follows the indicator and its space, borrowed; empty when nothing does,
 * or when there is no indicator.
 */
struct slice reply_text(const struct reply *r);

/*
 * Gets a body in pieces, none empty, unstuffed, line ends as they came, without
 * the termination line. Only CRLF ends a line: a "." behind a bare LF is
 * content. The octets are borrowed for the call. What may yet be the
 * termination line is held until it is known. piece may be NULL: the body is
 * read and dropped.
 */
struct body_sink {
	void (*piece)(void *to, struct slice octets);
	void *to;
};

enum reply_progress { REPLY_PARTIAL, REPLY_COMPLETE };

struct reply_reader {
	struct reply reply;
	/* how it is read */
	enum reply_shape shape;
	struct body_sink sink;
	unsigned state; /* reply.c's own */
};

/*
 * Start to read one reply. Gives the buffer of the reply before back for
 * re-use; a reader of all zeroes may be started. reply_free() ends it.
 */
void reply_start(struct reply_reader *r, enum reply_shape shape,
		 struct body_sink sink);

/*
 * Feed octets, any number, split anywhere: any split gives the same reply.
 * *taken says how many belong to this reply; those behind its end are left.
 */
enum reply_progress reply_feed(struct reply_reader *r, struct slice octets,
			       size_t *taken);

/* Whether what came so far can pass for a whole reply, see reply_settle(). */
enum reply_end {
	REPLY_GOES_ON,
	REPLY_MAY_END,    /* the LF of its last line may be under way */
	REPLY_ENDS_WRONG, /* as the bodies of some servers end */
};

enum reply_end reply_end_so_far(const struct reply_reader *r);

/*
 * Nothing more will come (time-out or close). True when what came so far can
 * pass for a whole reply to a forgiving client: a body whose last line is a
 * lone "." ended by LF or CR alone, or that follows a bare LF. The reply is
 * then complete, with VIOLATION_TERMINATOR. True, too, when it was complete.
 */
bool reply_settle(struct reply_reader *r);

void reply_free(struct reply_reader *r);

/* "LF without CR in a body" and so on, for people; "" when there is no v. */
const char *violation_name(enum violation v);

#endif
