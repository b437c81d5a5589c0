/* SPDX-License-Identifier: MIT */
#include "result_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct result_file {
	int descriptor;
	bool regular; /* it has a disk below it */
	bool owned;   /* standard output is not ours to close */
	int failed;   /* errno of the first failure, which sticks */
	char *name;   /* as the user wrote it, for errors */
	char *target; /* where links lead */
	char *part;   /* until it is published */
};

static int complain(const struct result_file *f, const char *what, int error,
		    struct error *e)
{
	return error_set(e, "%s: cannot %s: %s", f->name, what,
			 strerror(error));
}

/*
 * A name that is free beside the target. Left by a killed run, or taken by
 * another report of this one: the next number.
 */
static int open_part(struct result_file *f)
{
	for (unsigned n = 0; n < 100; n++) {
		struct buf name = { 0 };

		buf_printf(&name, "%s.%ld-%u.part", f->target, (long)getpid(),
			   n);
		free(f->part);
		f->part = buf_steal(&name);
		if (!f->part)
			return -1;
		f->descriptor = open(f->part,
				     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				     0666);
		if (f->descriptor >= 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	free(f->part);
	f->part = NULL;
	return -1;
}

/* rename() would replace a file that its owner had made read-only. */
static int open_beside(struct result_file *f, const struct stat *old)
{
	if (old && access(f->target, W_OK))
		return -1;
	if (open_part(f))
		return -1;
	f->regular = true;
	return old ? fchmod(f->descriptor, old->st_mode & 0777) : 0;
}

static int open_named(struct result_file *f, const char *path)
{
	struct stat st;
	bool exists = !stat(path, &st);

	f->owned = true;
	f->target = exists ? realpath(path, NULL) : strdup(path);
	if (!f->target)
		return -1;
	if (!exists || S_ISREG(st.st_mode))
		return open_beside(f, exists ? &st : NULL);
	f->descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return f->descriptor < 0 ? -1 : 0;
}

struct result_file *result_file_open(const char *path, struct error *e)
{
	bool standard = !strcmp(path, "-");
	struct result_file *f = calloc(1, sizeof(*f));

	if (f) {
		f->descriptor = standard ? STDOUT_FILENO : -1;
		f->name = strdup(standard ? "standard output" : path);
	}
	if (!f || !f->name) {
		error_set(e, "%s: no memory", path);
		result_file_free(f);
		return NULL;
	}
	if (!standard && open_named(f, path)) {
		complain(f, "write", errno, e);
		result_file_free(f);
		return NULL;
	}
	return f;
}

bool result_file_takes_colour(const struct result_file *f)
{
	const char *refused = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	return isatty(f->descriptor) && !(refused && *refused) && terminal &&
	       strcmp(terminal, "dumb") != 0;
}

/* Another program may have made a shared terminal or pipe non-blocking. */
static void wait_for_room(int descriptor)
{
	struct pollfd ready = { .fd = descriptor, .events = POLLOUT };

	poll(&ready, 1, -1);
}

int result_file_write(struct result_file *f, struct slice octets,
		      struct error *e)
{
	while (octets.len && !f->failed) {
		ssize_t n = write(f->descriptor, octets.ptr, octets.len);

		if (n >= 0)
			octets = slice_from(octets, (size_t)n);
		else if (errno == EAGAIN)
			wait_for_room(f->descriptor);
		else if (errno != EINTR)
			f->failed = errno;
	}
	return f->failed ? complain(f, "write", f->failed, e) : 0;
}

/* A full disk on a distant host speaks up only here. */
static int sync_file(struct result_file *f)
{
	if (!f->failed && f->regular && fsync(f->descriptor))
		f->failed = errno;
	return f->failed;
}

int result_file_publish(struct result_file *f, struct error *e)
{
	if (sync_file(f))
		return complain(f, "write", f->failed, e);
	if (!f->part)
		return 0;
	if (rename(f->part, f->target))
		return complain(f, "replace", errno, e);
	free(f->part);
	f->part = NULL;
	return 0;
}

void result_file_free(struct result_file *f)
{
	if (!f)
		return;
	if (f->owned && f->descriptor >= 0)
		close(f->descriptor);
	if (f->part)
		unlink(f->part);
	free(f->part);
	free(f->target);
	free(f->name);
	free(f);
}
