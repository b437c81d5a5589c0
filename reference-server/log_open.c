/* SPDX-License-Identifier: MIT */
#include "log_open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define LINKS_MAX 40
#define APPENDS                                                                \
	(O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

/* How far we are on the way to a file. */
struct way {
	const char *path; /* as it was given */
	int folder;
	char rest[PATH_MAX];
	char *name;	 /* in rest: the next; at the end that of the file */
	bool is_kernels; /* the file's name is a link of /proc: /dev/stdout */
	size_t links;
};

static int fail(const struct way *w, struct error *e)
{
	return error_set(e, "%s: %s", w->path, strerror(errno));
}

static void enter(struct way *w, int folder)
{
	close(w->folder);
	w->folder = folder;
}

/* What is behind the name, which ends there; "" for the last one. */
static char *end_name(char *name)
{
	char *end = name + strcspn(name, "/");
	char *next = end + strspn(end, "/");

	*end = '\0';
	return next;
}

/* The way goes on with what the link says, and then next. */
static int follow(struct way *w, int link, const char *next)
{
	char to[PATH_MAX], rest[PATH_MAX];
	ssize_t n = readlinkat(link, "", to, sizeof(to));
	int len;

	if (n < 0)
		return -1;
	len = snprintf(rest, sizeof(rest), "%.*s%s%s", (int)n, to,
		       *next ? "/" : "", next);
	if (n == sizeof(to) || len >= (int)sizeof(rest)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(w->rest, rest, sizeof(rest));
	w->name = w->rest;
	errno = ELOOP;
	return ++w->links > LINKS_MAX ? -1 : 0;
}

static int begin(struct way *w)
{
	int folder;

	if (*w->name != '/')
		return 0;
	w->name += strspn(w->name, "/");
	folder = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -1;
	enter(w, folder);
	return 0;
}

static int pass_link(struct way *w, int link, const struct stat *st,
		     const char *next, struct error *e)
{
	if (st->st_uid != 0)
		return error_set(e,
				 "%s: %s is a link of uid %ju: root follows "
				 "root's only",
				 w->path, w->name, (uintmax_t)st->st_uid);
	return follow(w, link, next) == 0 && begin(w) == 0 ? 0 : fail(w, e);
}

static bool is_of_kernel(int fd)
{
	struct statfs of;

	return fstatfs(fd, &of) == 0 && of.f_type == PROC_SUPER_MAGIC;
}

enum step { STEP_ON, STEP_END, STEP_FAILED };

/* What a link of /proc says is not where it leads to. */
static enum step pass_kernels(struct way *w, char *next, struct error *e)
{
	int folder;

	w->is_kernels = !*next;
	if (w->is_kernels)
		return STEP_END;
	folder = openat(w->folder, w->name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return fail(w, e), STEP_FAILED;
	enter(w, folder);
	w->name = next;
	return STEP_ON;
}

/* Enters what fd has open, if it is no end. It is closed, or w has it. */
static enum step enter_or_end(struct way *w, int fd, char *next)
{
	if (!*next) {
		close(fd);
		return STEP_END;
	}
	enter(w, fd);
	w->name = next;
	return STEP_ON;
}

static enum step step(struct way *w, struct error *e)
{
	char *next = end_name(w->name);
	int fd = openat(w->folder, w->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	enum step done;
	struct stat st;

	if (fd < 0 && errno == ENOENT && *w->name && !*next)
		return STEP_END;
	if (fd < 0 || fstat(fd, &st) != 0) {
		fail(w, e);
		if (fd >= 0)
			close(fd);
		return STEP_FAILED;
	}
	if (!S_ISLNK(st.st_mode))
		return enter_or_end(w, fd, next);
	if (is_of_kernel(fd))
		done = pass_kernels(w, next, e);
	else
		done = pass_link(w, fd, &st, next, e) == 0 ? STEP_ON
							   : STEP_FAILED;
	close(fd);
	return done;
}

/* To the folder of the file. Returns 0, or -1 and e; w->folder is open. */
static int walk(struct way *w, const char *path, struct error *e)
{
	enum step done = STEP_ON;

	*w = (struct way){ .path = path, .folder = -1 };
	w->name = w->rest;
	if (snprintf(w->rest, sizeof(w->rest), "%s", path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return fail(w, e);
	}
	w->folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (w->folder < 0 || begin(w) != 0)
		return fail(w, e);
	while (done == STEP_ON)
		done = step(w, e);
	return done == STEP_END ? 0 : -1;
}

/* One of its names may be there to have root write to another's file. */
static int check_names(const struct way *w, const struct stat *st,
		       struct error *e)
{
	struct stat folder;

	if (!S_ISREG(st->st_mode) || st->st_nlink < 2 ||
	    (fstat(w->folder, &folder) == 0 && folder.st_uid == 0 &&
	     !(folder.st_mode & (S_IWGRP | S_IWOTH))))
		return 0;
	return error_set(e,
			 "%s: a file of several names, in a folder that not "
			 "only root can change: root opens none",
			 w->path);
}

static int open_at_end(struct way *w, struct error *e)
{
	int fd = openat(w->folder, w->name,
			APPENDS | (w->is_kernels ? 0 : O_NOFOLLOW), 0600);
	struct stat st;

	if (fd < 0)
		return fail(w, e);
	if (fstat(fd, &st) == 0 && check_names(w, &st, e) == 0)
		return fd;
	close(fd);
	return -1;
}

int log_open(const char *path, struct error *e)
{
	struct way w;
	int fd;

	if (geteuid() != 0) {
		fd = open(path, APPENDS, 0600);
		return fd < 0 ? error_set(e, "%s: %s", path, strerror(errno))
			      : fd;
	}
	fd = walk(&w, path, e) == 0 ? open_at_end(&w, e) : -1;
	if (w.folder >= 0)
		close(w.folder);
	return fd;
}

int log_open_check(const char *path, struct error *e)
{
	struct way w;
	struct stat st;
	int failed;

	if (geteuid() != 0)
		return 0;
	failed = walk(&w, path, e);
	if (!failed && !w.is_kernels &&
	    fstatat(w.folder, w.name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		failed = check_names(&w, &st, e);
	if (w.folder >= 0)
		close(w.folder);
	return failed;
}
