/* SPDX-License-Identifier: MIT */
/* The one user of the sessions that are fuzzed: mrose, whose secret is
 * tanstaaf. */
#ifndef FUZZ_WHO_H
#define FUZZ_WHO_H

#include "session.h"

#define WHO "mrose"
#define TIMESTAMP "<1896.697170952@dbc.mtview.ca.us>"

extern unsigned who_logins; /* that were right */

/* Are these credentials right? */
bool who_knows(const struct credentials *c);

/*
 * Answers session_auth(): PLAIN, or TOY, which asks "?" until it is told
 * something: the secret, to which it says "!".
 */
void who_hears(struct session *s);

#endif
