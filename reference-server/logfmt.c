/* SPDX-License-Identifier: MIT */
#include "logfmt.h"

#include <stdio.h>
#include <string.h>

/* What is put together before it is known to have room. */
struct field {
	char text[4 * LOGFMT_VALUE + 64];
	size_t len;
};

static void add(struct field *f, const char *text)
{
	size_t len = strlen(text);

	if (len > sizeof(f->text) - f->len)
		len = sizeof(f->text) - f->len;
	memcpy(f->text + f->len, text, len);
	f->len += len;
}

static bool is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\';
}

static bool all_plain(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_plain(slice_at(s, i)))
			return false;
	return s.len > 0;
}

static void add_octet(struct field *f, unsigned char c)
{
	static const char named[] = "\n\r\t\"\\", names[] = "nrt\"\\";
	const char *at = c ? strchr(named, c) : NULL;
	char text[8];

	if (at)
		snprintf(text, sizeof(text), "\\%c", names[at - named]);
	else if (c < ' ' || c > '~')
		snprintf(text, sizeof(text), "\\x%02x", (unsigned)c);
	else
		snprintf(text, sizeof(text), "%c", c);
	add(f, text);
}

static void add_quoted(struct field *f, struct slice value)
{
	struct slice shown = slice_first(value, LOGFMT_VALUE);

	add(f, "\"");
	for (size_t i = 0; i < shown.len; i++)
		add_octet(f, slice_at(shown, i));
	add(f, shown.len < value.len ? "...\"" : "\"");
}

static void append(struct logfmt *l, const char *key, const char *value,
		   size_t len)
{
	size_t key_len = strlen(key);
	char *to = l->text + l->len;

	if (key_len + len + 2 > sizeof(l->text) - l->len)
		return;
	if (l->len > 0)
		*to++ = ' ';
	memcpy(to, key, key_len);
	to[key_len] = '=';
	memcpy(to + key_len + 1, value, len);
	l->len = (size_t)(to - l->text) + key_len + 1 + len;
}

void logfmt_text(struct logfmt *l, const char *key, struct slice value)
{
	struct field f = { .len = 0 };

	if (value.len <= LOGFMT_VALUE && all_plain(value)) {
		append(l, key, value.ptr, value.len);
		return;
	}
	add_quoted(&f, value);
	append(l, key, f.text, f.len);
}

/* By hand: a line has ten of them, and snprintf() takes most of its time. */
static char *add_digits(char *to, unsigned n, int digits)
{
	for (int i = digits; i-- > 0; n /= 10)
		to[i] = (char)('0' + n % 10);
	return to + digits;
}

/* In decimal, right before end. Returns where it begins. */
static char *number_before(char *end, uint64_t n)
{
	do {
		*--end = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return end;
}

void logfmt_number(struct logfmt *l, const char *key, uint64_t value)
{
	char text[24], *end = text + sizeof(text);
	const char *begin = number_before(end, value);

	append(l, key, begin, (size_t)(end - begin));
}

void logfmt_ms(struct logfmt *l, const char *key, uint64_t ms)
{
	char text[32], *end = text + sizeof(text), *point = end - 4;
	const char *begin = number_before(point, ms / 1000);

	*point = '.';
	add_digits(point + 1, (unsigned)(ms % 1000), 3);
	append(l, key, begin, (size_t)(end - begin));
}

/* So many digits, and what stands behind them. */
static char *add_part(char *to, int n, int digits, char behind)
{
	to = add_digits(to, (unsigned)n, digits);
	*to = behind;
	return to + 1;
}

struct logfmt logfmt_line(struct timespec at, const char *event)
{
	struct logfmt l = { .len = 0 };
	struct tm t = { 0 };
	char text[32], *to = text;

	gmtime_r(&at.tv_sec, &t);
	to = add_part(to, t.tm_year + 1900, 4, '-');
	to = add_part(to, t.tm_mon + 1, 2, '-');
	to = add_part(to, t.tm_mday, 2, 'T');
	to = add_part(to, t.tm_hour, 2, ':');
	to = add_part(to, t.tm_min, 2, ':');
	to = add_part(to, t.tm_sec, 2, '.');
	to = add_part(to, (int)(at.tv_nsec / 1000000), 3, 'Z');
	append(&l, "time", text, (size_t)(to - text));
	append(&l, "event", event, strlen(event));
	return l;
}
