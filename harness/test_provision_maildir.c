/* SPDX-License-Identifier: MIT */
#include "file.h"
#include "provision.h"
#include "scratch.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct room {
	struct scratch scratch;
	char *pattern;
	struct provisioner *p;
	struct fixture fixture;
	struct error e;
};

static void add(struct fixture *f, const char *name, const char *text)
{
	struct buf octets = {0};

	buf_add_str(&octets, text);
	assert_int_equal(fixture_add(f, slice_str(name), &octets, NULL), 0);
}

static struct provisioner *open_another(struct room *r)
{
	struct target t = {.maildir = r->pattern};
	struct provisioner *p = provision_open(&t, &r->e);

	assert_non_null(p);
	return p;
}

static void make_maildir(struct room *r, const char *user)
{
	static const char *const parts[] = {"new", "cur", "tmp"};

	for (size_t i = 0; i < 3; i++) {
		char name[64];

		snprintf(name, sizeof(name), "mail/%s/%s", user, parts[i]);
		scratch_directory(&r->scratch, name);
	}
}

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	scratch_open(&r->scratch);
	r->pattern = scratch_path(&r->scratch, "mail/{user}");
	make_maildir(r, "alice");
	add(&r->fixture, "a", "Subject: a\n\none\n");
	add(&r->fixture, "b", "Subject: b\n\ntwo");
	r->p = open_another(r);
	*state = r;
	return 0;
}

static int close_room(void **state)
{
	struct room *r = *state;

	r->p->ops->free(r->p);
	fixture_free(&r->fixture);
	free(r->pattern);
	scratch_close(&r->scratch);
	free(r);
	return 0;
}

static int clear(struct room *r)
{
	return r->p->ops->clear(r->p, "alice", &r->e);
}

static void put(struct room *r)
{
	assert_int_equal(r->p->ops->put(r->p, "alice", &r->fixture, &r->e), 0);
}

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

