/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <stdlib.h>

#define NAME_LIMIT 64

void fixture_free(struct fixture *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->messages[i].name);
		buf_free(&f->messages[i].octets);
	}
	free(f->messages);
	free(f->places);
	free(f->name);
	*f = (struct fixture){0};
}

bool fixture_is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-')
			return false;
	}
	return name.len >= 1 && name.len <= NAME_LIMIT;
}

/* FNV-1a: ten thousand names must not cost a hundred million comparisons. */
static size_t hash(struct slice name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ slice_at(name, i)) * 16777619u;
	return h;
}

static int check(const struct fixture *f, struct slice name,
		 const struct buf *octets, struct error *e)
{
	if (!fixture_is_name(name))
		return error_set(e,
				 "'%.*s' is not a name: 1 to %d of a to z, "
				 "0 to 9 and -",
				 (int)slice_first(name, 80).len,
				 name.len ? name.ptr : "", NAME_LIMIT);
	if (fixture_find(f, name))
		return error_set(e, "a second message is called %.*s",
				 (int)name.len, name.ptr);
	if (f->count >= FIXTURE_MESSAGES_LIMIT)
		return error_set(e, "more than %d messages",
				 FIXTURE_MESSAGES_LIMIT);
	if (octets->len > FIXTURE_OCTETS_LIMIT - f->octets)
		return error_set(e, "more than %zu octets in all",
				 FIXTURE_OCTETS_LIMIT);
	return 0;
}

/* The room that grow() made for count messages. */
static size_t room_for(size_t count)
{
	size_t room = 1;

	while (room < count)
		room *= 2;
	return room;
}

/* How many places there are with room for so many messages: half stay empty. */
static size_t places(size_t room)
{
	return 2 * room;
}

static void note_place(struct fixture *f, size_t room, size_t i)
{
	size_t at = hash(slice_str(f->messages[i].name)) % places(room);

	while (f->places[at])
		at = (at + 1) % places(room);
	f->places[at] = i + 1;
}

/* Twice the room at 1, 2, 4 ... messages. */
static bool grow(struct fixture *f)
{
	size_t room = f->count ? 2 * f->count : 1;
	size_t *empty;
	void *grown;

	if (f->count & (f->count - 1))
		return true;
	grown = realloc(f->messages, room * sizeof(*f->messages));
	if (grown)
		f->messages = grown;
	empty = grown ? calloc(places(room), sizeof(*empty)) : NULL;
	if (!empty)
		return false;
	free(f->places);
	f->places = empty;
	for (size_t i = 0; i < f->count; i++)
		note_place(f, room, i);
	return true;
}

static int append(struct fixture *f, struct slice name, struct buf *octets,
		  struct error *e)
{
	char *copy = grow(f) ? slice_copy(name) : NULL;

	if (!copy || octets->failed) {
		free(copy);
		return error_set(e, "no memory");
	}
	f->messages[f->count].name = copy;
	f->messages[f->count].octets = *octets;
	f->octets += octets->len;
	f->count++;
	note_place(f, room_for(f->count), f->count - 1);
	*octets = (struct buf){0};
	return 0;
}

int fixture_add(struct fixture *f, struct slice name, struct buf *octets,
		struct error *e)
{
	if (!check(f, name, octets, e) && !append(f, name, octets, e))
		return 0;
	buf_free(octets);
	return -1;
}

/* Somebody's choice from a fixture has no places. */
static const struct fixture_message *find_one_by_one(const struct fixture *f,
						     struct slice name)
{
	for (size_t i = 0; i < f->count; i++)
		if (slice_is(name, f->messages[i].name))
			return &f->messages[i];
	return NULL;
}

const struct fixture_message *fixture_find(const struct fixture *f,
					   struct slice name)
{
	size_t room = room_for(f->count);

	if (!f->places)
		return find_one_by_one(f, name);
	for (size_t at = hash(name) % places(room); f->places[at];
	     at = (at + 1) % places(room)) {
		struct fixture_message *m = &f->messages[f->places[at] - 1];

		if (slice_is(name, m->name))
			return m;
	}
	return NULL;
}

bool fixture_ends_open(struct slice stored)
{
	return !slice_ends(stored, "\n");
}

void fixture_as_sent(struct slice stored, enum fixture_end end, struct buf *to)
{
	struct slice rest = stored;
	size_t n;

	while ((n = slice_find(rest, '\n')) < rest.len) {
		struct slice line = slice_first(rest, n);

		buf_add(to, line);
		buf_add_str(to, slice_ends(line, "\r") ? "\n" : "\r\n");
		rest = slice_from(rest, n + 1);
	}
	buf_add(to, rest);
	if (end == FIXTURE_END_ADDED && fixture_ends_open(stored))
		buf_add_str(to, "\r\n");
}

/* The offset behind the line that begins at at. */
static size_t line_end(struct slice s, size_t at)
{
	struct slice rest = slice_from(s, at);
	size_t n = slice_find(rest, '\n');

	return n < rest.len ? at + n + 1 : s.len;
}

/* The offset behind the first blank line. */
static size_t header_end(struct slice s)
{
	size_t at = 0;

	while (at < s.len) {
		size_t next = line_end(s, at);
		struct slice line = slice_of(s.ptr + at, next - at);

		at = next;
		if (slice_is(line, "\n") || slice_is(line, "\r\n"))
			break;
	}
	return at;
}

struct slice fixture_top(struct slice stored, uint64_t lines)
{
	size_t at = header_end(stored);

	for (; lines && at < stored.len; lines--)
		at = line_end(stored, at);
	return slice_first(stored, at);
}
