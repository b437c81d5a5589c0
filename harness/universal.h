/* SPDX-License-Identifier: MIT */
/*
 * The checks that run on every reply of every scenario. They are verdicts of
 * their own, one a run, and never change the outcome of the scenario in which
 * they were seen.
 */
#ifndef JUDGE_UNIVERSAL_H
#define JUDGE_UNIVERSAL_H

#include "reply.h"

#define UNIVERSAL_WITNESSES 3

struct witness {
	char *scenario;
	char *step;
	char *line; /* visible; the first line of the reply */
};

struct universal {
	uint64_t replies; /* looked at */
	uint64_t bodies;  /* of them, with further lines */
	uint64_t count[VIOLATIONS];
	struct witness witness[VIOLATIONS][UNIVERSAL_WITNESSES];
};

/* The requirement that a violation breaks: "RFC1939-3-RSP-05". */
const char *violation_requirement(enum violation v);

/*
 * Note what r shows, seen at step (JSON pointer) of scenario. line is what a
 * report may show of its first line.
 */
void universal_note(struct universal *u, const struct reply *r,
		    const char *line, const char *scenario, const char *step);
void universal_note_one(struct universal *u, enum violation v,
			const char *line, const char *scenario,
			const char *step);

/* Add what from saw to u; from is empty afterwards. */
void universal_merge(struct universal *u, struct universal *from);
void universal_free(struct universal *u);

#endif
