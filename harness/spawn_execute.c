/* SPDX-License-Identifier: MIT */
#include "spawn_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/close_range.h>

struct start {
	const char *const *argv;
	const char *directory;
	int out, err;
	int report[2]; /* gets errno when it cannot be executed */
	int gate[2];   /* an octet comes when it may begin */
	pid_t parent;
};

/* A handler is reset by exec, but what is ignored would stay so. */
static void reset_signals(void)
{
	static const int ignorable[] = {SIGPIPE, SIGINT,  SIGQUIT, SIGTERM,
					SIGHUP,	 SIGCHLD, SIGTSTP, SIGALRM,
					SIGUSR1, SIGUSR2};
	sigset_t none;

	for (size_t i = 0; i < sizeof(ignorable) / sizeof(*ignorable); i++)
		signal(ignorable[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Ours may be among the first three: they are moved out of the way. */
static int set_streams(const struct start *s)
{
	int null =
	    fcntl(open("/dev/null", O_RDONLY | O_CLOEXEC), F_DUPFD_CLOEXEC, 3);
	int out = fcntl(s->out, F_DUPFD_CLOEXEC, 3);
	int err = fcntl(s->err, F_DUPFD_CLOEXEC, 3);

	if (dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		return -1;
	/* An old kernel knows no such call; ours are closed by exec anyway. */
	close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	return 0;
}

/* False: our parent died, or had no keeper for us. */
static bool may_begin(const struct start *s)
{
	char octet;
	ssize_t n;

	close(s->gate[1]);
	do
		n = read(s->gate[0], &octet, 1);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

/* In the child: only what is safe after fork in a program with threads. */
static void become(const struct start *s)
{
	int report = fcntl(s->report[1], F_DUPFD_CLOEXEC, 3);
	int error;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != s->parent) /* it died before we asked */
		_exit(127);
	if (!may_begin(s))
		_exit(127);
	reset_signals();
	if (!set_streams(s) && (!s->directory || !chdir(s->directory)))
		execvp(s->argv[0], (char *const *)(uintptr_t)s->argv);
	error = errno;
	if (write(report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

/* Returns 0 when exec has closed the other end, or what kept it from that. */
static int read_report(int fd)
{
	int error = 0;
	ssize_t n;

	do
		n = read(fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	return n == sizeof(error) ? error : 0;
}

/* Let the child begin, with a keeper. Returns 0, or -1 and e: it is reaped. */
static int release(struct child *c, const struct start *s, struct error *e)
{
	int error = 0;

	close(s->report[1]);
	if (spawn_keeper_start(c, e)) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
		return -1;
	}
	if (write(s->gate[1], "", 1) < 0)
		error = errno;
	if (!error)
		error = read_report(s->report[0]);
	if (!error)
		return 0;
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	spawn_keeper_end(c);
	return error_set(e, "%s: cannot be started: %s", s->argv[0],
			 strerror(error));
}

static int start(struct child *c, struct start *s, struct error *e)
{
	int error;

	c->pid = fork();
	error = errno;
	if (!c->pid)
		become(s);
	if (c->pid > 0)
		return release(c, s, e);
	close(s->report[1]);
	return error_set(e, "fork: %s", strerror(error));
}

int spawn_execute(struct child *c, const char *const *argv,
		  const char *directory, int out, int err, struct error *e)
{
	struct start s = {.argv = argv,
			  .directory = directory,
			  .out = out,
			  .err = err,
			  .parent = getpid()};
	int failed;

	if (pipe2(s.report, O_CLOEXEC))
		return error_set(e, "pipe: %s", strerror(errno));
	if (pipe2(s.gate, O_CLOEXEC)) {
		close(s.report[0]);
		close(s.report[1]);
		return error_set(e, "pipe: %s", strerror(errno));
	}
	failed = start(c, &s, e);
	close(s.report[0]);
	close(s.gate[0]);
	close(s.gate[1]);
	return failed;
}
