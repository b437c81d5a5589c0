/* SPDX-License-Identifier: MIT */
/*
 * Who may log in: a file of "name:password" lines. Lines that are empty or
 * start with '#' are comments. The password is all that follows the first
 * colon, in clear, with "{PLAIN}" in front or not (a password that starts with
 * a brace needs it); any other scheme in braces is refused.
 */
#ifndef POP3_USERS_H
#define POP3_USERS_H

#include "bytes.h"
#include "error.h"

struct credentials;
struct users;

/*
 * Read the file at path. Returns owned, or NULL and e, which names file and
 * line of a name that user_name_allowed() refuses or that came before, of a
 * password that is empty or has a control character, and of an unknown scheme.
 */
struct users *users_read(const char *path, struct error *e);

/* As users_read(), from octets that are borrowed for the call. */
struct users *users_parse(const char *path, struct slice text, struct error *e);

void users_free(struct users *u);

/* True when anybody on this host may read the file. */
bool users_exposed(const char *path);

/*
 * True when the user is known and the password, or the APOP digest, is right;
 * with neither of them, when the user is known.
 * Changes nothing: several threads may ask at once.
 */
bool users_verify(const struct users *u, const struct credentials *c);

#endif
