/* SPDX-License-Identifier: MIT */
#include "library_internal.h"
#include "catalogue.h"
#include "file.h"
#include "visible.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* "sha256:" and the first octets: enough to tell two registers apart. */
static void digest(struct slice octets, char *to, size_t room)
{
	unsigned char sha[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	size_t at;

	at = (size_t)snprintf(to, room, "sha256:");
	if (!EVP_Digest(octets.ptr, octets.len, sha, &length, EVP_sha256(),
			NULL))
		length = 0;
	for (unsigned i = 0; i < length && at + 2 < room; i++, at += 2)
		snprintf(to + at, room - at, "%02x", sha[i]);
}

static int load_register(struct library *l, struct error *e)
{
	char *path = file_path(l->directory, "register.json");
	struct buf json = { 0 };

	if (!path)
		return error_set(e, "out of memory");
	if (!file_read(path, REGISTRY_LIMIT, &json, NULL, e)) {
		digest(buf_slice(&json), l->registered,
		       sizeof(l->registered));
		l->registry = registry_parse(buf_slice(&json), path, e);
	}
	buf_free(&json);
	free(path);
	return l->registry ? 0 : -1;
}

static int spend(struct library *l, const struct catalogue_entry *entry,
		 size_t octets, struct error *e)
{
	if (octets > LIBRARY_FOREIGN_LIMIT - l->foreign_octets)
		return error_set(e, "%s: strangers' scenarios hold more than "
				 "%zu octets", entry->path,
				 LIBRARY_FOREIGN_LIMIT);
	l->foreign_octets += octets;
	return 0;
}

/* What is in its patterns is in memory, too, and so are its steps. */
static int spend_parts(struct library *l, const struct catalogue_entry *entry,
		       const struct scenario *s, struct error *e)
{
	if (spend(l, entry, s->octets, e))
		return -1;
	if (s->parts > LIBRARY_FOREIGN_PARTS - l->foreign_parts)
		return error_set(e, "%s: strangers' scenarios have more than "
				 "%zu steps, patterns and parts of these",
				 entry->path, LIBRARY_FOREIGN_PARTS);
	l->foreign_parts += s->parts;
	return 0;
}

static struct scenario *parse(struct library *l,
			      const struct catalogue_entry *entry,
			      bool foreign, struct error *e)
{
	struct buf json = { 0 };
	struct scenario *s = NULL;

	if (!catalogue_read(entry, &json, e) &&
	    (!foreign || !spend(l, entry, json.len, e)))
		s = scenario_parse(buf_slice(&json), entry->id, entry->path,
				   e);
	buf_free(&json);
	if (!s || !foreign || !spend_parts(l, entry, s, e))
		return s;
	scenario_free(s);
	return NULL;
}

static int check(struct library *l, const struct scenario *s,
		 const struct library_source *from, size_t *at,
		 struct error *e)
{
	if (library_check_requirements(l, s, e) ||
	    library_settle_fixture(l, s, from, at, e))
		return -1;
	return library_check_names(
		l, s, *at == SIZE_MAX ? NULL : &l->fixtures[*at], e);
}

static struct scenario *load(struct library *l,
			     const struct catalogue_entry *entry,
			     const struct library_source *from, size_t *at,
			     struct error *e)
{
	struct scenario *s = parse(l, entry, from->foreign, e);

	if (s)
		s->foreign = from->foreign;
	if (!s || !check(l, s, from, at, e))
		return s;
	scenario_free(s);
	return NULL;
}

static void free_broken(struct library_broken *b)
{
	free(b->id);
	free(b->file);
	free(b->why);
}

static int add_broken(struct library *l, const struct catalogue_entry *entry,
		      const char *why, struct error *e)
{
	struct library_broken b = { .id = slice_copy(slice_str(entry->id)),
				    .file = visible(slice_str(entry->path)),
				    .why = slice_copy(slice_str(why)) };
	struct library_broken *broken = reallocarray(
		l->broken, l->broken_count + 1, sizeof(*broken));

	if (broken)
		l->broken = broken;
	if (broken && b.id && b.file && b.why) {
		broken[l->broken_count++] = b;
		return 0;
	}
	free_broken(&b);
	return error_set(e, "out of memory");
}

static int add_entry(struct library *l, const struct catalogue_entry *entry,
		     const struct library_source *from, struct error *e)
{
	struct error why;
	struct scenario *s;
	size_t at = SIZE_MAX;

	if (entry->wrong)
		return add_broken(l, entry, entry->wrong, e);
	s = load(l, entry, from, &at, &why);
	if (!s)
		return add_broken(l, entry, why.text, e);
	l->scenarios[l->count] = s;
	l->fixture_of[l->count++] = at;
	return 0;
}

static int make_room(struct library *l, size_t more, struct error *e)
{
	size_t room = l->count + more + 1;
	struct scenario **scenarios =
		reallocarray(l->scenarios, room, sizeof(*scenarios));
	size_t *fixture_of;

	if (!scenarios)
		return error_set(e, "out of memory");
	l->scenarios = scenarios;
	fixture_of = reallocarray(l->fixture_of, room, sizeof(*fixture_of));
	if (!fixture_of)
		return error_set(e, "out of memory");
	l->fixture_of = fixture_of;
	return 0;
}

static int add_entries(struct library *l, const struct catalogue *c,
		       const struct library_source *from, struct error *e)
{
	if (make_room(l, c->count, e))
		return -1;
	for (size_t i = 0; i < c->count; i++)
		if (add_entry(l, &c->entries[i], from, e))
			return -1;
	return 0;
}

int library_load(struct library *l, const char *directory, struct error *e)
{
	struct catalogue c = { 0 };
	struct library_source ours = { NULL, false };
	int failed;

	*l = (struct library){ 0 };
	l->directory = catalogue_directory(directory, e);
	if (!l->directory || load_register(l, e))
		return -1;
	ours.home = l->directory;
	failed = catalogue_add(&c, l->directory, "", e) ||
		 add_entries(l, &c, &ours, e) ||
		 library_add_fixture(l, &ours, "one", e);
	catalogue_free(&c);
	l->own_count = l->count;
	l->own_broken = l->broken_count;
	return failed ? -1 : 0;
}

/* Returns owned path, or where the file at path lies; or NULL. */
static char *home_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat is;

	if (!stat(path, &is) && S_ISDIR(is.st_mode))
		return slice_copy(slice_str(path));
	if (!slash)
		return slice_copy(slice_str("."));
	return slice_copy(slice_of(path, slash > path ? (size_t)(slash - path)
						      : 1));
}

