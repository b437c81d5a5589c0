/* SPDX-License-Identifier: MIT */
/*
 * Mutants of the server's core, each played against the scenarios in a child,
 * and the committed list of them.
 */
#ifndef SELFTEST_MUTANTS_H
#define SELFTEST_MUTANTS_H

#include "bytes.h"
#include "library.h"

enum fate {
	FATE_NOT_PLAYED,
	FATE_KILLED,   /* a scenario or a universal check told */
	FATE_BLOCKED,  /* none did, but some could not be judged: exit code 3 */
	FATE_SURVIVES, /* none did */
	FATE_UNMET,    /* the same: no scenario comes to this place */
};

/* By number - 1, mutant_count of them. */
struct mutants {
	enum fate *fates;
	const char **killers; /* the first to tell; NULL: a survivor */
	bool *ended;	      /* by a crash, or by its budget of steps */
};

/* Every stride-th mutant is played, from the first on. */
int mutants_play(struct mutants *m, const struct library *l, unsigned stride,
		 struct error *e);
void mutants_free(struct mutants *m);

/*
 * The list at path has a line for each mutant, four columns and its fate, tab
 * separated: "killed", "blocked", or why it survives; "either: " stands before
 * the reason of one that does what C leaves undefined, and may be killed as
 * well. Compare it with m, and print what
 * is not as it says: a survivor without a reason, one that was explained and
 * is killed, a mutant that is not in the list, a line that no mutant has. What
 * was not played counts as what the list says. Returns 0, or -1 and e.
 */
struct complaints {
	unsigned wrong; /* fates that are not as the list says */
	unsigned stale; /* lines too many, and too few */
};
int mutants_compare(const struct mutants *m, const char *path,
		    struct complaints *c, struct error *e);

/* Write it anew, with the reasons that it has for what still survives. */
int mutants_write(const struct mutants *m, const char *path, struct error *e);

#endif
