/* SPDX-License-Identifier: MIT */
/* What a child wrote to standard error. It is this program, too: see act(). */
#include "actor.h"

/* What the child does, by its first argument. */
static int act(const char *part)
{
	if (!strcmp(part, "fails")) {
		fputs("first\nno such\033[1m thing\n\n", stderr);
		return 3;
	}
	if (!strcmp(part, "noisy")) {
		fill(stderr, 1 << 20);
		fputs("the last word\n", stderr);
		say("done\n");
	} else if (!strcmp(part, "sanitizer")) {
		fill(stderr, 1 << 20);
		fputs("==1==ERROR: AddressSanitizer: heap\n", stderr);
		fill(stderr, 1 << 20);
		say("done\n");
	} else if (!strcmp(part, "ubsan")) {
		fputs("a.c:1:2: runtime error: shift\n", stderr);
		say("done\n");
	} else if (!strcmp(part, "panic")) {
		fputs("panic: runtime error: nil\n", stderr);
		say("done\n");
	}
	for (;;)
		pause();
}

static void an_end_is_explained(void **state)
{
	struct child *c = start("fails");
	struct buf how = {0};
	struct error e;
	char *rest;

	(void)state;
	assert_int_equal(spawn_await_line(c, "ready", LONG, NULL, &rest, &e),
			 -1);
	assert_string_equal(e.text,
			    "ended with exit status 3: no such?[1m thing");
	assert_true(spawn_ended(c, &how));
	assert_string_equal(buf_text(&how), "exit status 3");
	assert_false(spawn_succeeded(c));
	buf_clear(&how);
	spawn_errors(c, &how);
	assert_non_null(strstr(buf_text(&how), "first\n"));
	buf_free(&how);
	spawn_free(c);
}

static void the_last_errors_are_kept(void **state)
{
	struct child *c = start("noisy");
	struct buf errors = {0};

	(void)state;
	assert_said(c, "done", "");
	spawn_stop(c, LONG);
	spawn_errors(c, &errors);
	assert_true(errors.len <= SPAWN_KEPT_LIMIT);
	assert_true(slice_ends(buf_slice(&errors), "the last word\n"));
	assert_false(spawn_sanitizer_spoke(c));
	buf_free(&errors);
	spawn_free(c);
}

static void a_sanitizer_is_heard_and_kept(void **state)
{
	struct child *c = start("sanitizer");
	struct buf errors = {0};

	(void)state;
	assert_said(c, "done", "");
	spawn_stop(c, LONG);
	assert_true(spawn_sanitizer_spoke(c));
	spawn_errors(c, &errors);
	assert_true(slice_starts(buf_slice(&errors),
				 "==1==ERROR: AddressSanitizer: heap\n"));
	assert_int_equal(errors.len, SPAWN_KEPT_LIMIT);
	buf_free(&errors);
	spawn_free(c);
}

static void another_runtime_error_is_none_of_a_sanitizer(void **state)
{
	struct child *c = start("ubsan");

	(void)state;
	assert_said(c, "done", "");
	spawn_stop(c, LONG);
	assert_true(spawn_sanitizer_spoke(c));
	spawn_free(c);
	c = start("panic");
	assert_said(c, "done", "");
	spawn_stop(c, LONG);
	assert_false(spawn_sanitizer_spoke(c));
	spawn_free(c);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_end_is_explained),
	    cmocka_unit_test(the_last_errors_are_kept),
	    cmocka_unit_test(a_sanitizer_is_heard_and_kept),
	    cmocka_unit_test(another_runtime_error_is_none_of_a_sanitizer),
	};

	if (argc > 1)
		return act(argv[1]);
	return cmocka_run_group_tests_name("spawn_errors", tests, NULL, NULL);
}
