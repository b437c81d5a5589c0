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
	char *command; /* "RETR", or "" for a greeting */
	char *octets;  /* visible; of the reply, what shows the violation */
};

/* Where a reply was seen, and what a report may show of it. */
struct sighting {
	const char *scenario;
	const char *step;    /* JSON pointer */
	const char *command; /* its keyword; "" for a greeting */
	const char *line;    /* the first line, with its end */
	const char *fault;   /* the body up to its first fault */
	const char *tail;    /* how it ends */
};

struct universal {
	uint64_t replies; /* looked at */
	uint64_t bodies;  /* of them, with further lines */
	uint64_t count[VIOLATIONS];
	struct witness witness[VIOLATIONS][UNIVERSAL_WITNESSES];
};

/* The requirement that a violation breaks: "RFC1939-3-RSP-05". */
const char *violation_requirement(enum violation v);

/* True when v breaks requirement: the one above, or that of RFC 2449. */
bool violation_breaks(enum violation v, const char *requirement);

/* RFC 2449 says it again, for servers that have CAPA. */
#define UNIVERSAL_OF_CAPA "RFC2449-4-04"

/*
 * Note what r shows, as it was seen at s. The witnesses are the first ones, each
 * of another step.
 */
void universal_note(struct universal *u, const struct reply *r,
		    const struct sighting *s);

/* Note v, which shows in no whole reply. */
void universal_note_one(struct universal *u, enum violation v,
			const struct sighting *s);

/* Add what from saw to u; from is empty afterwards. */
void universal_merge(struct universal *u, struct universal *from);
void universal_free(struct universal *u);

#endif
