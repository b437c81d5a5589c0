/* SPDX-License-Identifier: MIT */
#include "store_maildir.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* A mail root below /tmp, and a store of it: one a test. */
struct place {
	char root[32];
	int fd;
	struct maildrop_store *store;
};

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	strcpy(p->root, "/tmp/maildir-XXXXXX");
	assert_non_null(mkdtemp(p->root));
	p->fd = open(p->root, O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdirat(p->fd, "al", 0700), 0);
	assert_int_equal(mkdirat(p->fd, "al/new", 0700), 0);
	assert_int_equal(mkdirat(p->fd, "al/cur", 0700), 0);
	p->store = store_maildir_new(p->root, NULL);
	assert_non_null(p->store);
	*state = p;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static int tear_down(void **state)
{
	struct place *p = *state;

	p->store->free(p->store);
	close(p->fd);
	nftw(p->root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(p);
	return 0;
}

static void put(struct place *p, const char *path, struct slice octets)
{
	int fd = openat(p->fd, path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets.ptr, octets.len), octets.len);
	close(fd);
}

static void rename_file(struct place *p, const char *from, const char *to)
{
	assert_int_equal(renameat(p->fd, from, p->fd, to), 0);
}

static bool is_there(struct place *p, const char *path)
{
	return faccessat(p->fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static struct maildrop *open_al(struct place *p)
{
	struct maildrop *m = NULL;
	struct error e = {""};

	if (p->store->open(p->store, slice_str("al"), &m, &e) !=
	    MAILDROP_OPENED)
		fail_msg("not opened: %s", e.text);
	return m;
}

/* Reads message i in pieces of at most room octets. */
static void read_all(struct maildrop *m, size_t i, size_t room, struct buf *b)
{
	struct error e = {""};
	long n = 1;

	buf_clear(b);
	if (m->ops->rewind(m, i, &e) != 0)
		fail_msg("not opened: %s", e.text);
	while (n > 0) {
		n = m->ops->read(m, buf_reserve(b, room), room, &e);
		if (n < 0)
			fail_msg("not read: %s", e.text);
		b->len += (size_t)n;
	}
}

static void sizes_are_those_of_what_is_sent(void **state)
{
	static const struct {
		const char *stored, *sent;
	} cases[] = {
	    {"", ""},
	    {"a: b\n\nx\n", "a: b\r\n\r\nx\r\n"},
	    {"a: b\r\n\r\nx\r\n", "a: b\r\n\r\nx\r\n"},
	    {"mixed\r\nx\n\r", "mixed\r\nx\r\n\r\n"},
	    {"no end", "no end\r\n"},
	    {"a\rb\n", "a\rb\r\n"},
	    {".\n..\n.x", ".\r\n..\r\n.x\r\n"},
	};
	const size_t count = sizeof(cases) / sizeof(cases[0]);
	struct place *p = *state;
	struct maildrop *m;
	struct buf b = {0};
	char path[32];

	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "al/new/%zu.x", i);
		put(p, path, slice_str(cases[i].stored));
	}
	m = open_al(p);
	assert_int_equal(m->count, count);
	for (size_t i = 0; i < count; i++)
		for (size_t room = 1; room < 9; room++) {
			read_all(m, i, room, &b);
			assert_string_equal(buf_text(&b), cases[i].sent);
			assert_int_equal(m->messages[i].size, b.len);
		}
	buf_free(&b);
	m->ops->close(m);
}

static void any_octets_pass_in_bounded_pieces(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct buf b = {0};
	size_t len = 300001; /* no line end, NUL and 8-bit octets */
	char *octets = malloc(len);

	assert_non_null(octets);
	for (size_t i = 0; i < len; i++)
		octets[i] = (char)(i % 251 == '\n' ? 0 : i % 251);
	put(p, "al/cur/1.x:2,S", slice_of(octets, len));
	m = open_al(p);
	read_all(m, 0, 1000, &b);
	assert_int_equal(b.len, len + 2);
	assert_int_equal(m->messages[0].size, len + 2);
	assert_memory_equal(b.ptr, octets, len);
	buf_free(&b);
	free(octets);
	m->ops->close(m);
}

