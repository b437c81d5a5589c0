/* SPDX-License-Identifier: MIT */
/* What a Maildir's owner, a client or another server must not be able to do. */
#include "maildir_place.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static enum maildrop_opened try_to_open(struct place *p, struct slice user,
					struct error *e)
{
	struct maildrop *m = NULL;
	enum maildrop_opened how = p->store->open(p->store, user, &m, e);

	if (how == MAILDROP_OPENED)
		m->ops->close(m);
	else
		assert_null(m);
	return how;
}

static void one_session_at_a_time(void **state)
{
	struct place *p = *state;
	struct maildrop *m = place_open(p);
	struct slice al = slice_str("al");
	const struct switches off = {0};
	int pid, status;

	assert_int_equal(try_to_open(p, al, NULL), MAILDROP_IN_USE);
	assert_int_equal(try_to_open(p, slice_str("bob"), NULL),
			 MAILDROP_OPENED);
	pid = fork();
	if (pid == 0) {
		struct maildrop_store *s =
		    store_maildir_new(p->root, &off, NULL);
		struct maildrop *other;

		_exit(s->open(s, al, &other, NULL) != MAILDROP_IN_USE);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	m->ops->close(m);
	assert_int_equal(try_to_open(p, al, NULL), MAILDROP_OPENED);
}

static void what_is_not_a_file_is_not_a_message(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct error e;

	place_put(p, "secret", slice_str("not al's\n"));
	place_put(p, "al/new/9.real", slice_str("x\n"));
	assert_int_equal(mkfifoat(p->fd, "al/new/1.fifo", 0600), 0);
	assert_int_equal(mkdirat(p->fd, "al/new/2.folder", 0700), 0);
	assert_int_equal(symlinkat("../../secret", p->fd, "al/new/3.link"), 0);
	assert_int_equal(symlinkat("/dev/zero", p->fd, "al/cur/4.zero"), 0);
	assert_int_equal(symlinkat("nowhere", p->fd, "al/cur/5.broken"), 0);
	m = place_open(p);
	assert_int_equal(m->count, 1);
	assert_string_equal(m->messages[0].unique_id, "9.real");
	/* And when it takes the place of a message: */
	unlinkat(p->fd, "al/new/9.real", 0);
	assert_int_equal(mkfifoat(p->fd, "al/new/9.real", 0600), 0);
	assert_int_equal(maildrop_start(m, 0, &e), -1);
	m->ops->close(m);
}

static void hostile_names_open_nothing(void **state)
{
	struct place *p = *state;
	struct error e;

	assert_int_equal(try_to_open(p, slice_str(".."), &e), MAILDROP_BROKEN);
	assert_int_equal(try_to_open(p, slice_str("al/new"), &e),
			 MAILDROP_BROKEN);
	assert_int_equal(try_to_open(p, slice_of("al\0x", 4), &e),
			 MAILDROP_BROKEN);
	assert_int_equal(try_to_open(p, slice_str(""), &e), MAILDROP_BROKEN);
	assert_true(slice_starts(slice_str(e.text), "a user name is "));
	assert_int_equal(symlinkat("/", p->fd, "root"), 0);
	assert_int_equal(try_to_open(p, slice_str("root"), &e),
			 MAILDROP_BROKEN);
	assert_true(slice_starts(slice_str(e.text), "root: "));
}

static void links_in_a_maildir_are_not_followed(void **state)
{
	struct place *p = *state;
	struct slice al = slice_str("al");
	struct error e;

	assert_int_equal(unlinkat(p->fd, "al/cur", AT_REMOVEDIR), 0);
	assert_int_equal(symlinkat("/", p->fd, "al/cur"), 0);
	assert_int_equal(try_to_open(p, al, &e), MAILDROP_BROKEN);
	assert_true(slice_starts(slice_str(e.text), "al: cur: "));
	unlinkat(p->fd, "al/cur", 0);
	assert_int_equal(try_to_open(p, al, &e), MAILDROP_OPENED);
	unlinkat(p->fd, "al/pop3.lock", 0);
	assert_int_equal(symlinkat("../stolen", p->fd, "al/pop3.lock"), 0);
	assert_int_equal(try_to_open(p, al, &e), MAILDROP_BROKEN);
	assert_false(place_has(p, "stolen"));
	unlinkat(p->fd, "al/pop3.lock", 0);
	assert_int_equal(mkfifoat(p->fd, "al/pop3.lock", 0600), 0);
	assert_int_equal(try_to_open(p, al, &e), MAILDROP_OPENED);
}

/* RFC 3206 section 4: [SYS/TEMP] is for what may pass. */
static void what_may_pass_is_no_broken_maildrop(void **state)
{
	struct place *p = *state;
	struct rlimit limit, low;
	struct error e;
	int lowest = dup(p->fd);

	close(lowest);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	low = limit;
	for (int more = 0; more < 4; more++) {
		low.rlim_cur = (rlim_t)(lowest + more);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
		assert_int_equal(try_to_open(p, slice_str("al"), &e),
				 MAILDROP_BUSY);
		assert_int_equal(e.reason, EMFILE);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(try_to_open(p, slice_str("al"), &e), MAILDROP_OPENED);
}

static void missing_maildirs_are_made_and_empty(void **state)
{
	struct place *p = *state;
	struct maildrop *m;

	assert_int_equal(
	    p->store->open(p->store, slice_str("new@user"), &m, NULL),
	    MAILDROP_OPENED);
	assert_int_equal(m->count, 0);
	assert_int_equal(m->ops->remove(m, NULL), 0);
	m->ops->close(m);
	assert_true(place_has(p, "new@user/new"));
	assert_true(place_has(p, "new@user/cur"));
	assert_true(place_has(p, "new@user/tmp"));
}

/* A program that moves mail by link and unlink may stop half way. */
static void a_file_with_two_names_is_one_message(void **state)
{
	struct place *p = *state;
	struct maildrop *m;

	place_put(p, "al/new/1.a", slice_str("one\n"));
	assert_int_equal(
	    linkat(p->fd, "al/new/1.a", p->fd, "al/cur/1.a:2,S", 0), 0);
	m = place_open(p);
	assert_int_equal(m->count, 1);
	assert_string_equal(m->messages[0].unique_id, "1.a");
	m->ops->close(m);
}

static void a_mail_root_must_be_a_folder(void **state)
{
	const struct switches off = {0};
	struct error e;

	(void)state;
	assert_null(store_maildir_new("/etc/passwd", &off, &e));
	assert_true(slice_starts(slice_str(e.text), "/etc/passwd: "));
}

static void a_lost_lock_ends_access(void **state)
{
	struct place *p = *state;
	const bool marked[1] = {true};
	struct maildrop *m;
	struct error e;

	place_put(p, "al/new/1.a", slice_str("a\n"));
	m = place_open(p);
	assert_int_equal(m->ops->rewind(m, 0, &e), 0);
	unlinkat(p->fd, "al/pop3.lock", 0);
	assert_int_equal(m->ops->rewind(m, 0, &e), -1);
	assert_string_equal(e.text, "the lock is lost");
	assert_int_equal(m->ops->remove(m, marked), 1);
	assert_string_equal(m->left->name, "pop3.lock");
	assert_string_equal(m->left->why.text, "the lock is lost");
	assert_true(place_has(p, "al/new/1.a"));
	m->ops->close(m);
}

static void switches_share_and_steal(void **state)
{
	struct place *p = *state;
	struct maildrop *first, *second;

	place_put(p, "al/new/1.a", slice_str("a\n"));
	place_switch(p, ODDITY_SHARED_MAILDROP);
	first = place_open(p);
	second = place_open(p);
	assert_int_equal(first->ops->rewind(first, 0, NULL), 0);
	first->ops->close(first);
	second->ops->close(second);
	place_switch(p, DEFECT_LOCK_IS_STOLEN);
	first = place_open(p);
	second = place_open(p);
	assert_int_equal(first->ops->rewind(first, 0, NULL), -1);
	assert_int_equal(second->ops->rewind(second, 0, NULL), 0);
	first->ops->close(first);
	second->ops->close(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PLACE_TEST(one_session_at_a_time),
	    PLACE_TEST(a_lost_lock_ends_access),
	    PLACE_TEST(switches_share_and_steal),
	    PLACE_TEST(what_is_not_a_file_is_not_a_message),
	    PLACE_TEST(hostile_names_open_nothing),
	    PLACE_TEST(links_in_a_maildir_are_not_followed),
	    PLACE_TEST(what_may_pass_is_no_broken_maildrop),
	    PLACE_TEST(missing_maildirs_are_made_and_empty),
	    PLACE_TEST(a_file_with_two_names_is_one_message),
	    cmocka_unit_test(a_mail_root_must_be_a_folder),
	};

	return cmocka_run_group_tests_name("store_maildir_guards", tests, NULL,
					   NULL);
}
