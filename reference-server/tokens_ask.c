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

static int spawn(const char *command, int end, pid_t *pid)
{
	char *words[] = { "/bin/sh", "-c", (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t a;
	int failed;

	if (attributes(&a))
		return -1;
	failed = posix_spawn_file_actions_init(&actions);
	if (!failed) {
		failed = posix_spawn_file_actions_adddup2(&actions, end, 0) ||
			 posix_spawn_file_actions_adddup2(&actions, end, 1) ||
			 posix_spawn(pid, words[0], &actions, &a, words,
				     environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	posix_spawnattr_destroy(&a);
	return failed ? -1 : 0;
}

static int start(struct asked *a, const char *command, unsigned seconds)
{
	int ends[2], failed;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return -1;
	a->end = ends[0];
	clock_gettime(CLOCK_MONOTONIC, &a->deadline);
	a->deadline.tv_sec += seconds;
	failed = spawn(command, ends[1], &a->pid);
	close(ends[1]);
	if (failed)
		close(a->end);
	return failed;
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

/* What the command does not care to read is no failure. */
static bool say(const struct asked *a, struct slice octets)
{
	while (octets.len) {
		ssize_t n;

		if (!wait_for(a, POLLOUT))
			return false;
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
static bool hear(const struct asked *a, char *to, size_t room, size_t *len)
{
	ssize_t n = 1;

	for (*len = 0; n && *len < room; *len += (size_t)n) {
		if (!wait_for(a, POLLIN))
			return false;
		do
			n = recv(a->end, to + *len, room - *len, 0);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			return errno == ECONNRESET; /* it left our token */
	}
	return !n;
}

/* Waits until it exits, while there is time. */
static bool ends_in_time(const struct asked *a)
{
	struct asked process = *a;
	bool ended;

	process.end = pidfd_open(a->pid, 0);
	if (process.end < 0)
		return false;
	ended = wait_for(&process, POLLIN);
	close(process.end);
	return ended;
}

/* Returns the exit status; -1 when it was killed, with all that it started. */
static int end(const struct asked *a, bool fine)
{
	int status = -1;
	pid_t ended;

	close(a->end);
	if (!fine || !ends_in_time(a))
		kill(-a->pid, SIGKILL);
	do
		ended = waitpid(a->pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	return ended == a->pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool is_name(struct slice said, char *name)
{
	if (slice_ends(said, "\n"))
		said = slice_first(said, said.len - 1);
	if (!user_name_allowed(said))
		return false;
	memcpy(name, said.ptr, said.len);
	name[said.len] = '\0';
	return true;
}

enum token tokens_ask(const char *command, unsigned seconds, struct slice token,
		      char name[USER_NAME_MAX + 1])
{
	char said[USER_NAME_MAX + 2];
	struct asked a;
	size_t len = 0;
	int status;
	bool fine;

	if (start(&a, command, seconds))
		return TOKEN_UNKNOWABLE;
	fine = say(&a, token) && say(&a, slice_str("\n"));
	shutdown(a.end, SHUT_WR);
	fine = fine && hear(&a, said, sizeof(said), &len);
	status = end(&a, fine);
	if (fine && status == 1)
		return TOKEN_WRONG;
	return fine && status == 0 && is_name(slice_of(said, len), name)
		       ? TOKEN_RIGHT
		       : TOKEN_UNKNOWABLE;
}
