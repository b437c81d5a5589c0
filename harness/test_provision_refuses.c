/* SPDX-License-Identifier: MIT */
/* Whose mail is it? What a provisioner refuses to touch, or to leave. */
#include "maildir_room.h"

#include <string.h>

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

static void without_a_maildir_we_only_look(void **state)
{
	struct target t = {0};
	struct error e;

	(void)state;
	assert_null(provision_open(&t, &e));
	assert_string_equal(
	    e.text, "the target says nothing of how to fill a maildrop");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(two_do_not_fill_one_maildrop),
	    IN_ROOM(somebodys_mail_is_left_alone),
	    IN_ROOM(a_killed_run_is_cleared_by_content),
	    IN_ROOM(our_mark_on_other_octets_is_foreign),
	    IN_ROOM(a_link_is_foreign_and_stays),
	    IN_ROOM(a_user_cannot_leave_the_root),
	    IN_ROOM(a_missing_maildrop_is_named),
	    IN_ROOM(a_linked_part_is_refused),
	    cmocka_unit_test(without_a_maildir_we_only_look),
	};

	return cmocka_run_group_tests_name("provision_refuses", tests, NULL,
					   NULL);
}
