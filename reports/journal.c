/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include "bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 4096 /* the rest is moved up after each line: keep it short */

struct journal {
	FILE *file;
	const char *path;
	struct buf pending; /* read, and not yet handed on */
	size_t searched;    /* of it, without a line end */
	size_t number;      /* of the line read last, from 1 */
	bool ended;
};

struct journal *journal_open(const char *path, struct error *e)
{
	struct journal *j = calloc(1, sizeof(*j));

	if (j)
		j->file = fopen(path, "re");
	if (!j || !j->file) {
		error_set(e, "%s: cannot read: %s", path, strerror(errno));
		free(j);
		return NULL;
	}
	j->path = path;
	return j;
}

int journal_wrong(const struct journal *j, struct error *e)
{
	struct buf place = { 0 };
	const char *text;

	buf_printf(&place, "%s:%zu", j->path, j->number);
	text = buf_text(&place);
	error_prefix(e, text ? text : "no memory");
	buf_free(&place);
	return -1;
}

static int read_piece(struct journal *j, struct error *e)
{
	char *at = buf_reserve(&j->pending, PIECE);
	size_t n = at ? fread(at, 1, PIECE, j->file) : 0;

	j->pending.len += n;
	j->ended = !n;
	if (!at)
		return error_set(e, "no memory for the line");
	if (ferror(j->file))
		return error_set(e, "cannot read: %s", strerror(errno));
	return 0;
}

/* The length of the next line without its end; all that is left, at last. */
static int line_length(struct journal *j, size_t *length, struct error *e)
{
	for (;;) {
		struct slice fresh = slice_from(buf_slice(&j->pending),
						j->searched);

		*length = j->searched + slice_find(fresh, '\n');
		j->searched = j->pending.len;
		if (*length > JOURNAL_LINE_MAX)
			return error_set(e, "a line over %d octets",
					 JOURNAL_LINE_MAX);
		if (*length < j->pending.len || j->ended)
			return 0;
		if (read_piece(j, e))
			return -1;
	}
}

static json_t *parse(const struct journal *j, size_t length, struct error *e)
{
	json_error_t where;
	json_t *object = json_loadb(j->pending.ptr, length,
				    JSON_REJECT_DUPLICATES, &where);

	if (json_is_object(object))
		return object;
	if (object)
		error_set(e, "%s:%zu:1: not an object", j->path, j->number);
	else
		error_set(e, "%s:%zu:%d: %s", j->path, j->number,
			  where.column, where.text);
	json_decref(object);
	return NULL;
}

enum journal_line journal_next(struct journal *j, json_t **object,
			       struct error *e)
{
	size_t length;
	bool whole;

	j->number++;
	if (line_length(j, &length, e)) {
		journal_wrong(j, e);
		return JOURNAL_WRONG;
	}
	if (!j->pending.len)
		return JOURNAL_END;
	whole = length < j->pending.len;
	*object = parse(j, length, e);
	if (!*object)
		return whole ? JOURNAL_WRONG : JOURNAL_CUT;
	buf_drop(&j->pending, length + 1);
	j->searched = 0;
	return JOURNAL_LINE;
}

void journal_free(struct journal *j)
{
	if (!j)
		return;
	fclose(j->file);
	buf_free(&j->pending);
	free(j);
}
