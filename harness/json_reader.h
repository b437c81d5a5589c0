/* SPDX-License-Identifier: MIT */
/*
 * From JSON into structs, by tables of keys. A syntax error is reported as
 * file:line:column, anything else as "file: /accounts/0/user: ..." with what
 * would have been right. Values are never echoed: they may be passwords.
 */
#ifndef JUDGE_JSON_READER_H
#define JUDGE_JSON_READER_H

#include "bytes.h"
#include "error.h"

#include <jansson.h>
#include <stdint.h>

struct json_reader {
	const char *file;    /* borrowed */
	struct error *error; /* borrowed, may be NULL */
	struct buf pointer;  /* where we are; owned, json_reader_free() */
};

void json_reader_free(struct json_reader *r);

/*
 * Parse text; a key that stands twice is an error, and so is a NUL in a
 * string. Returns owned (json_decref), or NULL and the error.
 */
json_t *json_reader_parse(struct json_reader *r, struct slice text);

/* Reads value into what to points at. Returns 0, or -1 and the error. */
typedef int json_read(struct json_reader *r, json_t *value, void *to);

struct json_key {
	const char *name; /* NULL ends a table */
	json_read *read;
	size_t field; /* offsetof() what read fills in the struct */
};

/*
 * Read each member of an object by its row of keys into its field of the
 * struct at to. A key that is in no row is an error that names the nearest row,
 * or all of them.
 */
int json_read_object(struct json_reader *r, json_t *value,
		     const struct json_key *keys, void *to);

/* Read each element of an array by each, all with the same to. */
int json_read_array(struct json_reader *r, json_t *value, json_read *each,
		    void *to);

/* to is a char **: an owned copy; what was there is freed. */
int json_read_string(struct json_reader *r, json_t *value, void *to);

/* to is a bool *. */
int json_read_bool(struct json_reader *r, json_t *value, void *to);

/* A whole number from min to max. */
int json_read_number(struct json_reader *r, json_t *value, uint64_t min,
		     uint64_t max, uint64_t *to);

/* Fill the error with the place and what format says. Returns -1. */
int json_reader_error(struct json_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
