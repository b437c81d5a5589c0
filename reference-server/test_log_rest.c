/* SPDX-License-Identifier: MIT */
/* When what is said to a log is written. */
#include "log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define PATIENCE 240000	 /* ms; long, because a host may be busy */
#define FOR_EVER 3600000 /* ms */

struct end {
	int fd; /* to read from, one write() at a time */
	struct buf heard;
	struct log *log;
};

/* A log to standard error, which is a pipe that keeps each write apart. */
static struct end begin(unsigned rest)
{
	struct end e = { 0 };
	struct error error;
	int before = dup(STDERR_FILENO), ends[2];

	assert_int_equal(pipe2(ends, O_DIRECT), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	e.fd = ends[0];
	e.log = log_new(LOG_STDERR, rest, &error);
	dup2(before, STDERR_FILENO);
	close(before);
	assert_non_null(e.log);
	return e;
}

static void end(struct end *e)
{
	close(e->fd);
	log_free(e->log);
	buf_free(&e->heard);
}

static void say(struct end *e, uint64_t n)
{
	struct logfmt line = log_event("test");

	logfmt_number(&line, "n", n);
	log_write(e->log, &line);
}

static bool was_heard(struct end *e, const char *text)
{
	return strstr(buf_text(&e->heard), text);
}

static void hear(struct end *e)
{
	struct pollfd p = { .fd = e->fd, .events = POLLIN };
	char piece[4096];
	ssize_t n;

	assert_int_equal(poll(&p, 1, PATIENCE), 1);
	n = read(e->fd, piece, sizeof(piece));
	assert_true(n > 0);
	buf_add(&e->heard, slice_of(piece, (size_t)n));
}

static void await(struct end *e, const char *text)
{
	while (!was_heard(e, text))
		hear(e);
}

/* Those that come while the thread rests wait for nobody's end, either. */
static void lines_that_follow_closely_are_written_too(void **state)
{
	struct end e = begin(LOG_REST);

	(void)state;
	for (uint64_t i = 1; i < 20; i++) {
		char awaited[32];

		snprintf(awaited, sizeof(awaited), " n=%" PRIu64 "\n", i);
		say(&e, i);
		await(&e, awaited);
	}
	end(&e);
}

/* Behind line 1 all others gather until something wakes it. */
static struct end begin_at_rest(void)
{
	struct end e = begin(FOR_EVER);

	say(&e, 1);
	await(&e, " n=1\n");
	while (!log_rests(e.log))
		sched_yield();
	buf_clear(&e.heard);
	return e;
}

static void lines_that_gather_are_one_write(void **state)
{
	struct end e = begin_at_rest();

	(void)state;
	for (uint64_t i = 2; i <= 50; i++) {
		say(&e, i);
		assert_true(log_rests(e.log));
	}
	log_free(e.log);
	e.log = NULL;
	hear(&e);
	assert_true(was_heard(&e, " n=2\n"));
	assert_true(was_heard(&e, " n=50\n"));
	end(&e);
}

static void a_complaint_does_not_wait_for_others(void **state)
{
	struct end e = begin_at_rest();

	(void)state;
	say(&e, 2);
	log_complain(e.log, "at once");
	await(&e, "at once");
	assert_true(was_heard(&e, " n=2\n"));
	end(&e);
}

static void many_lines_do_not_wait_for_more(void **state)
{
	struct end e = begin_at_rest();

	(void)state;
	for (size_t said = 0; said < LOG_ROOM / 2; said += strlen("event=test"))
		say(&e, 2);
	await(&e, " n=2\n");
	end(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_that_follow_closely_are_written_too),
		cmocka_unit_test(lines_that_gather_are_one_write),
		cmocka_unit_test(a_complaint_does_not_wait_for_others),
		cmocka_unit_test(many_lines_do_not_wait_for_more),
	};

	return cmocka_run_group_tests_name("log rest", tests, NULL, NULL);
}
