/* SPDX-License-Identifier: MIT */
/*
 * What pop3-reference-server is to do, by its command line and the file that it
 * names. What the command line says counts.
 */
#ifndef POP3_OPTIONS_H
#define POP3_OPTIONS_H

#include "apop.h"
#include "complaints.h"
#include "nobody.h"
#include "serve.h"
#include "settings.h"

struct json_t;

enum asked {
	ASKED_TO_SERVE,
	ASKED_FOR_HELP,
	ASKED_FOR_VERSION,
	ASKED_FOR_DEFECTS,
	ASKED_FOR_ODDITIES,
	ASKED_FOR_SETTINGS,
	ASKED_FOR_HASH,
};

enum setting_from { FROM_DEFAULT, FROM_FILE, FROM_COMMAND_LINE };

struct options {
	enum asked asked;
	bool check;	    /* all of it, and not serve */
	const char *config; /* NULL: no file */
	const char *user, *group; /* who to become; NULL: nobody else */
	const char *hash;   /* the scheme */
	const char *maildir;
	const char *log; /* see log_new() */
	char host[APOP_HOST_MAX + 1];
	struct serve_config serve;
	enum setting_from from[SETTINGS_MAX]; /* by setting_index() */
	bool complete; /* all was read; single settings may still be wrong */
	bool listeners_of_file;
	bool log_stderr; /* of the file */
	size_t delays_of_file; /* the first of serve.policies.delays */
	struct askers askers;
	struct json_t *file; /* owned: what texts are borrowed from */
	char *places[SETTINGS_MAX]; /* owned; see options_place() */
	struct named_user named[POLICIES_USERS + 1]; /* serve.who.named */
};

/* What holds when nothing is said. o points into itself: it stays there. */
void options_init(struct options *o);
void options_free(struct options *o);

/*
 * Read the arguments of main(), which o borrows, and the file that they name,
 * into o after options_init(). Returns the exit code of what is wrong, of which
 * all that can be told at once goes to c: 2 for the command line, 1 for the
 * file; or 0.
 */
int options_read(struct options *o, int argc, char **argv,
		 struct complaints *c);

/*
 * Say what is wrong about the setting of that flag, at its place: where its
 * value came from, or, without one, where the others are. Returns the exit code
 * that it is worth.
 */
int options_complain(const struct options *o, struct complaints *c,
		     const char *flag, const char *what);

/*
 * That place: "--users", or "server.json: /users/file". Borrowed from o; NULL
 * without memory.
 */
const char *options_place(struct options *o, const char *flag);

/* A part of it: tell serve.who and serve.certificates who named them. */
void options_name(struct options *o);

/* A part of it: what one setting asks of another. */
int options_check(struct options *o, struct complaints *c);

#endif
