/* SPDX-License-Identifier: MIT */
/*
 * Lines with placeholders, as scenarios/README.md describes them: what the
 * client sends ("C:", expanded) and what the server may answer ("S:", matched).
 */
#ifndef JUDGE_PATTERN_H
#define JUDGE_PATTERN_H

#include "bytes.h"
#include "error.h"
#include "reply.h"

#include <stdint.h>

#define PATTERN_OCTETS_LIMIT (64u << 20) /* that {N times ...} may come to */
#define PATTERN_TOKENS_LIMIT 64	         /* tokens of a pattern */
#define PATTERN_RESTS_LIMIT 4	         /* "..." in a pattern */

enum token_kind {
	TOKEN_LITERAL,    /* octets */
	TOKEN_NUMBER,     /* digits that are a word of what is expected */
	TOKEN_REST,       /* "..." */
	TOKEN_ANY,        /* {any}: visible octets, no space */
	TOKEN_ANY_NUMBER, /* {any number}: decimal digits */
	TOKEN_ANY_UID,    /* {any uid}: 1 to 70 of 0x21 to 0x7e */
	TOKEN_NAME,       /* {total}: binds visible octets without a space */
	TOKEN_NUMBER_OF,  /* {number of a}: decimal digits */
	TOKEN_SIZE_OF,    /* {size of a}: decimal digits */
	TOKEN_UID_OF,     /* {uid of a}: as {any uid} */
	TOKEN_MD5,        /* {md5 of ...}: of the expansion, lower-case hex;
			     {MD5 of ...}: in capitals; {16 digits of md5 of
			     ...}: the first of them */
};

struct token {
	enum token_kind kind;
	struct buf literal;    /* of TOKEN_LITERAL and TOKEN_NUMBER */
	char *name;            /* "total"; "number of a"; NULL otherwise */
	char *message;         /* "a" of a fact; NULL otherwise */
	struct pattern *inner; /* of TOKEN_MD5 */
	uint64_t digits;       /* of TOKEN_MD5: 32, or fewer */
	bool capitals;
	char *source;          /* as written, braces and all; NULL: fixed octets */
};

struct pattern {
	struct token *tokens;
	size_t count;
	char *source; /* as written */
};

enum pattern_side {
	PATTERN_SENT,    /* "..." is three full stops, {any} an error */
	PATTERN_EXPECTED /* {md5 of} is an error */
};

/*
 * Parse text. Returns owned, or NULL and e, which says at which column (1 is
 * the first) what is wrong and what would have been right.
 */
struct pattern *pattern_parse(struct slice text, enum pattern_side side,
			      struct error *e);
void pattern_free(struct pattern *p); /* NULL is fine */

/* Append octets to what p stands for; its source stays as it is. */
int pattern_append(struct pattern *p, struct slice octets, struct error *e);

/* {user}, {password}, {secret}, and the wrong ones: of the account. */
bool pattern_name_of_account(const char *name);
bool pattern_name_secret(const char *name); /* all of them but {user} */

/* {wrong password}, {shorter password}, {other password}: logs nobody in. */
bool pattern_name_wrong(const char *name);

/*
 * The first line of a reply must be asked for by its indicator: +OK or -ERR
 * and then nothing, a space, or "...". Returns -1 and e when p does not.
 */
int pattern_check_reply(const struct pattern *p, struct error *e);

/* Names and their values, in the order in which they were bound. */
struct binding {
	char *name;
	struct buf value;
	bool secret; /* reports show {name}, never the value */
};

struct bindings {
	struct binding *list;
	size_t count;
	bool failed; /* memory ran out */
};

void bindings_free(struct bindings *b);
const struct binding *binding_find(const struct bindings *b, const char *name);
void binding_set(struct bindings *b, const char *name, struct slice value);
void binding_set_secret(struct bindings *b, const char *name,
			struct slice value);
void binding_unset(struct bindings *b, const char *name);
/* Unset all whose name begins with prefix: "number of ". */
void bindings_unset(struct bindings *b, const char *prefix);

/*
 * Match the whole of octets. Names that are bound must be equal; the others are
 * bound when all matches, and left alone when it does not. Values take as much
 * as they can, "..." as little as it can; behind a placeholder it is empty or
 * begins with a space.
 *
 * Numbers are TOKEN_NUMBER, {any number}, {number of a}, {size of a}, a name
 * whose value is one, and an unbound name with "..." directly behind it where a
 * digit begins it. A number is equal by value (leading zeros are no matter),
 * ends where its digits end, and "..." behind it may begin with anything else
 * (RFC 1939 section 5, LIST: no requirement on what follows the size).
 *
 * The work grows with the octets, not with their square, whatever a server
 * sends.
 */
bool pattern_match(const struct pattern *p, struct slice octets,
		   struct bindings *b);

/* The same without the first skip octets of p, which are of a literal. */
bool pattern_match_behind(const struct pattern *p, size_t skip,
			  struct slice octets, struct bindings *b);

/*
 * Match the first line of a reply. p has passed pattern_check_reply(). status,
 * as the reader saw it, stands for the indicator, so that "+ok" is no matter
 * here; nor is a missing space behind it. p without a text takes any text.
 */
bool pattern_match_reply(const struct pattern *p, enum reply_status status,
			 struct slice line, struct bindings *b);

/*
 * Append what p says to to, {number of a} without leading zeros. Returns -1 and
 * e when a name has no value yet.
 */
int pattern_expand(const struct pattern *p, const struct bindings *b,
		   struct buf *to, struct error *e);

/*
 * What p asks for, for people: its source and, behind it, the values of the
 * names in it that are bound: "+OK 3 {total} where {total} is 512".
 */
void pattern_explain(const struct pattern *p, const struct bindings *b,
		     struct buf *to);

/* The same in the place of the names: "+OK 3 512". Visible; no secret. */
void pattern_fill(const struct pattern *p, const struct bindings *b,
		  struct buf *to);

#endif
