/* SPDX-License-Identifier: MIT */
/*
 * ANONYMOUS (RFC 4505): anybody gets in, and may leave a trace of who it is: an
 * address of mail, or a word without "@". It means nothing to us; still it is
 * what section 2 says, or no response at all. Directions of writing that are
 * mixed are not looked for (section 3).
 */
#include "sasl_exchange.h"

#define TOKEN_CHARACTERS 255

/* What UTF-8 may be, as the ABNF of section 2 has it. */
static const struct form {
	unsigned char from, to; /* the first octet */
	size_t len;
	unsigned char second_from, second_to;
} forms[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 }, { 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* Section 3: tables C.2.1 to C.9 of RFC 3454, but C.5, which is no UTF-8. */
static const struct range {
	unsigned long from, to;
} prohibited[] = {
	{ 0x0000, 0x001f },	{ 0x007f, 0x009f },	{ 0x0340, 0x0341 },
	{ 0x06dd, 0x06dd },	{ 0x070f, 0x070f },	{ 0x180e, 0x180e },
	{ 0x200c, 0x200f },	{ 0x2028, 0x202e },	{ 0x2060, 0x2063 },
	{ 0x206a, 0x206f },	{ 0xe000, 0xf8ff },	{ 0xfdd0, 0xfdef },
	{ 0xfeff, 0xfeff },	{ 0xfff9, 0xffff },	{ 0x1d173, 0x1d17a },
	{ 0xe0001, 0xe0001 },	{ 0xe0020, 0xe007f },	{ 0xf0000, 0xffffd },
	{ 0x100000, 0x10fffd },
};

static const struct form *form_of(unsigned char first)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (first >= forms[i].from && first <= forms[i].to)
			return &forms[i];
	return NULL;
}

/* Takes a character off the front of *text. Returns false when it is none. */
static bool take_character(struct slice *text, unsigned long *character)
{
	const struct form *f = form_of(slice_at(*text, 0));
	unsigned char c = slice_at(*text, 0);

	if (!f || f->len > text->len)
		return false;
	*character = f->len == 1 ? c : c & (0x7fu >> f->len);
	for (size_t i = 1; i < f->len; i++) {
		c = slice_at(*text, i);
		if (c < (i == 1 ? f->second_from : 0x80) ||
		    c > (i == 1 ? f->second_to : 0xbf))
			return false;
		*character = *character << 6 | (c & 0x3f);
	}
	*text = slice_from(*text, f->len);
	return true;
}

static bool is_prohibited(unsigned long c)
{
	if ((c & 0xfffe) == 0xfffe) /* the end of each plane (C.4) */
		return true;
	for (size_t i = 0; i < sizeof(prohibited) / sizeof(prohibited[0]); i++)
		if (c >= prohibited[i].from && c <= prohibited[i].to)
			return true;
	return false;
}

/* How many characters text has; SIZE_MAX: it is no text. */
static size_t characters(struct slice text)
{
	unsigned long c;
	size_t count = 0;

	for (; text.len; count++)
		if (!take_character(&text, &c) || is_prohibited(c))
			return SIZE_MAX;
	return count;
}

/* RFC 5322 section 3.2.3; beyond ASCII as RFC 6532 has it. */
static bool is_dot_atom(struct slice s)
{
	struct slice specials = slice_str("()<>[]:;@\\,\" ");
	char before = '.';

	for (size_t i = 0; i < s.len; i++) {
		if (slice_find(specials, s.ptr[i]) < specials.len ||
		    (s.ptr[i] == '.' && before == '.'))
			return false;
		before = s.ptr[i];
	}
	return before != '.';
}

static bool is_quoted(struct slice s)
{
	size_t i = 1;

	if (!slice_starts(s, "\""))
		return false;
	while (i < s.len && s.ptr[i] != '"')
		i += s.ptr[i] == '\\' ? 2 : 1;
	return i + 1 == s.len;
}

static bool is_literal(struct slice s)
{
	struct slice marks = slice_str("[]\\");

	if (!slice_starts(s, "[") || !slice_ends(s, "]") || s.len < 2)
		return false;
	for (size_t i = 1; i + 1 < s.len; i++)
		if (slice_find(marks, s.ptr[i]) < marks.len)
			return false;
	return true;
}

/* An addr-spec (section 3.4.1); what is quoted may have "@", too. */
static bool is_email(struct slice s)
{
	struct slice local, domain;
	size_t at = s.len;

	while (at > 0 && s.ptr[at - 1] != '@')
		at--;
	if (at == 0)
		return false;
	local = slice_first(s, at - 1);
	domain = slice_from(s, at);
	return (is_dot_atom(local) || is_quoted(local)) &&
	       (is_dot_atom(domain) || is_literal(domain));
}

static bool is_trace(struct slice text)
{
	size_t count = characters(text);

	if (count == SIZE_MAX)
		return false;
	if (slice_find(text, '@') < text.len)
		return is_email(text);
	return count <= TOKEN_CHARACTERS;
}

struct sasl_answer anonymous(struct sasl_exchange *x, struct slice response)
{
	if (!is_trace(response))
		return sasl_refused(REFUSED_RESPONSE);
	return sasl_succeed(x, slice_str(x->sasl->config->anonymous),
			    slice_str(NULL));
}
