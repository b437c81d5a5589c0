/* SPDX-License-Identifier: MIT */
/* This program is also the server that it starts: see serve(). */
#include "service.h"

#include "await.h"
#include "scratch.h"
#include "wire_tcp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#define LONG 60000 /* ms: more than any test takes */

/* Greet everybody at the port, for good. */
static int serve(const char *port, const char *greeting)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	a.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 5))
		return 1;
	for (;;) {
		int client = accept(fd, NULL, NULL);

		dprintf(client, "%s\r\n", greeting);
		close(client);
	}
}

struct room {
	struct scratch scratch;
	struct target target;
	char *program;
	struct error e;
};

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));
	char program[4096];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program));

	assert_non_null(r);
	assert_true(n > 0);
	r->program = slice_copy(slice_of(program, (size_t)n));
	scratch_open(&r->scratch);
	assert_int_equal(target_init(&r->target, &r->e), 0);
	free(r->target.directory);
	r->target.directory = strdup(r->scratch.path);
	r->target.host = strdup("127.0.0.1");
	r->target.patience.ms[WAIT_CONNECT] = LONG;
	r->target.patience.ms[WAIT_GREETING] = 0;
	*state = r;
	return 0;
}

static int close_room(void **state)
{
	struct room *r = *state;

	target_free(&r->target);
	scratch_close(&r->scratch);
	free(r->program);
	free(r);
	return 0;
}

/* Start the target with this program as its server. */
static struct service *start(struct room *r, const char *before,
			     const char *after, const struct cancel *cancel)
{
	free(r->target.start);
	assert_true(asprintf(&r->target.start, "%s%s%s", before, r->program,
			     after) > 0);
	return service_start(&r->target, cancel, &r->e);
}

static bool listens(const struct room *r)
{
	char port[8];
	struct wire *w;

	snprintf(port, sizeof(port), "%u", (unsigned)r->target.port);
	w = wire_tcp_connect("127.0.0.1", port, LONG, NULL, NULL);
	if (w)
		w->ops->close(w);
	return w;
}

static void a_server_is_ready_when_it_greets(void **state)
{
	struct room *r = *state;
	struct service *s = start(r, "exec ", " {port} '+OK hello'", NULL);

	if (!s)
		fail_msg("%s", r->e.text);
	assert_true(r->target.port > 0);
	assert_true(listens(r));
	assert_false(spawn_ended(service_child(s), NULL));
	assert_int_equal(service_stop(s, &r->e), 0);
	service_free(s);
	assert_false(listens(r));
}

static void a_given_port_is_used(void **state)
{
	struct room *r = *state;
	unsigned port = service_free_port(&r->e);
	struct service *s;

	r->target.port = port;
	s = start(r, "exec ", " {port} '+OK hello'", NULL);
	assert_non_null(s);
	assert_int_equal(r->target.port, port);
	service_stop(s, &r->e);
	service_free(s);
}

/* A server that is there already would be judged, and ours be missed. */
static void a_port_that_is_taken_is_refused(void **state)
{
	struct room *r = *state;
	struct service *there = start(r, "exec ", " {port} '+OK hello'", NULL);
	char expected[80];

	assert_non_null(there);
	r->target.stop = strdup("> stopped");
	assert_null(start(r, "> started; exec ", " {port} '+OK again'", NULL));
	snprintf(expected, sizeof(expected),
		 "start: something listens on port %u already",
		 (unsigned)r->target.port);
	assert_string_equal(r->e.text, expected);
	assert_int_equal(scratch_entries(&r->scratch, "."), 0);
	assert_true(listens(r));
	service_stop(there, &r->e);
	service_free(there);
}

static void a_start_that_fails_says_why(void **state)
{
	struct room *r = *state;

	assert_null(start(r, "echo bad configuration >&2; exit 4; ", "", NULL));
	assert_string_equal(
	    r->e.text, "start: ended with exit status 4: bad configuration");
}

static void a_server_that_does_not_greet_is_not_ready(void **state)
{
	struct room *r = *state;

	/* Long enough for a busy machine to start it. */
	r->target.patience.ms[WAIT_CONNECT] = 2000;
	assert_null(start(r, "exec ", " {port} '-ERR busy'", NULL));
	assert_string_equal(r->e.text,
			    "start: not ready in time: it listens, but "
			    "does not greet with +OK");
}

