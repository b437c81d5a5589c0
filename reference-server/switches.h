/* SPDX-License-Identifier: MIT */
/*
 * What can be switched on in this server to make it wrong, or odd.
 *
 * A defect (defects.def) breaks a statement of an RFC; most were shipped by a
 * real server. An oddity (oddities.def) is behaviour that an RFC allows and
 * that naive clients and test suites stumble over. The code asks
 * switched(s, DEFECT_...) at the one place where it goes wrong.
 */
#ifndef POP3_SWITCHES_H
#define POP3_SWITCHES_H

#include "bytes.h"

enum switch_name {
#define DEFECT(NAME, ...) DEFECT_##NAME,
#include "defects.def"
#undef DEFECT
#define ODDITY(NAME, ...) ODDITY_##NAME,
#include "oddities.def"
#undef ODDITY
	SWITCHES
};

struct switches {
	bool on[SWITCHES];
};

/* Where a defect can be seen: by a session in memory, or on a wire only. */
enum seen_in { SEEN_IN_MEMORY, SEEN_ON_WIRE };

struct switch_row {
	const char *id;         /* "retr-not-stuffed" */
	bool defect;            /* or an oddity */
	enum seen_in seen_in;
	const char *killer;     /* the scenario that catches it, or NULL */
	const char *provenance; /* where it was seen, or the clause */
	const char *summary;
};

/* One row a switch, in the order of enum switch_name. */
extern const struct switch_row switch_rows[SWITCHES];

bool switch_is_on(const struct switches *s, enum switch_name name);

/* Turn on the switch called id. Returns false when there is none. */
bool switch_on(struct switches *s, const char *id);

#endif
