/* SPDX-License-Identifier: MIT */
/* All that is judged by: the register, the scenarios, their fixtures. */
#ifndef HARNESS_LIBRARY_H
#define HARNESS_LIBRARY_H

#include "fixture.h"
#include "registry.h"
#include "scenario.h"

#define LIBRARY_FOREIGN "foreign/" /* in front of strangers' ids */

/*
 * What strangers' files may hold in all: octets of JSON, parts of scenarios
 * (some 300 octets of memory each), and octets of mail.
 */
#define LIBRARY_FOREIGN_LIMIT ((size_t)64 << 20)
#define LIBRARY_FOREIGN_PARTS ((size_t)1500000)
#define LIBRARY_FOREIGN_MAIL_LIMIT ((size_t)256 << 20)

/* A file that is no scenario, or none that may be played. */
struct library_broken {
	char *id;   /* as near to one as its path is */
	char *file; /* visible */
	char *why;  /* with the place: "x.json:3:7: ...", visible */
};

struct library {
	char *directory;
	struct registry *registry;
	char registered[72]; /* "sha256:..." of the register's octets, cut to fit */
	struct scenario **scenarios; /* in the order of their ids */
	size_t count;
	size_t *fixture_of; /* one a scenario: place in fixtures, or SIZE_MAX */
	struct fixture *fixtures; /* those that scenarios name */
	char **homes;             /* of the fixtures: a directory of scenarios */
	size_t fixture_count;
	struct library_broken *broken;
	size_t broken_count;
	size_t own_count, own_broken; /* of both, before any stranger's */
	size_t foreign_octets, foreign_parts, foreign_mail; /* loaded so far */
};

/*
 * Load directory (NULL: the one that belongs to this program) whole. A scenario
 * that does not parse, names a requirement that the register has not, or a
 * message that its fixture has not, is broken, and the others are loaded.
 * Returns 0; or -1 and e when there is no register.
 */
int library_load(struct library *l, const char *directory, struct error *e);
void library_free(struct library *l);

/*
 * Add the scenarios of somebody else at path, a file or a directory, their ids
 * behind LIBRARY_FOREIGN. A fixture is looked for in maildrops beside the file,
 * or in the directory, and then among ours. What is broken, or too much, is no
 * error of the library. Returns 0; or -1 and e when there is no such path.
 */
int library_add(struct library *l, const char *path, struct error *e);

/* Forget the scenarios that were added so, and what was broken of them. */
void library_forget(struct library *l);

/* A fixture of ours, of those that scenarios name, or "one", or NULL. */
const struct fixture *library_fixture_named(const struct library *l,
					    const char *name);

/* The fixture of s, or NULL when it has none. */
const struct fixture *library_fixture(const struct library *l,
				      const struct scenario *s);

#endif
