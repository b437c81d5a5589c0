/* SPDX-License-Identifier: MIT */
#include "render.h"

#include <stdarg.h>
#include <stdio.h>

static void fill(struct reply *r, const char *format, va_list args)
{
	vsnprintf(r->text, sizeof(r->text), format, args);
}

void reply_ok(struct reply *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	r->status = REPLY_OK;
	fill(r, format, args);
	va_end(args);
}

void reply_bare_ok(struct reply *r)
{
	r->status = REPLY_OK;
}

void reply_err(struct reply *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	r->status = REPLY_ERR;
	fill(r, format, args);
	va_end(args);
}

void reply_data(struct reply *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	r->status = REPLY_OK;
	r->needed = true;
	fill(r, format, args);
	va_end(args);
}

void reply_body(struct reply *r, struct source source, uint64_t lines)
{
	r->has_body = true;
	r->body = source;
	r->lines = lines;
}

void reply_message(struct reply *r, struct source source, uint64_t lines)
{
	reply_body(r, source, lines);
	r->is_message = true;
}

static bool switched(const struct render *r, enum switch_name name)
{
	return switch_is_on(r->switches, name);
}

struct render render_new(const struct switches *switches)
{
	return (struct render){ .switches = switches };
}

void render_free(struct render *r)
{
	buf_free(&r->out);
}

static const char *status(const struct render *r, const struct reply *reply)
{
	bool positive = reply->status == REPLY_OK;

	if (reply->farewell && switched(r, DEFECT_FAREWELL_WITHOUT_STATUS))
		return "";
	if (switched(r, DEFECT_STATUS_LOWER_CASE))
		return positive ? "+ok" : "-err";
	if (!positive && switched(r, DEFECT_STATUS_PLUS_ERR))
		return "+ERR";
	return positive ? "+OK" : "-ERR";
}

static bool shows_text(const struct render *r, const struct reply *reply)
{
	if (!reply->needed && switched(r, ODDITY_BARE_STATUS))
		return false;
	return reply->text[0];
}

static void add_stars(struct buf *b, size_t count)
{
	while (count--)
		buf_add_char(b, '*');
}

static const char *space(const struct render *r, const struct reply *reply)
{
	bool glued = switched(r, DEFECT_STATUS_WITHOUT_SPACE) ||
		     !*status(r, reply);

	return glued ? "" : " ";
}

void render_reply(struct render *r, const struct reply *reply)
{
	buf_add_str(&r->out, status(r, reply));
	if (shows_text(r, reply))
		buf_printf(&r->out, "%s%s", space(r, reply), reply->text);
	if (reply->status == REPLY_ERR && switched(r, DEFECT_STATUS_TOO_LONG))
		add_stars(&r->out, 512);
	if (!switched(r, DEFECT_STATUS_BARE_LF))
		buf_add_char(&r->out, '\r');
	buf_add_char(&r->out, '\n');
	r->open = reply->has_body;
	r->body = (struct body){
		.source = reply->body,
		.lines_left = reply->lines,
		.is_message = reply->is_message,
		.in_headers = !switched(r, DEFECT_TOP_COUNTS_HEADERS),
	};
}

/* The whole body of a message is RETR's, part of it TOP's. */
static bool stuffs(const struct render *r, struct slice line)
{
	if (switched(r, r->body.lines_left == WHOLE_BODY
				? DEFECT_RETR_NOT_STUFFED
				: DEFECT_TOP_NOT_STUFFED))
		return false;
	if (switched(r, DEFECT_OPEN_LINE_NOT_STUFFED) &&
	    !slice_ends(line, "\n"))
		return false;
	if (switched(r, DEFECT_ONLY_LONE_DOT_STUFFED))
		return slice_starts(line, ".\r\n");
	return true;
}

static void add_without(struct buf *b, struct slice octets, char unwanted)
{
	for (size_t i = 0; i < octets.len; i++)
		if (octets.ptr[i] != unwanted)
			buf_add_char(b, octets.ptr[i]);
}

static void add_seven_bits(struct buf *b, struct slice octets)
{
	for (size_t i = 0; i < octets.len; i++)
		buf_add_char(b, (char)(octets.ptr[i] & 0x7f));
}

static void add_split(struct render *r, struct slice octets)
{
	for (size_t i = 0; i < octets.len; i++) {
		if (r->body.line_octets + i &&
		    (r->body.line_octets + i) % 1000 == 0)
			buf_add_str(&r->out, "\r\n");
		buf_add_char(&r->out, octets.ptr[i]);
	}
}

static void add_cut(struct render *r, struct slice octets)
{
	for (size_t i = 0; i < octets.len; i++)
		if (r->body.line_octets + i < 1000 || octets.ptr[i] == '\r' ||
		    octets.ptr[i] == '\n')
			buf_add_char(&r->out, octets.ptr[i]);
}

static void add_whole_line_ends(struct render *r, struct slice octets)
{
	char last = r->body.last;

	for (size_t i = 0; i < octets.len; i++) {
		if (last == '\r' && octets.ptr[i] != '\n')
			buf_add_char(&r->out, '\n');
		last = octets.ptr[i];
		buf_add_char(&r->out, last);
	}
}

static void add_text(struct render *r, struct slice octets)
{
	if (switched(r, DEFECT_LINE_ENDS_LF))
		add_without(&r->out, octets, '\r');
	else if (switched(r, DEFECT_EIGHTH_BIT_CLEARED))
		add_seven_bits(&r->out, octets);
	else if (switched(r, DEFECT_LONG_LINES_SPLIT))
		add_split(r, octets);
	else if (switched(r, DEFECT_LONG_LINES_CUT))
		add_cut(r, octets);
	else if (switched(r, DEFECT_BARE_CR_BECOMES_CRLF))
		add_whole_line_ends(r, octets);
	else
		buf_add(&r->out, octets);
}