static void assert_unique_ids(struct maildrop *m, const char *a, const char *b,
			      const char *c)
{
	assert_int_equal(m->count, 3);
	assert_string_equal(m->messages[0].unique_id, a);
	assert_string_equal(m->messages[1].unique_id, b);
	assert_string_equal(m->messages[2].unique_id, c);
}

static void numbers_and_unique_ids_persist(void **state)
{
	struct place *p = *state;
	struct maildrop *m;

	put(p, "al/new/10.b.host", slice_str("1"));
	put(p, "al/new/9.z.host", slice_str("12"));
	put(p, "al/cur/10.a.host:2,S", slice_str("123"));
	put(p, "al/new/.hidden", slice_str("1234"));
	m = open_al(p);
	assert_unique_ids(m, "9.z.host", "10.a.host", "10.b.host");
	m->ops->close(m);
	rename_file(p, "al/new/10.b.host", "al/cur/10.b.host:2,RS");
	rename_file(p, "al/new/9.z.host", "al/cur/9.z.host:2,");
	rename_file(p, "al/cur/10.a.host:2,S", "al/cur/10.a.host:2,FS");
	m = open_al(p);
	assert_unique_ids(m, "9.z.host", "10.a.host", "10.b.host");
	assert_int_equal(m->messages[1].size, 5);
	m->ops->close(m);
}

static void renamed_files_are_found_again(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct buf b = {0};

	put(p, "al/new/1.a", slice_str("first\n"));
	put(p, "al/new/2.b", slice_str("second\n"));
	m = open_al(p);
	rename_file(p, "al/new/1.a", "al/cur/1.a:2,");
	put(p, "al/new/0.late", slice_str("late\n"));
	read_all(m, 0, 100, &b);
	assert_string_equal(buf_text(&b), "first\r\n");
	rename_file(p, "al/cur/1.a:2,", "al/cur/1.a:2,S");
	read_all(m, 0, 100, &b);
	assert_string_equal(buf_text(&b), "first\r\n");
	read_all(m, 1, 100, &b);
	assert_string_equal(buf_text(&b), "second\r\n");
	assert_int_equal(m->count, 2);
	buf_free(&b);
	m->ops->close(m);
}

static void vanished_and_changed_files_are_errors(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct error e;
	char octet;
	int fd;

	put(p, "al/new/1.a", slice_str("first\n"));
	put(p, "al/new/2.b", slice_str("second\n"));
	put(p, "al/new/3.c", slice_str("third\n"));
	put(p, "al/new/4.d", slice_str("fourth\n"));
	m = open_al(p);
	unlinkat(p->fd, "al/new/1.a", 0);
	unlinkat(p->fd, "al/new/2.b", 0);
	put(p, "al/new/other", slice_str("second\n"));
	rename_file(p, "al/new/other", "al/new/2.b");
	fd = openat(p->fd, "al/new/3.c", O_WRONLY | O_APPEND);
	assert_int_equal(write(fd, "more\n", 5), 5);
	close(fd);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(m->ops->rewind(m, i, &e), -1);
		assert_int_equal(m->ops->read(m, &octet, 1, &e), -1);
	}
	assert_int_equal(m->ops->rewind(m, 3, &e), 0);
	fd = openat(p->fd, "al/new/4.d", O_WRONLY | O_TRUNC);
	assert_int_equal(m->ops->read(m, &octet, 1, &e), -1);
	assert_string_equal(e.text, "the message became shorter");
	close(fd);
	m->ops->close(m);
}

