/* SPDX-License-Identifier: MIT */
#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int notify_open(struct notify *n, const char *name, struct error *e)
{
	size_t len = name ? strlen(name) : 0;

	*n = (struct notify){ .to = { .sun_family = AF_UNIX } };
	if (len == 0)
		return 0;
	if (*name != '/' && *name != '@')
		return error_set(e, "NOTIFY_SOCKET: neither a path nor @name");
	if (len < 2 || len >= sizeof(n->to.sun_path))
		return error_set(e, "NOTIFY_SOCKET: not 2 to %zu octets",
				 sizeof(n->to.sun_path) - 1);
	memcpy(n->to.sun_path, name, len);
	if (*name == '@')
		n->to.sun_path[0] = '\0';
	/* The NUL ends a path, and would belong to an abstract name. */
	n->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len +
			     (*name == '/'));
	return 0;
}

int notify_send(const struct notify *n, const char *state, struct error *e)
{
	const struct timeval second = { .tv_sec = 1 };
	ssize_t sent;
	int fd, cause;

	if (n->len == 0)
		return 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_set(e, "NOTIFY_SOCKET: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second, sizeof(second));
	sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL,
		      (const struct sockaddr *)&n->to, n->len);
	cause = errno;
	close(fd);
	return sent >= 0 ? 0
			 : error_set(e, "NOTIFY_SOCKET: %s", strerror(cause));
}

int notify_reloading(const struct notify *n, struct error *e)
{
	struct timespec now = { 0 };
	char state[64];

	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%ju",
		 (uintmax_t)now.tv_sec * 1000000 +
			 (uintmax_t)now.tv_nsec / 1000);
	return notify_send(n, state, e);
}
