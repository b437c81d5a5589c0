/* SPDX-License-Identifier: MIT */
/*
 * What the judge says: all that a report may see. Every string here is visible
 * ASCII: octets that are not stand as the notation writes them ({CR}, {0xFF}),
 * secrets as the scenario names them ({password}). A report can print any of it
 * into a terminal, XML or HTML by the rules of that format alone.
 */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum outcome {
	OUTCOME_PASS,     /* seen to hold */
	OUTCOME_FAIL,     /* broken, and the register calls that a failure */
	OUTCOME_WARN,     /* broken, but leniency is usual or the text soft */
	OUTCOME_INFO,     /* worth knowing, breaks nothing */
	OUTCOME_SECURITY, /* no POP3 clause broken, but an attack works */
	OUTCOME_FLAKY,    /* broken once, held in the confirming run */
	OUTCOME_BLOCKED,  /* could not be judged: something it needs is broken */
	OUTCOME_SKIP,     /* does not apply here */
	OUTCOME_CRASH,    /* the server died */
	OUTCOME_LOST,     /* connection ended, a reply was owed, service lives */
	OUTCOME_ERROR,    /* the tool, the network or a file; never a finding */
	OUTCOME_NOTRUN,   /* cut short by time, Ctrl-C or a dead server */
	OUTCOMES
};

const char *outcome_name(enum outcome o); /* "PASS", "FAIL", ... */

/* The outcome of that name, in either case. False, and o untouched: none. */
bool outcome_named(const char *name, enum outcome *o);

/* A breach that makes a run fail by default: FAIL, SECURITY, CRASH, LOST. */
bool outcome_is_breach(enum outcome o);

/*
 * Whether its requirement was judged. BLOCKED, SKIP, ERROR and NOTRUN say only
 * why it was not.
 */
bool outcome_judges(enum outcome o);

/*
 * How bad it is: 0 for PASS and SKIP; 1 for what could not be judged, so that
 * it never outweighs what was seen; 2 for INFO; 3 for WARN and for FLAKY, which
 * is told but not held against the server; 4 for a breach.
 */
int outcome_weight(enum outcome o);

/* Which outcomes make a run fail, its exit code 1. */
enum fail_on {
	FAIL_ON_DEFAULT,  /* FAIL, SECURITY, LOST, CRASH */
	FAIL_ON_MUST,     /* FAIL, LOST, CRASH; not SECURITY */
	FAIL_ON_SHOULD,   /* the default, and WARN */
	FAIL_ON_SECURITY, /* SECURITY and CRASH alone */
	FAIL_ON_FLAKY,    /* the default, and FLAKY */
	FAIL_ON_NEVER,    /* none of these */
	FAIL_ONS
};

bool outcome_fails(enum outcome o, enum fail_on f);

/* "default", "must", ...; and the reverse, FAIL_ONS when there is none. */
const char *fail_on_name(enum fail_on f);
enum fail_on fail_on_named(const char *name);

/* One line of the dialogue, in the order in which it happened. */
struct exchange {
	char who;         /* 'C' client, 'S' server, '*' what happened */
	unsigned client;  /* 1 or 2 */
	uint64_t at;      /* ms since the scenario began */
	char *text;       /* visible; 4 KiB at most, then cut */
	uint64_t octets;  /* on the wire, the whole of it */
	unsigned run;     /* 1 or 2: of which play, where two were kept, as of
			     a FLAKY; else 0 */
};

struct verdict {
	/* what was judged */
	char *scenario;     /* "update/rset-unmarks", "universal/RFC1939-..." */
	unsigned revision;
	char *file;         /* of the scenario; "" for universal checks */
	char *title;
	char *transport;    /* "clear", "stls", "implicit" */
	char *requirement;  /* "RFC1939-5-RSET-01" */
	char *also;         /* requirements, a space between, that its scenario
			       looks at, too: a PASS saw them hold */
	char *unseen;       /* those that it may not have looked at: only
			       answers that need not come speak of them */
	char *clause;       /* "RFC 1939 section 5, RSET" */
	char *link;         /* to that section */
	char *level;        /* "MUST", "implied", ... */
	char *statement;    /* what the RFC says, in our words */
	char *ruling;       /* "C10" or "" */
	/* what came out */
	enum outcome outcome;
	bool confirmed;     /* a second run on fresh connections agreed */
	char *label;        /* which legal or illegal answer it was, or why
			       skipped, blocked or not run; "" when plain */
	char *blocked_by;   /* of a BLOCKED: the requirement that judges what is
			       in its way; "" when none does */
	char *cause;        /* what was not as it should be, the same words
			       for all that one fault may have broken: "What
			       RETR sends"; or "" */
	char *step;         /* JSON pointer: "/dialogue/7", or "" */
	char *expected;     /* "" when nothing was broken */
	char *actual;
	char *log;          /* what a server that crashed, or a sanitizer in it,
			       wrote; visible, in one line, {LF} for its own;
			       else "" */
	unsigned count;     /* universal checks: how often; else 1 */
	double seconds;
	struct exchange *transcript; /* of a breach; NULL for a pass */
	size_t exchanges;
};

/* Give back what v owns, not v itself; v is all zeroes afterwards. */
void verdict_free(struct verdict *v);

/*
 * A deep copy, owned; strings of v that are NULL become "". What to held before
 * is not freed. -1 without memory: to is all zeroes then.
 */
int verdict_copy(struct verdict *to, const struct verdict *v);

/* What is known before the first verdict. */
struct run_info {
	const char *tool;       /* version */
	const char *edition;    /* or "" */
	const char *registered;  /* "sha256:..." of the register judged by */
	const char *target;     /* "127.0.0.1:1110", no secret */
	const char *started;    /* RFC 3339, UTC */
	const char *fail_on;    /* "default", "must": which outcomes fail it */
	const char *replay;     /* a command that plays one scenario the same
				   way again when its id is put behind it:
				   "pop3spec run mail.json --only"; or "" */
	const char *split;      /* "none", "random", "every-octet" */
	uint64_t seed;          /* below 2^53: JSON's readers keep no more */
	size_t scenarios;       /* to be played */
	size_t requirements;    /* in the register */
	bool look_only;         /* the maildrop is not ours: nothing is deleted,
				   and what needs a deletion is skipped */
};

/* What is known after the last one. */
struct run_summary {
	size_t count[OUTCOMES]; /* of the verdicts handed to the reports */
	size_t judged;          /* requirements judged, or seen to hold */
	size_t skipped;         /* those only skipped, blocked or unseen */
	size_t not_covered;     /* of the register, without any verdict */
	size_t requirements;    /* the sum of the three */
	double seconds;
	double longest_seconds;
	const char *longest;    /* id of the longest scenario, or "" */
	uint64_t octets_sent, octets_received, round_trips;
	int exit_code;
	bool look_only;
	const char *interrupted; /* "" or why the run ended early */
};

#endif
