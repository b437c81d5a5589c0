/* SPDX-License-Identifier: MIT */
#include "wire_tcp.h"

#include "await.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How a person says it; the rest as the system says it. */
static const char *why(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "connection refused";
	case ETIMEDOUT:
		return "no answer in time";
	case ECANCELED:
		return "cancelled";
	case ENETUNREACH:
		return "network unreachable";
	case EHOSTUNREACH:
		return "host unreachable";
	default:
		return strerror(error);
	}
}

/*
 * A port of our own range that nobody listens on may be given to us as our own
 * port, and TCP then connects us with ourselves.
 */
static bool connected_to_itself(int fd)
{
	struct sockaddr_storage here = {0}, there = {0};
	socklen_t here_size = sizeof(here), there_size = sizeof(there);

	return !getsockname(fd, (struct sockaddr *)&here, &here_size) &&
	       !getpeername(fd, (struct sockaddr *)&there, &there_size) &&
	       here_size == there_size && !memcmp(&here, &there, here_size);
}

/* Returns 0 or what kept fd from being connected. */
static int finish(int fd, uint64_t deadline, const struct cancel *cancel)
{
	int error = 0;
	socklen_t size = sizeof(error);

	switch (await_fd(fd, POLLOUT, deadline, cancel, NULL)) {
	case AWAIT_CANCELLED:
		return ECANCELED;
	case AWAIT_TIMEOUT:
		return ETIMEDOUT;
	default:
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size))
			return errno;
	}
	return error;
}

static int connect_to(const struct addrinfo *a, uint64_t deadline,
		      const struct cancel *cancel, int *fd)
{
	int error = 0;

	*fd =
	    socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
		   a->ai_protocol);
	if (*fd < 0)
		return errno;
	if (connect(*fd, a->ai_addr, a->ai_addrlen))
		error = errno;
	if (error == EINPROGRESS || error == EINTR)
		error = finish(*fd, deadline, cancel);
	if (!error && connected_to_itself(*fd))
		error = ECONNREFUSED;
	if (error)
		close(*fd);
	return error;
}

/* Each address gets an equal share of the time that is left. */
static int connect_any(const struct addrinfo *list, uint64_t timeout,
		       const struct cancel *cancel, int *fd)
{
	uint64_t deadline = await_now() + timeout;
	unsigned left = 0;
	int error = EADDRNOTAVAIL;

	for (const struct addrinfo *a = list; a; a = a->ai_next)
		left++;
	for (const struct addrinfo *a = list; a; a = a->ai_next, left--) {
		uint64_t now = await_now();
		uint64_t share = deadline > now ? (deadline - now) / left : 0;

		error = connect_to(a, now + share, cancel, fd);
		if (!error || error == ECANCELED)
			break;
	}
	return error;
}

static int look_up(const char *host, const char *port, struct addrinfo **list,
		   struct error *e)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC,
				       .ai_socktype = SOCK_STREAM};
	int failed = getaddrinfo(host, port, &hints, list);

	if (failed == EAI_SYSTEM)
		return error_set(e, "%s: %s", host, strerror(errno));
	if (failed)
		return error_set(e, "%s port %s: %s", host, port,
				 gai_strerror(failed));
	return 0;
}

struct wire *wire_tcp_connect(const char *host, const char *port,
			      uint64_t timeout, const struct cancel *cancel,
			      struct error *e)
{
	bool colons = strchr(host, ':');
	struct addrinfo *list;
	int error, fd;

	if (look_up(host, port, &list, e))
		return NULL;
	error = connect_any(list, timeout, cancel, &fd);
	freeaddrinfo(list);
	if (!error)
		return wire_tcp_take(fd, cancel, e);
	error_set(e, "%s%s%s:%s: %s", colons ? "[" : "", host,
		  colons ? "]" : "", port, why(error));
	return NULL;
}
