/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include <string.h>

/*
 * How far we are. Only CRLF begins a line, so START and LOOSE differ: a "."
 * behind a bare LF is content, though a forgiving client may take it for the
 * end, and that is known only when nothing follows.
 */
enum place {
	LINE,    /* in the first line */
	LINE_CR, /* in it, behind a CR */
	TEXT,    /* in a line of the body */
	TEXT_CR, /* in it, behind a CR */
	START,   /* of the body, or behind CRLF */
	START_DOT,
	START_DOT_CR,
	START_DOT_LF,
	LOOSE, /* behind a bare LF */
	LOOSE_DOT,
	LOOSE_DOT_CR,
	LOOSE_DOT_LF,
	LOOSE_DOT_CRLF,
	END,
	PLACES
};

/*
 * A line of the body that may yet be the last one is held until the octet
 * behind it decides: either it leads on, or what is held was content. The place
 * says which octets those are, so nothing has to be stored.
 */
static const struct hold {
	bool may_end;           /* when nothing more comes */
	enum place let_go;      /* behind what is held, should it be content */
	char content[4];        /* what of it is content then */
	enum place dot, cr, lf; /* behind one octet more; 0: let go */
} holds[PLACES] = {
	[START]          = { false, TEXT,  "", START_DOT, 0, 0 },
	[START_DOT]      = { false, TEXT,  "", 0, START_DOT_CR, START_DOT_LF },
	[START_DOT_CR]   = { true,  TEXT,  "\r", 0, 0, END },
	[START_DOT_LF]   = { true,  LOOSE, "\n", 0, 0, 0 },
	[LOOSE]          = { false, TEXT,  "", LOOSE_DOT, 0, 0 },
	[LOOSE_DOT]      = { false, TEXT,  ".", 0, LOOSE_DOT_CR, LOOSE_DOT_LF },
	[LOOSE_DOT_CR]   = { true,  TEXT,  ".\r", 0, 0, LOOSE_DOT_CRLF },
	[LOOSE_DOT_LF]   = { true,  LOOSE, ".\n", 0, 0, 0 },
	[LOOSE_DOT_CRLF] = { true,  START, ".\r\n", 0, 0, 0 },
};

static void violate(struct reply *p, enum violation v)
{
	p->violations |= 1u << v;
}

/* RFC 1939 section 3: servers MUST send the indicators in upper case. */
static bool indicates(struct reply *p, const char *indicator)
{
	struct slice line = buf_slice(&p->line);
	size_t n = strlen(indicator);

	if (!slice_is_nocase(slice_first(line, n), indicator))
		return false;
	if (!slice_starts(line, indicator))
		violate(p, VIOLATION_INDICATOR_CASE);
	if (line.len > n && line.ptr[n] != ' ')
		violate(p, VIOLATION_NO_SPACE);
	return true;
}

/* "+ERR" is a wrong indicator, "Goodbye" is none. */
static bool begins_like_one(struct slice line)
{
	return slice_starts(line, "+") || slice_starts(line, "-");
}

static enum reply_status status(struct reply *p)
{
	if (p->line.failed)
		return STATUS_NONE;
	if (indicates(p, "+OK"))
		return STATUS_OK;
	if (indicates(p, "-ERR"))
		return STATUS_ERR;
	violate(p, begins_like_one(buf_slice(&p->line))
			   ? VIOLATION_INDICATOR
			   : VIOLATION_NO_INDICATOR);
	return STATUS_OTHER;
}

static void add_text(struct reply *p, struct slice text)
{
	if (slice_find(text, '\r') < text.len)
		violate(p, VIOLATION_LINE_BARE_CR);
	buf_add(&p->line, slice_first(text, REPLY_LINE_KEPT - p->line.len));
}

/* A CR at the end of text is none of it when LF comes next, so it waits. */
static void read_text(struct reply_reader *r, struct slice text)
{
	bool cr = slice_ends(text, "\r");

	if (!text.len)
		return;
	if (r->state == LINE_CR)
		add_text(&r->reply, slice_str("\r"));
	add_text(&r->reply, slice_first(text, text.len - cr));
	r->state = cr ? LINE_CR : LINE;
}

static void end_line(struct reply_reader *r)
{
	struct reply *p = &r->reply;

	if (r->state != LINE_CR)
		violate(p, VIOLATION_LINE_BARE_LF);
	p->status = status(p);
	p->has_body = p->status == STATUS_OK && r->shape == REPLY_MULTI_LINE;
	r->state = p->has_body ? START : END;
}

static size_t read_line(struct reply_reader *r, struct slice octets)
{
	size_t n = slice_find(octets, '\n');
	bool ended = n < octets.len;

	read_text(r, slice_first(octets, n));
	n += ended;
	r->reply.line_octets += n;
	if (r->reply.line_octets > REPLY_LINE_LIMIT)
		violate(&r->reply, VIOLATION_LINE_TOO_LONG);
	if (ended)
		end_line(r);
	return n;
}

static void hand_on(struct reply_reader *r, struct slice content)
{
	if (!content.len)
		return;
	r->reply.body_octets += content.len;
	if (r->sink.piece)
		r->sink.piece(r->sink.to, content);
}

