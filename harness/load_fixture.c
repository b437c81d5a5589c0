/* SPDX-License-Identifier: MIT */
#include "load_fixture.h"

#include "directory.h"
#include "file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define RECIPE "maildrop.json"
#define RECIPE_LIMIT ((size_t)1 << 20)
#define SUFFIX ".eml"

static int load_message(struct fixture *f, int dir, const char *file,
			const char *shown, struct error *e)
{
	struct slice name = slice_str(file);
	struct buf octets = {0};

	name.len -= sizeof(SUFFIX) - 1;
	if (file_read_at(dir, file, shown, FIXTURE_OCTETS_LIMIT, &octets, e)) {
		buf_free(&octets);
		return -1;
	}
	if (fixture_add(f, name, &octets, e))
		return error_prefix(e, shown);
	return 0;
}

static int load_recipe(struct fixture *f, int dir, const char *shown,
		       struct error *e)
{
	struct buf json = {0};
	int failed = file_read_at(dir, RECIPE, shown, RECIPE_LIMIT, &json, e);

	if (!failed)
		failed = fixture_generate(f, buf_slice(&json), shown, e);
	buf_free(&json);
	return failed;
}

/* Returns 1 when file is something else. */
static int load_file(struct fixture *f, int dir, const char *file,
		     const char *shown, struct error *e)
{
	struct buf path = {0};
	int done = 1;

	buf_printf(&path, "%s/%s", shown, file);
	if (!buf_text(&path))
		done = error_set(e, "no memory");
	else if (slice_is(slice_str(file), RECIPE))
		done = load_recipe(f, dir, path.ptr, e);
	else if (slice_ends(slice_str(file), SUFFIX))
		done = load_message(f, dir, file, path.ptr, e);
	buf_free(&path);
	return done;
}

static int load_all(struct fixture *f, int dir, const char *shown,
		    struct error *e)
{
	struct names names;
	bool found = false;
	int failed = directory_list(dir, shown, LOAD_FIXTURE_LIMIT, &names, e);

	if (failed)
		return failed;
	for (size_t i = 0; i < names.count && failed >= 0; i++) {
		failed = load_file(f, dir, names.list[i], shown, e);
		found |= failed == 0;
	}
	names_free(&names);
	if (failed < 0)
		return -1;
	return found
		   ? 0
		   : error_set(e, "%s: neither *" SUFFIX " nor " RECIPE, shown);
}

int load_fixture(struct fixture *f, const char *scenarios, const char *name,
		 struct error *e)
{
	struct buf path = {0};
	int all, dir = -1, failed = -1;

	*f = (struct fixture){0};
	if (!fixture_is_name(slice_str(name)))
		return error_set(e, "'%.80s' is no name of a fixture", name);
	buf_printf(&path, "%s/maildrops", scenarios);
	if (!buf_text(&path))
		return error_set(e, "no memory");
	all = directory_open(AT_FDCWD, path.ptr, path.ptr, e);
	buf_printf(&path, "/%s", name);
	f->name = slice_copy(slice_str(name));
	if (all >= 0 && buf_text(&path) && f->name)
		dir = directory_open(all, name, path.ptr, e);
	if (dir >= 0) {
		failed = load_all(f, dir, path.ptr, e);
		close(dir);
	}
	if (all >= 0)
		close(all);
	buf_free(&path);
	return failed;
}
