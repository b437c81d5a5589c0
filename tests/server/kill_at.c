/* SPDX-License-Identifier: MIT */
/*
 * Kills the process that it is loaded into (LD_PRELOAD) as kill -9 would, just
 * before or behind one system call on the disk:
 *
 *	POP3_KILL_AT=unlinkat:3:behind
 *
 * the third unlinkat(); also fsync and renameat. For crash.py.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void die_if(const char *call, unsigned count, const char *when)
{
	const char *at = getenv("POP3_KILL_AT");
	char here[64];

	snprintf(here, sizeof(here), "%s:%u:%s", call, count, when);
	if (at && strcmp(at, here) == 0)
		kill(getpid(), SIGKILL);
}

/* dlsym() returns an object pointer, which C does not let us call. */
static void next(const char *call, void *function)
{
	void *found = dlsym(RTLD_NEXT, call);

	memcpy(function, &found, sizeof(found));
}

int unlinkat(int folder, const char *name, int flags)
{
	static atomic_uint count;
	unsigned mine = ++count;
	int (*real)(int, const char *, int), done;

	next("unlinkat", &real);
	die_if("unlinkat", mine, "before");
	done = real(folder, name, flags);
	die_if("unlinkat", mine, "behind");
	return done;
}

int fsync(int fd)
{
	static atomic_uint count;
	unsigned mine = ++count;
	int (*real)(int), done;

	next("fsync", &real);
	die_if("fsync", mine, "before");
	done = real(fd);
	die_if("fsync", mine, "behind");
	return done;
}

int renameat(int folder, const char *from, int to_folder, const char *to)
{
	static atomic_uint count;
	unsigned mine = ++count;
	int (*real)(int, const char *, int, const char *), done;

	next("renameat", &real);
	die_if("renameat", mine, "before");
	done = real(folder, from, to_folder, to);
	die_if("renameat", mine, "behind");
	return done;
}
