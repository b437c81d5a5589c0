/* SPDX-License-Identifier: MIT */
#include "response.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* How many octets the UTF-8 sequence has that begins with this one. */
static size_t sequence(char first)
{
	unsigned char c = (unsigned char)first;

	return c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Text that was cut: the sequence that it ends in may be incomplete. */
static void drop_cut_sequence(char *text)
{
	size_t len = strlen(text), at = len;

	while (at > 0 && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (at > 0 && at - 1 + sequence(text[at - 1]) > len)
		text[at - 1] = '\0';
}

static void fill_in(struct reply *r, enum language language, const char *format,
		    va_list args)
{
	char *text = r->text[language];
	size_t room = sizeof(r->text[language]);
	int len = vsnprintf(text, room, format, args);

	if (len < 0 || (size_t)len >= room)
		drop_cut_sequence(text);
}

static void clear(struct reply *r)
{
	for (int l = 0; l < LANGUAGES; l++)
		r->text[l][0] = '\0';
}

static void fill(struct reply *r, const char *format, va_list args)
{
	clear(r);
	for (int l = ENGLISH + 1; l < LANGUAGES; l++) {
		const char *other = text_in((enum language)l, format);
		va_list again;

		if (!other)
			continue;
		va_copy(again, args);
		fill_in(r, (enum language)l, other, again);
		va_end(again);
	}
	fill_in(r, ENGLISH, format, args);
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

void reply_error(struct reply *r, const struct error *e)
{
	r->status = REPLY_ERR;
	clear(r);
	for (int l = 0; l < LANGUAGES; l++) {
		const char *text = text_in((enum language)l, e->text);

		if (text)
			snprintf(r->text[l], sizeof(r->text[l]), "%s", text);
	}
}

void reply_data(struct reply *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	r->status = REPLY_OK;
	r->needed = true;
	clear(r);
	fill_in(r, ENGLISH, format, args);
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
