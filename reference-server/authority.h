/* SPDX-License-Identifier: MIT */
/*
 * Who may log in, and how, as the files said it at one time. It never changes:
 * when the files are read anew there is another, and who began with the old one
 * ends with it. So threads need no lock to ask it.
 */
#ifndef POP3_AUTHORITY_H
#define POP3_AUTHORITY_H

#include "complaints.h"
#include "salt_key.h"
#include "sasl.h"
#include "tokens.h"
#include "users.h"

struct named_user;

/* Where it is read from. */
struct authority_files {
	const char *users;
	const char *users_setting; /* that named it, as complaints tell it */
	const char *oauth_tokens, *oauth_command; /* one, or none */
	const char *oauth_tokens_setting;
	struct askers *oauth_askers; /* of the command */
	const char *anonymous;	/* whose maildrop AUTH ANONYMOUS opens */
	const struct named_user *named; /* whom settings name (nobody.h) */
	size_t named_count;
	const char *maildir; /* where one of them may have a maildrop */
	bool clear_passwords;  /* PLAIN also without TLS */
	const char *host;      /* these two as in struct sasl_config */
	bool host_given;
	const struct salt_key *salt_key; /* NULL: another each time */
};

struct authority {
	struct users *users;
	struct tokens *tokens; /* NULL: no OAUTHBEARER */
	struct sasl *sasl;     /* of both */
	struct sasl_config config;
	size_t holders;
};

/*
 * Read the files. Borrows what the strings of files point to, until it is gone.
 * Returns one with a single holder, or NULL and tells c all that is wrong. What
 * may be wrong is told to warnings.
 */
struct authority *authority_read(const struct authority_files *files,
				 struct complaints *c,
				 struct complaints *warnings);

/*
 * One holder more, or less; the last one frees it. Holders are counted by one
 * thread, that of the loop; those who only ask may be on others, while somebody
 * holds it for them. Returns a. NULL is none.
 */
struct authority *authority_hold(struct authority *a);
void authority_drop(struct authority *a);

#endif
