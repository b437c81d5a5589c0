/* SPDX-License-Identifier: MIT */
#include "listening.h"

#include "address.h"

#include <errno.h>
#include <unistd.h>
#include <uv.h>

int listening_address(const struct listen_config *l,
		      struct sockaddr_storage *to)
{
	if (uv_ip4_addr(l->address, l->port, (struct sockaddr_in *)to) == 0)
		return 0;
	return uv_ip6_addr(l->address, l->port, (struct sockaddr_in6 *)to);
}

bool listening_is_loopback(const struct listen_config *l)
{
	struct sockaddr_storage at = { 0 };
	struct address a;

	return listening_address(l, &at) == 0 &&
	       address_read(&a, (struct sockaddr *)&at) == 0 &&
	       address_is_loopback(&a);
}

bool listening_is_v6_only(const struct serve_config *config,
			  const struct listen_config *l)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (uv_ip6_addr(l->address, l->port, &v6) != 0 ||
	    !IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr))
		return false;
	for (size_t i = 0; i < config->listeners_count; i++) {
		const struct listen_config *other = &config->listeners[i];

		if (other->port == l->port &&
		    uv_ip4_addr(other->address, other->port, &v4) == 0)
			return true;
	}
	return false;
}

/* As libuv does before it listens. */
static int bind_to(int fd, const struct sockaddr_storage *at, bool v6_only)
{
	socklen_t len = at->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
						  : sizeof(struct sockaddr_in);
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (v6_only)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)at, len) != 0)
		return -errno;
	return 0;
}

enum listening listening_try(const struct serve_config *config,
			     const struct listen_config *l, struct error *e)
{
	struct sockaddr_storage at = { 0 };
	int failed = listening_address(l, &at), fd = -1;

	if (failed == 0)
		fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (failed == 0)
		failed = fd < 0 ? -errno
				: bind_to(fd, &at,
					  listening_is_v6_only(config, l));
	if (fd >= 0)
		close(fd);
	if (failed == 0)
		return LISTENING_FREE;
	error_set(e, "%s:%u: %s", l->address, (unsigned)l->port,
		  uv_strerror(failed));
	return failed == UV_EADDRINUSE ? LISTENING_IN_USE : LISTENING_REFUSED;
}
