/* SPDX-License-Identifier: MIT */
/* The keys that SCRAM makes of a password (RFC 5802 section 3). */
#ifndef POP3_SCRAM_KEYS_H
#define POP3_SCRAM_KEYS_H

#include "bytes.h"

#define SCRAM_KEY_MAX 32

/* As many octets of each as the digest has. Whoever has them wipes them. */
struct scram_keys {
	unsigned char stored[SCRAM_KEY_MAX], server[SCRAM_KEY_MAX];
};

/*
 * Derive keys from a password that is prepared, by OpenSSL's name of a digest,
 * "SHA1" or "SHA256". Takes as long as iterations do. Returns false when there
 * is no such digest here.
 */
bool scram_derive(struct scram_keys *keys, const char *digest,
		  struct slice password, struct slice salt,
		  unsigned iterations);

#endif
