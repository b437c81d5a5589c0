/* SPDX-License-Identifier: MIT */
#include "json_reader.h"

#include "nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_reader_free(struct json_reader *r)
{
	buf_free(&r->pointer);
}

json_t *json_reader_parse(struct json_reader *r, struct slice text)
{
	json_error_t wrong;
	json_t *root = json_loadb(text.len ? text.ptr : "", text.len,
				  JSON_REJECT_DUPLICATES, &wrong);
	char *near;

	if (root)
		return root;
	/* What stands there may be a password: the place must do. */
	near = strstr(wrong.text, " near ");
	if (near)
		*near = '\0';
	error_set(r->error, "%s:%d:%d: %s", r->file,
		  wrong.line > 0 ? wrong.line : 1,
		  wrong.column > 0 ? wrong.column : 1, wrong.text);
	return NULL;
}

int json_reader_error(struct json_reader *r, const char *format, ...)
{
	const char *place = buf_text(&r->pointer);
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	error_set(r->error, "%s: %s%s%s", r->file, place ? place : "",
		  place && *place ? ": " : "",
		  buf_text(&text) ? text.ptr : "no memory");
	buf_free(&text);
	return -1;
}

/* The key that key was meant to be, or NULL. */
static const char *nearest(const char *key, const struct json_key *keys)
{
	struct nearest n = {.wrong = key};

	for (; keys->name; keys++)
		nearest_offer(&n, keys->name);
	return n.best;
}

static int unknown_key(struct json_reader *r, const char *key,
		       const struct json_key *keys)
{
	const char *meant = nearest(key, keys);
	struct buf known = {0};

	if (meant)
		return json_reader_error(r, "unknown key; did you mean \"%s\"?",
					 meant);
	for (const struct json_key *k = keys; k->name; k++)
		buf_printf(&known, "%s%s", k == keys ? "" : ", ", k->name);
	json_reader_error(r, "unknown key; known are %s",
			  buf_text(&known) ? known.ptr : "others");
	buf_free(&known);
	return -1;
}

/* A member's step of a JSON pointer (RFC 6901 section 3). */
static void point_at(struct json_reader *r, const char *key)
{
	buf_add_char(&r->pointer, '/');
	for (; *key; key++) {
		if (*key == '~')
			buf_add_str(&r->pointer, "~0");
		else if (*key == '/')
			buf_add_str(&r->pointer, "~1");
		else
			buf_add_char(&r->pointer, *key);
	}
}

static int read_member(struct json_reader *r, const char *key, json_t *value,
		       const struct json_key *keys, void *to)
{
	size_t here = r->pointer.len;
	const struct json_key *k = keys;
	int failed;

	point_at(r, key);
	while (k->name && strcmp(k->name, key))
		k++;
	failed = k->name ? k->read(r, value, (char *)to + k->field)
			 : unknown_key(r, key, keys);
	r->pointer.len = here;
	return failed;
}

int json_read_object(struct json_reader *r, json_t *value,
		     const struct json_key *keys, void *to)
{
	const char *key;
	json_t *member;

	if (!json_is_object(value))
		return json_reader_error(r, "must be an object: { ... }");
	json_object_foreach(
	    value, key,
	    member) if (read_member(r, key, member, keys, to)) return -1;
	return 0;
}

int json_read_array(struct json_reader *r, json_t *value, json_read *each,
		    void *to)
{
	size_t here = r->pointer.len;

	if (!json_is_array(value))
		return json_reader_error(r, "must be an array: [ ... ]");
	for (size_t i = 0; i < json_array_size(value); i++) {
		buf_printf(&r->pointer, "/%zu", i);
		if (each(r, json_array_get(value, i), to))
			return -1;
		r->pointer.len = here;
	}
	return 0;
}

int json_read_string(struct json_reader *r, json_t *value, void *to)
{
	char **field = to;
	char *copy;

	if (!json_is_string(value))
		return json_reader_error(r, "must be a string: \"...\"");
	copy = slice_copy(
	    slice_of(json_string_value(value), json_string_length(value)));
	if (!copy)
		return json_reader_error(r, "no memory");
	free(*field);
	*field = copy;
	return 0;
}

int json_read_number(struct json_reader *r, json_t *value, uint64_t min,
		     uint64_t max, uint64_t *to)
{
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < 0 || (uint64_t)n < min ||
	    (uint64_t)n > max)
		return json_reader_error(
		    r, "must be a whole number from %llu to %llu",
		    (unsigned long long)min, (unsigned long long)max);
	*to = (uint64_t)n;
	return 0;
}

int json_read_bool(struct json_reader *r, json_t *value, void *to)
{
	if (!json_is_boolean(value))
		return json_reader_error(r, "must be true or false");
	*(bool *)to = json_is_true(value);
	return 0;
}
