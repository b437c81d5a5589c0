/* SPDX-License-Identifier: MIT */
#include "catalogue.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

struct room {
	struct scratch scratch;
	struct catalogue catalogue;
	struct error e;
};

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	scratch_open(&r->scratch);
	unsetenv("POP3SPEC_SCENARIOS");
	*state = r;
	return 0;
}

static int close_room(void **state)
{
	struct room *r = *state;

	scratch_close(&r->scratch);
	catalogue_free(&r->catalogue);
	free(r);
	return 0;
}

static int add(struct room *r, const char *name, const char *prefix)
{
	char *path = scratch_path(&r->scratch, name);
	int failed = catalogue_add(&r->catalogue, path, prefix, &r->e);

	free(path);
	return failed;
}

/* One entry is wrong, as message says; its id is the one given. */
static void assert_wrong(struct room *r, const char *id, const char *message)
{
	const struct catalogue_entry *wrong = NULL;

	assert_int_equal(add(r, "", ""), 0);
	for (size_t i = 0; i < r->catalogue.count; i++) {
		if (!r->catalogue.entries[i].wrong)
			continue;
		assert_null(wrong);
		wrong = &r->catalogue.entries[i];
	}
	assert_non_null(wrong);
	assert_non_null(strstr(wrong->wrong, message));
	assert_string_equal(wrong->id, id);
}

static void a_tree_becomes_sorted_ids(void **state)
{
	struct room *r = *state;
	const struct scratch *s = &r->scratch;
	struct buf text = {0};

	scratch_write(s, "update/quit.json", "2");
	scratch_write(s, "greeting/deep/er/x-1.json", "1");
	scratch_write(s, "top.json", "");
	assert_int_equal(add(r, "", ""), 0);
	assert_int_equal(r->catalogue.count, 3);
	assert_string_equal(r->catalogue.entries[0].id, "greeting/deep/er/x-1");
	assert_string_equal(r->catalogue.entries[1].id, "top");
	assert_string_equal(r->catalogue.entries[2].id, "update/quit");
	assert_int_equal(
	    catalogue_read(&r->catalogue.entries[2], &text, &r->e), 0);
	assert_true(slice_is(buf_slice(&text), "2"));
	buf_free(&text);
}

static void what_is_no_scenario_is_left_alone(void **state)
{
	struct room *r = *state;
	const struct scratch *s = &r->scratch;

	scratch_write(s, "register.json", "");
	scratch_write(s, "scenario.schema.json", "");
	scratch_write(s, "README.md", "");
	scratch_write(s, "maildrops/Any thing/maildrop.json", "");
	scratch_write(s, "editions/2026.1.json", "");
	scratch_write(s, ".git/config.json", "");
	scratch_write(s, "a/.hidden.json", "");
	scratch_write(s, "a/register.json", "");
	assert_int_equal(add(r, "", ""), 0);
	assert_int_equal(r->catalogue.count, 1);
	assert_string_equal(r->catalogue.entries[0].id, "a/register");
}

static void a_link_is_refused(void **state)
{
	struct room *r = *state;

	scratch_link(&r->scratch, "a/b.json", "/etc/passwd");
	scratch_write(&r->scratch, "a/c.json", "");
	assert_wrong(r, "a/b", "/a/b.json: a symbolic link is not followed");
	assert_int_equal(r->catalogue.count, 2);
}

static void a_link_to_a_directory_is_refused(void **state)
{
	struct room *r = *state;

	scratch_link(&r->scratch, "a/b", "/etc");
	assert_wrong(r, "a/b", "/a/b: a symbolic link is not followed");
}

static void a_named_tree_may_be_a_link(void **state)
{
	struct room *r = *state;

	scratch_write(&r->scratch, "tree/a.json", "");
	scratch_link(&r->scratch, "link", "tree");
	assert_int_equal(add(r, "link", ""), 0);
	assert_string_equal(r->catalogue.entries[0].id, "a");
}

static void names_that_make_no_id_are_refused(void **state)
{
	static const char *const names[][2] = {
	    {"A.json", "-"},	     {"a_b.json", "a-b"}, {"a b.json", "a-b"},
	    {"Dir/a.json", "-ir/a"}, {"a.b.json", "a-b"}, {"\xff\n.json", "--"},
	};
	struct room *r = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct scratch inner;

		scratch_open(&inner);
		scratch_write(&inner, names[i][0], "");
		assert_int_equal(
		    catalogue_add(&r->catalogue, inner.path, "", &r->e), 0);
		assert_int_equal(r->catalogue.count, 1);
		assert_string_equal(r->catalogue.entries[0].id, names[i][1]);
		assert_non_null(
		    strstr(r->catalogue.entries[0].wrong, "it is the id"));
		catalogue_free(&r->catalogue);
		scratch_close(&inner);
	}
}

static void what_is_no_file_is_refused(void **state)
{
	struct room *r = *state;
	char *path = scratch_path(&r->scratch, "fifo.json");

	assert_int_equal(mkfifo(path, 0600), 0);
	assert_wrong(r, "fifo", "/fifo.json: not a regular file");
	free(path);
}

