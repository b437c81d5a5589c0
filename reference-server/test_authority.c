/* SPDX-License-Identifier: MIT */
#include "authority.h"
#include "nobody.h"
#include "session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
	char users[32], tokens[32];
	struct authority_files files;
	struct complaints complaints;
};

static void write_to(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	strcpy(f->users, "/tmp/pop3-users-XXXXXX");
	strcpy(f->tokens, "/tmp/pop3-tokens-XXXXXX");
	close(mkstemp(f->users));
	close(mkstemp(f->tokens));
	f->files = (struct authority_files){ .users = f->users,
					     .oauth_tokens = f->tokens };
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	unlink(f->users);
	unlink(f->tokens);
	complaints_free(&f->complaints);
	free(f);
	return 0;
}

static bool knows(const struct authority *a, const char *name)
{
	const struct credentials c = { .user = slice_str(name) };

	return users_verify(a->users, &c);
}

static void the_last_holder_frees_it(void **state)
{
	struct fixture *f = *state;
	struct authority *a;

	write_to(f->users, "al:x\n");
	write_to(f->tokens, "al:abc\n");
	a = authority_read(&f->files, &f->complaints, NULL);
	assert_non_null(a);
	assert_ptr_equal(authority_hold(a), a);
	authority_drop(a);
	assert_true(knows(a, "al"));
	assert_false(knows(a, "bob"));
	assert_non_null(a->tokens);
	authority_drop(a); /* a sanitizer would tell of what is left */
	assert_null(authority_hold(NULL));
	authority_drop(NULL);
}

static void two_of_one_file_are_apart(void **state)
{
	struct fixture *f = *state;
	struct authority *old, *new;

	f->files.oauth_tokens = NULL;
	write_to(f->users, "al:x\n");
	old = authority_read(&f->files, &f->complaints, NULL);
	write_to(f->users, "bob:x\n");
	new = authority_read(&f->files, &f->complaints, NULL);
	assert_non_null(old);
	assert_non_null(new);
	assert_true(knows(old, "al") && !knows(old, "bob"));
	assert_true(knows(new, "bob") && !knows(new, "al"));
	assert_null(new->tokens);
	authority_drop(old);
	authority_drop(new);
}

static void all_that_is_wrong_is_told(void **state)
{
	struct fixture *f = *state;
	char expected[128];

	write_to(f->users, "al:x\nno colon\n");
	write_to(f->tokens, "al:\n");
	assert_null(authority_read(&f->files, &f->complaints, NULL));
	assert_int_equal(f->complaints.count, 2);
	snprintf(expected, sizeof(expected),
		 "%s:2:1: no colon; a line is name:password", f->users);
	assert_string_equal(complaints_text(&f->complaints, 0), expected);
	assert_true(slice_starts(slice_str(complaints_text(&f->complaints, 1)),
				 f->tokens));
}

/* Who has a maildrop is somebody, also without a password. */
static void names_of_nobody_are_warned_of(void **state)
{
	static char one[] = "--anonymous ghost", two[] = "c.json: /x/tmp";
	static char three[] = "--login-delay al=5";
	const struct named_user named[] = { { slice_str("ghost"), one },
					    { slice_str("tmp"), two },
					    { slice_str("al"), three } };
	struct fixture *f = *state;
	struct complaints warnings = { 0 };
	char expected[256];

	f->files.named = named;
	f->files.named_count = 3;
	f->files.maildir = "/";
	write_to(f->users, "al:x\n");
	write_to(f->tokens, "al:abc\n#\nghost:abd\ntmp:abe\n");
	authority_drop(
		authority_read(&f->files, &f->complaints, &warnings));
	assert_int_equal(f->complaints.count, 0);
	assert_int_equal(warnings.count, 2);
	snprintf(expected, sizeof(expected),
		 "--anonymous ghost: no user of %s, and has no maildrop",
		 f->users);
	assert_string_equal(complaints_text(&warnings, 0), expected);
	snprintf(expected, sizeof(expected),
		 "%s:3:1: ghost is no user of %s, and has no maildrop",
		 f->tokens, f->users);
	assert_string_equal(complaints_text(&warnings, 1), expected);
	complaints_free(&warnings);
}

#define AUTHORITY_TEST(name)                                                   \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AUTHORITY_TEST(the_last_holder_frees_it),
		AUTHORITY_TEST(two_of_one_file_are_apart),
		AUTHORITY_TEST(all_that_is_wrong_is_told),
		AUTHORITY_TEST(names_of_nobody_are_warned_of),
	};

	return cmocka_run_group_tests_name("authority", tests, NULL, NULL);
}
