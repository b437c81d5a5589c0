/* SPDX-License-Identifier: MIT */
/* What the files library*.c share. */
#ifndef HARNESS_LIBRARY_INTERNAL_H
#define HARNESS_LIBRARY_INTERNAL_H

#include "library.h"

/* Whence a scenario comes. */
struct library_source {
	const char *home; /* its directory of scenarios */
	bool foreign;
};

/* Is each in the register? Returns 0, or -1 and e. */
int library_check_requirements(const struct library *l,
			       const struct scenario *s, struct error *e);

/* So are those of single steps, and the messages they name in fixture? */
int library_check_names(const struct library *l, const struct scenario *s,
			const struct fixture *fixture, struct error *e);

/* Load the fixture called name of from, unless it is there. 0, or -1 and e. */
int library_add_fixture(struct library *l, const struct library_source *from,
			const char *name, struct error *e);

/*
 * *at becomes the place of the fixture of s, which is loaded if need be, or
 * SIZE_MAX when it has none. Returns 0, or -1 and e.
 */
int library_settle_fixture(struct library *l, const struct scenario *s,
			   const struct library_source *from, size_t *at,
			   struct error *e);

#endif