static void assert_foreign(struct room *r, unsigned n)
{
	char expected[200];
	int before = scratch_entries(&r->scratch, "mail/alice/new") +
		     scratch_entries(&r->scratch, "mail/alice/cur");

	snprintf(expected, sizeof(expected),
		 "%s/mail/alice: holds %u message%s that pop3spec did not put "
		 "there",
		 r->scratch.path, n, n == 1 ? "" : "s");
	assert_int_equal(clear(r), -1);
	assert_string_equal(r->e.text, expected);
	assert_int_equal(r->p->ops->check(r->p, "alice", &r->e), -1);
	assert_string_equal(r->e.text, expected);
	assert_int_equal(scratch_entries(&r->scratch, "mail/alice/new") +
			     scratch_entries(&r->scratch, "mail/alice/cur"),
			 before);
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

static void somebodys_mail_is_left_alone(void **state)
{
	struct room *r = *state;

	put(r);
	scratch_write(&r->scratch, "mail/alice/cur/1.host:2,S", "mail");
	assert_foreign(r, 1);
	scratch_write(&r->scratch, "mail/alice/new/2.host", "mail");
	scratch_write(&r->scratch, "mail/alice/new/3.pop3spec-short", "x");
	scratch_directory(&r->scratch, "mail/alice/new/directory");
	assert_foreign(r, 4);
}

static void a_killed_run_is_cleared_by_content(void **state)
{
	struct room *r = *state;
	struct provisioner *killed = r->p;

	put(r);
	r->p = open_another(r);
	killed->ops->free(killed);
	assert_foreign(r, 2);
	assert_int_equal(r->p->ops->know(r->p, &r->fixture, &r->e), 0);
	assert_int_equal(clear(r), 0);
	assert_int_equal(scratch_entries(&r->scratch, "mail/alice/new"), 0);
}

static void our_mark_on_other_octets_is_foreign(void **state)
{
	struct room *r = *state;

	assert_int_equal(r->p->ops->know(r->p, &r->fixture, &r->e), 0);
	scratch_write(&r->scratch, "mail/alice/new/1.pop3spec-0123456789abcdef",
		      "Subject: a\r\n\r\none\r\n");
	assert_int_equal(clear(r), 0);
	scratch_write(&r->scratch, "mail/alice/new/1.pop3spec-0123456789abcdef",
		      "Subject: a\n\none\n\n");
	assert_foreign(r, 1);
}

static void a_link_is_foreign_and_stays(void **state)
{
	struct room *r = *state;

	assert_int_equal(r->p->ops->know(r->p, &r->fixture, &r->e), 0);
	scratch_write(&r->scratch, "victim", "Subject: a\n\none\n");
	scratch_link(&r->scratch, "mail/alice/new/1.pop3spec-0123456789abcdef",
		     "../../../victim");
	assert_foreign(r, 1);
}

static void a_user_cannot_leave_the_root(void **state)
{
	static const char *const users[] = {
	    "", ".", "..", "../alice", "a/b", "/etc", ".hidden", "a\nb", NULL,
	};
	struct room *r = *state;

	for (size_t i = 0; users[i]; i++) {
		assert_int_equal(r->p->ops->clear(r->p, users[i], &r->e), -1);
		assert_non_null(strstr(r->e.text, "has no maildrop here"));
		assert_int_equal(
		    r->p->ops->put(r->p, users[i], &r->fixture, &r->e), -1);
	}
}

static void a_missing_maildrop_is_named(void **state)
{
	struct room *r = *state;

	assert_int_equal(r->p->ops->put(r->p, "bob", &r->fixture, &r->e), -1);
	assert_non_null(strstr(r->e.text, "/mail/bob: there is no such "
					  "maildrop; as its owner: mkdir -p"));
	scratch_write(&r->scratch, "mail/carol/new/x", "");
	assert_int_equal(r->p->ops->check(r->p, "carol", &r->e), -1);
	assert_non_null(strstr(r->e.text, "/mail/carol/cur: No such file"));
}

static void a_linked_part_is_refused(void **state)
{
	struct room *r = *state;

	scratch_directory(&r->scratch, "elsewhere");
	scratch_directory(&r->scratch, "mail/dave/cur");
	scratch_directory(&r->scratch, "mail/dave/tmp");
	scratch_link(&r->scratch, "mail/dave/new", "../../elsewhere");
	assert_int_equal(r->p->ops->put(r->p, "dave", &r->fixture, &r->e), -1);
	assert_non_null(strstr(r->e.text, "/mail/dave/new: "));
	assert_int_equal(scratch_entries(&r->scratch, "elsewhere"), 0);
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

static void without_a_maildir_we_only_look(void **state)
{
	struct target t = {0};
	struct error e;

	(void)state;
	assert_null(provision_open(&t, &e));
	assert_string_equal(
	    e.text, "the target says nothing of how to fill a maildrop");
}

/* Until the first is gone, however it went. */
static void two_do_not_fill_one_maildrop(void **state)
{
	struct room *r = *state;
	struct provisioner *second = open_another(r);

	make_maildir(r, "bob");
	assert_int_equal(r->p->ops->hold(r->p, "alice", &r->e), 0);
	assert_int_equal(second->ops->hold(second, "bob", &r->e), 0);
	assert_int_equal(second->ops->hold(second, "alice", &r->e), -1);
	assert_non_null(strstr(r->e.text, "mail/alice: another run"));
	assert_int_equal(r->p->ops->hold(r->p, "bob", &r->e), -1);
	assert_int_equal(r->p->ops->hold(r->p, "nobody", &r->e), -1);
	put(r);
	assert_int_equal(clear(r), 0);
	second->ops->free(second);
	assert_int_equal(r->p->ops->hold(r->p, "bob", &r->e), 0);
}

#define IN_ROOM(t) cmocka_unit_test_setup_teardown(t, open_room, close_room)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(two_do_not_fill_one_maildrop),
	    IN_ROOM(what_was_put_is_there_and_is_cleared),
	    IN_ROOM(the_octets_stay_and_the_order_too),
	    IN_ROOM(no_name_comes_twice),
	    IN_ROOM(flags_of_a_server_do_not_make_it_foreign),
	    IN_ROOM(delivery_adds_one),
	    IN_ROOM(somebodys_mail_is_left_alone),
	    IN_ROOM(a_killed_run_is_cleared_by_content),
	    IN_ROOM(our_mark_on_other_octets_is_foreign),
	    IN_ROOM(a_link_is_foreign_and_stays),
	    IN_ROOM(a_user_cannot_leave_the_root),
	    IN_ROOM(a_missing_maildrop_is_named),
	    IN_ROOM(a_linked_part_is_refused),
	    IN_ROOM(owner_and_mode_are_the_maildrops),
	    IN_ROOM(lines_end_as_the_store_keeps_them),
	    cmocka_unit_test(without_a_maildir_we_only_look),
	};

	return cmocka_run_group_tests_name("provision_maildir", tests, NULL,
					   NULL);
}
