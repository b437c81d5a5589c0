/* SPDX-License-Identifier: MIT */
#include "catalogue.h"

#include "directory.h"
#include "file.h"
#include "scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".json"
#define ID_LENGTH 200

/* A walk through one tree. */
struct walk {
	struct catalogue *to;
	const char *prefix;
	size_t root;	 /* length of the tree's own path and slash in path */
	struct buf path; /* of what we look at */
	unsigned depth;
	bool full; /* no more is taken */
	struct error *error;
};

void catalogue_free(struct catalogue *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free(c->entries[i].id);
		free(c->entries[i].path);
		free(c->entries[i].wrong);
	}
	free(c->entries);
	*c = (struct catalogue){0};
}

static bool is_id_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool catalogue_is_id(struct slice id)
{
	char before = '/';

	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];

		if (!is_id_octet(c) && (c != '/' || before == '/'))
			return false;
		before = c;
	}
	return before != '/' && id.len <= ID_LENGTH;
}

/* Takes all three; NULL for one that should be there is -1. */
static int append(struct catalogue *c, char *id, char *path, char *wrong,
		  bool is_wrong)
{
	struct catalogue_entry *grown =
	    reallocarray(c->entries, c->count + 1, sizeof(*grown));

	if (grown)
		c->entries = grown;
	if (!grown || !id || !path || (is_wrong && !wrong)) {
		free(id);
		free(path);
		free(wrong);
		return -1;
	}
	grown[c->count++] = (struct catalogue_entry){id, path, wrong};
	return 0;
}

/* Owned: the id of path, or as near to one as its octets allow. */
static char *id_near(const struct walk *w, struct slice path)
{
	struct slice below = slice_from(path, w->root);
	struct buf id = {0};

	if (slice_ends(below, SUFFIX))
		below.len -= sizeof(SUFFIX) - 1;
	buf_add_str(&id, w->prefix);
	for (size_t i = 0; i < below.len && i < ID_LENGTH; i++) {
		char c = below.ptr[i];

		buf_add_char(&id, is_id_octet(c) || c == '/' ? c : '-');
	}
	if (!below.len)
		buf_add_str(&id, "scenarios");
	return buf_steal(&id);
}

/* What is at w->path is no scenario, for the reason that e has. */
static int spoil(struct walk *w, const struct error *e)
{
	struct slice path = buf_slice(&w->path);

	if (!append(w->to, id_near(w, path), slice_copy(path),
		    slice_copy(slice_str(e->text)), true))
		return 0;
	return error_set(w->error, "no memory");
}

static int wrong(struct walk *w, const char *why)
{
	struct error e;

	error_set(&e, "%s: %s", buf_text(&w->path), why);
	return spoil(w, &e);
}

/* The file at w->path, whose id begins at from. */
static int add_file(struct walk *w, size_t from)
{
	struct slice path = buf_slice(&w->path);
	struct slice below = slice_from(path, from);
	struct buf id = {0};

	below.len -= sizeof(SUFFIX) - 1;
	if (!catalogue_is_id(below))
		return wrong(w, "the path must be of a to z, 0 to 9 and -: it "
				"is the id of the scenario");
	buf_add_str(&id, w->prefix);
	buf_add(&id, below);
	if (!append(w->to, buf_steal(&id), slice_copy(path), NULL, false))
		return 0;
	return error_set(w->error, "no memory");
}

static bool is_scenario(const struct walk *w, const char *name)
{
	struct slice s = slice_str(name);

	return slice_ends(s, SUFFIX) && !slice_ends(s, ".schema" SUFFIX) &&
	       (w->depth || !slice_is(s, "register" SUFFIX));
}

static bool is_other_directory(const struct walk *w, const char *name)
{
	return !w->depth &&
	       (!strcmp(name, "maildrops") || !strcmp(name, "editions"));
}

static int walk_directory(struct walk *w, int dir);

static int descend(struct walk *w, int at, const char *name)
{
	struct error e;
	int dir, failed;

	if (w->depth + 1 == CATALOGUE_DEPTH)
		return wrong(w, "too deep");
	dir = directory_open(at, name, w->path.ptr, &e);
	if (dir < 0)
		return spoil(w, &e);
	w->depth++;
	failed = walk_directory(w, dir);
	w->depth--;
	close(dir);
	return failed;
}

