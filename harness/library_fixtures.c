/* SPDX-License-Identifier: MIT */
/* Whose fixture is whose: ours, and those that strangers bring along. */
#include "library_internal.h"
#include "load_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The place of the fixture called name that stands in home; or their number. */
static size_t find_fixture(const struct library *l, const char *home,
			   const char *name)
{
	size_t i = 0;

	while (i < l->fixture_count && (strcmp(l->fixtures[i].name, name) ||
					strcmp(l->homes[i], home)))
		i++;
	return i;
}

const struct fixture *library_fixture_named(const struct library *l,
					    const char *name)
{
	size_t i = find_fixture(l, l->directory, name);

	return i < l->fixture_count ? &l->fixtures[i] : NULL;
}

const struct fixture *library_fixture(const struct library *l,
				      const struct scenario *s)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->scenarios[i] == s)
			return l->fixture_of[i] == SIZE_MAX
				       ? NULL
				       : &l->fixtures[l->fixture_of[i]];
	return NULL;
}

static int grow_fixtures(struct library *l)
{
	struct fixture *fixtures = reallocarray(
		l->fixtures, l->fixture_count + 1, sizeof(*fixtures));
	char **homes;

	if (!fixtures)
		return -1;
	l->fixtures = fixtures;
	homes = reallocarray(l->homes, l->fixture_count + 1, sizeof(*homes));
	if (!homes)
		return -1;
	l->homes = homes;
	return 0;
}

static size_t mail_in(const struct fixture *f)
{
	size_t octets = 0;

	for (size_t i = 0; i < f->count; i++)
		octets += f->messages[i].octets.len;
	return octets;
}

int library_add_fixture(struct library *l, const struct library_source *from,
			const char *name, struct error *e)
{
	const char *home = from->home;
	struct fixture f = { 0 };
	size_t mail = 0;
	char *copy;
	int failed;

	if (find_fixture(l, home, name) < l->fixture_count)
		return 0;
	failed = load_fixture(&f, home, name, e);
	if (!failed && from->foreign)
		mail = mail_in(&f);
	if (mail > LIBRARY_FOREIGN_MAIL_LIMIT - l->foreign_mail)
		failed = error_set(e, "strangers' fixtures hold more than %zu "
				   "octets", LIBRARY_FOREIGN_MAIL_LIMIT);
	copy = failed ? NULL : slice_copy(slice_str(home));
	if (failed || !copy || grow_fixtures(l)) {
		free(copy);
		fixture_free(&f);
		return failed ? -1 : error_set(e, "out of memory");
	}
	l->foreign_mail += mail;
	l->homes[l->fixture_count] = copy;
	l->fixtures[l->fixture_count++] = f;
	return 0;
}

/* Whether something called so, be it a link, is in the maildrops of home. */
static bool has_fixture(const char *home, const char *name)
{
	struct buf path = { 0 };
	struct stat is;
	bool has;

	buf_printf(&path, "%s/maildrops/%s", home, name);
	has = buf_text(&path) && !lstat(path.ptr, &is);
	buf_free(&path);
	return has;
}

int library_settle_fixture(struct library *l, const struct scenario *s,
			   const struct library_source *from, size_t *at,
			   struct error *e)
{
	struct library_source ours = { l->directory, false };

	*at = SIZE_MAX;
	if (!s->maildrop)
		return 0;
	if (!has_fixture(from->home, s->maildrop))
		from = &ours;
	if (library_add_fixture(l, from, s->maildrop, e)) {
		error_prefix(e, "/maildrop");
		return error_prefix(e, s->file);
	}
	*at = find_fixture(l, from->home, s->maildrop);
	return 0;
}
