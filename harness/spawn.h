/* SPDX-License-Identifier: MIT */
/*
 * A program of ours: started, watched and ended. It has a process group of its
 * own, nothing on its standard input and none of our descriptors, and it dies
 * with the thread that started it; its group dies with us, but not what has left
 * it, as a daemon does. A thread behind the scenes reads what it
 * writes, so that a full pipe never stops it.
 */
#ifndef HARNESS_SPAWN_H
#define HARNESS_SPAWN_H

#include "bytes.h"
#include "cancel.h"
#include "error.h"

#include <stdint.h>

#define SPAWN_KEPT_LIMIT ((size_t)65536) /* octets of each stream */

struct child;

/*
 * Start argv[0], looked up in PATH unless it holds a slash, in directory (NULL:
 * ours). Returns owned (spawn_free), or NULL and e when it cannot be executed.
 */
struct child *spawn(const char *const *argv, const char *directory,
		    struct error *e);

/* The same; when we die before it is stopped, place is removed with all in it. */
struct child *spawn_with_place(const char *const *argv, const char *place,
			       struct error *e);

/* The same as spawn() for a command of the shell. */
struct child *spawn_command(const char *command, const char *directory,
			    struct error *e);

/*
 * Wait, timeout milliseconds at most, for a line on standard output that begins
 * with prefix. Returns 0 and the owned rest of that line in *rest; or -1 and e:
 * the program ended (how, and its last line on standard error), wrote too much
 * else, the time is up, or cancelled.
 */
int spawn_await_line(struct child *c, const char *prefix, uint64_t timeout,
		     const struct cancel *cancel, char **rest, struct error *e);

/*
 * Wait until it ends, by itself, timeout milliseconds at most. Returns 0 when
 * it ended with exit status 0; else -1 and e.
 */
int spawn_await_end(struct child *c, uint64_t timeout,
		    const struct cancel *cancel, struct error *e);

/*
 * True when it has ended; to, unless it is NULL, then gets how: "exit status
 * 3", "signal 11 (Segmentation fault)".
 */
bool spawn_ended(struct child *c, struct buf *to);

/* True when it ended with exit status 0, as what goes to the background does.
 */
bool spawn_succeeded(struct child *c);

/*
 * True when it ended by a signal that only a fault sends (SIGSEGV, SIGABRT and
 * the like), or a shell says so of what it ran, by a status of 128 and more.
 */
bool spawn_crashed(struct child *c);

/*
 * Append what it wrote on standard error: the last SPAWN_KEPT_LIMIT octets, or
 * that much from where a sanitizer began to speak.
 */
void spawn_errors(struct child *c, struct buf *to);

/*
 * True when a sanitizer (address, leak, memory, thread, undefined) spoke. Like
 * spawn_errors() it knows all that was written before the call: a server whose
 * reply came has written what it wrote before it.
 */
bool spawn_sanitizer_spoke(struct child *c);

/*
 * End it and its process group: SIGTERM, and SIGKILL for what is left when it
 * has ended or after grace milliseconds. All that it wrote can be looked at
 * afterwards. May be called again.
 */
void spawn_stop(struct child *c, uint64_t grace);

/* Stops it, if need be, and frees c; NULL is fine. */
void spawn_free(struct child *c);

/* A descriptor that is readable when it wrote something or ended: for poll().
 */
int spawn_news(const struct child *c);
void spawn_news_seen(struct child *c); /* no longer readable, until more */

#endif
