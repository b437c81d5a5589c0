/* SPDX-License-Identifier: MIT */
/* A wire (wire.h) over TCP. Its time is await_now(). */
#ifndef HARNESS_WIRE_TCP_H
#define HARNESS_WIRE_TCP_H

#include "cancel.h"
#include "wire.h"

/*
 * Connect to host (a name, an IPv4 or an IPv6 address) and port (a number or a
 * service's name), trying each address of the name; timeout, in milliseconds,
 * is for all of them. Borrows cancel (may be NULL) until the wire is closed;
 * only a look-up of a name in the DNS does not watch it. Returns owned, or NULL
 * and e: "127.0.0.1:1110: connection refused".
 */
struct wire *wire_tcp_connect(const char *host, const char *port,
			      uint64_t timeout, const struct cancel *cancel,
			      struct error *e);

/*
 * A wire over a stream socket that is connected already. Takes fd, also on
 * failure (no memory), which returns NULL and e.
 */
struct wire *wire_tcp_take(int fd, const struct cancel *cancel,
			   struct error *e);

/*
 * What wire.h leaves open, this wire settles so: send() keeps at most 1 MiB
 * that comes meanwhile and then leaves the rest to the kernel; octets are sent
 * without delay (TCP_NODELAY); receive() says WIRE_CANCELLED when to cannot
 * grow, so that no verdict is made of it.
 */

#endif
