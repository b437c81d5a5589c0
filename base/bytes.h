/* SPDX-License-Identifier: MIT */
/*
 * Octets. A slice borrows them, a buf owns them. Nothing here knows POP3: this
 * is the only code that the judge and the server share.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Borrowed octets: any values, no terminator. ptr may be NULL when len is 0. */
struct slice {
	const char *ptr;
	size_t len;
};

struct slice slice_of(const void *ptr, size_t len);
struct slice slice_str(const char *text); /* up to the NUL; NULL is empty */

/* The octet at i, as 0 to 255. i must be below s.len. */
unsigned char slice_at(struct slice s, size_t i);

/* What follows the first n octets, and the first n; n is cut to s.len. */
struct slice slice_from(struct slice s, size_t n);
struct slice slice_first(struct slice s, size_t n);

/* The offset of the first c, or s.len when there is none. */
size_t slice_find(struct slice s, char c);

bool slice_equal(struct slice a, struct slice b);
bool slice_is(struct slice s, const char *text);
bool slice_starts(struct slice s, const char *prefix);
bool slice_ends(struct slice s, const char *suffix);

/* The same, but A to Z equal a to z, whatever the locale. */
bool slice_equal_nocase(struct slice a, struct slice b);
bool slice_is_nocase(struct slice s, const char *text);

/* The offset at which needle begins, or s.len. An empty needle is at 0. */
size_t slice_search(struct slice s, struct slice needle);

/*
 * Owned octets that grow. All zeroes is an empty buf. When memory runs out the
 * buf remembers it: failed is set, later additions do nothing, and the owner
 * checks once, at the end.
 */
struct buf {
	char *ptr;
	size_t len;
	size_t room;
	bool failed;
};

void buf_free(struct buf *b);  /* gives the memory back; b is empty again */
void buf_clear(struct buf *b); /* keeps the memory; failed stays as it is */

void buf_add(struct buf *b, struct slice octets);
void buf_add_str(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Make room for more octets behind len. Returns where they go, or NULL. */
char *buf_reserve(struct buf *b, size_t more);

/* Drop the first n octets (n is cut to b->len); the rest moves up. */
void buf_drop(struct buf *b, size_t n);

/* All that b holds, borrowed until b changes. */
struct slice buf_slice(const struct buf *b);

/* What b holds with a NUL behind it, borrowed; NULL when b failed. */
const char *buf_text(struct buf *b);

/*
 * Returns owned (free it) what b holds with a NUL behind it, or NULL when b
 * failed. b is empty afterwards.
 */
char *buf_steal(struct buf *b);

/* Returns owned a NUL-terminated copy of s, or NULL without memory. */
char *slice_copy(struct slice s);

#endif