static int walk_entry(struct walk *w, int dir, const char *name)
{
	struct stat is;

	if (!buf_text(&w->path))
		return error_set(w->error, "no memory");
	if (fstatat(dir, name, &is, AT_SYMLINK_NOFOLLOW))
		return wrong(w, strerror(errno));
	if (is_other_directory(w, name))
		return 0;
	if (S_ISDIR(is.st_mode))
		return descend(w, dir, name);
	if (S_ISLNK(is.st_mode))
		return wrong(w, "a symbolic link is not followed");
	if (!is_scenario(w, name))
		return 0;
	if (!S_ISREG(is.st_mode))
		return wrong(w, "not a regular file");
	return add_file(w, w->root);
}

static int walk_names(struct walk *w, int dir, const struct names *names)
{
	size_t here = w->path.len;
	int failed = 0;

	for (size_t i = 0; i < names->count && !failed && !w->full; i++) {
		buf_printf(&w->path, "/%s", names->list[i]);
		w->full = w->to->count >= CATALOGUE_LIMIT;
		failed = w->full ? wrong(w, "one scenario too many")
				 : walk_entry(w, dir, names->list[i]);
		w->path.len = here;
	}
	return failed;
}

static int walk_directory(struct walk *w, int dir)
{
	struct names names;
	struct error e;
	int failed;

	if (!buf_text(&w->path))
		return error_set(w->error, "no memory");
	if (directory_list(dir, w->path.ptr, CATALOGUE_LIMIT, &names, &e))
		return spoil(w, &e);
	failed = walk_names(w, dir, &names);
	names_free(&names);
	return failed;
}

static int walk_tree(struct walk *w)
{
	/* A person named it: the tree itself may be a link. */
	int dir = open(w->path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed;

	if (dir < 0)
		return error_set(w->error, "%s: %s", w->path.ptr,
				 strerror(errno));
	failed = walk_directory(w, dir);
	close(dir);
	return failed;
}

/* What is no scenario stands behind what is one. */
static int compare(const void *a, const void *b)
{
	const struct catalogue_entry *x = a, *y = b;
	int order = strcmp(x->id, y->id);

	if (!order)
		order = !!x->wrong - !!y->wrong;
	return order ? order : strcmp(x->path, y->path);
}

static bool is_there_twice(const struct catalogue_entry *first,
			   const struct catalogue_entry *second)
{
	return !first->wrong && !second->wrong &&
	       !strcmp(first->id, second->id);
}

static int sort(struct catalogue *c, struct error *e)
{
	struct catalogue_entry *first = c->entries;
	struct error why;

	if (c->count)
		qsort(c->entries, c->count, sizeof(*c->entries), compare);
	for (size_t i = 1; i < c->count; i++) {
		struct catalogue_entry *entry = &c->entries[i];

		if (!is_there_twice(first, entry)) {
			first = entry;
			continue;
		}
		error_set(&why, "%s: %s is scenario %s already", entry->path,
			  first->path, entry->id);
		entry->wrong = slice_copy(slice_str(why.text));
		if (!entry->wrong)
			return error_set(e, "no memory");
	}
	return 0;
}

static int add_single(struct walk *w)
{
	const char *slash = strrchr(w->path.ptr, '/');

	if (!slice_ends(buf_slice(&w->path), SUFFIX))
		return error_set(w->error, "%s: neither a directory nor *.json",
				 w->path.ptr);
	w->root = slash ? (size_t)(slash + 1 - w->path.ptr) : 0;
	return add_file(w, w->root);
}

int catalogue_add(struct catalogue *c, const char *path, const char *prefix,
		  struct error *e)
{
	struct walk w = {.to = c, .prefix = prefix, .error = e};
	struct stat is;
	int failed;

	if (stat(path, &is))
		return error_set(e, "%s: %s", path, strerror(errno));
	buf_add_str(&w.path, path);
	while (w.path.len > 1 && slice_ends(buf_slice(&w.path), "/"))
		w.path.len--;
	w.root = w.path.len + 1;
	if (!buf_text(&w.path))
		failed = error_set(e, "no memory");
	else if (S_ISDIR(is.st_mode))
		failed = walk_tree(&w);
	else
		failed = add_single(&w);
	buf_free(&w.path);
	return failed ? failed : sort(c, e);
}

int catalogue_read(const struct catalogue_entry *entry, struct buf *to,
		   struct error *e)
{
	return file_read_at(AT_FDCWD, entry->path, entry->path, SCENARIO_LIMIT,
			    to, e);
}

bool catalogue_matches(const char *text, const char *const *globs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!fnmatch(globs[i], text, 0))
			return true;
	return false;
}
