/* SPDX-License-Identifier: MIT */
#include "spawn.h"

#include "await.h"
#include "spawn_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_WAIT 10000 /* ms for a process to die of SIGKILL */
#define LAST_LINE 200	/* octets of it in an error */

static void close_all(const struct child *c)
{
	const int fds[] = {c->pidfd, c->out,   c->err,
			   c->news,  c->leave, c->keeping};

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void dispose(struct child *c)
{
	close_all(c);
	pthread_mutex_destroy(&c->lock);
	buf_free(&c->said);
	buf_free(&c->errors);
	free(c);
}

static struct child *prepare(struct error *e)
{
	struct child *c = calloc(1, sizeof(*c));

	if (!c) {
		error_set(e, "no memory");
		return NULL;
	}
	c->pidfd = c->out = c->err = c->keeping = -1;
	pthread_mutex_init(&c->lock, NULL);
	c->news = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	c->leave = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->news >= 0 && c->leave >= 0)
		return c;
	error_set(e, "eventfd: %s", strerror(errno));
	dispose(c);
	return NULL;
}

/* Start argv with pipes of which our ends become c->out and c->err. */
static int execute(struct child *c, const char *const *argv,
		   const char *directory, struct error *e)
{
	int out[2], err[2], failed;

	if (pipe2(out, O_CLOEXEC))
		return error_set(e, "pipe: %s", strerror(errno));
	c->out = out[0];
	if (pipe2(err, O_CLOEXEC)) {
		close(out[1]);
		return error_set(e, "pipe: %s", strerror(errno));
	}
	c->err = err[0];
	failed = spawn_execute(c, argv, directory, out[1], err[1], e);
	close(out[1]);
	close(err[1]);
	return failed;
}

