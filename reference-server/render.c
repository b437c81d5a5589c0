/* SPDX-License-Identifier: MIT */
#include "base64.h"
#include "render_text.h"

#include <string.h>

struct render render_new(const struct switches *switches)
{
	return (struct render){ .switches = switches,
				.collects = RENDER_PIECE };
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
	return reply->text[ENGLISH][0];
}

static const char *text(const struct render *r, const struct reply *reply)
{
	const char *chosen = reply->text[r->language];

	if (!*chosen)
		chosen = reply->text[ENGLISH];
	if (r->without_codes && *chosen == '[' && strchr(chosen, ' '))
		return strchr(chosen, ' ') + 1;
	return chosen;
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
		buf_printf(&r->out, "%s%s", space(r, reply), text(r, reply));
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

void render_challenge(struct render *r, struct slice octets)
{
	buf_add_str(&r->out, "+ ");
	base64_encode(octets, &r->out);
	buf_add_str(&r->out, "\r\n");
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

/* The blank line, unless a defect overlooks it at the edge of a buffer. */
static bool ends_headers(const struct render *r)
{
	bool first = r->body.pieces > 1 && !r->body.line_ends;

	return r->body.line_octets <= 2 &&
	       !(render_is_top(r) && first &&
		 switched(r, DEFECT_TOP_OVERLOOKS_BLANK_LINE));
}

/* A line has come to its end: only those behind the blank one count. */
static void count_line(struct render *r)
{
	if (!r->body.in_headers)
		r->body.body_lines++;
	if (!r->body.in_headers && render_is_top(r))
		r->body.lines_left--;
	if (ends_headers(r))
		r->body.in_headers = false;
	r->body.line_ends++;
	r->body.line_octets = 0;
}

/* A line goes on in the next piece, which is another line for a defect. */
static void count_part(struct render *r)
{
	if (!r->body.in_headers && render_is_top(r) && r->body.lines_left &&
	    switched(r, DEFECT_TOP_COUNTS_BUFFERS))
		r->body.lines_left--;
}

/* One line, or as much of it as this piece has. */
static void add_line(struct render *r, struct slice line)
{
	if (!r->body.line_octets && line.ptr[0] == '.' && stuffs(r, line))
		buf_add_char(&r->out, '.');
	render_text(r, line);
	r->body.line_octets += line.len;
	r->body.looked_at += line.len;
	r->body.last = line.ptr[line.len - 1];
	if (r->body.last == '\n')
		count_line(r);
	else
		count_part(r);
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
	bool top = render_is_top(r);

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
	r->body.pieces++;
	r->body.line_ends = 0;
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
	       (render_is_top(r) && switched(r, DEFECT_TOP_TERMINATOR_GLUED)) ||
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

static bool pads(const struct render *r)
{
	if (!render_is_top(r) || !r->body.lines_left)
		return false;
	return switched(r, DEFECT_TOP_PADS) ||
	       (!r->body.body_lines && !r->body.in_headers &&
		switched(r, DEFECT_TOP_PADS_NOTHING));
}

static void end_body(struct render *r)
{
	bool top = render_is_top(r);

	end_last_line(r);
	r->open = false;
	if (top && is_header_only(r) && switched(r, DEFECT_TOP_AWAITS_BLANK))
		return;
	if (!top && is_header_only(r) && switched(r, DEFECT_BLANK_LINE_ADDED))
		buf_add_str(&r->out, "\r\n");
	if (pads(r) || (top && is_header_only(r) &&
			switched(r, ODDITY_TOP_ADDS_BLANK_LINE)))
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

void render_octets(struct render *r, struct slice octets)
{
	buf_add(&r->out, octets);
}

void render_cut(struct render *r, uint64_t octets)
{
	r->is_cut = true;
	r->left = octets;
}

static struct slice not_cut(const struct render *r, struct slice out)
{
	return r->is_cut && r->left < out.len ? slice_first(out, (size_t)r->left)
					      : out;
}

struct slice render_output(struct render *r)
{
	if (r->is_cut && !r->left) {
		render_drop(r);
		r->broken = true;
	}
	while (r->open && r->out.len < r->collects && !r->out.failed)
		pull(r);
	return not_cut(r, buf_slice(&r->out));
}

void render_sent(struct render *r, size_t octets)
{
	buf_drop(&r->out, octets);
	if (!render_is_waiting(r) && !r->out.failed)
		buf_free(&r->out);
	if (r->is_cut)
		r->left -= octets;
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
