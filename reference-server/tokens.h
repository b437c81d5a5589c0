/* SPDX-License-Identifier: MIT */
/*
 * Who holds a bearer token (RFC 6750), for OAUTHBEARER: a file that lists them,
 * or a command that knows.
 */
#ifndef POP3_TOKENS_H
#define POP3_TOKENS_H

#include "bytes.h"
#include "complaints.h"
#include "user_name.h"

#include <stdatomic.h>

struct tokens;

/*
 * How many commands may run at once, and how many do. One for all that were
 * ever read: a command that was asked before a SIGHUP may still run after it.
 */
struct askers {
	unsigned most;
	atomic_uint now;
};

/* What AUTH has room for (auth.h), in base64 and with "n,,", "auth=Bearer " and
   three %x01. */
#define TOKEN_MAX 9195

/*
 * Tokens of a file of "name:token" lines; lines that are empty or start with
 * '#' are comments. Returns owned, or NULL and tells c file, line and column of
 * all that user_name_allowed() or token_allowed() refuses, and of each token of
 * more than TOKEN_MAX octets. That setting named the file (NULL: none did).
 */
struct tokens *tokens_read(const char *path, const char *setting,
			   struct complaints *c);

/* As tokens_read(), from octets that are borrowed for the call. */
struct tokens *tokens_parse(const char *path, struct slice text,
			    struct complaints *c);

/*
 * Tokens that a shell command knows. It gets one, with LF, on its standard
 * input, says the name of its user on a line of standard output, and exits with
 * 0; or with 1 when there is no such token, or it has expired. Borrows command
 * and askers until tokens_free(). seconds is how long it may take. When
 * askers->most of it run whoever asks has no answer, and so its threads, which
 * wait, are never all that there are. Returns owned, or NULL without memory.
 */
struct tokens *tokens_command(const char *command, unsigned seconds,
			      struct askers *askers);

void tokens_free(struct tokens *t);

/* How many there are in a file, none of a command; whose the ith is, and its
   line. */
size_t tokens_count(const struct tokens *t);
struct slice tokens_holder(const struct tokens *t, size_t i, size_t *line);

/* RFC 6750 section 2.1: letters, digits, - . _ ~ + and /, then any =. */
bool token_allowed(struct slice token);

enum token { TOKEN_RIGHT, TOKEN_WRONG, TOKEN_UNKNOWABLE };

/*
 * Whose token is this? Writes his name, with a NUL, to the USER_NAME_MAX + 1
 * octets at name when it is TOKEN_RIGHT. It is TOKEN_UNKNOWABLE when too many
 * ask, or the command did not do what it should; it was killed when time was
 * out. Then e says what it did, for a log: no word of what it said. Several
 * threads may ask at once.
 */
enum token tokens_check(struct tokens *t, struct slice token,
			char name[USER_NAME_MAX + 1], struct error *e);

#endif
