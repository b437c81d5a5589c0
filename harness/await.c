/* SPDX-License-Identifier: MIT */
#include "await.h"

#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>

uint64_t await_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int poll_timeout(uint64_t deadline)
{
	uint64_t now = await_now();

	if (deadline <= now)
		return 0;
	return deadline - now < INT_MAX ? (int)(deadline - now) : INT_MAX;
}

enum awaited await_fd(int fd, short events, uint64_t deadline,
		      const struct cancel *c, short *came)
{
	struct pollfd p[] = {
	    {.fd = cancel_fd(c), .events = POLLIN},
	    {.fd = fd, .events = events},
	};

	for (;;) {
		int timeout = poll_timeout(deadline);
		int n = poll(p, 2, timeout);

		if (n > 0 && p[0].revents)
			return AWAIT_CANCELLED;
		if (n > 0) {
			if (came)
				*came = p[1].revents;
			return AWAIT_READY;
		}
		/* A signal's handler may have raised c: look again. */
		if (n == 0 && timeout < INT_MAX)
			return AWAIT_TIMEOUT;
	}
}
