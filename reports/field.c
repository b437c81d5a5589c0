/* SPDX-License-Identifier: MIT */
#include "field.h"

#include "plain.h"
#include "verdict.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *write_text(const char *text)
{
	struct buf b = { 0 };
	json_t *value;

	plain_add(&b, text);
	value = b.failed ? NULL : json_stringn(b.ptr ? b.ptr : "", b.len);
	buf_free(&b);
	return value;
}

static uint64_t number_at(const void *at, size_t size)
{
	uint32_t small;
	uint64_t large;

	if (size == sizeof(small)) {
		memcpy(&small, at, size);
		return small;
	}
	memcpy(&large, at, sizeof(large));
	return large;
}

static json_t *write_number(uint64_t n)
{
	return n > FIELD_NUMBER_MAX ? NULL : json_integer((json_int_t)n);
}

/* JSON has no infinity; to the millisecond is all that a clock is good for. */
static json_t *write_seconds(double seconds)
{
	if (!isfinite(seconds) || seconds < 0)
		seconds = 0;
	return json_real(round(seconds * 1000) / 1000);
}

/* What is none of the letters is written as the last of them. */
static json_t *write_letter(const char *letters, const char *letter)
{
	const char *last = letters + strlen(letters) - 1;
	const char *found = memchr(letters, *letter, strlen(letters));

	return json_stringn(found ? found : last, 1);
}

static json_t *write_field(const struct field *f, const void *from,
			   struct error *e)
{
	const void *at = (const char *)from + f->offset;
	const char *text;

	switch (f->kind) {
	case FIELD_TEXT:
		memcpy(&text, at, sizeof(text));
		return write_text(text);
	case FIELD_NUMBER:
		return write_number(number_at(at, f->size));
	case FIELD_SECONDS:
		return write_seconds(*(const double *)at);
	case FIELD_FLAG:
		return json_boolean(*(const bool *)at);
	case FIELD_LETTER:
		return write_letter(f->letters, at);
	case FIELD_OUTCOME:
		return json_string(outcome_name(*(const enum outcome *)at));
	case FIELD_OBJECT:
		return fields_write(f->of, from, e);
	case FIELD_END:
		break;
	}
	return NULL;
}

json_t *fields_write(const struct field *fields, const void *from,
		     struct error *e)
{
	json_t *object = json_object();

	for (const struct field *f = fields; f->kind != FIELD_END; f++) {
		json_t *value = write_field(f, from, e);

		if (json_object_set_new(object, f->key, value)) {
			error_set(e, "\"%s\" does not fit into JSON", f->key);
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static int read_text(const json_t *value, void *at)
{
	const char *text = json_string_value(value);

	memcpy(at, &text, sizeof(text));
	return text ? 0 : -1;
}

static int read_number(const json_t *value, void *at, size_t size)
{
	json_int_t n = json_is_integer(value) ? json_integer_value(value) : -1;
	uint32_t small = (uint32_t)n;
	uint64_t large = (uint64_t)n;

	if (n < 0 || n > FIELD_NUMBER_MAX)
		return -1;
	if (size == sizeof(large)) {
		memcpy(at, &large, size);
		return 0;
	}
	memcpy(at, &small, sizeof(small));
	return small == large ? 0 : -1;
}

static int read_seconds(const json_t *value, double *seconds)
{
	*seconds = json_is_number(value) ? json_number_value(value) : -1;
	return *seconds >= 0 ? 0 : -1;
}

static int read_flag(const json_t *value, bool *flag)
{
	*flag = json_is_true(value);
	return json_is_boolean(value) ? 0 : -1;
}

static int read_letter(const json_t *value, const char *letters, char *letter)
{
	const char *text = json_string_value(value);

	if (!text || strlen(text) != 1 || !strchr(letters, *text))
		return -1;
	*letter = *text;
	return 0;
}

static int read_outcome(const json_t *value, enum outcome *outcome)
{
	return outcome_named(json_string_value(value), outcome) ? 0 : -1;
}

static int read_field(const struct field *f, const json_t *value, void *to)
{
	void *at = (char *)to + f->offset;

	switch (f->kind) {
	case FIELD_TEXT:
		return read_text(value, at);
	case FIELD_NUMBER:
		return read_number(value, at, f->size);
	case FIELD_SECONDS:
		return read_seconds(value, at);
	case FIELD_FLAG:
		return read_flag(value, at);
	case FIELD_LETTER:
		return read_letter(value, f->letters, at);
	case FIELD_OUTCOME:
		return read_outcome(value, at);
	case FIELD_OBJECT:
	case FIELD_END:
		break;
	}
	return json_is_object(value) ? 0 : -1;
}

static void read_nothing(const struct field *f, void *to)
{
	void *at = (char *)to + f->offset;
	const char *text = "";

	if (f->kind == FIELD_TEXT)
		memcpy(at, &text, sizeof(text));
	else
		memset(at, 0, f->size);
}

static int complain(const struct field *f, const char *where,
		    const json_t *value, struct error *e)
{
	static const char *const wanted[] = {
		[FIELD_TEXT] = "a string",
		[FIELD_NUMBER] = "a whole number from 0",
		[FIELD_SECONDS] = "a number from 0",
		[FIELD_FLAG] = "true or false",
		[FIELD_LETTER] = "one of the letters",
		[FIELD_OUTCOME] = "an outcome, such as \"PASS\"",
		[FIELD_OBJECT] = "an object",
	};
	char *found = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

	error_set(e, "%s/%s: %.60s, not %s %s", where, f->key,
		  found ? found : "missing", wanted[f->kind],
		  f->letters ? f->letters : "");
	free(found);
	return -1;
}

int fields_read(const struct field *fields, const char *where,
		const json_t *object, void *to, struct error *e)
{
	for (const struct field *f = fields; f->kind != FIELD_END; f++) {
		const json_t *value = json_object_get(object, f->key);
		char below[64];

		if (!value && f->optional) {
			read_nothing(f, to);
			continue;
		}
		if (read_field(f, value, to))
			return complain(f, where, value, e);
		if (f->kind != FIELD_OBJECT)
			continue;
		snprintf(below, sizeof(below), "%s/%s", where, f->key);
		if (fields_read(f->of, below, value, to, e))
			return -1;
	}
	return 0;
}
