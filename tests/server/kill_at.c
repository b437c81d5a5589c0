/* SPDX-License-Identifier: MIT */
/*
 * Kills the process that it is loaded into (LD_PRELOAD) as kill -9 would, just
 * before or behind one system call on the disk:
 *
 *	POP3_KILL_AT=unlinkat:3:behind
 *
 * the third unlinkat(); also fsync and renameat. And remembers what a disk may
 * forget when the power is cut:
 *
 *	POP3_POWER_CUT=FOLDER
 *
 * What is unlinked has a second name there, "<inode of its folder>:<its name>",
 * until that folder is synced; with POP3_NO_SYNC for ever, as if nobody synced.
 * For crash.py.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

/* Writes the name under which what is unlinked from folder is kept. */
static int kept_name(int folder, const char *name, char to[PATH_MAX])
{
	const char *cut = getenv("POP3_POWER_CUT");
	struct stat st;

	if (!cut || fstat(folder, &st) != 0)
		return -1;
	return snprintf(to, PATH_MAX, "%s/%ju:%s", cut, (uintmax_t)st.st_ino,
			name);
}

static void keep(int folder, const char *name)
{
	char kept[PATH_MAX];

	if (kept_name(folder, name, kept) > 0)
		linkat(folder, name, AT_FDCWD, kept, 0);
}

/* As unlinkat(), but nobody counts it. */
static void forget(int folder, const char *name)
{
	int (*real)(int, const char *, int);

	next("unlinkat", &real);
	real(folder, name, 0);
}

/* What was unlinked from folder is so on the disk. */
static void let_go(int folder)
{
	char start[PATH_MAX], *prefix;
	struct dirent *entry;
	DIR *directory;

	if (getenv("POP3_NO_SYNC") || kept_name(folder, "", start) < 0)
		return;
	prefix = strrchr(start, '/') + 1;
	directory = opendir(getenv("POP3_POWER_CUT"));
	while (directory && (entry = readdir(directory)))
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			forget(dirfd(directory), entry->d_name);
	if (directory)
		closedir(directory);
}

int unlinkat(int folder, const char *name, int flags)
{
	static atomic_uint count;
	unsigned mine = ++count;
	int (*real)(int, const char *, int), done;

	next("unlinkat", &real);
	die_if("unlinkat", mine, "before");
	keep(folder, name);
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
	let_go(fd);
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
