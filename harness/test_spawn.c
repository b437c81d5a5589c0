/* SPDX-License-Identifier: MIT */
/* This program is also the program that it starts: see act(). */
#include "spawn.h"

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

#define LONG 60000 /* ms: more than any test takes */

static const char filler[] = "0123456789abcdef0123456789abcdef\n";

static void fill(FILE *to, size_t octets)
{
	for (size_t i = 0; i < octets; i += sizeof(filler) - 1)
		fputs(filler, to);
	fflush(to);
}

static void say(const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

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
	else if (!strcmp(part, "fails")) {
		fputs("first\nno such\033[1m thing\n\n", stderr);
		return 3;
	} else if (!strcmp(part, "works"))
		return 0;
	else if (!strcmp(part, "dies"))
		raise(SIGKILL);
	else if (!strcmp(part, "noisy")) {
		fill(stderr, 1 << 20);
		fputs("the last word\n", stderr);
		say("done\n");
	} else if (!strcmp(part, "sanitizer")) {
		fill(stderr, 1 << 20);
		fputs("==1==ERROR: AddressSanitizer: heap\n", stderr);
		fill(stderr, 1 << 20);
		say("done\n");
	} else if (!strcmp(part, "ubsan")) {
		fputs("a.c:1:2: runtime error: shift\n", stderr);
		say("done\n");
	} else if (!strcmp(part, "panic")) {
		fputs("panic: runtime error: nil\n", stderr);
		say("done\n");
	} else if (!strcmp(part, "stubborn")) {
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

static struct child *start(const char *part)
{
	const char *const argv[] = {"/proc/self/exe", part, NULL};
	struct error e;
	struct child *c = spawn(argv, NULL, &e);

	assert_non_null(c);
	return c;
}

static char *line_of(struct child *c, const char *prefix)
{
	struct error e;
	char *rest = NULL;

	if (spawn_await_line(c, prefix, LONG, NULL, &rest, &e))
		fail_msg("%s", e.text);
	return rest;
}

static void assert_said(struct child *c, const char *prefix, const char *rest)
{
	char *line = line_of(c, prefix);

	assert_string_equal(line, rest);
	free(line);
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

static void an_end_is_explained(void **state)
{
	struct child *c = start("fails");
	struct buf how = {0};
	struct error e;
	char *rest;

	(void)state;
	assert_int_equal(spawn_await_line(c, "ready", LONG, NULL, &rest, &e),
			 -1);
	assert_string_equal(e.text,
			    "ended with exit status 3: no such?[1m thing");
	assert_true(spawn_ended(c, &how));
	assert_string_equal(buf_text(&how), "exit status 3");
	assert_false(spawn_succeeded(c));
	buf_clear(&how);
	spawn_errors(c, &how);
	assert_non_null(strstr(buf_text(&how), "first\n"));
	buf_free(&how);
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

static void the_last_errors_are_kept(void **state)
{
	struct child *c = start("noisy");
	struct buf errors = {0};

	(void)state;
	assert_said(c, "done", "");
	spawn_stop(c, LONG);
	spawn_errors(c, &errors);
	assert_true(errors.len <= SPAWN_KEPT_LIMIT);
	assert_true(slice_ends(buf_slice(&errors), "the last word\n"));
	assert_false(spawn_sanitizer_spoke(c));
	buf_free(&errors);
	spawn_free(c);
}

static void a_sanitizer_is_heard_and_kept(void **state)
{
	struct child *c = start("sanitizer");
	struct buf errors = {0};

	(void)state;
	assert_said(c, "done", "");
	spawn_stop(c, LONG);
	assert_true(spawn_sanitizer_spoke(c));
	spawn_errors(c, &errors);
	assert_true(slice_starts(buf_slice(&errors),
				 "==1==ERROR: AddressSanitizer: heap\n"));
	assert_int_equal(errors.len, SPAWN_KEPT_LIMIT);
	buf_free(&errors);
	spawn_free(c);
}

static void another_runtime_error_is_none_of_a_sanitizer(void **state)
{
	struct child *c = start("ubsan");

	(void)state;
	assert_said(c, "done", "");
	spawn_stop(c, LONG);
	assert_true(spawn_sanitizer_spoke(c));
	spawn_free(c);
	c = start("panic");
	assert_said(c, "done", "");
	spawn_stop(c, LONG);
	assert_false(spawn_sanitizer_spoke(c));
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
	    cmocka_unit_test(an_end_is_explained),
	    cmocka_unit_test(a_signal_is_named),
	    cmocka_unit_test(success_is_success),
	    cmocka_unit_test(the_last_errors_are_kept),
	    cmocka_unit_test(a_sanitizer_is_heard_and_kept),
	    cmocka_unit_test(another_runtime_error_is_none_of_a_sanitizer),
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
