/* SPDX-License-Identifier: MIT */
/*
 * The key of the salts that SCRAM names for users who have none, or are not
 * known (users.h). A salt that is kept in a users file stays for years: if the
 * others were new at each start, they would tell who exists. So the key stays
 * in the mail root, in a file of 32 octets that nobody else may read; no user's
 * folder has its name. Nothing that follows from the users file would do:
 * whoever gets salts for nothing could try passwords on them.
 */
#ifndef POP3_SALT_KEY_H
#define POP3_SALT_KEY_H

#include "error.h"
#include "users.h"

#define SALT_KEY_FILE ".pop3-salt-key"

struct salt_key {
	unsigned char octets[USERS_KEY];
	bool kept; /* it came from the file, or is there now */
};

/*
 * Take the key of that folder, or a fresh one when it has none that can be
 * read. Returns 0, or -1 and e without randomness.
 */
int salt_key_take(struct salt_key *k, const char *folder, struct error *e);

/*
 * Keep it in the folder, when it is not. Returns 0, or -1 and e; what is there
 * under its name is left alone.
 */
int salt_key_keep(struct salt_key *k, const char *folder, struct error *e);

#endif
