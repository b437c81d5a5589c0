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

/* What a defect spoils. */
enum defect_class {
	CLASS_FRAMING,
	CLASS_COMMANDS,
	CLASS_LOGIN,
	CLASS_NUMBERS,
	CLASS_SIZES,
	CLASS_MESSAGES,
	CLASS_UNIQUE_IDS,
	CLASS_DELETION,
	CLASS_UPDATE,
	CLASS_LOCK,
	CLASS_TIMER,
	CLASSES
};

/* "framing" and so on. */
extern const char *const class_names[CLASSES];

/* Where a defect shows: in a session in memory, in the program over TCP. */
struct seen {
	bool in_memory;
	bool on_wire;
	const char *why; /* not everywhere, or NULL */
};

struct switch_row {
	const char *id;         /* "retr-not-stuffed" */
	bool defect;            /* or an oddity */
	enum defect_class class; /* CLASSES: none, of an oddity */
	struct seen seen;
	const char *needs;      /* to be seen, where it is subtle; or NULL */
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
