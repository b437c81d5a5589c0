/* SPDX-License-Identifier: MIT */
/*
 * The reference server that comes with us, as a target: what is judged when no
 * other is named. It gets a directory of its own, with empty maildrops and a
 * users file, which is removed with it.
 */
#ifndef HARNESS_BUNDLED_H
#define HARNESS_BUNDLED_H

#include "spawn.h"
#include "target.h"

#define BUNDLED_ACCOUNTS_LIMIT 100

struct bundled;

/*
 * Start it with accounts accounts (user1, user2 ..., random passwords, APOP by
 * the same secret) on a free port of 127.0.0.1 and fill t (target_free it).
 * The program is POP3SPEC_SERVER when that is set, else pop3-reference-server
 * beside our own program, in ../reference-server/ of a build, or in PATH.
 * Returns owned, or NULL and e; t is then empty.
 */
struct bundled *bundled_start(struct target *t, size_t accounts,
			      const struct cancel *cancel, struct error *e);

/* The same with further arguments, ended by NULL, such as "--defect", "x". */
struct bundled *bundled_start_with(struct target *t, size_t accounts,
				   const char *const *more,
				   const struct cancel *cancel,
				   struct error *e);

/* Its process, for spawn_ended() and spawn_errors(). */
struct child *bundled_child(struct bundled *b);

/* Ends it; its process can still be looked at. */
void bundled_end(struct bundled *b);

/* Ends it, removes its directory, and frees b; NULL is fine. */
void bundled_stop(struct bundled *b);

#endif
