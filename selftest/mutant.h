/* SPDX-License-Identifier: MIT */
/*
 * What the copy of the server's core that mutate.py writes asks at each place
 * where it can be wrong. For that copy and for mutants.c only: the core itself,
 * and whatever judges a real server, know nothing of it.
 */
#ifndef SELFTEST_MUTANT_H
#define SELFTEST_MUTANT_H

#include <stdbool.h>
#include <stdint.h>

/* The name of a mutant: stable while the code that it changes is. */
struct mutant_row {
	const char *file, *function;
	const char *there;   /* a statement, a condition or a place in a table */
	const char *becomes; /* with "  #2" behind it when it is the second */
};

/* Mutant n is mutant_rows[n - 1]. */
extern const struct mutant_row mutant_rows[];
extern const unsigned mutant_count;

struct mutant_state {
	unsigned on;	     /* this one is; 0: the copy is right */
	uint64_t steps_left; /* 0: as many as it likes */
	bool *met;	     /* [mutant_count + 1], or NULL: those asked for */
};

extern struct mutant_state mutant_state;

/* All steps are taken: it would never have ended. Does not return. */
void mutant_never_ends(void);

/* Is mutant n on? One step. */
static inline bool mutant(unsigned n)
{
	if (mutant_state.steps_left && !--mutant_state.steps_left)
		mutant_never_ends();
	if (mutant_state.met)
		mutant_state.met[n] = true;
	return n == mutant_state.on;
}

/* Change the tables, after mutant_state.on was set. */
void mutant_tables(void);

#endif
