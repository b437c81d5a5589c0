/* SPDX-License-Identifier: MIT */
#include "said.h"

#include <string.h>

struct slice line_take(struct slice *text)
{
	size_t end = slice_search(*text, slice_str("\r\n"));
	struct slice line = slice_first(*text, end);

	*text = slice_from(*text, end + strlen("\r\n"));
	return line;
}

struct slice command_word(struct slice command)
{
	return slice_first(command, slice_find(command, ' '));
}

struct slice command_rest(struct slice command)
{
	return slice_from(command, slice_find(command, ' ') + 1);
}

static bool is_one_of(struct slice word, const char *const words[])
{
	for (; *words; words++)
		if (slice_is_nocase(word, *words))
			return true;
	return false;
}

static bool may_have_body(struct slice command)
{
	static const char *const always[] = { "RETR", "TOP", "CAPA", NULL };
	static const char *const alone[] = { "LIST", "UIDL", "LANG",
					       NULL };

	return is_one_of(command_word(command), always) ||
	       is_one_of(command, alone);
}

bool is_visible(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e)
			return false;
	return true;
}

/* Octets of the character that text begins with, 0 where it is none. */
static size_t character(struct slice text)
{
	unsigned char first = (unsigned char)text.ptr[0];
	size_t n = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (n == 1)
		return is_visible(slice_first(text, 1));
	if (n > text.len || first > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)text.ptr[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Visible, or UTF-8 beyond ASCII. */
static bool is_text(struct slice text)
{
	while (text.len) {
		size_t n = character(text);

		if (!n)
			return false;
		text = slice_from(text, n);
	}
	return true;
}

static void take_status(struct said *s, struct slice line)
{
	const char *status = slice_starts(line, "+OK") ? "+OK" : "-ERR";

	fuzz_holds(slice_starts(line, status), "a status is +OK or -ERR", line);
	s->positive = *status == '+';
	s->text = slice_from(line, strlen(status));
	fuzz_holds(!s->text.len || s->text.ptr[0] == ' ',
		   "a space follows the status", line);
	s->text = slice_from(s->text, 1);
	fuzz_holds(line.len + strlen("\r\n") <= 512,
		   "a first line has 512 octets at most", line);
	fuzz_holds(is_text(line), "a first line is printable", line);
}

bool is_base64(struct slice text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				     "nopqrstuvwxyz0123456789+/";
	size_t pads = slice_ends(text, "==") ? 2 : slice_ends(text, "=");
	struct slice d = slice_first(text, text.len - pads);

	for (size_t i = 0; i < d.len; i++)
		if (!d.ptr[i] || !strchr(digits, d.ptr[i]))
			return false;
	if (text.len % 4 || !pads)
		return text.len % 4 == 0;
	/* Of the last digit four, or two, bits stand for nothing. */
	return strchr(pads == 2 ? "AQgw" : "AEIMQUYcgkosw048",
		      d.ptr[d.len - 1]);
}

bool said_take_challenge(struct slice *octets)
{
	struct slice line;

	if (!slice_starts(*octets, "+ ") ||
	    slice_search(*octets, slice_str("\r\n")) == octets->len)
		return false;
	line = line_take(octets);
	fuzz_holds(is_base64(slice_from(line, 2)), "a challenge is base64",
		   line);
	return true;
}

/* Returns false at the termination line. */
static bool take_body_line(struct said *s, struct slice line)
{
	fuzz_holds(slice_find(line, '\n') == line.len,
		   "a line of a body ends in CRLF", line);
	if (slice_is(line, "."))
		return false;
	fuzz_holds(!slice_starts(line, ".") || slice_starts(line, ".."),
		   "a line that begins with a full stop is stuffed", line);
	buf_add(&s->body, slice_from(line, slice_starts(line, ".")));
	buf_add_str(&s->body, "\r\n");
	return true;
}

static void take_body(struct said *s, struct slice *octets)
{
	while (slice_search(*octets, slice_str("\r\n")) < octets->len)
		if (!take_body_line(s, line_take(octets)))
			return;
	s->cut = true;
	*octets = slice_from(*octets, octets->len);
}

bool said_take(struct said *s, struct slice *octets, struct slice command)
{
	*s = (struct said){ 0 };
	if (slice_search(*octets, slice_str("\r\n")) == octets->len)
		return false;
	take_status(s, line_take(octets));
	s->has_body = s->positive && may_have_body(command);
	if (s->has_body)
		take_body(s, octets);
	return true;
}