static void a_server_that_does_not_listen_is_not_ready(void **state)
{
	struct room *r = *state;
	char expected[128];

	r->target.patience.ms[WAIT_CONNECT] = 100;
	assert_null(start(r, "exec sleep 1000; ", "{port}", NULL));
	snprintf(expected, sizeof(expected),
		 "start: not ready in time: 127.0.0.1:%u: connection refused",
		 (unsigned)r->target.port);
	assert_string_equal(r->e.text, expected);
}

static void cancelling_ends_the_wait(void **state)
{
	struct room *r = *state;
	struct cancel cancel;

	assert_int_equal(cancel_open(&cancel, &r->e), 0);
	cancel_raise(&cancel);
	assert_null(start(r, "exec sleep 1000; ", "{port}", &cancel));
	assert_string_equal(r->e.text, "start: cancelled");
	cancel_close(&cancel);
}

static void a_server_in_the_background_ends_too(void **state)
{
	struct room *r = *state;
	struct service *s = start(r, "", " {port} '+OK hello' & :", NULL);

	assert_non_null(s);
	assert_true(listens(r));
	assert_int_equal(service_stop(s, &r->e), 0);
	service_free(s);
	assert_false(listens(r));
}

/* A daemon, as most servers are: its own session, out of our reach. */
static void a_daemon_needs_a_stop(void **state)
{
	struct room *r = *state;
	struct service *s;

	r->target.patience.ms[WAIT_CLOSE] = 50;
	s = start(r, "setsid sh -c 'echo $$ > pid; exec ",
		  " {port} \"+OK hello\"' &", NULL);
	assert_non_null(s);
	assert_int_equal(service_stop(s, &r->e), -1);
	service_free(s);
	assert_string_equal(r->e.text,
			    "stop: the server still listens: the target needs "
			    "a \"stop\" that ends it");
	assert_int_equal(
	    service_run(&r->target, "kill $(cat pid)", NULL, &r->e), 0);
}

static void a_daemon_is_ended_by_its_stop(void **state)
{
	struct room *r = *state;
	struct service *s;

	r->target.stop = strdup("kill $(cat pid); echo {port} > stopped");
	s = start(r, "setsid sh -c 'echo $$ > pid; exec ",
		  " {port} \"+OK hello\"' &", NULL);
	if (!s)
		fail_msg("%s", r->e.text);
	assert_true(listens(r));
	assert_int_equal(service_stop(s, &r->e), 0);
	service_free(s);
	assert_int_equal(scratch_entries(&r->scratch, "."), 2);
	assert_false(listens(r));
}

static void a_stop_that_fails_says_so(void **state)
{
	struct room *r = *state;
	struct service *s;

	r->target.stop = strdup("echo not mine >&2; exit 9");
	s = start(r, "exec ", " {port} '+OK hello'", NULL);
	assert_non_null(s);
	assert_int_equal(service_stop(s, &r->e), -1);
	service_free(s);
	assert_string_equal(r->e.text,
			    "stop: ended with exit status 9: not mine");
	assert_false(listens(r));
}

static void a_command_runs_to_its_end(void **state)
{
	struct room *r = *state;

	r->target.port = 1110;
	assert_int_equal(service_run(&r->target, "test {port} = 1110 && > here",
				     NULL, &r->e),
			 0);
	assert_int_equal(scratch_entries(&r->scratch, "."), 1);
	assert_int_equal(service_run(&r->target, "false", NULL, &r->e), -1);
	assert_string_equal(r->e.text, "ended with exit status 1");
}

#define IN_ROOM(t) cmocka_unit_test_setup_teardown(t, open_room, close_room)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(a_server_is_ready_when_it_greets),
	    IN_ROOM(a_given_port_is_used),
	    IN_ROOM(a_port_that_is_taken_is_refused),
	    IN_ROOM(a_start_that_fails_says_why),
	    IN_ROOM(a_server_that_does_not_greet_is_not_ready),
	    IN_ROOM(a_server_that_does_not_listen_is_not_ready),
	    IN_ROOM(cancelling_ends_the_wait),
	    IN_ROOM(a_server_in_the_background_ends_too),
	    IN_ROOM(a_daemon_needs_a_stop),
	    IN_ROOM(a_daemon_is_ended_by_its_stop),
	    IN_ROOM(a_stop_that_fails_says_so),
	    IN_ROOM(a_command_runs_to_its_end),
	};

	if (argc > 2)
		return serve(argv[1], argv[2]);
	return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
