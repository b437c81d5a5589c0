/* SPDX-License-Identifier: MIT */
/*
 * The register: what the RFCs say of POP3, one requirement an entry, and what
 * a breach of it is worth (scenarios/register.json, and register.schema.json
 * beside it). What the RFC says and what we make of it are kept apart.
 */
#ifndef JUDGE_REGISTRY_H
#define JUDGE_REGISTRY_H

#include "bytes.h"
#include "error.h"

#define REGISTRY_LIMIT (1u << 20) /* octets of a file */

/* Whom the RFC binds. */
enum requirement_party {
	PARTY_SERVER,
	PARTY_CLIENT,
	PARTY_OPERATOR,
	PARTY_SPECIFICATION,
	PARTY_BOTH, /* server and client */
};

/* The session's state in which it binds. */
enum requirement_state {
	IN_ANY_STATE,
	IN_AUTHORIZATION,
	IN_TRANSACTION,
	IN_UPDATE,
};

/* How firmly the RFC puts it; implied: a statement without keyword. */
enum requirement_level {
	LEVEL_MUST,
	LEVEL_MUST_NOT,
	LEVEL_SHOULD,
	LEVEL_SHOULD_NOT,
	LEVEL_MAY,
	LEVEL_IMPLIED,
};

/* What a breach is worth to us. */
enum requirement_verdict {
	REQUIREMENT_FAIL,
	REQUIREMENT_WARN,
	REQUIREMENT_INFO,
	REQUIREMENT_SECURITY,
	REQUIREMENT_NONE, /* there is no breach, or none that we can see */
};

enum requirement_testability {
	TESTABLE,
	PARTLY_TESTABLE,
	NOT_TESTABLE,
};

/* Strings are printable ASCII; one that the file may leave out is "" then. */
struct requirement {
	char *id;      /* "RFC1939-5-RSET-01" */
	unsigned rfc;  /* 1939 */
	char *section; /* "5" */
	char *command; /* "RSET", or "" */
	char **also;   /* further clauses: "RFC 2449 section 8.1.2" */
	size_t also_count;
	char *link; /* to the clause; begins with https:// */
	char *says; /* what the RFC says, in our words */
	enum requirement_party party;
	enum requirement_state state;
	enum requirement_level level;
	bool lower_case; /* the RFC has no upper-case keyword for level */
	enum requirement_verdict verdict;
	char *why;     /* why verdict is not what level suggests, or "" */
	bool strict;   /* a warning about leniency that all practise */
	bool slow;     /* to judge it takes waiting */
	char *applies; /* "the server implements UIDL", or "": always */
	enum requirement_testability testability;
	char *untestable; /* which part cannot be judged, and why, or "" */
	char *legal;	  /* how a server may differ, or "" */
	char **rulings;	  /* "C13": docs/rulings.md */
	size_t ruling_count;
};

struct registry;

/*
 * Parse json, which came from file. A syntax error is reported as
 * file:line:column; a key or value that is wrong, missing or unknown, and an id
 * that stands twice, as "file: /requirements/3/level: ..." with what would have
 * been right. More than REGISTRY_LIMIT octets are refused unread. Returns
 * owned, or NULL and e.
 */
struct registry *registry_parse(struct slice json, const char *file,
				struct error *e);
void registry_free(struct registry *r); /* NULL is fine */

/* The requirement of that id, borrowed, or NULL. */
const struct requirement *registry_find(const struct registry *r,
					const char *id);

/* All of them, in the order of the file; i must be below the count. */
size_t registry_count(const struct registry *r);
const struct requirement *registry_at(const struct registry *r, size_t i);

/*
 * Append the clause it stands on: "RFC 1939 section 5, RSET". Interplay names
 * all of its clauses: "RFC 1939 section 4, with RFC 2449 section 8.1.2".
 */
void requirement_clause(const struct requirement *q, struct buf *to);

/* As the register writes them: "both", "any", "MUST NOT", "fail", "partly". */
const char *requirement_party_name(enum requirement_party party);
const char *requirement_state_name(enum requirement_state state);
const char *requirement_level_name(enum requirement_level level);
const char *requirement_verdict_name(enum requirement_verdict verdict);
const char *
requirement_testability_name(enum requirement_testability testability);

#endif
