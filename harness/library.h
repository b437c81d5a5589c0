/* SPDX-License-Identifier: MIT */
/* All that is judged by: the register, the scenarios, their fixtures. */
#ifndef HARNESS_LIBRARY_H
#define HARNESS_LIBRARY_H

#include "fixture.h"
#include "registry.h"
#include "scenario.h"

struct library {
	char *directory;
	struct registry *registry;
	char registered[72]; /* "sha256:..." of the register's octets, cut to fit */
	struct scenario **scenarios; /* in the order of their ids */
	size_t count;
	struct fixture *fixtures; /* those that scenarios name */
	size_t fixture_count;
};

/*
 * Load directory (NULL: the one that belongs to this program) whole. A scenario
 * that does not parse, names a requirement that the register has not, or a
 * message that its fixture has not, is an error. Returns 0, or -1 and e.
 */
int library_load(struct library *l, const char *directory, struct error *e);
void library_free(struct library *l);

/* Check the file, or all files in the directory, at path as library_load() does. */
int library_check(struct library *l, const char *path, struct error *e);

const struct scenario *library_find(const struct library *l, const char *id);

/* A fixture that a scenario names, and "one", which is always there; or NULL. */
const struct fixture *library_fixture_named(const struct library *l,
					    const char *name);

/* The fixture of s, or NULL when it has none. */
const struct fixture *library_fixture(const struct library *l,
				      const struct scenario *s);

#endif
