/* SPDX-License-Identifier: MIT */
/*
 * What the log is told of connections. Never a password, digest, token or SASL
 * message; and no name that is not a user's, unless the config asks for it: who
 * types his password where his name belongs finds it in no log. A part of
 * connection.c.
 */
#ifndef POP3_CONNECTION_LOG_H
#define POP3_CONNECTION_LOG_H

#include "connection_state.h"

void log_connected(const struct connection *c, bool implicit_tls);
void log_refused(const struct connection *c, const char *why);
void log_secured(const struct connection *c);

/* What a thread did; delay (ms) is how long the answer to a failed login waits.
 */
void log_job(const struct connection *c, uint64_t delay);

/* The session wants a maildrop that it may not have yet. */
void log_too_soon(const struct connection *c);

void log_autologout(const struct connection *c);
void log_closed(const struct connection *c);

#endif
