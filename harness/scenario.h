/* SPDX-License-Identifier: MIT */
/*
 * What a scenario file becomes (the notation: scenarios/README.md).
 */
#ifndef JUDGE_SCENARIO_H
#define JUDGE_SCENARIO_H

#include "bytes.h"
#include "error.h"
#include "pattern.h"
#include "verdict.h"

#include <stdint.h>

/* How far a session has climbed. */
enum state { STATE_CONNECTED, STATE_AUTHORIZATION, STATE_TRANSACTION };

enum event {
	EVENT_REPLY,   /* "S": a reply */
	EVENT_CLOSE,   /* "server": "closes" */
	EVENT_NOTHING, /* "nothing": "happens" */
};

enum body {
	BODY_UNJUDGED,  /* read when the command has one; framing only */
	BODY_LINES,     /* "lines": these, in this order */
	BODY_LINE_SET,  /* "lines in any order" */
	BODY_EACH_LINE, /* "each line": any number, each matches lines[0] */
	BODY_MESSAGE,   /* "message": a fixture, octet by octet */
};

#define ANY_OTHER "any other" /* "message": "any other" */
#define NAME_OF_TURN "turn"   /* {turn}, within "50 times": 1, 2, 3 ... */

struct step;

struct steps {
	struct step *list;
	size_t count;
};

/* One thing that the server may do, and what we then say. */
struct answer {
	enum event event;
	unsigned client;       /* 0, or 1 for the second client */
	struct pattern *line;  /* of EVENT_REPLY */
	struct pattern *timestamp; /* of the greeting, or NULL: unjudged */
	enum body body;
	struct pattern **lines;
	size_t line_count;
	char *message;         /* of BODY_MESSAGE; or ANY_OTHER */
	bool has_top;          /* header, blank line and top body lines of it */
	uint64_t top;
	struct pattern *octets; /* number of body octets, or NULL */
	/* Of BODY_EACH_LINE, bound anew by each line: */
	char **differ;         /* "all differ": no value comes twice */
	size_t differ_count;
	char *total;           /* "sum": the values of addend add up to it */
	char *addend;          /* "of" */
	char *label;           /* "" when the answer has none */
	enum outcome verdict;  /* OUTCOME_PASS when the file gives none */
	char *requirement;     /* NULL: the step's, or the scenario's first */
	char *ruling;          /* NULL when none */
	struct steps then;
	char *pointer;         /* "/dialogue/3/one of/1" */
	char *source;          /* as written, on one line, without "then" */
};

enum step_kind {
	STEP_SEND,        /* pieces, one segment each */
	STEP_ANSWERS,     /* "S: ...", "one of", "server": "closes" */
	STEP_SILENCE,     /* "silence": duration */
	STEP_DROP,        /* "client": "drops" */
	STEP_RESET,       /* "client": "resets" */
	STEP_HALF_CLOSE,  /* "client": "half-closes" */
	STEP_CONNECT,     /* "second client": "connects": greeting not read */
	STEP_LOGIN,       /* "second client": "logs in" (answers may be none) */
	STEP_NEW_SESSION, /* "new session": state */
	STEP_DELIVERED,   /* "delivered": the message names[0] */
	STEP_MAILDROP,    /* "maildrop": "holds": exactly messages */
	STEP_SUM,         /* names[0] is the sum of the others */
	STEP_DIFFER,      /* names: no two values equal */
	STEP_REPEAT,      /* "50 times": body, names all differ; {turn} */
};

struct step {
	enum step_kind kind;
	unsigned client;
	bool line;              /* of STEP_SEND: "C:", else exact octets */
	struct pattern **pieces;
	size_t piece_count;
	struct answer *answers;
	size_t answer_count;
	uint64_t duration;      /* ms, of "silence" or "within"; 0: none */
	enum state state;       /* of STEP_NEW_SESSION */
	char **names;           /* fixture messages, or names without braces */
	size_t name_count;
	uint64_t times;         /* of STEP_REPEAT */
	struct steps body;
	char *requirement;      /* NULL: the scenario's first */
	char *ruling;
	char *pointer;          /* "/dialogue/7" */
	char *source;           /* as written, on one line */
};

struct scenario {
	char *id;    /* "update/rset-unmarks" */
	char *file;
	char *title;
	unsigned revision;
	char **requirements; /* the first is judged */
	size_t requirement_count;
	char **rulings;
	size_t ruling_count;
	enum state start;
	char *maildrop; /* fixture, or NULL */
	char **needs;   /* "UIDL", "greeting timestamp", "account: apop" */
	size_t need_count;
	uint64_t patience; /* ms, 0: the target's */
	struct steps given;
	struct steps dialogue;
	size_t octets; /* of all patterns, repeats counted */
	size_t parts;  /* steps, patterns, and what these are made of: each is a
			  few hundred octets of memory */
	bool foreign;  /* a stranger's: set by who knows */
};

#define SCENARIO_LIMIT (1u << 20)      /* octets of a file */
#define SCENARIO_STEPS_LIMIT 10000     /* steps, all branches */
#define SCENARIO_SENT_LIMIT (64u << 20) /* octets sent, repeats counted */
#define SCENARIO_DEPTH_LIMIT 3         /* "one of" in "then" in ... */

/*
 * Parse json, which came from file, as scenario id. A syntax error is reported
 * as file:line:column, a wrong key or value as "file: /dialogue/3: ..." with
 * the offending text and what would have been right. Names must have a value
 * where they are used, and be used twice; passwords stand in the argument of
 * PASS or in {md5 of ...} only. Requirements and fixtures are not looked up
 * here. Returns owned, or NULL and e.
 */
struct scenario *scenario_parse(struct slice json, const char *id,
				const char *file, struct error *e);
void scenario_free(struct scenario *s); /* NULL is fine */

/*
 * Call visit for each step, those of given, branches and repetitions too, in
 * the order of the file, until it returns non-zero; returns that, or 0.
 */
int scenario_walk(const struct scenario *s,
		  int (*visit)(const struct step *step, void *with),
		  void *with);

/* How long it waits by its own words at most, in ms, repeats counted. */
uint64_t scenario_waits(const struct scenario *s);

/*
 * True when a command of the scenario begins with the word keyword, in any
 * case; commands that are cut into pieces or steps, too.
 */
bool scenario_sends(const struct scenario *s, const char *keyword);

/* The same of a step alone. */
bool step_sends(const struct step *step, const char *keyword);

/*
 * True when a command has something behind {password} in its line: the right
 * password and more.
 */
bool scenario_lengthens_password(const struct scenario *s);

/* Does it log in with a password that is not the right one? */
bool scenario_guesses(const struct scenario *s);

/*
 * What s does that only a server of one's own should have to bear, by its own
 * words and repeats counted: floods, huge lines, wrong passwords. NULL: nothing.
 */
const char *scenario_aggression(const struct scenario *s);

/* True when the names of step are messages of the fixture. */
bool scenario_names_messages(const struct step *step);

/*
 * True when a step delivers message (NULL: any). Until it does, the maildrop is
 * without that message of the fixture.
 */
bool scenario_delivers(const struct scenario *s, const char *message);

/*
 * Whether a pass of s has looked at id, which its head names: not when only a
 * branch speaks of it, which may not have been taken.
 */
bool scenario_always_looks_at(const struct scenario *s, const char *id);

/* True when a pattern of the scenario holds {name} or a fact of a message. */
bool scenario_uses(const struct scenario *s, const char *name);
bool scenario_needs_facts(const struct scenario *s);

#endif