static void what_is_not_a_file_is_not_a_message(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	struct error e;

	put(p, "secret", slice_str("not al's\n"));
	put(p, "al/new/9.real", slice_str("x\n"));
	assert_int_equal(mkfifoat(p->fd, "al/new/1.fifo", 0600), 0);
	assert_int_equal(mkdirat(p->fd, "al/new/2.folder", 0700), 0);
	assert_int_equal(symlinkat("../../secret", p->fd, "al/new/3.link"), 0);
	assert_int_equal(symlinkat("/dev/zero", p->fd, "al/cur/4.zero"), 0);
	assert_int_equal(symlinkat("nowhere", p->fd, "al/cur/5.broken"), 0);
	m = open_al(p);
	assert_int_equal(m->count, 1);
	assert_string_equal(m->messages[0].unique_id, "9.real");
	/* And when it takes the place of a message: */
	unlinkat(p->fd, "al/new/9.real", 0);
	assert_int_equal(mkfifoat(p->fd, "al/new/9.real", 0600), 0);
	assert_int_equal(m->ops->rewind(m, 0, &e), -1);
	m->ops->close(m);
}

static void removes_the_marked_and_no_other(void **state)
{
	struct place *p = *state;
	struct maildrop *m;
	const bool none[5] = {false};
	const bool marked[5] = {true, false, true, true, true};

	put(p, "al/new/1.a", slice_str("a\n"));
	put(p, "al/new/2.b", slice_str("b\n"));
	put(p, "al/cur/3.c:2,S", slice_str("c\n"));
	put(p, "al/cur/4.d:2,S", slice_str("d\n"));
	put(p, "al/cur/5.e:2,S", slice_str("e\n"));
	m = open_al(p);
	assert_int_equal(m->count, 5);
	assert_int_equal(m->ops->remove(m, none), 0);
	assert_true(is_there(p, "al/new/1.a"));
	rename_file(p, "al/new/1.a", "al/cur/1.a:2,S");
	rename_file(p, "al/new/2.b", "al/cur/2.b:2,S");
	unlinkat(p->fd, "al/cur/4.d:2,S", 0);
	/* Another file under the name of a marked one is not marked. */
	unlinkat(p->fd, "al/cur/5.e:2,S", 0);
	put(p, "al/cur/other", slice_str("e\n"));
	rename_file(p, "al/cur/other", "al/cur/5.e:2,S");
	put(p, "al/new/6.late", slice_str("late\n"));
	assert_int_equal(m->ops->remove(m, marked), 0);
	assert_false(is_there(p, "al/cur/1.a:2,S"));
	assert_true(is_there(p, "al/cur/2.b:2,S"));
	assert_false(is_there(p, "al/cur/3.c:2,S"));
	assert_true(is_there(p, "al/cur/5.e:2,S"));
	assert_true(is_there(p, "al/new/6.late"));
	m->ops->close(m);
}

/* Root may write where nobody else may. */
static void set_privileges(bool wanted)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(wanted ? 0 : 65534), 0);
}

