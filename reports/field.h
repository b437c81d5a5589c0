/* SPDX-License-Identifier: MIT */
/*
 * A JSON object and a C struct, tied by one constant table: the same rows
 * write and read, so that the two cannot drift apart.
 */
#ifndef REPORTS_FIELD_H
#define REPORTS_FIELD_H

#include "error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The largest whole number that every JSON reader keeps: 2^53 - 1. */
#define FIELD_NUMBER_MAX 9007199254740991

enum field_kind {
	FIELD_TEXT,    /* char *, or const char *; NULL is written as "" */
	FIELD_NUMBER,  /* a whole number from 0, of 4 or 8 octets */
	FIELD_SECONDS, /* double, from 0 */
	FIELD_FLAG,    /* bool */
	FIELD_LETTER,  /* char, one of the letters in `letters` */
	FIELD_OUTCOME, /* enum outcome, by name */
	FIELD_OBJECT,  /* an object of its own for some fields (`of`) of it */
	FIELD_END,
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t offset;
	size_t size;
	const char *letters;
	const struct field *of;
	bool optional; /* text, a number, seconds or a flag; no other */
};

#define FIELD_OF(type, kind, key, member, optional)                            \
	{                                                                      \
		key, kind, offsetof(type, member),                             \
			sizeof(((type *)0)->member), NULL, NULL, optional      \
	}
#define FIELD(type, kind, key, member) FIELD_OF(type, kind, key, member, false)
/* One that came later than its format: older files do without it. */
#define FIELD_LATER(type, kind, key, member)                                   \
	FIELD_OF(type, kind, key, member, true)
#define FIELD_LAST                                                             \
	{                                                                      \
		NULL, FIELD_END, 0, 0, NULL, NULL, false                       \
	}

/*
 * Returns a new object with what the struct at from holds, every string in
 * visible ASCII; or NULL and e: no memory, or a number over FIELD_NUMBER_MAX.
 */
json_t *fields_write(const struct field *fields, const void *from,
		     struct error *e);

/*
 * Fill the struct at to. All fields must be there but those that are optional,
 * which then read as "", 0 or false; keys that no field names are left alone.
 * Strings are borrowed from object. -1 and e, which begins with the JSON
 * pointer below where.
 */
int fields_read(const struct field *fields, const char *where,
		const json_t *object, void *to, struct error *e);

#endif