/* Pass over text up to the end of its line. Returns how many octets. */
static size_t pass_text(struct reply_reader *r, struct slice rest)
{
	size_t n = slice_find(rest, '\n');
	bool cr = n ? rest.ptr[n - 1] == '\r' : r->state == TEXT_CR;

	if (n == rest.len) {
		r->state = cr ? TEXT_CR : TEXT;
		return n;
	}
	if (!cr)
		violate(&r->reply, VIOLATION_BODY_BARE_LF);
	r->state = cr ? START : LOOSE;
	return n + 1;
}

static enum place held_with(const struct hold *h, char c)
{
	switch (c) {
	case '.':
		return h->dot;
	case '\r':
		return h->cr;
	case '\n':
		return h->lf;
	default:
		return 0;
	}
}

static void let_go(struct reply_reader *r)
{
	const struct hold *h = &holds[r->state];

	if (h->let_go == LOOSE)
		violate(&r->reply, VIOLATION_BODY_BARE_LF);
	hand_on(r, slice_str(h->content));
	r->state = h->let_go;
}

static void note_fault(struct reply *p, uint64_t at)
{
	if (!p->fault_at && p->violations & 1u << VIOLATION_BODY_BARE_LF)
		p->fault_at = at;
}

/*
 * What lies between from and at is content that waits to be handed on in one
 * piece: a piece ends only where an octet is held, or the octets end. before:
 * how many octets of the reply were read already.
 */
static size_t read_body(struct reply_reader *r, struct slice octets,
			uint64_t before)
{
	size_t from = 0, at = 0;

	while (at < octets.len && r->state != END) {
		enum place next;

		if (r->state == TEXT || r->state == TEXT_CR) {
			at += pass_text(r, slice_from(octets, at));
			note_fault(&r->reply, before + at);
			continue;
		}
		next = held_with(&holds[r->state], octets.ptr[at]);
		if (next) {
			hand_on(r, slice_of(octets.ptr + from, at - from));
			from = ++at;
			r->state = next;
		} else {
			let_go(r);
			note_fault(&r->reply, before + at);
		}
	}
	hand_on(r, slice_first(slice_from(octets, from), at - from));
	return at;
}

void reply_start(struct reply_reader *r, enum reply_shape shape,
		 struct body_sink sink)
{
	struct buf line = r->reply.line;

	buf_clear(&line);
	line.failed = false;
	*r = (struct reply_reader){
		.reply.line = line, .shape = shape, .sink = sink, .state = LINE
	};
}

enum reply_progress reply_feed(struct reply_reader *r, struct slice octets,
			       size_t *taken)
{
	size_t n = 0;

	if (r->state == LINE || r->state == LINE_CR)
		n = read_line(r, octets);
	if (r->reply.has_body)
		n += read_body(r, slice_from(octets, n),
			       r->reply.wire_octets + n);
	r->reply.wire_octets += n;
	*taken = n;
	return r->state == END ? REPLY_COMPLETE : REPLY_PARTIAL;
}

enum reply_end reply_end_so_far(const struct reply_reader *r)
{
	if (!holds[r->state].may_end)
		return REPLY_GOES_ON;
	return r->state == START_DOT_CR ? REPLY_MAY_END : REPLY_ENDS_WRONG;
}

bool reply_settle(struct reply_reader *r)
{
	if (r->state == END)
		return true;
	if (reply_end_so_far(r) == REPLY_GOES_ON)
		return false;
	violate(&r->reply, VIOLATION_TERMINATOR);
	r->state = END;
	return true;
}

void reply_free(struct reply_reader *r)
{
	buf_free(&r->reply.line);
	*r = (struct reply_reader){ 0 };
}

struct slice reply_text(const struct reply *r)
{
	struct slice text = slice_of(NULL, 0);

	if (r->status == STATUS_OK)
		text = slice_from(buf_slice(&r->line), strlen("+OK"));
	else if (r->status == STATUS_ERR)
		text = slice_from(buf_slice(&r->line), strlen("-ERR"));
	return slice_from(text, slice_starts(text, " "));
}

const char *violation_name(enum violation v)
{
	static const char *const names[VIOLATIONS] = {
		[VIOLATION_NO_INDICATOR] = "no status indicator",
		[VIOLATION_INDICATOR] = "neither +OK nor -ERR",
		[VIOLATION_INDICATOR_CASE] = "status indicator in lower case",
		[VIOLATION_NO_SPACE] = "no space behind the status indicator",
		[VIOLATION_LINE_TOO_LONG] = "first line over 512 octets",
		[VIOLATION_LINE_BARE_LF] = "first line ended by LF alone",
		[VIOLATION_LINE_BARE_CR] = "CR inside the first line",
		[VIOLATION_BODY_BARE_LF] = "LF without CR in a body",
		[VIOLATION_TERMINATOR] = "body not ended by CRLF.CRLF",
		[VIOLATION_UNASKED] = "reply that no command asked for",
		[VIOLATION_UNANSWERED] = "no reply to a command",
	};

	return (unsigned)v < VIOLATIONS ? names[v] : "";
}
