/* SPDX-License-Identifier: MIT */
/* Sessions whose messages are moved meanwhile by another program. */
#include "drive.h"
#include "maildir_place.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static bool anybody(const struct credentials *c)
{
	(void)c;
	return true;
}

static void log_in(struct drive *d, struct place *p)
{
	const struct session_config config = { .host = "dewey" };

	place_put(p, "al/new/1.a", slice_str("one\n"));
	place_put(p, "al/new/2.b", slice_str("two\n\nlines\n"));
	assert_int_equal(drive_start(d, &config, p->store, anybody), 0);
	drive_say(d, "USER al\r\nPASS x\r\n");
	buf_clear(&d->said);
}

static void say(struct drive *d, const char *commands, const char *expected)
{
	drive_say(d, commands);
	assert_string_equal(drive_heard(d), expected);
}

static void what_was_moved_is_sent(void **state)
{
	struct place *p = *state;
	struct drive d;

	log_in(&d, p);
	place_rename(p, "al/new/1.a", "al/cur/1.a:2,S");
	place_rename(p, "al/new/2.b", "al/cur/2.b:2,");
	place_put(p, "al/new/0.late", slice_str("late\n"));
	say(&d, "RETR 1\r\nTOP 2 0\r\nNOOP\r\nRETR 2\r\nSTAT\r\n",
	    "+OK 5 octets\r\none\r\n.\r\n"
	    "+OK\r\ntwo\r\n\r\n.\r\n"
	    "+OK\r\n"
	    "+OK 14 octets\r\ntwo\r\n\r\nlines\r\n.\r\n"
	    "+OK 2 19\r\n");
	place_rename(p, "al/cur/1.a:2,S", "al/cur/1.a:2,RS");
	say(&d, "DELE 1\r\nQUIT\r\n",
	    "+OK message 1 deleted\r\n"
	    "+OK dewey POP3 server signing off (1 message left)\r\n");
	assert_false(place_has(p, "al/cur/1.a:2,RS"));
	assert_true(place_has(p, "al/cur/2.b:2,"));
	drive_free(&d);
}

/* The reply comes before anything of the message: it can still be -ERR. */
static void what_is_gone_is_an_error_and_keeps_its_number(void **state)
{
	struct place *p = *state;
	struct drive d;

	log_in(&d, p);
	unlinkat(p->fd, "al/new/1.a", 0);
	for (int i = 0; i < 2; i++)
		say(&d, "RETR 1\r\nTOP 1 0\r\nLIST 1\r\nRETR 2\r\n",
		    "-ERR [SYS/TEMP] message cannot be read\r\n"
		    "-ERR [SYS/TEMP] message cannot be read\r\n"
		    "+OK 1 5\r\n"
		    "+OK 14 octets\r\ntwo\r\n\r\nlines\r\n.\r\n");
	/* What is gone is not "not removed" (section 6). */
	say(&d, "DELE 1\r\nQUIT\r\n",
	    "+OK message 1 deleted\r\n"
	    "+OK dewey POP3 server signing off (1 message left)\r\n");
	drive_free(&d);
}

static void the_session_waits_while_it_is_looked_for(void **state)
{
	const struct session_config config = { .host = "dewey",
					       .autologout = 1000 };
	struct place *p = *state;
	struct drive d;

	log_in(&d, p);
	drive_free(&d);
	assert_int_equal(drive_start(&d, &config, p->store, anybody), 0);
	drive_say(&d, "USER al\r\nPASS x\r\n");
	place_rename(p, "al/new/2.b", "al/cur/2.b:2,S");
	session_found(d.session, true); /* nobody asked */
	assert_int_equal(session_feed(d.session, slice_str("RETR 2\r\nNO")), 8);
	assert_int_equal(session_want(d.session), WANT_FIND);
	assert_int_equal(session_sought(d.session), 1);
	assert_int_equal(session_output(d.session).len, 0);
	assert_int_equal(session_feed(d.session, slice_str("NOOP\r\n")), 0);
	assert_true(session_deadline(d.session) == SESSION_NEVER);
	session_end_of_input(d.session);
	assert_int_equal(session_want(d.session), WANT_FIND);
	session_found(d.session, false);
	assert_true(slice_is(session_output(d.session),
			     "-ERR [SYS/TEMP] message cannot be read\r\n"));
	assert_int_equal(session_want(d.session), WANT_CLOSE);
	drive_free(&d);
}

static size_t descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* However little of it was wanted. */
static void what_was_sent_is_open_no_more(void **state)
{
	struct place *p = *state;
	struct drive d;
	size_t before;

	log_in(&d, p);
	before = descriptors();
	d.window = 1;
	say(&d, "TOP 2 0\r\n", "+OK\r\ntwo\r\n\r\n.\r\n");
	assert_int_equal(descriptors(), before);
	say(&d, "RETR 1\r\n", "+OK 5 octets\r\none\r\n.\r\n");
	assert_int_equal(descriptors(), before);
	assert_int_equal(session_feed(d.session, slice_str("RETR 1\r\n")), 8);
	assert_int_equal(descriptors(), before + 1);
	drive_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(what_was_moved_is_sent),
		PLACE_TEST(what_is_gone_is_an_error_and_keeps_its_number),
		PLACE_TEST(the_session_waits_while_it_is_looked_for),
		PLACE_TEST(what_was_sent_is_open_no_more),
	};

	return cmocka_run_group_tests_name("moved", tests, NULL, NULL);
}
