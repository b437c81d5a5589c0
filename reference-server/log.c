/* SPDX-License-Identifier: MIT */
#include "log_open.h"
#include "log_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "pop3-reference-server"
#define POLL 100  /* ms */
#define LAST 1000 /* ms for what is left at the end */
#define GATHERED (LOG_ROOM / 2) /* octets that are enough of it */

struct log {
	const char *target;
	unsigned rest; /* ms in which lines gather that are in no hurry */
	pthread_t thread;
	pthread_mutex_t mutex; /* of all that follows */
	pthread_cond_t changed;
	struct log_ring ring;
	uint64_t lost; /* lines, since it was told last */
	bool reopen, ending;
	bool resting; /* the thread; it wakes by itself, or by wake() */
	int ends_in; /* ms */

	/* The thread's alone: */
	int fd;
	bool in_line; /* what was written last has no line end */
};

static bool is_file(const char *target)
{
	return target && strcmp(target, LOG_STDERR) != 0;
}

/* A descriptor, or -1 and e. */
static int open_target(const char *target, struct error *e)
{
	int fd;

	if (is_file(target))
		return log_open(target, e);
	/* Of our own: who closed it before we began may get it as a file. */
	fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (fd < 0)
		fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		error_set(e, "/dev/null: %s", strerror(errno));
	return fd;
}

/* Returns false when time is up. */
static bool waits(struct log *l)
{
	bool goes_on;

	pthread_mutex_lock(&l->mutex);
	if (l->ending)
		l->ends_in -= POLL;
	goes_on = l->ends_in > 0;
	pthread_mutex_unlock(&l->mutex);
	return goes_on;
}

/* Waits until fd takes a piece. Returns false when it never will. */
static bool wait_for_room(struct log *l)
{
	struct pollfd p = { .fd = l->fd, .events = POLLOUT };
	int n;

	while ((n = poll(&p, 1, POLL)) == 0 || (n < 0 && errno == EINTR))
		if (!waits(l))
			return false;
	return n > 0 && (p.revents & POLLOUT);
}

/* Returns how much went out. */
static size_t write_octets(struct log *l, const char *octets, size_t len)
{
	size_t done = 0;

	while (done < len && wait_for_room(l)) {
		ssize_t n = write(l->fd, octets + done, len - done);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			break;
		if (n > 0)
			done += (size_t)n;
	}
	if (done > 0)
		l->in_line = octets[done - 1] != '\n';
	return done;
}

static uint64_t line_ends(struct slice octets)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < octets.len; i++)
		lines += octets.ptr[i] == '\n';
	return lines;
}

static void lose(struct log *l, uint64_t lines)
{
	pthread_mutex_lock(&l->mutex);
	l->lost += lines;
	pthread_mutex_unlock(&l->mutex);
}

/* A line that was cut by a full disk ends before anything else does. */
static bool end_line(struct log *l)
{
	return !l->in_line || write_octets(l, "\n", 1) == 1;
}

/* Returns false when some of them are lost. */
static bool write_lines(struct log *l, struct slice lines)
{
	size_t done = 0;

	if (end_line(l))
		done = write_octets(l, lines.ptr, lines.len);
	if (done < lines.len)
		lose(l, line_ends(slice_from(lines, done)));
	return done == lines.len;
}

static void tell_lost(struct log *l, uint64_t lost)
{
	struct logfmt line = log_event("lost");

	logfmt_number(&line, "lines", lost);
	if (!log_has_events(l))
		line.len = (size_t)snprintf(line.text, sizeof(line.text),
					    NAME ": %ju lines were lost",
					    (uintmax_t)lost);
	line.text[line.len++] = '\n';
	if (!write_lines(l, slice_of(line.text, line.len)))
		lose(l, lost - 1); /* the line itself was counted */
}

/* Where it cannot be opened, the old file it is. */
static void open_again(struct log *l)
{
	struct error e;
	int fd = open_target(l->target, &e);

	if (fd < 0) {
		log_complain(l, "%s", e.text);
		return;
	}
	close(l->fd);
	l->fd = fd;
	l->in_line = false;
}

/* What is to be done next. Locked; unlocked while it is done. */
static void work(struct log *l)
{
	char lines[LOG_PIECE];
	bool reopen = l->reopen;
	uint64_t lost = l->lost;
	size_t len = l->ring.len > 0 ? log_ring_take(&l->ring, lines) : 0;

	l->reopen = false;
	l->lost = 0;
	pthread_mutex_unlock(&l->mutex);
	if (reopen)
		open_again(l);
	if (lost > 0)
		tell_lost(l, lost);
	if (len > 0)
		write_lines(l, slice_of(lines, len));
	pthread_mutex_lock(&l->mutex);
}

