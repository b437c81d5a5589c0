/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(bool done, const char *what)
{
	if (!done) {
		perror(what);
		abort();
	}
}

void scratch_open(struct scratch *s)
{
	strcpy(s->path, "/tmp/pop3spec-test-XXXXXX");
	must(mkdtemp(s->path), s->path);
}

static int remove_entry(const char *path, const struct stat *is, int type,
			struct FTW *where)
{
	(void)is;
	(void)type;
	(void)where;
	return remove(path);
}

void scratch_close(struct scratch *s)
{
	must(!nftw(s->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), s->path);
}

char *scratch_path(const struct scratch *s, const char *name)
{
	size_t size = strlen(s->path) + strlen(name) + 2;
	char *path = malloc(size);

	must(path, name);
	snprintf(path, size, "%s/%s", s->path, name);
	return path;
}

static void make_directories_above(char *path)
{
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

void scratch_write(const struct scratch *s, const char *name, const char *text)
{
	char *path = scratch_path(s, name);
	FILE *f;

	make_directories_above(path);
	f = fopen(path, "we");
	must(f, path);
	must(fputs(text, f) >= 0 && !fclose(f), path);
	free(path);
}

void scratch_directory(const struct scratch *s, const char *name)
{
	char *path = scratch_path(s, name);

	make_directories_above(path);
	must(!mkdir(path, 0700), path);
	free(path);
}

void scratch_link(const struct scratch *s, const char *name, const char *to)
{
	char *path = scratch_path(s, name);

	make_directories_above(path);
	must(!symlink(to, path), path);
	free(path);
}

int scratch_entries(const struct scratch *s, const char *name)
{
	char *path = scratch_path(s, name);
	DIR *d = opendir(path);
	const struct dirent *entry;
	int n = d ? 0 : -1;

	while (d && (entry = readdir(d)))
		n += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	if (d)
		closedir(d);
	free(path);
	return n;
}
