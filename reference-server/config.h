/* SPDX-License-Identifier: MIT */
/*
 * The file of --config: an object of JSON in which each setting that has a
 * pointer stands at it. It is an administrator's, and it can name a command:
 * one to which everybody may write is refused.
 *
 * All that is wrong is told at once, with its place: what is no JSON as
 * file:line:column, all else as "file: /limits/autologout: ..." with what
 * stands there and what would have been right.
 */
#ifndef POP3_CONFIG_H
#define POP3_CONFIG_H

#include "bytes.h"
#include "complaints.h"
#include "options.h"

/*
 * Read the file at path, of at most 1 MiB, into o, which keeps what it needs of
 * it until options_free(), and borrows path. Returns 0, or -1 and tells c.
 */
int config_read(struct options *o, const char *path, struct complaints *c);

/* As config_read(), from octets that are borrowed for the call. */
int config_parse(struct options *o, const char *path, struct slice text,
		 struct complaints *c);

#endif
