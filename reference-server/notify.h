/* SPDX-License-Identifier: MIT */
/*
 * Tells a service manager how far the server is, as sd_notify(3) of systemd
 * does: a datagram of lines like READY=1.
 */
#ifndef POP3_NOTIFY_H
#define POP3_NOTIFY_H

#include "error.h"

#include <sys/socket.h>
#include <sys/un.h>

struct notify {
	struct sockaddr_un to;
	socklen_t len; /* 0: nobody wants to know */
};

/*
 * name is what NOTIFY_SOCKET says: the path of a socket, or the name of an
 * abstract one behind @; NULL when it is not set. Returns 0, or -1 and e.
 */
int notify_open(struct notify *n, const char *name, struct error *e);

/*
 * Returns 0 also when nobody wants to know; -1 and e when it did not arrive,
 * after a second at most.
 */
int notify_send(const struct notify *n, const char *state, struct error *e);

/*
 * The same for what comes before READY=1, which is to be followed by another:
 * with the time at which it began.
 */
int notify_reloading(const struct notify *n, struct error *e);

#endif
