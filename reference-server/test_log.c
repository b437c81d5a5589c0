/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct place {
	char folder[32];
	char path[64], moved[64];
	int stderr_was;
};

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (!p)
		return -1;
	strcpy(p->folder, "/tmp/pop3-log-XXXXXX");
	if (!mkdtemp(p->folder))
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/log", p->folder);
	snprintf(p->moved, sizeof(p->moved), "%s/log.1", p->folder);
	p->stderr_was = dup(STDERR_FILENO);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;

	dup2(p->stderr_was, STDERR_FILENO);
	close(p->stderr_was);
	unlink(p->path);
	unlink(p->moved);
	rmdir(p->folder);
	free(p);
	return 0;
}

static struct log *open_log(const char *target)
{
	struct error e;
	struct log *l = log_new(target, LOG_REST, &e);

	assert_non_null(l);
	return l;
}

static void say(struct log *l, uint64_t n)
{
	struct logfmt line = log_event("test");

	logfmt_number(&line, "n", n);
	log_write(l, &line);
}

/* All of a file, owned. */
static char *read_file(const char *path)
{
	struct buf b = { 0 };
	FILE *f = fopen(path, "r");
	int c;

	assert_non_null(f);
	while ((c = fgetc(f)) != EOF)
		buf_add_char(&b, (char)c);
	fclose(f);
	return buf_steal(&b);
}

/* How often text has needle. */
static uint64_t count(const char *text, const char *needle)
{
	uint64_t n = 0;

	for (; (text = strstr(text, needle)); text++)
		n++;
	return n;
}

/* The sum of what "event=lost" lines tell. */
static uint64_t lost(const char *text)
{
	uint64_t sum = 0;

	while ((text = strstr(text, " event=lost lines="))) {
		text += strlen(" event=lost lines=");
		sum += strtoull(text, NULL, 10);
	}
	return sum;
}

static void lines_are_appended_in_order(void **state)
{
	struct place *p = *state;
	struct log *l;
	char *text, *at, wanted[32];
	struct stat st;

	for (int half = 0; half < 2; half++) {
		l = open_log(p->path);
		assert_true(log_has_events(l));
		for (uint64_t i = 0; i < 500; i++)
			say(l, 500 * (uint64_t)half + i);
		log_free(l);
	}
	at = text = read_file(p->path);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(strncmp(at, "time=", 5), 0);
		snprintf(wanted, sizeof(wanted), "Z event=test n=%d\n", i);
		at = strstr(at, "Z event");
		assert_int_equal(strncmp(at, wanted, strlen(wanted)), 0);
		at += strlen(wanted);
	}
	assert_string_equal(at, "");
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(text);
}

static void it_is_opened_again_where_it_was_moved_away(void **state)
{
	struct place *p = *state;
	struct log *l = open_log(p->path);
	char *text;

	say(l, 1);
	assert_int_equal(rename(p->path, p->moved), 0);
	log_reopen(l);
	while (access(p->path, F_OK) != 0)
		usleep(1000);
	say(l, 2);
	log_free(l);
	text = read_file(p->moved);
	assert_int_equal(count(text, "n=2"), 0);
	free(text);
	text = read_file(p->path);
	assert_int_equal(count(text, "n=2"), 1);
	free(text);
}

static void where_it_cannot_be_opened_again_the_old_file_serves_on(void **state)
{
	struct place *p = *state;
	struct log *l = open_log(p->path);
	char *text;

	assert_int_equal(rename(p->path, p->moved), 0);
	assert_int_equal(mkdir(p->path, 0700), 0);
	log_reopen(l);
	say(l, 1);
	log_free(l);
	assert_int_equal(rmdir(p->path), 0);
	text = read_file(p->moved);
	assert_int_equal(count(text, "event=test n=1\n"), 1);
	assert_int_equal(count(text, "Is a directory\"\n"), 1);
	free(text);
}

static void what_cannot_be_opened_is_an_error(void **state)
{
	struct error e;

	(void)state;
	assert_null(log_new("/nowhere/log", LOG_REST, &e));
	assert_string_equal(e.text, "/nowhere/log: No such file or directory");
}

/* A pipe as standard error; returns the end to read from. */
static int pipe_as_stderr(void)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[1]);
	return ends[0];
}

/* All that comes until the other end is closed; closes it. */
static char *read_pipe(int fd)
{
	struct buf b = { 0 };
	char piece[4096];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0)
		buf_add(&b, slice_of(piece, (size_t)n));
	close(fd);
	buf_add_str(&b, "");
	return buf_steal(&b);
}