/* A line has come to its end: only those behind the blank one count. */
static void count_line(struct render *r)
{
	bool blank = r->body.line_octets <= 2;

	if (!r->body.in_headers && r->body.lines_left != WHOLE_BODY)
		r->body.lines_left--;
	if (blank)
		r->body.in_headers = false;
	r->body.line_octets = 0;
}

/* One line, or as much of it as this piece has. */
static void add_line(struct render *r, struct slice line)
{
	if (!r->body.line_octets && line.ptr[0] == '.' && stuffs(r, line))
		buf_add_char(&r->out, '.');
	add_text(r, line);
	r->body.line_octets += line.len;
	r->body.last = line.ptr[line.len - 1];
	if (r->body.last == '\n')
		count_line(r);
}

static bool is_sent(const struct body *b)
{
	return b->cut || (!b->in_headers && b->lines_left == 0);
}

/* True when this is the octet before which a buffer of the server ended. */
static bool is_boundary(const struct render *r, uint64_t buffer)
{
	return r->body.begun && r->body.octets % buffer == 0;
}

/* What wrong servers do where one piece ends and another begins. */
static void begin_piece(struct render *r, struct slice piece)
{
	bool top = r->body.lines_left != WHOLE_BODY;

	if ((r->body.begun &&
	     switched(r, DEFECT_STUFFING_LOST_BETWEEN_PIECES)) ||
	    (top && is_boundary(r, RENDER_PIECE) &&
	     switched(r, DEFECT_TOP_STUFFING_LOST_BETWEEN_PIECES)) ||
	    (is_boundary(r, 65536) && switched(r, DEFECT_STUFFING_LOST_AT_64K)))
		r->body.line_octets++;
	if (r->body.line_octets && piece.ptr[0] == '.' && r->body.begun &&
	    switched(r, DEFECT_MIDDLE_STUFFED))
		buf_add_char(&r->out, '.');
	r->body.begun = true;
	r->body.octets += piece.len;
}

static void add_piece(struct render *r, struct slice piece)
{
	size_t nul = slice_find(piece, '\0');
	bool cut = nul < piece.len && switched(r, DEFECT_NUL_ENDS_MESSAGE);

	begin_piece(r, piece);
	if (cut)
		piece = slice_first(piece, nul);
	while (piece.len && !is_sent(&r->body)) {
		size_t end = slice_find(piece, '\n');

		add_line(r, slice_first(piece, end + 1));
		piece = slice_from(piece, end + 1);
	}
	r->body.cut = cut;
}

static bool is_glued(const struct render *r)
{
	return switched(r, DEFECT_TERMINATOR_GLUED) ||
	       (is_boundary(r, RENDER_PIECE) &&
		switched(r, DEFECT_TERMINATOR_GLUED_AT_BOUNDARY));
}

static void end_last_line(struct render *r)
{
	if (r->body.line_octets && !is_glued(r))
		buf_add_str(&r->out, "\r\n");
	if (switched(r, DEFECT_BLANK_LINE_BEFORE_TERMINATOR) ||
	    (r->body.is_message && is_boundary(r, RENDER_PIECE) &&
	     switched(r, DEFECT_BLANK_LINE_AT_BOUNDARY)))
		buf_add_str(&r->out, "\r\n");
}

static const char *terminator(const struct render *r)
{
	if (switched(r, DEFECT_TERMINATOR_WITHOUT_LF))
		return ".\r";
	if (switched(r, DEFECT_TERMINATOR_WITHOUT_CR))
		return ".\n";
	return ".\r\n";
}

/* A message may have no blank line, and no body. */
static bool is_header_only(const struct render *r)
{
	return r->body.is_message && r->body.in_headers;
}

static void end_body(struct render *r)
{
	bool top = r->body.lines_left != WHOLE_BODY;

	end_last_line(r);
	r->open = false;
	if (top && is_header_only(r) && switched(r, DEFECT_TOP_AWAITS_BLANK))
		return;
	if (!top && is_header_only(r) && switched(r, DEFECT_BLANK_LINE_ADDED))
		buf_add_str(&r->out, "\r\n");
	if (top && r->body.lines_left && switched(r, DEFECT_TOP_PADS))
		buf_add_str(&r->out, "\r\n");
	buf_add_str(&r->out, terminator(r));
	if (top && switched(r, DEFECT_TOP_WRITES_AFTER_END))
		buf_add_str(&r->out, "-ERR write after end\r\n");
}

static long read_piece(const struct body *b, char *to, size_t room)
{
	return is_sent(b) ? 0 : b->source.read(b->source.of, to, room);
}

static void pull(struct render *r)
{
	char piece[RENDER_PIECE];
	long n = read_piece(&r->body, piece, sizeof(piece));

	if (n > 0) {
		add_piece(r, slice_of(piece, (size_t)n));
	} else if (n == 0) {
		end_body(r);
	} else {
		r->open = false;
		r->broken = true;
	}
}

struct slice render_output(struct render *r)
{
	while (r->open && r->out.len < RENDER_PIECE && !r->out.failed)
		pull(r);
	return buf_slice(&r->out);
}

void render_sent(struct render *r, size_t octets)
{
	buf_drop(&r->out, octets);
}

bool render_is_waiting(const struct render *r)
{
	return r->open || r->out.len;
}

bool render_is_full(const struct render *r)
{
	return r->open || r->out.len >= RENDER_PIECE;
}

bool render_is_broken(const struct render *r)
{
	return r->broken || r->out.failed;
}

void render_drop(struct render *r)
{
	buf_clear(&r->out);
	r->open = false;
}
