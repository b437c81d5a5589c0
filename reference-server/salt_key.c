/* SPDX-License-Identifier: MIT */
#include "salt_key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_ROOM 4096

static void name_file(char path[PATH_ROOM], const char *folder,
		      const char *end)
{
	snprintf(path, PATH_ROOM, "%s/" SALT_KEY_FILE "%s", folder, end);
}

static bool read_key(struct salt_key *k, const char *path)
{
	unsigned char octets[USERS_KEY + 1];
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, octets, sizeof(octets));

	if (fd >= 0)
		close(fd);
	if (n == USERS_KEY)
		memcpy(k->octets, octets, USERS_KEY);
	return n == USERS_KEY;
}

int salt_key_take(struct salt_key *k, const char *folder, struct error *e)
{
	char path[PATH_ROOM];

	name_file(path, folder, "");
	k->kept = read_key(k, path);
	if (!k->kept && RAND_bytes(k->octets, sizeof(k->octets)) != 1)
		return error_set(e, "no randomness");
	return 0;
}

/* All of it is there, or nothing. */
static int write_key(const struct salt_key *k, int fd, const char *from,
		     const char *to)
{
	ssize_t n = write(fd, k->octets, sizeof(k->octets));

	if (n >= 0 && n != (ssize_t)sizeof(k->octets))
		errno = ENOSPC;
	return n == (ssize_t)sizeof(k->octets) && fsync(fd) == 0 &&
			       link(from, to) == 0
		       ? 0
		       : -1;
}

int salt_key_keep(struct salt_key *k, const char *folder, struct error *e)
{
	char path[PATH_ROOM], made[PATH_ROOM];
	int fd;

	if (k->kept)
		return 0;
	name_file(path, folder, "");
	name_file(made, folder, "-XXXXXX");
	fd = mkostemp(made, O_CLOEXEC);
	if (fd < 0)
		return error_set(e, "%s: %s", path, strerror(errno));
	k->kept = write_key(k, fd, made, path) == 0;
	if (!k->kept)
		error_set(e, "%s: %s", path, strerror(errno));
	unlink(made);
	close(fd);
	return k->kept ? 0 : -1;
}