static void without_a_log_only_complaints_are_said(void **state)
{
	int fd = pipe_as_stderr();
	struct log *l = open_log(NULL);
	char *text;

	(void)state;
	assert_false(log_has_events(l));
	log_complain(l, "%s: %d\033[2J", "al", 7);
	log_reopen(l);
	log_free(l);
	close(STDERR_FILENO);
	text = read_pipe(fd);
	assert_string_equal(text, "pop3-reference-server: al: 7?[2J\n");
	free(text);
}

static void a_complaint_is_an_event_of_a_log(void **state)
{
	struct place *p = *state;
	struct log *l = open_log(p->path);
	char *text;

	log_complain(l, "%s", "al: \"x\"");
	log_free(l);
	text = read_file(p->path);
	assert_int_equal(count(text, " event=error text=\"al: \\\"x\\\"\"\n"),
			 1);
	free(text);
}

/* Nobody reads: what has no room is lost and counted, and nobody waits. */
static void a_pipe_that_nobody_reads_loses_lines(void **state)
{
	enum { LINES = 20000 };
	int fd = pipe_as_stderr();
	struct log *l = open_log(LOG_STDERR);
	struct buf b = { 0 };
	char piece[4096];

	(void)state;
	buf_add_str(&b, "\n");
	for (uint64_t i = 0; i < LINES; i++)
		say(l, i);
	/* Now somebody does. */
	while (count(buf_text(&b), "event=test") + lost(b.ptr) < LINES) {
		ssize_t n = read(fd, piece, sizeof(piece));

		assert_true(n > 0);
		buf_add(&b, slice_of(piece, (size_t)n));
	}
	assert_true(lost(b.ptr) > LINES / 4);
	log_free(l);
	close(fd);
	buf_free(&b);
}

static void a_closed_pipe_loses_all_and_ends(void **state)
{
	int fd = pipe_as_stderr();
	struct log *l = open_log(LOG_STDERR);

	(void)state;
	close(fd);
	for (uint64_t i = 0; i < 5000; i++)
		say(l, i);
	log_free(l);
}

/* Without anybody who reads, the end waits a second, not for ever. */
static void the_end_does_not_wait_for_ever(void **state)
{
	int fd = pipe_as_stderr();
	struct log *l = open_log(LOG_STDERR);

	(void)state;
	for (uint64_t i = 0; i < 5000; i++)
		say(l, i);
	log_free(l);
	close(fd);
}

/* A disk that is full for a while: nothing half, and the rest is counted. */
static void a_full_disk_loses_lines_and_cuts_none_for_good(void **state)
{
	struct place *p = *state;
	struct log *l = open_log(p->path);
	struct rlimit before, small = { 1000, 1000 };
	char *text, *line, *rest;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (uint64_t i = 0; i < 100; i++)
		say(l, i);
	log_reopen(l); /* behind what was said: all was tried */
	for (struct stat st = { 0 }; st.st_size < 1000;)
		assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	say(l, 100);
	log_free(l);
	rest = text = read_file(p->path);
	/* One may be there in part, and lost. */
	assert_in_range(count(text, "event=test") + lost(text), 101, 102);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			assert_int_equal(strncmp(line, "time=", 5), 0);
	free(text);
}

static uid_t owner(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_uid;
}

static void only_the_file_that_was_opened_is_given(void **state)
{
	struct place *p = *state;
	struct log *l;

	if (geteuid() != 0)
		skip();
	l = open_log(p->path);
	assert_int_equal(rename(p->path, p->moved), 0);
	log_free(open_log(p->path)); /* another of that name */
	assert_int_equal(log_give(l, 1, 1), 0);
	assert_int_equal(owner(p->path) + owner(p->moved), 0);
	assert_int_equal(rename(p->moved, p->path), 0);
	assert_int_equal(log_give(l, 1, 1), 0);
	assert_int_equal(owner(p->path), 1);
	log_free(l);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_are_appended_in_order),
		TEST(it_is_opened_again_where_it_was_moved_away),
		TEST(where_it_cannot_be_opened_again_the_old_file_serves_on),
		TEST(only_the_file_that_was_opened_is_given),
		TEST(what_cannot_be_opened_is_an_error),
		TEST(without_a_log_only_complaints_are_said),
		TEST(a_complaint_is_an_event_of_a_log),
		TEST(a_pipe_that_nobody_reads_loses_lines),
		TEST(a_closed_pipe_loses_all_and_ends),
		TEST(the_end_does_not_wait_for_ever),
		TEST(a_full_disk_loses_lines_and_cuts_none_for_good),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
