/* SPDX-License-Identifier: MIT */
#include "tokens_ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct asked {
	pid_t pid; /* and the group of its processes */
	int end;   /* ours, of its standard input and output */
	unsigned seconds;
	struct timespec deadline;
};

/* What the child gets: a group of its own, and the signals as they were. */
static int attributes(posix_spawnattr_t *a)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	return posix_spawnattr_init(a) ||
			       posix_spawnattr_setsigdefault(a, &all) ||
			       posix_spawnattr_setsigmask(a, &none) ||
			       posix_spawnattr_setpgroup(a, 0) ||
			       posix_spawnattr_setflags(
				       a, POSIX_SPAWN_SETPGROUP |
						  POSIX_SPAWN_SETSIGDEF |
						  POSIX_SPAWN_SETSIGMASK)
		       ? -1
		       : 0;
}

/* Returns 0, or what the system says, an errno. */
static int spawn(const char *command, int end, pid_t *pid)
{
	char *words[] = { "/bin/sh", "-c", (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t a;
	int failed;

	if (attributes(&a))
		return ENOMEM;
	failed = posix_spawn_file_actions_init(&actions);
	if (!failed) {
		failed = posix_spawn_file_actions_adddup2(&actions, end, 0) ||
					 posix_spawn_file_actions_adddup2(
						 &actions, end, 1)
				 ? ENOMEM
				 : posix_spawn(pid, words[0], &actions, &a,
					       words, environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	posix_spawnattr_destroy(&a);
	return failed;
}

static int start(struct asked *a, const char *command, unsigned seconds,
		 struct error *e)
{
	int ends[2], failed;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return error_set(e, "no socket: %s", strerror(errno));
	a->end = ends[0];
	a->seconds = seconds;
	clock_gettime(CLOCK_MONOTONIC, &a->deadline);
	a->deadline.tv_sec += seconds;
	failed = spawn(command, ends[1], &a->pid);
	close(ends[1]);
	if (!failed)
		return 0;
	close(a->end);
	return error_set(e, "no process: %s", strerror(failed));
}

static int ms_left(const struct asked *a)
{
	struct timespec now;
	long long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (a->deadline.tv_sec - now.tv_sec) * 1000LL +
	     (a->deadline.tv_nsec - now.tv_nsec) / 1000000;
	return ms > 0 ? (int)ms : 0;
}

static bool wait_for(const struct asked *a, short events)
{
	struct pollfd p = { .fd = a->end, .events = events };
	int ready;

	do
		ready = poll(&p, 1, ms_left(a));
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

static bool no_answer(const struct asked *a, struct error *e)
{
	error_set(e, "no answer in %u s", a->seconds);
	return false;
}

/* What the command does not care to read is no failure. */
static bool say(const struct asked *a, struct slice octets, struct error *e)
{
	while (octets.len) {
		ssize_t n;

		if (!wait_for(a, POLLOUT))
			return no_answer(a, e);
		n = send(a->end, octets.ptr, octets.len,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return true;
		octets = slice_from(octets, n > 0 ? (size_t)n : 0);
	}
	return true;
}

/* Hears it to its end. Returns false when that takes too long, or is too much.
 */
static bool hear(const struct asked *a, char *to, size_t room, size_t *len,
		 struct error *e)
{
	ssize_t n = 1;

	for (*len = 0; n && *len < room; *len += (size_t)n) {
		if (!wait_for(a, POLLIN))
			return no_answer(a, e);
		do
			n = recv(a->end, to + *len, room - *len, 0);
		while (n < 0 && errno == EINTR);
		if (n < 0 && errno == ECONNRESET)
			return true; /* it left our token */
		if (n < 0)
			return error_set(e, "%s", strerror(errno)) == 0;
	}
	if (n)
		error_set(e, "its answer is longer than a user name");
	return !n;
}

/* Waits until it exits, while there is time. */
static bool ends_in_time(const struct asked *a, struct error *e)
{
	struct asked process = *a;
	bool ended;

	process.end = pidfd_open(a->pid, 0);
	if (process.end < 0)
		return error_set(e, "no descriptor of it: %s",
				 strerror(errno)) == 0;
	ended = wait_for(&process, POLLIN);
	close(process.end);
	if (!ended)
		error_set(e, "an answer, but no end in %u s", a->seconds);
	return ended;
}

/*
 * Waits until it ends; when it is not fine, or that takes too long, it is
 * killed, with all that it started. Returns whether it ended by itself.
 */
static bool end(const struct asked *a, bool fine, int *status, struct error *e)
{
	pid_t ended;

	close(a->end);
	fine = fine && ends_in_time(a, e);
	if (!fine)
		kill(-a->pid, SIGKILL);
	do
		ended = waitpid(a->pid, status, 0);
	while (ended < 0 && errno == EINTR);
	if (fine && ended < 0)
		return error_set(e, "no status: %s", strerror(errno)) == 0;
	return fine;
}

/* A shell has words of its own for how what it started ended. */
static void tell_status(int status, struct error *e)
{
	int code = WEXITSTATUS(status);

	if (WIFSIGNALED(status))
		error_set(e, "killed by signal %d", WTERMSIG(status));
	else if (code == 126)
		error_set(e, "exit status 126, as of one that cannot be "
			     "executed");
	else if (code == 127)
		error_set(e, "exit status 127, as of one that is not there");
	else if (code > 128 && code <= 128 + SIGRTMAX)
		error_set(e, "exit status %d, as of one that signal %d killed",
			  code, code - 128);
	else
		error_set(e, "exit status %d", code);
}

static enum token take_name(struct slice said, char *name, struct error *e)
{
	size_t line = slice_find(said, '\n');
	struct slice first = slice_first(said, line);

	if (!said.len)
		error_set(e, "it said nothing");
	else if (line + 1 < said.len)
		error_set(e, "its answer is more than a line");
	else if (!user_name_allowed(first))
		error_set(e, "its answer is no user name");
	else {
		memcpy(name, first.ptr, first.len);
		name[first.len] = '\0';
		return TOKEN_RIGHT;
	}
	return TOKEN_UNKNOWABLE;
}

enum token tokens_ask(const char *command, unsigned seconds, struct slice token,
		      char name[USER_NAME_MAX + 1], struct error *e)
{
	char said[USER_NAME_MAX + 2];
	struct asked a;
	size_t len = 0;
	int status = 0;
	bool fine;

	if (start(&a, command, seconds, e))
		return TOKEN_UNKNOWABLE;
	fine = say(&a, token, e) && say(&a, slice_str("\n"), e);
	shutdown(a.end, SHUT_WR);
	fine = fine && hear(&a, said, sizeof(said), &len, e);
	if (!end(&a, fine, &status, e))
		return TOKEN_UNKNOWABLE;
	if (status == 0)
		return take_name(slice_of(said, len), name, e);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
		return TOKEN_WRONG;
	tell_status(status, e);
	return TOKEN_UNKNOWABLE;
}
