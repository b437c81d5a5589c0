/* SPDX-License-Identifier: MIT */
/* Files that share a unique name: whose unique-id is whose, and stays. */
#include "maildir_place.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* Opens the maildrop; message i is text, id what it had for a unique-id. */
static struct maildrop *open_to(struct place *p, size_t i, const char *text,
				char id[71])
{
	struct maildrop *m = place_open(p);
	struct buf octets = {0};

	assert_true(i < m->count);
	maildrop_read_all(m, i, 99, &octets);
	assert_string_equal(buf_text(&octets), text);
	snprintf(id, 71, "%s", m->messages[i].unique_id);
	buf_free(&octets);
	return m;
}

static void look(struct place *p, size_t i, const char *text, char id[71])
{
	struct maildrop *m = open_to(p, i, text, id);

	m->ops->close(m);
}

/* RFC 1939 section 7, UIDL: it persists, and is never another message's. */
static void a_unique_id_stays_when_a_twin_comes_and_goes(void **state)
{
	struct place *p = *state;
	const bool first[2] = {true, false};
	char keeps[71], twin[71], now[71];
	struct maildrop *m;

	place_put(p, "al/cur/1.a:2,S", slice_str("one\n"));
	look(p, 0, "one\r\n", keeps);
	assert_string_equal(keeps, "1.a");
	place_put(p, "al/new/1.a", slice_str("two\n"));
	look(p, 0, "one\r\n", now);
	assert_string_equal(now, keeps);
	look(p, 1, "two\r\n", twin);
	assert_string_not_equal(twin, keeps);
	place_rename(p, "al/cur/1.a:2,S", "al/new/1.a");
	m = open_to(p, 1, "two\r\n", now);
	assert_string_equal(now, twin);
	assert_int_equal(m->ops->remove(m, first), 0);
	assert_false(place_has(p, "al/new/1.a"));
	m->ops->close(m);
	m = open_to(p, 0, "two\r\n", now);
	assert_int_equal(m->count, 1);
	assert_string_equal(now, twin);
	m->ops->close(m);
}

static void the_oldest_in_cur_keeps_the_name(void **state)
{
	static const struct timespec long_ago[2] = {{1, 0}, {1, 0}};
	struct place *p = *state;
	char id[71];

	place_put(p, "al/cur/1.a:2,", slice_str("one\n"));
	place_put(p, "al/cur/1.a:2,S", slice_str("two\n"));
	place_put(p, "al/cur/1.a:2,T", slice_str("three\n"));
	assert_int_equal(utimensat(p->fd, "al/cur/1.a:2,S", long_ago, 0), 0);
	look(p, 0, "two\r\n", id);
	assert_string_equal(id, "1.a");
	assert_true(place_has(p, "al/cur/1.a:2,S"));
	assert_false(place_has(p, "al/cur/1.a:2,"));
	assert_false(place_has(p, "al/cur/1.a:2,T"));
}

/* Puts "one" into cur/ and "two" into new/ under one name. */
static void put_long_twins(struct place *p, size_t len, const char *flags)
{
	char path[300], unique[256];

	memset(unique, '1', len);
	unique[len] = '\0';
	snprintf(path, sizeof(path), "al/cur/%s%s", unique, flags);
	place_put(p, path, slice_str("one\n"));
	snprintf(path, sizeof(path), "al/new/%s%s", unique, flags);
	place_put(p, path, slice_str("two\n"));
}

/* Which message is text; id is what it has for a unique-id. */
static size_t find_text(struct maildrop *m, const char *text, char id[71])
{
	for (size_t i = 0; i < m->count; i++) {
		struct buf octets = {0};
		bool found;

		maildrop_read_all(m, i, 99, &octets);
		found = strcmp(buf_text(&octets), text) == 0;
		buf_free(&octets);
		if (!found)
			continue;
		snprintf(id, 71, "%s", m->messages[i].unique_id);
		return i;
	}
	fail_msg("there is no %s", text);
	return 0;
}

/* Removes "one"; "two" is what it was before, and not what "one" was. */
static void assert_twin_stays(struct place *p)
{
	bool marked[2] = {false, false};
	char keeps[71], twin[71], now[71];
	struct maildrop *m = place_open(p);

	assert_int_equal(m->count, 2);
	find_text(m, "two\r\n", twin);
	marked[find_text(m, "one\r\n", keeps)] = true;
	assert_string_not_equal(twin, keeps);
	assert_int_equal(m->ops->remove(m, marked), 0);
	m->ops->close(m);
	m = place_open(p);
	assert_int_equal(m->count, 1);
	find_text(m, "two\r\n", now);
	assert_string_equal(now, twin);
	assert_string_not_equal(now, keeps);
	m->ops->close(m);
}