static int watch(struct child *c, struct error *e)
{
	int error = 0;

	c->pidfd = pidfd_open(c->pid, 0);
	if (c->pidfd < 0)
		error = errno;
	else
		error = pthread_create(&c->watcher, NULL, spawn_watch, c);
	if (!error) {
		c->watched = true;
		return 0;
	}
	kill(-c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	spawn_keeper_end(c);
	return error_set(e, "cannot watch a process: %s", strerror(error));
}

static struct child *begin(const char *const *argv, const char *directory,
			   const char *place, struct error *e)
{
	struct child *c = prepare(e);

	if (!c)
		return NULL;
	c->place = place;
	/* Somebody may have had us born with it ignored: no status then. */
	signal(SIGCHLD, SIG_DFL);
	if (!execute(c, argv, directory, e) && !watch(c, e))
		return c;
	dispose(c);
	return NULL;
}

struct child *spawn(const char *const *argv, const char *directory,
		    struct error *e)
{
	return begin(argv, directory, NULL, e);
}

struct child *spawn_with_place(const char *const *argv, const char *place,
			       struct error *e)
{
	return begin(argv, NULL, place, e);
}

struct child *spawn_command(const char *command, const char *directory,
			    struct error *e)
{
	const char *const argv[] = {"/bin/sh", "-c", command, NULL};

	return spawn(argv, directory, e);
}

static void describe_end(const struct child *c, struct buf *to)
{
	if (c->code == CLD_EXITED)
		buf_printf(to, "exit status %d", c->status);
	else
		buf_printf(to, "signal %d (%s)", c->status,
			   strsignal(c->status));
}

bool spawn_ended(struct child *c, struct buf *to)
{
	bool ended;

	pthread_mutex_lock(&c->lock);
	ended = c->ended;
	if (ended && to)
		describe_end(c, to);
	pthread_mutex_unlock(&c->lock);
	return ended;
}

bool spawn_succeeded(struct child *c)
{
	bool succeeded;

	pthread_mutex_lock(&c->lock);
	succeeded = c->ended && c->code == CLD_EXITED && !c->status;
	pthread_mutex_unlock(&c->lock);
	return succeeded;
}

static bool is_fault(int signal)
{
	static const int faults[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE,
				      SIGILL,  SIGSYS,	SIGTRAP };

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		if (faults[i] == signal)
			return true;
	return false;
}

bool spawn_crashed(struct child *c)
{
	bool crashed;

	pthread_mutex_lock(&c->lock);
	crashed = c->ended && is_fault(c->code == CLD_EXITED
					       ? c->status - 128
					       : c->status);
	pthread_mutex_unlock(&c->lock);
	return crashed;
}

void spawn_errors(struct child *c, struct buf *to)
{
	pthread_mutex_lock(&c->lock);
	spawn_catch_up(c);
	buf_add(to, buf_slice(&c->errors));
	pthread_mutex_unlock(&c->lock);
}

bool spawn_sanitizer_spoke(struct child *c)
{
	bool spoke;

	pthread_mutex_lock(&c->lock);
	spawn_catch_up(c);
	spoke = c->sanitizer_spoke;
	pthread_mutex_unlock(&c->lock);
	return spoke;
}

int spawn_news(const struct child *c)
{
	return c->news;
}

void spawn_news_seen(struct child *c)
{
	uint64_t many;

	if (read(c->news, &many, sizeof(many)) < 0)
		return; /* there were none */
}

/* The last line of text that is not empty. */
static struct slice last_line(struct slice text)
{
	size_t start;

	while (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	start = text.len;
	while (start && text.ptr[start - 1] != '\n')
		start--;
	return slice_first(slice_from(text, start), LAST_LINE);
}

static int ended_error(struct child *c, struct error *e)
{
	struct buf how = {0};
	struct slice last;

	pthread_mutex_lock(&c->lock);
	describe_end(c, &how);
	last = last_line(buf_slice(&c->errors));
	error_set(e, "ended with %s%s%.*s",
		  buf_text(&how) ? how.ptr : "an unknown status",
		  last.len ? ": " : "", (int)last.len,
		  last.len ? last.ptr : "");
	pthread_mutex_unlock(&c->lock);
	buf_free(&how);
	return -1;
}

static int waited_error(enum awaited why, uint64_t timeout, struct error *e)
{
	if (why == AWAIT_CANCELLED)
		return error_set(e, "cancelled");
	return error_set(e, "not within %.1f s", (double)timeout / 1000);
}

/* The whole line of text that begins with prefix, without it, in *rest. */
static bool find_line(struct slice text, const char *prefix, struct slice *rest)
{
	size_t end;

	while ((end = slice_find(text, '\n')) < text.len) {
		struct slice line = slice_first(text, end);

		if (slice_starts(line, prefix)) {
			*rest = slice_of(line.ptr + strlen(prefix),
					 line.len - strlen(prefix));
			return true;
		}
		text = slice_from(text, end + 1);
	}
	return false;
}

/* Returns 1 while there is no such line. */
static int take_line(struct child *c, const char *prefix, char **rest,
		     struct error *e)
{
	struct slice line;
	int state = 1;

	pthread_mutex_lock(&c->lock);
	if (find_line(buf_slice(&c->said), prefix, &line)) {
		*rest = slice_copy(line);
		state = *rest ? 0 : error_set(e, "no memory");
	} else if (c->said.len >= SPAWN_KEPT_LIMIT) {
		state = error_set(e, "wrote %zu octets, but no line \"%s\"",
				  SPAWN_KEPT_LIMIT, prefix);
	}
	pthread_mutex_unlock(&c->lock);
	return state;
}

int spawn_await_line(struct child *c, const char *prefix, uint64_t timeout,
		     const struct cancel *cancel, char **rest, struct error *e)
{
	uint64_t deadline = await_now() + timeout;

	for (;;) {
		bool ended = spawn_ended(c, NULL);
		enum awaited why;
		int state;

		spawn_news_seen(c);
		state = take_line(c, prefix, rest, e);
		if (state <= 0)
			return state;
		if (ended)
			return ended_error(c, e);
		why = await_fd(c->news, POLLIN, deadline, cancel, NULL);
		if (why != AWAIT_READY)
			return waited_error(why, timeout, e);
	}
}

int spawn_await_end(struct child *c, uint64_t timeout,
		    const struct cancel *cancel, struct error *e)
{
	uint64_t deadline = await_now() + timeout;

	for (;;) {
		enum awaited why;

		spawn_news_seen(c);
		if (spawn_succeeded(c))
			return 0;
		if (spawn_ended(c, NULL))
			return ended_error(c, e);
		why = await_fd(c->news, POLLIN, deadline, cancel, NULL);
		if (why != AWAIT_READY)
			return waited_error(why, timeout, e);
	}
}

void spawn_stop(struct child *c, uint64_t grace)
{
	uint64_t one = 1;

	if (c->stopped)
		return;
	c->stopped = true;
	kill(-c->pid, SIGTERM);
	spawn_await_end(c, grace, NULL, NULL);
	kill(-c->pid, SIGKILL);
	spawn_await_end(c, KILL_WAIT, NULL, NULL);
	if (write(c->leave, &one, sizeof(one)) == sizeof(one))
		pthread_join(c->watcher, NULL);
	spawn_keeper_end(c);
	waitpid(c->pid, NULL, WNOHANG);
}

void spawn_free(struct child *c)
{
	if (!c)
		return;
	spawn_stop(c, 0);
	dispose(c);
}
