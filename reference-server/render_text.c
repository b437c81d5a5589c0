/* SPDX-License-Identifier: MIT */
#include "render_text.h"

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

/* Headers that a defect has no more room for. */
static bool is_cut_off(const struct render *r)
{
	return render_is_top(r) && r->body.in_headers &&
	       r->body.looked_at > 4096 && switched(r, DEFECT_TOP_CUTS_HEADERS);
}

static bool clears_eighth_bit(const struct render *r)
{
	return switched(r, DEFECT_EIGHTH_BIT_CLEARED) ||
	       (render_is_top(r) && switched(r, DEFECT_TOP_CLEARS_EIGHTH_BIT));
}

void render_text(struct render *r, struct slice octets)
{
	if (is_cut_off(r) && r->body.line_octets + octets.len > 2)
		return;
	if (switched(r, DEFECT_LINE_ENDS_LF))
		add_without(&r->out, octets, '\r');
	else if (clears_eighth_bit(r))
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
