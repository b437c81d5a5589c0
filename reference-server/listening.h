/* SPDX-License-Identifier: MIT */
/* Where a server listens: what can be known before it does. */
#ifndef POP3_LISTENING_H
#define POP3_LISTENING_H

#include "serve.h"

#include <sys/socket.h>

/* Returns 0, or a code of libuv when the address is none in numbers. */
int listening_address(const struct listen_config *l,
		      struct sockaddr_storage *to);

/* True when only this host can connect to it. */
bool listening_is_loopback(const struct listen_config *l);

/*
 * True for the address :: when another of the listeners has the IPv4 addresses
 * at its port, or one of them; else :: takes these, too.
 */
bool listening_is_v6_only(const struct serve_config *config,
			  const struct listen_config *l);

enum listening { LISTENING_FREE, LISTENING_IN_USE, LISTENING_REFUSED };

/* Could it be listened at, now and by this user? Else e says why not. */
enum listening listening_try(const struct serve_config *config,
			     const struct listen_config *l, struct error *e);

#endif
