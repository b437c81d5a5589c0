/* SPDX-License-Identifier: MIT */
/*
 * Maildrops in memory, for tests. What a session removes stays removed for the
 * next one; unique-ids persist and are never given twice.
 */
#ifndef POP3_STORE_MEMORY_H
#define POP3_STORE_MEMORY_H

#include "maildrop.h"
#include "switches.h"

/*
 * A store without users. Copies switches. Returns owned (free it by its own
 * free(), when no maildrop is open), or NULL without memory.
 */
struct maildrop_store *store_memory_new(const struct switches *switches);

/* user has a maildrop, empty as yet. Returns 0, or -1 without memory. */
int store_memory_add_user(struct maildrop_store *store, const char *user);

/*
 * Deliver a message to user, who is added if need be: octets as a host stores
 * them, lines ended by LF or CRLF. Copies them. A session that is open already
 * does not see it. Returns 0, or -1 without memory.
 */
int store_memory_deliver(struct maildrop_store *store, const char *user,
			 struct slice octets);

/* How many messages user has, and message i as it goes on the wire. */
size_t store_memory_count(const struct maildrop_store *store, const char *user);
struct slice store_memory_octets(const struct maildrop_store *store,
				 const char *user, size_t i);

/* From now on no message can be removed. */
void store_memory_fail_removal(struct maildrop_store *store);

/* From now on reading fails behind that many octets of each message. */
void store_memory_fail_reading(struct maildrop_store *store, size_t behind);

#endif
