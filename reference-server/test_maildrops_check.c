/* SPDX-License-Identifier: MIT */
#include "maildrops_check.h"

#include "maildir_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define NOBODY 65534

static bool is_late(void *looks_left)
{
	return (*(size_t *)looks_left)-- == 0;
}

/*
 * Says in one text what is warned of, a line each, without the root. Takes time
 * for that many users; NULL: for all.
 */
static void look_at_some(const struct place *p, const char *names,
			 size_t *looks_left, char to[1024])
{
	struct complaints c = { 0 };
	struct users *u = users_parse("f", slice_str(names), NULL);

	to[0] = '\0';
	maildrops_check(u,
			&(struct maildrops_look){
				.root = p->root,
				.who = "it",
				.is_late = looks_left ? is_late : NULL,
				.of = looks_left,
			},
			&c);
	for (size_t i = 0; i < c.count; i++)
		snprintf(to + strlen(to), 1024 - strlen(to), "%s\n",
			 complaints_text(&c, i) + strlen(p->root) + 1);
	users_free(u);
	complaints_free(&c);
}

static void look(const struct place *p, const char *names, char to[1024])
{
	look_at_some(p, names, NULL, to);
}

static void what_is_missing_is_made_at_login(void **state)
{
	char said[1024];

	look(*state, "al:x\nbob:x\n", said);
	assert_string_equal(said, "");
	look(*state, "al:x\n", said);
	assert_false(place_has(*state, "al/tmp"));
}

static void what_is_no_folder_is_told(void **state)
{
	struct place *p = *state;
	char said[1024];

	place_put(p, "bob", slice_str(""));
	place_put(p, "al/tmp", slice_str(""));
	assert_int_equal(symlinkat("al", p->fd, "cy"), 0);
	look(p, "al:x\nbob:x\ncy:x\n", said);
	assert_string_equal(said, "al/tmp: it cannot use it: Not a directory\n"
				  "bob: it cannot use it: Not a directory\n"
				  "cy: it cannot use it: Not a directory\n");
}

/* All are wrong, so that it shows who was looked at. */
static void who_has_no_time_says_how_far_it_came(void **state)
{
	static const char *const said_after[] = {
		" 0 of 3 maildrops looked at; --check-config looks at all\n",
		"bob: it cannot use it: Not a directory\n"
		" 1 of 3 maildrops looked at; --check-config looks at all\n",
		"bob: it cannot use it: Not a directory\n"
		"cy: it cannot use it: Not a directory\n"
		" 2 of 3 maildrops looked at; --check-config looks at all\n",
		"bob: it cannot use it: Not a directory\n"
		"cy: it cannot use it: Not a directory\n"
		"di: it cannot use it: Not a directory\n",
	};
	struct place *p = *state;
	char said[1024];

	place_put(p, "bob", slice_str(""));
	place_put(p, "cy", slice_str(""));
	place_put(p, "di", slice_str(""));
	for (size_t i = 0; i < sizeof(said_after) / sizeof(said_after[0]);
	     i++) {
		size_t looks_left = i;

		look_at_some(p, "bob:x\ncy:x\ndi:x\n", &looks_left, said);
		assert_string_equal(said, said_after[i]);
	}
}

/* As nobody; the text goes through a pipe. */
static void look_as_nobody(const struct place *p, const char *names,
			   char said[1024])
{
	int ends[2], status;
	pid_t child;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(1);
		look(p, names, said);
		n = write(ends[1], said, strlen(said) + 1);
		_exit(n != (ssize_t)strlen(said) + 1);
	}
	close(ends[1]);
	n = read(ends[0], said, 1024);
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(n > 0);
}

static void who_has_no_right_is_told(void **state)
{
	struct place *p = *state;
	char said[1024];

	if (geteuid() != 0)
		skip();
	assert_int_equal(fchmod(p->fd, 0755), 0);
	look_as_nobody(p, "al:x\nbob:x\n", said);
	assert_string_equal(said,
			    "al: it cannot read it: Permission denied\n"
			    "bob: it cannot make it: Permission denied\n");
	assert_int_equal(fchmodat(p->fd, "al", 0755, 0), 0);
	assert_int_equal(fchmodat(p->fd, "al/cur", 0755, 0), 0);
	look_as_nobody(p, "al:x\n", said);
	assert_string_equal(
		said,
		"al/new: it cannot read and write it: Permission denied\n");
	assert_int_equal(fchownat(p->fd, "al/new", NOBODY, NOBODY, 0), 0);
	assert_int_equal(fchmodat(p->fd, "al/cur", 0777, 0), 0);
	look_as_nobody(p, "al:x\n", said);
	assert_string_equal(said,
			    "al/tmp: it cannot make it: Permission denied\n");
	assert_int_equal(fchownat(p->fd, "al", NOBODY, NOBODY, 0), 0);
	look_as_nobody(p, "al:x\n", said);
	assert_string_equal(said, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(what_is_missing_is_made_at_login),
		PLACE_TEST(what_is_no_folder_is_told),
		PLACE_TEST(who_has_no_time_says_how_far_it_came),
		PLACE_TEST(who_has_no_right_is_told),
	};

	return cmocka_run_group_tests_name("maildrops_check", tests, NULL,
					   NULL);
}
