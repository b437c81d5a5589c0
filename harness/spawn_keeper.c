/* SPDX-License-Identifier: MIT */
/*
 * A process that outlives us for as long as it takes to kill what we left. The
 * child itself dies with us by PR_SET_PDEATHSIG; what a shell started in its
 * group does not.
 */
#include "spawn_internal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Twice: who was killed may be about to write one file more. */
static void remove_all(const char *place)
{
	pid_t first = fork();

	if (first > 0)
		while (waitpid(first, NULL, 0) < 0 && errno == EINTR)
			;
	execl("/bin/rm", "rm", "-rf", "--", place, (char *)NULL);
	_exit(1);
}

/*
 * Only what is safe after fork in a program with threads. A session of its own,
 * so that what is sent to our group does not reach it; and nothing of ours open,
 * so that nobody waits for it who reads what we write.
 */
static void keep(int from, pid_t group, const char *place)
{
	char word;
	ssize_t n;

	setsid();
	prctl(PR_SET_NAME, "pop3spec-keeper");
	if (dup2(from, 0) < 0)
		_exit(1);
	close_range(1, ~0U, 0);
	do
		n = read(0, &word, 1);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		_exit(0);
	kill(-group, SIGKILL); /* we died without a word */
	if (!place)
		_exit(0);
	remove_all(place);
}

int spawn_keeper_start(struct child *c, struct error *e)
{
	int ends[2];
	int error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return error_set(e, "socketpair: %s", strerror(errno));
	c->keeper = fork();
	if (!c->keeper) {
		close(ends[0]);
		keep(ends[1], c->pid, c->place);
	}
	error = errno;
	close(ends[1]);
	c->keeping = ends[0];
	if (c->keeper > 0)
		return 0;
	return error_set(e, "fork: %s", strerror(error));
}

void spawn_keeper_end(struct child *c)
{
	if (c->keeper <= 0)
		return;
	send(c->keeping, "", 1, MSG_NOSIGNAL);
	while (waitpid(c->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	c->keeper = 0;
}
