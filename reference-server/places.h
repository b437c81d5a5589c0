/* SPDX-License-Identifier: MIT */
/*
 * What the places (address.h) do that clients come from: how many connections
 * each has open, and how many of its logins failed lately. Memory is bounded by
 * the connections that are open and PLACES_REMEMBERED more. No clock: time is
 * an argument, in ms, and never goes back.
 */
#ifndef POP3_PLACES_H
#define POP3_PLACES_H

#include "address.h"

#include <stddef.h>

struct places;

/* Places without a connection whose failures are remembered: the last ones. */
#define PLACES_REMEMBERED 4096

/* How long a place is remembered after its last failure. */
#define PLACES_FORGET (10u * 60 * 1000)

/* Returns owned, or NULL without memory. */
struct places *places_new(void);
void places_free(struct places *p); /* NULL is none */

/*
 * One connection more from a. Returns false, and counts none, when there are
 * most of them already (0: there may be any number), or without memory.
 */
bool places_enter(struct places *p, const struct address *a, size_t most);

/* One that had entered is gone. */
void places_leave(struct places *p, const struct address *a, uint64_t now);

/*
 * A login from a, which has a connection, failed. Returns how many did without
 * a pause of PLACES_FORGET between them, this one included.
 */
unsigned places_fail(struct places *p, const struct address *a, uint64_t now);

/* How many places are known now. */
size_t places_count(const struct places *p);

#endif