static void what_cannot_be_removed_is_counted(void **state)
{
	struct place *p = *state;
	const bool marked[3] = {true, false, true};
	struct maildrop *m;

	put(p, "al/new/1.a", slice_str("a\n"));
	put(p, "al/new/2.b", slice_str("b\n"));
	put(p, "al/cur/3.c", slice_str("c\n"));
	m = open_al(p);
	assert_int_equal(fchmodat(p->fd, "al/new", 0555, 0), 0);
	assert_int_equal(fchmodat(p->fd, "al/cur", 0777, 0), 0);
	set_privileges(false);
	assert_int_equal(m->ops->remove(m, marked), 1);
	set_privileges(true);
	assert_true(is_there(p, "al/new/1.a"));
	assert_false(is_there(p, "al/cur/3.c"));
	assert_int_equal(fchmodat(p->fd, "al/new", 0700, 0), 0);
	assert_int_equal(m->ops->remove(m, marked), 0);
	assert_false(is_there(p, "al/new/1.a"));
	assert_true(is_there(p, "al/new/2.b"));
	m->ops->close(m);
}

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
	struct maildrop *m = open_al(p);
	struct slice al = slice_str("al");
	int pid, status;

	assert_int_equal(try_to_open(p, al, NULL), MAILDROP_IN_USE);
	assert_int_equal(try_to_open(p, slice_str("bob"), NULL),
			 MAILDROP_OPENED);
	pid = fork();
	if (pid == 0) {
		struct maildrop_store *s = store_maildir_new(p->root, NULL);
		struct maildrop *other;

		_exit(s->open(s, al, &other, NULL) != MAILDROP_IN_USE);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	m->ops->close(m);
	assert_int_equal(try_to_open(p, al, NULL), MAILDROP_OPENED);
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
	assert_false(is_there(p, "stolen"));
	unlinkat(p->fd, "al/pop3.lock", 0);
	assert_int_equal(mkfifoat(p->fd, "al/pop3.lock", 0600), 0);
	assert_int_equal(try_to_open(p, al, &e), MAILDROP_OPENED);
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
	assert_true(is_there(p, "new@user/new"));
	assert_true(is_there(p, "new@user/cur"));
	assert_true(is_there(p, "new@user/tmp"));
}

static void files_with_one_unique_name_are_two_messages(void **state)
{
	struct place *p = *state;
	const bool first[2] = {true, false};
	struct maildrop *m;
	struct buf a = {0};

	put(p, "al/new/1.a", slice_str("one\n"));
	put(p, "al/cur/1.a:2,S", slice_str("two\n"));
	m = open_al(p);
	assert_int_equal(m->count, 2);
	assert_string_not_equal(m->messages[0].unique_id,
				m->messages[1].unique_id);
	read_all(m, 0, 9, &a);
	assert_int_equal(m->ops->remove(m, first), 0);
	assert_int_equal(is_there(p, "al/new/1.a"),
			 slice_is(buf_slice(&a), "two\r\n"));
	assert_int_equal(is_there(p, "al/cur/1.a:2,S"),
			 slice_is(buf_slice(&a), "one\r\n"));
	buf_free(&a);
	m->ops->close(m);
}

/* A program that moves mail by link and unlink may stop half way. */
static void a_file_with_two_names_is_one_message(void **state)
{
	struct place *p = *state;
	struct maildrop *m;

	put(p, "al/new/1.a", slice_str("one\n"));
	assert_int_equal(
	    linkat(p->fd, "al/new/1.a", p->fd, "al/cur/1.a:2,S", 0), 0);
	m = open_al(p);
	assert_int_equal(m->count, 1);
	assert_string_equal(m->messages[0].unique_id, "1.a");
	m->ops->close(m);
}

static void a_mail_root_must_be_a_folder(void **state)
{
	struct error e;

	(void)state;
	assert_null(store_maildir_new("/etc/passwd", &e));
	assert_true(slice_starts(slice_str(e.text), "/etc/passwd: "));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(sizes_are_those_of_what_is_sent),
	    TEST(any_octets_pass_in_bounded_pieces),
	    TEST(numbers_and_unique_ids_persist),
	    TEST(renamed_files_are_found_again),
	    TEST(vanished_and_changed_files_are_errors),
	    TEST(what_is_not_a_file_is_not_a_message),
	    TEST(removes_the_marked_and_no_other),
	    TEST(what_cannot_be_removed_is_counted),
	    TEST(one_session_at_a_time),
	    TEST(hostile_names_open_nothing),
	    TEST(links_in_a_maildir_are_not_followed),
	    TEST(missing_maildirs_are_made_and_empty),
	    TEST(files_with_one_unique_name_are_two_messages),
	    TEST(a_file_with_two_names_is_one_message),
	    cmocka_unit_test(a_mail_root_must_be_a_folder),
	};

	return cmocka_run_group_tests_name("store_maildir", tests, NULL, NULL);
}
