/* SPDX-License-Identifier: MIT */
/* For tests: a server's end of TCP, as far as it listens. */
#ifndef HARNESS_LISTENER_H
#define HARNESS_LISTENER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <cmocka.h>

#define PORT_SIZE 6 /* octets of a port in decimal, and a NUL */

/* A socket that listens at "where"; "port" becomes the number of its port. */
static inline int listen_on(const struct sockaddr *where, socklen_t size,
			    char *port)
{
	int fd = socket(where->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage is;
	socklen_t is_size = sizeof(is);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, where, size), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&is, &is_size), 0);
	snprintf(port, PORT_SIZE, "%u",
		 ntohs(((struct sockaddr_in *)(void *)&is)->sin_port));
	return fd;
}

static inline int listen_on_loopback(char *port)
{
	struct sockaddr_in where = {.sin_family = AF_INET};

	where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return listen_on((struct sockaddr *)&where, sizeof(where), port);
}

#endif
