/* SPDX-License-Identifier: MIT */
/* This program is also the server that it starts: see serve(). */
#include "bundled.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* A server as far as its command line and its first line go. */
static int serve(int argc, char **argv)
{
	const char *more = argc > 7 ? argv[7] : "";
	char users[256] = "";
	FILE *f = fopen(argv[6], "re");

	if (!f || !fread(users, 1, sizeof(users) - 1, f))
		return 2;
	fclose(f);
	fprintf(stderr, "%s", users);
	if (!strcmp(more, "--fail")) {
		fputs("cannot do that\n", stderr);
		return 1;
	}
	printf("listening on 127.0.0.1:%s\n",
	       !strcmp(more, "--odd") ? "0x50" : "4242");
	fflush(stdout);
	for (;;)
		pause();
}

struct room {
	struct scratch scratch;
	struct target target;
	struct error e;
};

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	scratch_open(&r->scratch);
	setenv("TMPDIR", r->scratch.path, 1);
	setenv("POP3SPEC_SERVER", "/proc/self/exe", 1);
	*state = r;
	return 0;
}

/* Whatever happened, nothing of it stays. */
static int close_room(void **state)
{
	struct room *r = *state;

	target_free(&r->target);
	assert_int_equal(scratch_entries(&r->scratch, "."), 0);
	scratch_close(&r->scratch);
	free(r);
	return 0;
}

static bool is_there(const struct room *r, const char *user, const char *part)
{
	char path[256];
	struct stat is;
	size_t root = strlen(r->target.maildir) - strlen("{user}");

	snprintf(path, sizeof(path), "%.*s%s/%s", (int)root, r->target.maildir,
		 user, part);
	return !stat(path, &is) && S_ISDIR(is.st_mode);
}

static void it_becomes_a_target(void **state)
{
	struct room *r = *state;
	struct bundled *b = bundled_start(&r->target, 3, NULL, &r->e);
	const struct target *t = &r->target;

	if (!b)
		fail_msg("%s", r->e.text);
	assert_string_equal(t->host, "127.0.0.1");
	assert_int_equal(t->port, 4242);
	assert_int_equal(t->account_count, 3);
	assert_string_equal(t->accounts[2].user, "user3");
	assert_int_equal(strlen(t->accounts[2].password), 24);
	assert_string_not_equal(t->accounts[0].password,
				t->accounts[1].password);
	assert_string_equal(t->accounts[0].password, t->accounts[0].secret);
	assert_true(target_account_has(&t->accounts[0], "apop"));
	assert_int_equal(t->delivers, DELIVERS_EXACT);
	assert_true(t->keeps);
	assert_true(is_there(r, "user3", "new"));
	assert_true(is_there(r, "user3", "cur"));
	assert_true(is_there(r, "user3", "tmp"));
	assert_false(is_there(r, "user4", "new"));
	assert_false(spawn_ended(bundled_child(b), NULL));
	bundled_stop(b);
}

static void the_server_knows_the_accounts(void **state)
{
	struct room *r = *state;
	struct bundled *b = bundled_start(&r->target, 2, NULL, &r->e);
	struct buf users = {0};
	struct buf expected = {0};

	assert_non_null(b);
	buf_printf(&expected, "user1:%s\nuser2:%s\n",
		   r->target.accounts[0].password,
		   r->target.accounts[1].password);
	spawn_stop(bundled_child(b), 0);
	spawn_errors(bundled_child(b), &users);
	assert_string_equal(buf_text(&users), buf_text(&expected));
	buf_free(&users);
	buf_free(&expected);
	bundled_stop(b);
}

static void what_the_server_left_is_removed(void **state)
{
	struct room *r = *state;
	struct bundled *b = bundled_start(&r->target, 1, NULL, &r->e);
	char path[256];
	FILE *f;

	assert_non_null(b);
	snprintf(path, sizeof(path), "%s/deep", r->target.maildir);
	assert_int_equal(mkdir(r->target.maildir, 0700), 0);
	assert_int_equal(symlink("/etc", path), 0);
	snprintf(path, sizeof(path), "%s/lock", r->target.maildir);
	f = fopen(path, "we");
	assert_non_null(f);
	fclose(f);
	bundled_stop(b);
}

static void a_server_that_fails_says_why(void **state)
{
	const char *const more[] = {"--fail", NULL};
	struct room *r = *state;

	assert_null(bundled_start_with(&r->target, 1, more, NULL, &r->e));
	assert_string_equal(r->e.text,
			    "pop3-reference-server: ended with exit status 1: "
			    "cannot do that");
	assert_int_equal(r->target.account_count, 0);
}

static void an_odd_port_is_refused(void **state)
{
	const char *const more[] = {"--odd", NULL};
	struct room *r = *state;

	assert_null(bundled_start_with(&r->target, 1, more, NULL, &r->e));
	assert_string_equal(
	    r->e.text, "pop3-reference-server: it listens on port '0x50'?");
}

static void a_named_server_must_be_there(void **state)
{
	struct room *r = *state;

	setenv("POP3SPEC_SERVER", "/nowhere/server", 1);
	assert_null(bundled_start(&r->target, 1, NULL, &r->e));
	assert_string_equal(r->e.text, "/nowhere/server: No such file or "
				       "directory (from POP3SPEC_SERVER)");
}

static void accounts_are_limited(void **state)
{
	struct room *r = *state;

	assert_null(bundled_start(&r->target, 0, NULL, &r->e));
	assert_null(
	    bundled_start(&r->target, BUNDLED_ACCOUNTS_LIMIT + 1, NULL, &r->e));
	assert_string_equal(r->e.text,
			    "pop3-reference-server: from 1 to 100 accounts");
}

#define IN_ROOM(t) cmocka_unit_test_setup_teardown(t, open_room, close_room)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(it_becomes_a_target),
	    IN_ROOM(the_server_knows_the_accounts),
	    IN_ROOM(what_the_server_left_is_removed),
	    IN_ROOM(a_server_that_fails_says_why),
	    IN_ROOM(an_odd_port_is_refused),
	    IN_ROOM(a_named_server_must_be_there),
	    IN_ROOM(accounts_are_limited),
	};

	if (argc > 6)
		return serve(argc, argv);
	return cmocka_run_group_tests_name("bundled", tests, NULL, NULL);
}
