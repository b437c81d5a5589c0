/* SPDX-License-Identifier: MIT */
#include "bytes.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slice slice_of(const void *ptr, size_t len)
{
	return (struct slice){ ptr, len };
}

struct slice slice_str(const char *text)
{
	return slice_of(text, text ? strlen(text) : 0);
}

unsigned char slice_at(struct slice s, size_t i)
{
	return (unsigned char)s.ptr[i];
}

struct slice slice_from(struct slice s, size_t n)
{
	if (n >= s.len)
		return slice_of(NULL, 0);
	return slice_of(s.ptr + n, s.len - n);
}

struct slice slice_first(struct slice s, size_t n)
{
	return slice_of(s.ptr, n < s.len ? n : s.len);
}

size_t slice_find(struct slice s, char c)
{
	const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return at ? (size_t)(at - s.ptr) : s.len;
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

bool slice_is(struct slice s, const char *text)
{
	return slice_equal(s, slice_str(text));
}

bool slice_starts(struct slice s, const char *prefix)
{
	return slice_is(slice_first(s, strlen(prefix)), prefix);
}

bool slice_ends(struct slice s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.len >= n && slice_is(slice_from(s, s.len - n), suffix);
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (upper(a.ptr[i]) != upper(b.ptr[i]))
			return false;
	return true;
}

bool slice_is_nocase(struct slice s, const char *text)
{
	return slice_equal_nocase(s, slice_str(text));
}

size_t slice_search(struct slice s, struct slice needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++)
		if (slice_equal(slice_of(s.ptr + i, needle.len), needle))
			return i;
	return s.len;
}

void buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){ 0 };
}

void buf_clear(struct buf *b)
{
	b->len = 0;
}

/* Twice the room each time, so that n additions cost n copies, not n * n. */
static bool grow(struct buf *b, size_t need)
{
	size_t room = b->room ? b->room : 64;
	char *ptr;

	while (room < need) {
		if (room > SIZE_MAX / 2)
			return false;
		room *= 2;
	}
	ptr = realloc(b->ptr, room);
	if (!ptr)
		return false;
	b->ptr = ptr;
	b->room = room;
	return true;
}

char *buf_reserve(struct buf *b, size_t more)
{
	if (b->failed)
		return NULL;
	if (more > SIZE_MAX - b->len ||
	    (b->len + more > b->room && !grow(b, b->len + more))) {
		b->failed = true;
		return NULL;
	}
	return b->ptr ? b->ptr + b->len : NULL;
}

void buf_add(struct buf *b, struct slice octets)
{
	char *at;

	if (!octets.len)
		return;
	at = buf_reserve(b, octets.len);
	if (!at)
		return;
	memcpy(at, octets.ptr, octets.len);
	b->len += octets.len;
}

void buf_add_str(struct buf *b, const char *text)
{
	buf_add(b, slice_str(text));
}

void buf_add_char(struct buf *b, char c)
{
	buf_add(b, slice_of(&c, 1));
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
	va_list again;
	int n;
	char *at;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	at = n < 0 ? NULL : buf_reserve(b, (size_t)n + 1);
	if (at) {
		vsnprintf(at, (size_t)n + 1, format, again);
		b->len += (size_t)n;
	} else {
		b->failed = true;
	}
	va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(b, format, args);
	va_end(args);
}

void buf_drop(struct buf *b, size_t n)
{
	if (n > b->len)
		n = b->len;
	if (!n)
		return;
	memmove(b->ptr, b->ptr + n, b->len - n);
	b->len -= n;
}

struct slice buf_slice(const struct buf *b)
{
	return slice_of(b->ptr, b->len);
}

const char *buf_text(struct buf *b)
{
	char *end = buf_reserve(b, 1);

	if (!end)
		return NULL;
	*end = '\0';
	return b->ptr;
}

char *buf_steal(struct buf *b)
{
	char *text = buf_text(b) ? b->ptr : NULL;

	if (!text)
		free(b->ptr);
	*b = (struct buf){ 0 };
	return text;
}

char *slice_copy(struct slice s)
{
	struct buf b = { 0 };

	buf_add(&b, s);
	return buf_steal(&b);
}