static void twins_of_long_names_are_told_apart_for_good(void **state)
{
	put_long_twins(*state, 250, "");
	assert_twin_stays(*state);
}

static void twins_with_long_flags_are_told_apart_for_good(void **state)
{
	char flags[250] = ":2,";

	memset(flags + 3, 'A', sizeof(flags) - 4);
	flags[sizeof(flags) - 1] = '\0';
	put_long_twins(*state, 2, flags);
	assert_twin_stays(*state);
}

/* Root may rename where nobody else may. */
static void be_somebody(struct place *p, uid_t uid)
{
	static const char *const paths[] = {".", "al", "al/new", "al/cur",
					    "al/pop3.lock"};

	for (size_t i = 0; geteuid() == 0 && i < 5; i++)
		if (place_has(p, paths[i]))
			assert_int_equal(
			    fchownat(p->fd, paths[i], uid, (gid_t)-1, 0), 0);
	if (getuid() == 0)
		assert_int_equal(seteuid(uid), 0);
}

/* All that can be done then: "one" stays for as long as "two" has its name. */
static void the_name_of_a_twin_that_keeps_it_stays_taken(void **state)
{
	struct place *p = *state;
	char keeps[71], twin[71], now[71];
	const bool first[2] = {true, false}, both[2] = {true, true};
	struct maildrop *m;

	place_put(p, "al/cur/1.a:2,S", slice_str("one\n"));
	place_put(p, "al/new/1.a", slice_str("two\n"));
	assert_int_equal(fchmodat(p->fd, "al/new/1.a", 0644, 0), 0);
	assert_int_equal(fchmodat(p->fd, "al/cur/1.a:2,S", 0644, 0), 0);
	assert_int_equal(fchmodat(p->fd, "al/new", 0500, 0), 0);
	be_somebody(p, 65534);
	m = open_to(p, 0, "one\r\n", keeps);
	assert_int_equal(find_text(m, "two\r\n", twin), 1);
	assert_string_equal(keeps, "1.a");
	assert_string_not_equal(twin, keeps);
	assert_int_equal(m->ops->remove(m, first), 1);
	assert_string_equal(m->left->why.text,
			    "another message would have its name");
	assert_true(place_has(p, "al/cur/1.a:2,S"));
	m->ops->close(m);
	m = open_to(p, 0, "one\r\n", now);
	assert_string_equal(now, keeps);
	find_text(m, "two\r\n", now);
	assert_string_equal(now, twin);
	assert_int_equal(fchmodat(p->fd, "al/new", 0700, 0), 0);
	assert_int_equal(m->ops->remove(m, both), 0);
	m->ops->close(m);
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

/* A file system gives the inode of a file that went to the next one. */
static void a_twin_that_comes_anew_has_another_unique_id(void **state)
{
	struct place *p = *state;
	const bool second[2] = {false, true};
	char earlier[71], later[71];
	struct maildrop *m;

	place_put(p, "al/cur/1.a:2,S", slice_str("one\n"));
	place_put(p, "al/new/1.a", slice_str("two\n"));
	m = open_to(p, 1, "two\r\n", earlier);
	assert_int_equal(m->ops->remove(m, second), 0);
	m->ops->close(m);
	place_put(p, "al/new/1.a", slice_str("three\n"));
	look(p, 1, "three\r\n", later);
	assert_string_not_equal(earlier, later);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PLACE_TEST(a_unique_id_stays_when_a_twin_comes_and_goes),
	    PLACE_TEST(the_oldest_in_cur_keeps_the_name),
	    PLACE_TEST(twins_of_long_names_are_told_apart_for_good),
	    PLACE_TEST(twins_with_long_flags_are_told_apart_for_good),
	    PLACE_TEST(the_name_of_a_twin_that_keeps_it_stays_taken),
	    PLACE_TEST(a_twin_that_comes_anew_has_another_unique_id),
	};

	return cmocka_run_group_tests_name("store_maildir_twins", tests, NULL,
					   NULL);
}
