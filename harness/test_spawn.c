/* SPDX-License-Identifier: MIT */
/* This program is also the program that it starts: see act(). */
#include "actor.h"
#include "await.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void list_descriptors(void)
{
	for (int fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) != -1)
			printf("%d ", fd);
	say("are open\n");
}

/* What the child does, by its first argument. */
static int act(const char *part)
{
	if (!strcmp(part, "ready"))
		say("starting\nlistening on 127.0.0.1:42\nmore\n");
	else if (!strcmp(part, "half"))
		say("listening on 1");
	else if (!strcmp(part, "descriptors"))
		list_descriptors();
	else if (!strcmp(part, "chatty"))
		fill(stdout, 1 << 20);
	else if (!strcmp(part, "works"))
		return 0;
	else if (!strcmp(part, "dies"))
		raise(SIGKILL);
	else if (!strcmp(part, "stubborn")) {
		signal(SIGTERM, SIG_IGN);
		say("ready\n");
	} else if (!strcmp(part, "parent")) {
		pid_t pid = fork();

		if (pid)
			printf("child %ld\n", (long)pid);
		else
			signal(SIGTERM, SIG_IGN);
		fflush(stdout);
	}
	for (;;)
		pause();
}

static void a_ready_line_is_awaited(void **state)
{
	struct child *c = start("ready");

	(void)state;
	assert_said(c, "listening on 127.0.0.1:", "42");
	assert_said(c, "mo", "re");
	assert_false(spawn_ended(c, NULL));
	spawn_free(c);
}

static void half_a_line_is_not_ready(void **state)
{
	struct child *c = start("half");
	struct error e;
	char *rest;

	(void)state;
	assert_int_equal(
	    spawn_await_line(c, "listening on ", 50, NULL, &rest, &e), -1);
	assert_string_equal(e.text, "not within 0.1 s");
	spawn_free(c);
}

static void chatter_is_no_line(void **state)
{
	struct child *c = start("chatty");
	struct error e;
	char *rest;

	(void)state;
	assert_int_equal(
	    spawn_await_line(c, "listening", LONG, NULL, &rest, &e), -1);
	assert_string_equal(e.text,
			    "wrote 65536 octets, but no line \"listening\"");
	spawn_free(c);
}

static void *raise_it(void *cancel)
{
	cancel_raise(cancel);
	return NULL;
}

static void cancelling_ends_the_wait(void **state)
{
	struct child *c = start("half");
	struct cancel cancel;
	struct error e;
	pthread_t thread;
	char *rest;

	(void)state;
	assert_int_equal(cancel_open(&cancel, &e), 0);
	assert_int_equal(pthread_create(&thread, NULL, raise_it, &cancel), 0);
	assert_int_equal(
	    spawn_await_line(c, "listening", LONG, &cancel, &rest, &e), -1);
	assert_string_equal(e.text, "cancelled");
	pthread_join(thread, NULL);
	cancel_close(&cancel);
	spawn_free(c);
}

static void a_signal_is_named(void **state)
{
	struct child *c = start("dies");
	struct error e;

	(void)state;
	assert_int_equal(spawn_await_end(c, LONG, NULL, &e), -1);
	assert_string_equal(e.text, "ended with signal 9 (Killed)");
	spawn_free(c);
}

static void success_is_success(void **state)
{
	struct child *c = start("works");
	struct error e;

	(void)state;
	assert_int_equal(spawn_await_end(c, LONG, NULL, &e), 0);
	assert_true(spawn_succeeded(c));
	spawn_free(c);
}

static void what_ignores_sigterm_is_killed(void **state)
{
	struct child *c = start("stubborn");
	struct buf how = {0};

	(void)state;
	assert_said(c, "ready", "");
	spawn_stop(c, 20);
	spawn_stop(c, 20);
	assert_true(spawn_ended(c, &how));
	assert_string_equal(buf_text(&how), "signal 9 (Killed)");
	buf_free(&how);
	spawn_free(c);
}

/* Gone, or a zombie that somebody else has to reap. */
static bool is_dead(long pid)
{
	char path[64], line[256];
	const char *after;
	bool dead;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return true;
	after = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	dead = !after || after[2] == 'Z' || after[2] == 'X';
	fclose(f);
	return dead;
}

static void its_children_end_too(void **state)
{
	struct child *c = start("parent");
	char *pid = line_of(c, "child ");
	long number = strtol(pid, NULL, 10);

	(void)state;
	assert_false(is_dead(number));
	spawn_stop(c, LONG);
	while (!is_dead(number)) /* SIGKILL is on its way */
		sched_yield();
	free(pid);
	spawn_free(c);
}

static void no_descriptor_of_ours_is_there(void **state)
{
	int leaky = open("/dev/null", O_RDONLY);
	struct child *c = start("descriptors");

	(void)state;
	assert_true(leaky > 2);
	assert_said(c, "0 1 2 ", "are open");
	close(leaky);
	spawn_free(c);
}

static void it_has_its_directory(void **state)
{
	struct scratch s;
	struct error e;
	struct child *c;

	(void)state;
	scratch_open(&s);
	c = spawn_command("pwd; exec sleep 1000", s.path, &e);
	assert_non_null(c);
	assert_said(c, "/tmp/", s.path + strlen("/tmp/"));
	spawn_free(c);
	scratch_close(&s);
}

static void what_cannot_be_started_is_an_error(void **state)
{
	const char *const argv[] = {"/nowhere/program", NULL};
	const char *const works[] = {"/bin/sh", NULL};
	struct error e;

	(void)state;
	assert_null(spawn(argv, NULL, &e));
	assert_string_equal(e.text, "/nowhere/program: cannot be started: No "
				    "such file or directory");
	assert_null(spawn(works, "/nowhere", &e));
	assert_string_equal(e.text, "/bin/sh: cannot be started: No such file "
				    "or directory");
}

static void *start_and_leave(void *child)
{
	*(struct child **)child = start("half");
	return NULL;
}

static void it_dies_with_who_started_it(void **state)
{
	struct child *c = NULL;
	struct error e;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, start_and_leave, &c), 0);
	pthread_join(thread, NULL);
	assert_int_equal(spawn_await_end(c, LONG, NULL, &e), -1);
	assert_string_equal(e.text, "ended with signal 9 (Killed)");
	spawn_free(c);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_ready_line_is_awaited),
	    cmocka_unit_test(half_a_line_is_not_ready),
	    cmocka_unit_test(chatter_is_no_line),
	    cmocka_unit_test(cancelling_ends_the_wait),
	    cmocka_unit_test(a_signal_is_named),
	    cmocka_unit_test(success_is_success),
	    cmocka_unit_test(what_ignores_sigterm_is_killed),
	    cmocka_unit_test(its_children_end_too),
	    cmocka_unit_test(no_descriptor_of_ours_is_there),
	    cmocka_unit_test(it_has_its_directory),
	    cmocka_unit_test(what_cannot_be_started_is_an_error),
	    cmocka_unit_test(it_dies_with_who_started_it),
	};

	if (argc > 1)
		return act(argv[1]);
	return cmocka_run_group_tests_name("spawn", tests, NULL, NULL);
}
