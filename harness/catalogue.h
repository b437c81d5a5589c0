/* SPDX-License-Identifier: MIT */
/* Which scenarios there are: a directory tree, no list. */
#ifndef HARNESS_CATALOGUE_H
#define HARNESS_CATALOGUE_H

#include "bytes.h"
#include "error.h"

#define CATALOGUE_LIMIT 20000 /* entries of a directory, and scenarios */
#define CATALOGUE_DEPTH 8     /* directories in each other */

struct catalogue_entry {
	char *id;    /* "update/rset-unmarks" */
	char *path;  /* of the file */
	char *wrong; /* NULL; or why it is none: "path: ..."; the id is then as
			near to its path as an id can be */
};

/* All zeroes is an empty catalogue. Sorted by id. */
struct catalogue {
	struct catalogue_entry *entries;
	size_t count;
};

/*
 * Add the scenario files at path, a directory or one file; prefix ("" for our
 * own) goes in front of each id. The id of a file in a directory is its path
 * below it without .json, that of a single file its name; both are of
 * [a-z0-9-] between slashes. Left alone are the directories maildrops and
 * editions and the file register.json at the top, *.schema.json, names that
 * begin with a full stop, and what does not end in .json. What cannot be a
 * scenario becomes an entry that says why: a symbolic link, what ends in .json
 * and is no file, a name that makes no id, an id that is there already, and a
 * directory that cannot be read or is beyond the limits above. Returns -1 and e
 * when path is not there, or neither of the two, and without memory.
 */
int catalogue_add(struct catalogue *c, const char *path, const char *prefix,
		  struct error *e);
void catalogue_free(struct catalogue *c);

/* True for 1 to 200 octets of [a-z0-9-] and single slashes between. */
bool catalogue_is_id(struct slice id);

/*
 * Append the file of entry to to: a regular file, no link, SCENARIO_LIMIT
 * octets at most.
 */
int catalogue_read(const struct catalogue_entry *entry, struct buf *to,
		   struct error *e);

/*
 * True when one of count globs (as fnmatch(3): * ? [ ]; * matches a slash too)
 * matches all of text: the id of a scenario or of a requirement.
 */
bool catalogue_matches(const char *text, const char *const *globs,
		       size_t count);

/*
 * Returns owned the path of our own scenarios: option unless it is NULL, else
 * POP3SPEC_SCENARIOS, else the first that exists of the source tree we were
 * built from, ../share/pop3spec/scenarios beside the program, and where they
 * were to be installed. NULL and e, which names what was looked at.
 */
char *catalogue_directory(const char *option, struct error *e);

#endif
