/* SPDX-License-Identifier: MIT */
/*
 * What is judged: where it listens, who may log in, and how its maildrops are
 * filled. From a file *.json, or from a URL.
 *
 *	{ "host": "127.0.0.1", "port": 1110,
 *	  "tls": { "port": 1995, "ca": "ca.pem", "verify": true },
 *	  "accounts": [ { "user": "alice", "password": "secret1",
 *	                  "secret": "shared with APOP", "traits": ["apop"] } ],
 *	  "provision": { "maildir": "mail/{user}" },
 *	  "line ends": "LF", "delivers": "exact", "keeps": true, "autologout": 600,
 *	  "passwords in clear": false,
 *	  "patience": { "lock": 60 },
 *	  "start": "...", "stop": "...", "reset": "..." }
 *
 * Patience in seconds, longer than ours; shorter only with a server on this
 * machine.
 */
#ifndef HARNESS_TARGET_H
#define HARNESS_TARGET_H

#include "bytes.h"
#include "cancel.h"
#include "error.h"
#include "stage.h"

#define TARGET_LIMIT ((size_t)1 << 20) /* octets of a file */
#define TARGET_PORT_PLACE "{port}"     /* in a command */
#define TARGET_USER_PLACE "{user}"     /* in the path of a maildrop */

struct target_account {
	char *user;	/* no control characters */
	char *password; /* the same; NULL: target_ask_passwords() */
	char *secret;	/* of APOP; NULL: none */
	char **traits;	/* "apop": what it can be used for */
	size_t trait_count;
};

/* How much of a message survives the way into the maildrop. */
enum delivers {
	DELIVERS_EXACT,
	DELIVERS_ADDING_HEADERS, /* "adds headers" */
	DELIVERS_REWRITTEN,	 /* "rewrites" */
};

/* How the store keeps the end of a line; a Maildir does as its host. */
enum line_ends {
	LINE_ENDS_LF,
	LINE_ENDS_CRLF,
	LINE_ENDS_AS_IS, /* "as is": as the fixture's file has it */
};

struct target_tls {
	uint64_t port; /* 0: none */
	char *ca;      /* path, or NULL: those of the system */
	bool verify;
};

struct target {
	char *directory; /* where relative paths and commands begin */
	char *host;	 /* no brackets around an IPv6 address */
	uint64_t port;	 /* 0: a free one, chosen when start is run */
	char *mechanism; /* of pop://user;AUTH=mechanism@host, or NULL */
	bool has_tls;
	struct target_tls tls;
	struct target_account *accounts;
	size_t account_count;
	char *maildir; /* of a maildrop, with {user}; NULL: look only */
	enum line_ends line_ends;
	enum delivers delivers;
	bool passwords_in_clear; /* strangers' scenarios may send them so */
	bool keeps;	     /* what was retrieved stays (RFC 1939 section 8) */
	uint64_t autologout; /* seconds to an autologout, 0: not said */
	struct patience patience;
	char *start, *stop, *reset; /* shell commands, or NULL */
};

/*
 * Fill t from text, the path of a file *.json or a URL:
 *
 *	pop3://[user[:password]@]host[:port]
 *	pop://[user[;AUTH=mechanism]@]host[:port]	(RFC 2384)
 *
 * percent-encoded, with the password on loopback only. A file is refused when
 * others may write to it, because it can name commands. Returns -1 and e, in
 * which no password stands: file:line:column of a syntax error, "file:
 * /accounts/0/user: ..." of a wrong key or value, "URL, column 7: ...". What t
 * owns is freed by target_free() in both cases.
 */
int target_load(struct target *t, const char *text, struct error *e);

/*
 * Whether text can be a target at all, before anything is opened or done: the
 * name of a file *.json, or a URL of which we can make use. Returns 0, or -1
 * and e as target_load() does.
 */
int target_check_text(const char *text, struct error *e);

/* The two halves of it: json is what the file at path holds. */
int target_from_json(struct target *t, const char *path, struct slice json,
		     struct error *e);
int target_from_url(struct target *t, const char *url, struct error *e);

/* All that a target has when nothing is said. Returns -1 without memory. */
int target_init(struct target *t, struct error *e);

/* Wipes passwords and secrets, frees what t owns, not t itself. */
void target_free(struct target *t);
void target_account_free(struct target_account *a);

/* Append an account that is all zeroes, borrowed; NULL without memory. */
struct target_account *target_add_account(struct target *t);

/*
 * Get the passwords that are missing: from the first line of the file at path
 * (unless it is NULL), else from POP3SPEC_PASSWORD (which is removed from the
 * environment, so that no child sees it), else from the person at the terminal,
 * one account after the other. The first two are for one account; more
 * must be written into the target file. Returns -1 and e when one stays
 * missing.
 */
int target_ask_passwords(struct target *t, const char *path,
			 const struct cancel *cancel, struct error *e);

/*
 * Returns -1 and e when t asks for what this version cannot do: TLS, a reset
 * between scenarios, a mechanism other than APOP.
 */
int target_check_served(const struct target *t, struct error *e);

/* Can its maildrops be filled? If not, they are somebody's: look only. */
bool target_can_be_filled(const struct target *t);

/* True for localhost, 127.0.0.0/8 and ::1. */
bool target_is_loopback(const struct target *t);

/* True when account a has the trait. */
bool target_account_has(const struct target_account *a, const char *trait);

/* How reports name it: "127.0.0.1:1110", "[::1]:1110". */
void target_name(const struct target *t, struct buf *to);

/* Returns owned text with each {port} replaced by the port, or NULL. */
char *target_command(const struct target *t, const char *text);

#endif
