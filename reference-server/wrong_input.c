/* SPDX-License-Identifier: MIT */
/*
 * How wrong servers read what comes: where a line ends, which octets of it are
 * seen, what of a segment is lost, and what an end without QUIT does. A server
 * that is right goes through here and nothing happens.
 */
#include "session_state.h"

#define LONG_LINE 512	/* where a buffer ends in some */
#define LONGEST 65536	/* what none should need */

void session_misread(struct session *s)
{
	struct line *l = &s->line;
	size_t len = line_text(l).len, n = 0;

	if (switched(s, DEFECT_NUL_ENDS_COMMAND))
		l->len = slice_find(line_text(l), '\0');
	if (switched(s, DEFECT_COMMAND_OF_SEVEN_BITS))
		for (size_t i = 0; i < len; i++)
			l->octets[i] &= 0x7f;
	if (switched(s, DEFECT_TILDE_REFUSED))
		for (size_t i = 0; i < len; i++)
			if (l->octets[i] == '~')
				l->octets[i] = 0x7f;
	if (!switched(s, DEFECT_CONTROLS_SKIPPED))
		return;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)l->octets[i] >= ' ')
			l->octets[n++] = l->octets[i];
	l->len = n;
}

enum grammar session_line_grammar(const struct session *s)
{
	if (switched(s, DEFECT_LF_ENDS_COMMAND) ||
	    switched(s, ODDITY_LF_LINES_REFUSED))
		return LENIENT;
	return grammar(s);
}

/* The octets before a CR that another command follows. */
static struct slice up_to_cr(struct slice octets)
{
	size_t cr = slice_find(octets, '\r');

	return cr + 1 < octets.len && octets.ptr[cr + 1] != '\n'
		       ? slice_first(octets, cr)
		       : octets;
}

struct slice session_line_part(const struct session *s, struct slice octets)
{
	size_t len = s->line.complete ? 0 : s->line.len;

	if (switched(s, DEFECT_CR_ENDS_COMMAND))
		return up_to_cr(octets);
	if (switched(s, DEFECT_LONG_LINE_IN_TWO) && len < LONG_LINE)
		return slice_first(octets, LONG_LINE - len);
	return octets;
}

static bool ends_too_soon(const struct session *s)
{
	return switched(s, DEFECT_PIECE_IS_A_COMMAND) ||
	       (s->state == AUTHORIZATION &&
		switched(s, DEFECT_LOGIN_PIECE_IS_A_COMMAND)) ||
	       (s->line.len == LONG_LINE &&
		switched(s, DEFECT_LONG_LINE_IN_TWO));
}

size_t session_end_line(struct session *s, struct slice part,
			struct slice octets, size_t taken)
{
	bool cr = s->line.last == '\r' && !s->line.complete;

	if (s->line.len > LONGEST && switched(s, DEFECT_LONG_LINE_CRASHES))
		__builtin_trap();
	if (cr && taken == octets.len && switched(s, DEFECT_CR_ENDS_PIECE)) {
		s->line.complete = true;
		s->line.len--;
	}
	if (ends_too_soon(s))
		s->line.complete = true;
	if (s->line.complete || part.len == octets.len || taken < part.len ||
	    !switched(s, DEFECT_CR_ENDS_COMMAND))
		return 0;
	s->line.complete = true;
	return 1; /* the CR */
}

bool session_cuts_body(struct session *s, struct slice octets)
{
	if (!render_is_waiting(&s->render) || !s->maildrop)
		return false;
	if (switched(s, DEFECT_QUIT_CUTS_BODY) && slice_starts(octets, "QUIT"))
		render_drop(&s->render);
	return switched(s, DEFECT_BODY_EATS_INPUT);
}

bool session_loses_rest(struct session *s, unsigned errors, size_t *commands)
{
	bool first = *commands == 0;

	*commands += s->line.complete;
	if (s->want == WANT_UPDATE && !first &&
	    switched(s, DEFECT_QUIT_ALONE_REMOVES))
		session_unmark(s);
	return (s->want == WANT_VERIFY &&
		switched(s, DEFECT_LOGIN_EATS_INPUT)) ||
	       (s->errors > errors && switched(s, DEFECT_ERROR_EATS_INPUT)) ||
	       (*commands >= 256 && switched(s, DEFECT_BATCH_OF_256));
}

/* What is there of a command whose CRLF never came. */
static bool is_half_quit(const struct session *s)
{
	struct slice text = line_text(&s->line);

	if (s->line.complete || !text.len)
		return false;
	if (switched(s, DEFECT_END_ENDS_LF) && slice_is_nocase(text, "QUIT\n"))
		return true;
	return switched(s, DEFECT_HALF_QUIT_REMOVES) && text.len < 4 &&
	       slice_equal(text, slice_first(slice_str("QUIT"), text.len));
}

bool session_end_removes(struct session *s)
{
	bool body = render_is_waiting(&s->render);

	if (switched(s, DEFECT_END_DROPS_REPLIES))
		render_drop(&s->render);
	return switched(s, DEFECT_DROP_REMOVES) ||
	       switched(s, DEFECT_DROP_REMOVES_RETRIEVED) || is_half_quit(s) ||
	       (body && switched(s, DEFECT_BROKEN_BODY_REMOVES)) ||
	       s->quitting;
}
