/* SPDX-License-Identifier: MIT */
#include "file.h"
#include "maildir_room.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The n-th name of mail/alice/<part> in the order of octets; owned. */
static char *name_in(struct room *r, const char *part, int n)
{
	char directory[32];
	struct dirent **found;
	char *path, *name;
	int count;

	snprintf(directory, sizeof(directory), "mail/alice/%s", part);
	path = scratch_path(&r->scratch, directory);
	count = scandir(path, &found, NULL, alphasort);
	assert_true(count > n + 2);
	name = strdup(found[n + 2]->d_name); /* behind . and .. */
	for (int i = 0; i < count; i++)
		free(found[i]);
	free(found);
	free(path);
	return name;
}

static void move(struct room *r, const char *from, const char *to)
{
	char *a = scratch_path(&r->scratch, from);
	char *b = scratch_path(&r->scratch, to);

	assert_int_equal(rename(a, b), 0);
	free(a);
	free(b);
}

static void what_was_put_is_there_and_is_cleared(void **state)
{
	struct room *r = *state;
	const struct scratch *s = &r->scratch;

	put(r);
	assert_int_equal(scratch_entries(s, "mail/alice/new"), 2);
	assert_int_equal(scratch_entries(s, "mail/alice/tmp"), 0);
	assert_int_equal(r->p->ops->check(r->p, "alice", &r->e), 0);
	assert_int_equal(clear(r), 0);
	assert_int_equal(scratch_entries(s, "mail/alice/new"), 0);
	assert_int_equal(clear(r), 0);
}

static void the_octets_stay_and_the_order_too(void **state)
{
	struct room *r = *state;
	char text[64];
	FILE *f;

	put(r);
	for (int i = 0; i < 2; i++) {
		struct slice octets = buf_slice(&r->fixture.messages[i].octets);
		char *name = name_in(r, "new", i);
		char *below;
		size_t n;

		assert_true(asprintf(&below, "mail/alice/new/%s", name) > 0);
		free(name);
		name = scratch_path(&r->scratch, below);
		f = fopen(name, "re");
		assert_non_null(f);
		n = fread(text, 1, sizeof(text), f);
		fclose(f);
		assert_true(slice_equal(slice_of(text, n), octets));
		free(name);
		free(below);
	}
}

static void no_name_comes_twice(void **state)
{
	struct room *r = *state;
	char *first, *second;

	put(r);
	first = name_in(r, "new", 0);
	assert_int_equal(clear(r), 0);
	put(r);
	second = name_in(r, "new", 0);
	assert_string_not_equal(first, second);
	free(first);
	free(second);
}

static void flags_of_a_server_do_not_make_it_foreign(void **state)
{
	struct room *r = *state;
	char *name, from[200], to[200];

	put(r);
	name = name_in(r, "new", 0);
	snprintf(from, sizeof(from), "mail/alice/new/%s", name);
	snprintf(to, sizeof(to), "mail/alice/cur/%s:2,S", name);
	move(r, from, to);
	free(name);
	name = name_in(r, "new", 0);
	snprintf(from, sizeof(from), "mail/alice/new/%s", name);
	snprintf(to, sizeof(to), "mail/alice/cur/%s,S=9:2,", name);
	move(r, from, to);
	free(name);
	assert_int_equal(scratch_entries(&r->scratch, "mail/alice/cur"), 2);
	assert_int_equal(clear(r), 0);
	assert_int_equal(scratch_entries(&r->scratch, "mail/alice/cur"), 0);
}

static void delivery_adds_one(void **state)
{
	struct room *r = *state;

	put(r);
	assert_int_equal(
	    r->p->ops->deliver(r->p, "alice", &r->fixture.messages[1], &r->e),
	    0);
	assert_int_equal(scratch_entries(&r->scratch, "mail/alice/new"), 3);
}

static void owner_and_mode_are_the_maildrops(void **state)
{
	struct room *r = *state;
	char *new = scratch_path(&r->scratch, "mail/alice/new");
	char *name, *path, below[200];
	struct stat is;
	uid_t owner = geteuid() ? geteuid() : 12345;

	assert_int_equal(chown(new, owner, getegid()), 0);
	assert_int_equal(chmod(new, 0750), 0);
	put(r);
	name = name_in(r, "new", 0);
	snprintf(below, sizeof(below), "mail/alice/new/%s", name);
	path = scratch_path(&r->scratch, below);
	assert_int_equal(stat(path, &is), 0);
	assert_int_equal(is.st_uid, owner);
	assert_int_equal(is.st_mode & 07777, 0640);
	free(path);
	free(name);
	free(new);
}

static void assert_stored(struct room *r, enum line_ends ends,
			  const char *expected)
{
	struct target t = { .maildir = r->pattern, .line_ends = ends };
	struct provisioner *p = provision_open(&t, &r->e);
	struct fixture mixed = { 0 };
	struct buf stored = { 0 };
	char below[300];
	char *name, *path;

	assert_non_null(p);
	add(&mixed, "m", "h\r\n\na\rb\r\r\nend");
	assert_int_equal(p->ops->put(p, "alice", &mixed, &r->e), 0);
	name = name_in(r, "new", 0);
	snprintf(below, sizeof(below), "mail/alice/new/%s", name);
	path = scratch_path(&r->scratch, below);
	assert_int_equal(file_read(path, 100, &stored, NULL, &r->e), 0);
	assert_string_equal(buf_text(&stored), expected);
	assert_int_equal(p->ops->clear(p, "alice", &r->e), 0);
	buf_free(&stored);
	free(path);
	free(name);
	fixture_free(&mixed);
	p->ops->free(p);
}

static void lines_end_as_the_store_keeps_them(void **state)
{
	struct room *r = *state;

	assert_stored(r, LINE_ENDS_LF, "h\n\na\rb\r\nend");
	assert_stored(r, LINE_ENDS_CRLF, "h\r\n\r\na\rb\r\r\nend");
	assert_stored(r, LINE_ENDS_AS_IS, "h\r\n\na\rb\r\r\nend");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(what_was_put_is_there_and_is_cleared),
	    IN_ROOM(the_octets_stay_and_the_order_too),
	    IN_ROOM(no_name_comes_twice),
	    IN_ROOM(flags_of_a_server_do_not_make_it_foreign),
	    IN_ROOM(delivery_adds_one),
	    IN_ROOM(owner_and_mode_are_the_maildrops),
	    IN_ROOM(lines_end_as_the_store_keeps_them),
	};

	return cmocka_run_group_tests_name("provision_maildir", tests, NULL,
					   NULL);
}