static bool is_loaded(const struct library *l, const char *id)
{
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->scenarios[i]->id, id))
			return true;
	return false;
}

/* A file may be named by itself and in its directory, or twice. */
static int spoil_those_there(const struct library *l, struct catalogue *c,
			     struct error *e)
{
	for (size_t i = 0; i < c->count; i++) {
		struct catalogue_entry *entry = &c->entries[i];
		struct error why;

		if (entry->wrong || !is_loaded(l, entry->id))
			continue;
		error_set(&why, "%s: there is a scenario %s already",
			  entry->path, entry->id);
		entry->wrong = slice_copy(slice_str(why.text));
		if (!entry->wrong)
			return error_set(e, "out of memory");
	}
	return 0;
}

int library_add(struct library *l, const char *path, struct error *e)
{
	struct catalogue c = { 0 };
	char *home = home_of(path);
	struct library_source from = { home, true };
	int failed = home ? catalogue_add(&c, path, LIBRARY_FOREIGN, e)
			  : error_set(e, "out of memory");

	if (!failed && !c.count)
		failed = error_set(e, "%s: no scenario there", path);
	if (!failed)
		failed = spoil_those_there(l, &c, e) ||
			 add_entries(l, &c, &from, e);
	catalogue_free(&c);
	free(home);
	return failed ? -1 : 0;
}

void library_forget(struct library *l)
{
	while (l->count > l->own_count)
		scenario_free(l->scenarios[--l->count]);
	while (l->broken_count > l->own_broken)
		free_broken(&l->broken[--l->broken_count]);
	l->foreign_octets = l->foreign_parts = 0;
}

void library_free(struct library *l)
{
	for (size_t i = 0; i < l->count; i++)
		scenario_free(l->scenarios[i]);
	for (size_t i = 0; i < l->fixture_count; i++) {
		fixture_free(&l->fixtures[i]);
		free(l->homes[i]);
	}
	for (size_t i = 0; i < l->broken_count; i++)
		free_broken(&l->broken[i]);
	free(l->scenarios);
	free(l->fixture_of);
	free(l->fixtures);
	free(l->homes);
	free(l->broken);
	registry_free(l->registry);
	free(l->directory);
	*l = (struct library){ 0 };
}