/* Locked. */
static void wake(struct log *l)
{
	l->resting = false;
	pthread_cond_signal(&l->changed);
}

static struct timespec rest_ends(const struct log *l)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += l->rest / 1000;
	t.tv_nsec += l->rest % 1000 * 1000000;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

static bool has_work(const struct log *l)
{
	return l->ring.len > 0 || l->reopen;
}

/*
 * Where a line came others follow, and each that wakes a thread takes the core
 * from whoever serves a client. So they gather. Locked; unlocked meanwhile.
 */
static void rest(struct log *l)
{
	struct timespec until = rest_ends(l);

	l->resting = !has_work(l) && !l->ending;
	while (l->resting &&
	       pthread_cond_timedwait(&l->changed, &l->mutex, &until) == 0)
		;
	l->resting = false;
}

static void *run(void *of)
{
	struct log *l = of;

	pthread_mutex_lock(&l->mutex);
	while (l->ends_in > 0 && (has_work(l) || !l->ending)) {
		if (has_work(l)) {
			work(l);
			rest(l);
		} else {
			pthread_cond_wait(&l->changed, &l->mutex);
		}
	}
	pthread_mutex_unlock(&l->mutex);
	return NULL;
}

/* Signals are for the loop. */
static int start(struct log *l)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&l->thread, NULL, run, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

static void free_log(struct log *l)
{
	if (l->fd >= 0)
		close(l->fd);
	free(l);
}

struct log *log_new(const char *target, unsigned rest, struct error *e)
{
	struct log *l = calloc(1, sizeof(*l));
	pthread_condattr_t monotonic;

	if (!l) {
		error_set(e, "out of memory");
		return NULL;
	}
	l->target = target;
	l->rest = rest;
	l->ends_in = LAST;
	l->fd = open_target(target, e);
	pthread_mutex_init(&l->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&l->changed, &monotonic);
	if (l->fd >= 0 && start(l) == 0)
		return l;
	if (l->fd >= 0)
		error_set(e, "out of memory");
	free_log(l);
	return NULL;
}

/* A disk that answers no more must not keep the server: it is left alone. */
void log_free(struct log *l)
{
	struct timespec until;

	if (!l)
		return;
	pthread_mutex_lock(&l->mutex);
	l->ending = true;
	wake(l);
	pthread_mutex_unlock(&l->mutex);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 2 * LAST / 1000;
	if (pthread_timedjoin_np(l->thread, NULL, &until) == 0)
		free_log(l);
}

void log_reopen(struct log *l)
{
	pthread_mutex_lock(&l->mutex);
	l->reopen = is_file(l->target);
	wake(l);
	pthread_mutex_unlock(&l->mutex);
}

int log_give(const struct log *l, uid_t user, gid_t group)
{
	struct stat opened, named;

	if (!is_file(l->target) || fstat(l->fd, &opened) != 0 ||
	    lstat(l->target, &named) != 0 || !S_ISREG(named.st_mode) ||
	    opened.st_dev != named.st_dev || opened.st_ino != named.st_ino)
		return 0;
	return fchown(l->fd, user, group);
}

bool log_rests(struct log *l)
{
	bool rests;

	pthread_mutex_lock(&l->mutex);
	rests = l->resting;
	pthread_mutex_unlock(&l->mutex);
	return rests;
}

bool log_has_events(const struct log *l)
{
	return l->target;
}

struct logfmt log_event(const char *event)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return logfmt_line(now, event);
}

static void write_line(struct log *l, const char *text, size_t len)
{
	char line[LOGFMT_LINE + 1];

	memcpy(line, text, len);
	line[len] = '\n';
	pthread_mutex_lock(&l->mutex);
	if (!log_ring_put(&l->ring, slice_of(line, len + 1)))
		l->lost++;
	if (!l->resting || l->ring.len >= GATHERED)
		wake(l);
	pthread_mutex_unlock(&l->mutex);
}

void log_write(struct log *l, const struct logfmt *line)
{
	write_line(l, line->text, line->len);
}

void log_complain_line(struct log *l, const struct logfmt *line,
		       const char *text)
{
	struct error e;

	if (log_has_events(l)) {
		log_write(l, line);
	} else {
		error_set(&e, NAME ": %s", text);
		write_line(l, e.text, strlen(e.text));
	}
	pthread_mutex_lock(&l->mutex);
	wake(l);
	pthread_mutex_unlock(&l->mutex);
}

void log_complain(struct log *l, const char *format, ...)
{
	char text[sizeof(((struct error *)0)->text)];
	struct logfmt line = log_event("error");
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	logfmt_text(&line, "text", slice_str(text));
	log_complain_line(l, &line, text);
}
