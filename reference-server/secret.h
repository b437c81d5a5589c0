/* SPDX-License-Identifier: MIT */
/*
 * What a users file keeps of a password: all of it, or something from which it
 * cannot be read back. Written as Dovecot's passwd-file writes it, with the
 * scheme in braces in front:
 *
 *	{PLAIN}password				or without a scheme
 *	{CRYPT}$y$j9T$...			crypt(3), in any form it knows
 *	{SCRAM-SHA-1}iterations,salt,stored key,server key	RFC 5802; the
 *	{SCRAM-SHA-256}...			last three in base64 (RFC 7677)
 *
 * A password is prepared (saslprep.h) where it is kept, where something is made
 * of it, and where a client says it (RFC 4616 section 2, RFC 5802 section 2.2,
 * RFC 6856 section 2.2).
 */
#ifndef POP3_SECRET_H
#define POP3_SECRET_H

#include "bytes.h"
#include "error.h"

enum scheme {
	SCHEME_PLAIN = 1,
	SCHEME_CRYPT = 2,
	SCHEME_SCRAM_SHA_1 = 4,
	SCHEME_SCRAM_SHA_256 = 8,
};

#define SECRET_PASSWORD_MAX 1024 /* octets of a password */

struct secret {
	enum scheme scheme;
	struct slice text; /* the password, prepared, or what crypt(3) made */
	struct buf prepared; /* owned; a password that was no ASCII is there */
	struct slice salt, stored_key, server_key; /* in base64, of SCRAM */
	unsigned iterations;
};

/*
 * Read a secret from text, which it borrows until secret_free(). Returns NULL,
 * or what is wrong with it, a literal; *at is then the offset of it, and there
 * is nothing to free.
 */
const char *secret_read(struct slice text, struct secret *s, size_t *at);

/* Wipes and frees what s owns. */
void secret_free(struct secret *s);

/*
 * True when s was made of this password, which a client need not have prepared:
 * PASS asks nobody to. Nor need who made s by crypt(3) or SCRAM elsewhere: it
 * is tried as it is, too. Takes as long for a wrong one; a crypt(3) takes
 * milliseconds.
 */
bool secret_matches(const struct secret *s, struct slice password);

/* The schemes of secret_make(), as an error says them. */
#define SECRET_SCHEMES "PLAIN, CRYPT, SCRAM-SHA-1 or SCRAM-SHA-256"

bool secret_scheme_known(struct slice name);

/*
 * Add to b what a users file keeps of a password, which is prepared, by scheme's
 * name ("PLAIN", "CRYPT" ...), with a fresh salt. Returns 0, or -1 and e.
 */
int secret_make(const char *scheme, struct slice password, struct buf *b,
		struct error *e);

#endif