static void ids_have_single_slashes(void **state)
{
	char big[202];

	(void)state;
	assert_true(catalogue_is_id(slice_str("a/b-1")));
	assert_false(catalogue_is_id(slice_str("")));
	assert_false(catalogue_is_id(slice_str("/a")));
	assert_false(catalogue_is_id(slice_str("a/")));
	assert_false(catalogue_is_id(slice_str("a//b")));
	assert_false(catalogue_is_id(slice_str("../a")));
	memset(big, 'a', sizeof(big));
	assert_true(catalogue_is_id(slice_of(big, 200)));
	assert_false(catalogue_is_id(slice_of(big, 201)));
}

static void depth_is_bounded(void **state)
{
	struct room *r = *state;

	scratch_write(&r->scratch, "1/2/3/4/5/6/7/ok.json", "");
	assert_int_equal(add(r, "", ""), 0);
	scratch_write(&r->scratch, "1/2/3/4/5/6/7/8/a.json", "");
	catalogue_free(&r->catalogue);
	assert_wrong(r, "1/2/3/4/5/6/7/8", "/1/2/3/4/5/6/7/8: too deep");
	assert_int_equal(r->catalogue.count, 2);
}

static void a_single_file_has_its_name(void **state)
{
	struct room *r = *state;

	scratch_write(&r->scratch, "Dir/find-1.json", "");
	scratch_write(&r->scratch, "Dir/notes.txt", "");
	assert_int_equal(add(r, "Dir/find-1.json", "foreign/"), 0);
	assert_string_equal(r->catalogue.entries[0].id, "foreign/find-1");
	assert_int_equal(add(r, "Dir/notes.txt", "foreign/"), -1);
	assert_non_null(strstr(r->e.text, "neither a directory nor *.json"));
	assert_int_equal(add(r, "none.json", ""), -1);
	assert_non_null(strstr(r->e.text, "No such file"));
	assert_int_equal(add(r, "Dir/find-1.json", "foreign/"), 0);
	assert_int_equal(r->catalogue.count, 2);
	assert_null(r->catalogue.entries[0].wrong);
	assert_non_null(strstr(r->catalogue.entries[1].wrong,
			       " is scenario foreign/find-1 already"));
}

static void a_file_over_a_mebibyte_is_not_read(void **state)
{
	struct room *r = *state;
	struct buf big = {0};
	struct buf got = {0};

	for (int i = 0; i < 65537; i++)
		buf_add_str(&big, "0123456789abcdef");
	scratch_write(&r->scratch, "a.json", buf_text(&big));
	assert_int_equal(add(r, "", ""), 0);
	assert_int_equal(catalogue_read(&r->catalogue.entries[0], &got, &r->e),
			 -1);
	assert_non_null(strstr(r->e.text, "more than 1048576 octets"));
	buf_free(&big);
	buf_free(&got);
}

static void globs_match_whole_ids(void **state)
{
	const char *const globs[] = {"update/*", "RFC1939-[45]-*"};

	(void)state;
	assert_true(catalogue_matches("update/rset", globs, 2));
	assert_true(catalogue_matches("update/a/b", globs, 2));
	assert_true(catalogue_matches("RFC1939-4-01", globs, 2));
	assert_false(catalogue_matches("RFC1939-6-01", globs, 2));
	assert_false(catalogue_matches("an-update/x", globs, 2));
	assert_false(catalogue_matches("update/x", globs, 0));
}

static void our_scenarios_are_found(void **state)
{
	struct room *r = *state;
	char *path;

	path = catalogue_directory(r->scratch.path, &r->e);
	assert_string_equal(path, r->scratch.path);
	free(path);
	setenv("POP3SPEC_SCENARIOS", r->scratch.path, 1);
	path = catalogue_directory(NULL, &r->e);
	assert_string_equal(path, r->scratch.path);
	free(path);
	setenv("POP3SPEC_SCENARIOS", "/nowhere", 1);
	assert_null(catalogue_directory(NULL, &r->e));
	assert_string_equal(
	    r->e.text, "/nowhere: not a directory (from POP3SPEC_SCENARIOS)");
	assert_null(catalogue_directory("/none", &r->e));
	assert_string_equal(r->e.text,
			    "/none: not a directory (from the command line)");
}

#define IN_ROOM(t) cmocka_unit_test_setup_teardown(t, open_room, close_room)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(a_tree_becomes_sorted_ids),
	    IN_ROOM(what_is_no_scenario_is_left_alone),
	    IN_ROOM(a_link_is_refused),
	    IN_ROOM(a_link_to_a_directory_is_refused),
	    IN_ROOM(a_named_tree_may_be_a_link),
	    IN_ROOM(names_that_make_no_id_are_refused),
	    IN_ROOM(what_is_no_file_is_refused),
	    cmocka_unit_test(ids_have_single_slashes),
	    IN_ROOM(depth_is_bounded),
	    IN_ROOM(a_single_file_has_its_name),
	    IN_ROOM(a_file_over_a_mebibyte_is_not_read),
	    cmocka_unit_test(globs_match_whole_ids),
	    IN_ROOM(our_scenarios_are_found),
	};

	return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
