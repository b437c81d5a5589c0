/* SPDX-License-Identifier: MIT */
/*
 * Who may log in: a file of "name:secret" lines. Lines that are empty or start
 * with '#' are comments. The secret is all that follows the first colon
 * (secret.h); one that starts with a brace needs its scheme in front.
 *
 * Whoever asks for a name that is not here learns nothing from the time that it
 * takes: another user stands in for it.
 */
#ifndef POP3_USERS_H
#define POP3_USERS_H

#include "bytes.h"
#include "complaints.h"
#include "secret.h"

struct credentials;
struct users;

/*
 * Read the file at path, which that setting named (NULL: none did). Returns
 * owned, or NULL and tells c file, line and column of each name that
 * user_name_allowed() refuses or that came before, and of each secret that is
 * empty, has a control character, or is not what its scheme says.
 */
struct users *users_read(const char *path, const char *setting,
			 struct complaints *c);

/* As users_read(), from octets that are borrowed for the call. */
struct users *users_parse(const char *path, struct slice text,
			  struct complaints *c);

/*
 * Warns of what is likely meant otherwise in the file at path: a secret without
 * a scheme that looks like what crypt(3) makes, with line and column.
 */
void users_warn(const struct users *u, const char *path,
		struct complaints *warnings);

/* How many there are, and who: each once, in the order of their names. */
size_t users_count(const struct users *u);
struct slice users_name(const struct users *u, size_t i);

/* Frees u, and wipes all secrets. */
void users_free(struct users *u);

bool users_know(const struct users *u, struct slice name);

/* The schemes of all secrets, or-ed: which mechanisms can have success. */
unsigned users_schemes(const struct users *u);

/*
 * True when the user is known and the password, or the APOP digest, is right;
 * with neither of them, when the user is known.
 * Changes nothing: several threads may ask at once.
 */
bool users_verify(const struct users *u, const struct credentials *c);

/*
 * The secret of a user, when it is of one of these schemes (or-ed); else that
 * of another, for a show of the same length, and *known is false. NULL when
 * nobody has such a secret. Borrowed; several threads may ask at once.
 */
const struct secret *users_secret(const struct users *u, struct slice name,
				  unsigned schemes, bool *known);

#define USERS_KEY 32

/*
 * Take this key (salt_key.h) for stand-ins and salts instead of a random one.
 * Before anybody asks.
 */
void users_take_key(struct users *u, const unsigned char key[USERS_KEY]);

#define USERS_SALT 25

/*
 * A salt for SCRAM with a user whose password is kept in clear, or with one who
 * is not known: with one key the same whenever it is asked for, as a stored one
 * is. Writes 16 octets in base64 to the USERS_SALT octets at to, with a NUL.
 */
void users_salt(const struct users *u, struct slice name, char *to);

#endif
