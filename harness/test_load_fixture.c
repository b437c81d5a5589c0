/* SPDX-License-Identifier: MIT */
#include "load_fixture.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct room {
	struct scratch scratch;
	struct fixture fixture;
	struct error e;
};

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	scratch_open(&r->scratch);
	*state = r;
	return 0;
}

static int close_room(void **state)
{
	struct room *r = *state;

	scratch_close(&r->scratch);
	fixture_free(&r->fixture);
	free(r);
	return 0;
}

static int load(struct room *r, const char *name)
{
	fixture_free(&r->fixture);
	return load_fixture(&r->fixture, r->scratch.path, name, &r->e);
}

static void assert_wrong(struct room *r, const char *name, const char *message)
{
	assert_int_equal(load(r, name), -1);
	if (!strstr(r->e.text, message))
		print_error("came: %s\n", r->e.text);
	assert_non_null(strstr(r->e.text, message));
}

static void messages_are_read_as_they_stand(void **state)
{
	struct room *r = *state;
	const struct scratch *s = &r->scratch;

	scratch_write(s, "maildrops/three/b.eml", "X: 1\r\n\r\nb\n");
	scratch_write(s, "maildrops/three/a-1.eml", "no end");
	scratch_write(s, "maildrops/three/empty.eml", "");
	scratch_write(s, "maildrops/three/README.md", "not a message");
	assert_int_equal(load(r, "three"), 0);
	assert_string_equal(r->fixture.name, "three");
	assert_int_equal(r->fixture.count, 3);
	assert_string_equal(r->fixture.messages[0].name, "a-1");
	assert_true(
	    slice_is(buf_slice(&r->fixture.messages[0].octets), "no end"));
	assert_true(slice_is(buf_slice(&r->fixture.messages[1].octets),
			     "X: 1\r\n\r\nb\n"));
	assert_int_equal(r->fixture.messages[2].octets.len, 0);
}

static void a_recipe_is_followed(void **state)
{
	struct room *r = *state;
	const struct scratch *s = &r->scratch;

	scratch_write(s, "maildrops/bulk/maildrop.json",
		      "{\"messages\": [{\"name\": \"b\", \"count\": 7}]}");
	scratch_write(s, "maildrops/bulk/a.eml", "a");
	assert_int_equal(load(r, "bulk"), 0);
	assert_int_equal(r->fixture.count, 8);
	scratch_write(s, "maildrops/empty/maildrop.json", "{\"messages\": []}");
	assert_int_equal(load(r, "empty"), 0);
	assert_int_equal(r->fixture.count, 0);
}

static void what_is_not_there_is_named(void **state)
{
	struct room *r = *state;

	assert_wrong(r, "three", "/maildrops: No such file");
	scratch_write(&r->scratch, "maildrops/other/a.txt", "");
	assert_wrong(r, "three", "/maildrops/three: No such file");
	assert_wrong(r, "other",
		     "/maildrops/other: neither *.eml nor maildrop.json");
	scratch_write(&r->scratch, "maildrops/file", "");
	assert_wrong(r, "file", "/maildrops/file: not a directory");
}

static void a_name_cannot_leave_the_maildrops(void **state)
{
	struct room *r = *state;

	scratch_write(&r->scratch, "secret/a.eml", "a");
	scratch_directory(&r->scratch, "maildrops");
	assert_wrong(r, "../secret", "'../secret' is no name of a fixture");
	assert_wrong(r, "", "'' is no name of a fixture");
	assert_wrong(r, ".", "'.' is no name of a fixture");
	assert_wrong(r, "\x1b[1m", "'?[1m' is no name of a fixture");
}

static void links_are_refused(void **state)
{
	struct room *r = *state;
	const struct scratch *s = &r->scratch;

	scratch_link(s, "maildrops/a/m.eml", "/etc/passwd");
	assert_wrong(r, "a", "/a/m.eml: a symbolic link is not followed");
	scratch_link(s, "maildrops/b/maildrop.json", "/etc/passwd");
	assert_wrong(r, "b",
		     "/b/maildrop.json: a symbolic link is not followed");
	scratch_link(s, "maildrops/c", "/etc");
	assert_wrong(r, "c", "/maildrops/c: not a directory, or a symbolic");
}

static void what_is_wrong_in_a_file_names_it(void **state)
{
	struct room *r = *state;
	const struct scratch *s = &r->scratch;

	scratch_write(s, "maildrops/a/Upper.eml", "");
	assert_wrong(r, "a", "/a/Upper.eml: 'Upper' is not a name");
	scratch_write(s, "maildrops/b/maildrop.json", "{\"mesages\": []}");
	assert_wrong(r, "b", "/b/maildrop.json: lacks \"messages\"");
	scratch_directory(s, "maildrops/c/x.eml");
	assert_wrong(r, "c", "/c/x.eml: not a regular file");
	scratch_write(s, "maildrops/d/.eml", "hidden");
	assert_wrong(r, "d", "neither");
}

static void too_much_is_refused(void **state)
{
	struct room *r = *state;
	char *path;
	FILE *f;

	scratch_write(&r->scratch, "maildrops/big/a.eml", "");
	path = scratch_path(&r->scratch, "maildrops/big/a.eml");
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fseek(f, (long)FIXTURE_OCTETS_LIMIT, SEEK_SET), 0);
	fputc('x', f);
	fclose(f);
	free(path);
	assert_wrong(r, "big", "/big/a.eml: more than 67108864 octets");
}

#define IN_ROOM(t) cmocka_unit_test_setup_teardown(t, open_room, close_room)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(messages_are_read_as_they_stand),
	    IN_ROOM(a_recipe_is_followed),
	    IN_ROOM(what_is_not_there_is_named),
	    IN_ROOM(a_name_cannot_leave_the_maildrops),
	    IN_ROOM(links_are_refused),
	    IN_ROOM(what_is_wrong_in_a_file_names_it),
	    IN_ROOM(too_much_is_refused),
	};

	return cmocka_run_group_tests_name("load_fixture", tests, NULL, NULL);
}
