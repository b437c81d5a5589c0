/* SPDX-License-Identifier: MIT */
#include "cancel.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

int cancel_open(struct cancel *c, struct error *e)
{
	c->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->fd < 0)
		return error_set(e, "eventfd: %s", strerror(errno));
	return 0;
}

void cancel_close(struct cancel *c)
{
	close(c->fd);
	c->fd = -1;
}

void cancel_raise(const struct cancel *c)
{
	uint64_t one = 1;
	int saved = errno;

	/* It can only fail because it was raised 2^64 - 2 times before. */
	if (write(c->fd, &one, sizeof(one)) < 0)
		errno = saved;
	errno = saved;
}

bool cancel_raised(const struct cancel *c)
{
	struct pollfd p = {.fd = cancel_fd(c), .events = POLLIN};

	return c && poll(&p, 1, 0) == 1;
}

int cancel_fd(const struct cancel *c)
{
	return c ? c->fd : -1;
}
