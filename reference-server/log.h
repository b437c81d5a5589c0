/* SPDX-License-Identifier: MIT */
/*
 * Where the log goes: standard error or a file. Who writes a line does not wait
 * for the disk, nor for whoever reads the other end of a pipe: a thread does
 * that. The first line is written at once; then it rests for some ms, and the
 * lines of that time are written together behind it, or when they are many, or
 * with a complaint. Who is killed in between takes them with him. When the
 * thread cannot keep up, or the disk is full, or the pipe is closed, lines are
 * lost and counted ("event=lost lines=7"), and nothing else happens. Several
 * threads may write.
 *
 * There is always a log. When nobody asked for one, only complaints are in it,
 * as lines for people on standard error.
 */
#ifndef POP3_LOG_H
#define POP3_LOG_H

#include "error.h"
#include "logfmt.h"

#include <stdbool.h>
#include <sys/types.h>

#define LOG_ROOM (256u << 10) /* octets that wait for the thread at most */
#define LOG_REST 10 /* ms that lines gather, where a person may look on */
#define LOG_STDERR "stderr"

struct log;

/*
 * target is LOG_STDERR, the path of a file to which is appended, or NULL when
 * nobody asked for a log. A file that is made is for its owner only. Lines gather
 * for rest ms. Borrows target. Returns owned, or NULL and e.
 */
struct log *log_new(const char *target, unsigned rest, struct error *e);

/* NULL is none. What was not written after a second is lost. */
void log_free(struct log *l);

/* Open the file by its name again, soon: somebody moved it away. */
void log_reopen(struct log *l);

/*
 * Give the file that was opened to who will open it again; before the first
 * log_reopen(). A device, a pipe, and what a link leads to are not ours to
 * give: they stay as they are. Returns 0, or -1 and errno.
 */
int log_give(const struct log *l, uid_t user, gid_t group);

/* True while lines gather: what is said now waits. For tests. */
bool log_rests(struct log *l);

/* True when somebody asked for a log; else events need not be told. */
bool log_has_events(const struct log *l);

/* A line that begins now. */
struct logfmt log_event(const char *event);
void log_write(struct log *l, const struct logfmt *line);

/* Something is wrong that a person should mend: it does not wait for others. */
void log_complain(struct log *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same: line, of event "error", where events are told, else text. */
void log_complain_line(struct log *l, const struct logfmt *line,
		       const char *text);

#endif
