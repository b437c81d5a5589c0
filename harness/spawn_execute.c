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
	int report; /* gets errno when it cannot be executed */
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

/* In the child: only what is safe after fork in a program with threads. */
static void become(const struct start *s)
{
	int report = fcntl(s->report, F_DUPFD_CLOEXEC, 3);
	int error;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != s->parent) /* it died before we asked */
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

pid_t spawn_execute(const char *const *argv, const char *directory, int out,
		    int err, struct error *e)
{
	struct start s = {argv, directory, out, err, -1, getpid()};
	int report[2], error;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC))
		return error_set(e, "pipe: %s", strerror(errno));
	s.report = report[1];
	pid = fork();
	if (!pid)
		become(&s);
	error = pid < 0 ? errno : 0;
	close(report[1]);
	if (!error)
		error = read_report(report[0]);
	close(report[0]);
	if (!error)
		return pid;
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return error_set(e, "%s: cannot be started: %s", argv[0],
			 strerror(error));
}
