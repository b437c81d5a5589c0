/* SPDX-License-Identifier: MIT */
#include "pattern_nearest.h"
#include "pattern_reader.h"

#include <stdlib.h>
#include <string.h>

#define NAME_LIMIT 64 /* octets */

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* Words that stand for octets. */
static const struct {
	const char *word;
	struct slice octets;
} octet_words[] = {
    {"CRLF", {"\r\n", 2}}, {"CR", {"\r", 1}}, {"LF", {"\n", 1}},
    {"SP", {" ", 1}},	   {"NUL", {"", 1}},
};

/* Words that take what comes, and facts of a message: {number of a}. */
static const struct taker {
	const char *word;
	enum token_kind kind;
} takers[] =
    {
	{"any", TOKEN_ANY},
	{"any number", TOKEN_ANY_NUMBER},
	{"any uid", TOKEN_ANY_UID},
},
  facts[] = {
      {"number of ", TOKEN_NUMBER_OF},
      {"size of ", TOKEN_SIZE_OF},
      {"uid of ", TOKEN_UID_OF},
};

static const char *const reserved[] = {
    "CRLF",	"CR",	  "LF",	 "SP",	       "NUL",	  "user",
    "password", "secret", "any", "any number", "any uid", "wrong password",
    "shorter password", "other password", NULL};

static const char *const functions[] = {"number of", "size of", "uid of",
					"md5 of", NULL};

bool pattern_name_wrong(const char *name)
{
	struct slice s = slice_str(name);

	return slice_is(s, "wrong password") ||
	       slice_is(s, "shorter password") || slice_is(s, "other password");
}

bool pattern_name_secret(const char *name)
{
	struct slice s = slice_str(name);

	return slice_is(s, "password") || slice_is(s, "secret") ||
	       pattern_name_wrong(name);
}

bool pattern_name_of_account(const char *name)
{
	return slice_is(slice_str(name), "user") || pattern_name_secret(name);
}

static int no_memory(struct pattern_reader *r)
{
	return error_set(r->e, "out of memory");
}

static bool is_placeholder(enum token_kind kind)
{
	return kind != TOKEN_LITERAL && kind != TOKEN_NUMBER &&
	       kind != TOKEN_REST;
}

static int may_follow(struct pattern_reader *r, const struct pattern *p,
		      enum token_kind kind, struct slice source)
{
	const struct token *last = p->count ? &p->tokens[p->count - 1] : NULL;

	if (p->count == PATTERN_TOKENS_LIMIT)
		return error_set(r->e, "column %zu: more than %d parts",
				 r->at + 1, PATTERN_TOKENS_LIMIT);
	if (r->side == PATTERN_SENT || !last || !is_placeholder(last->kind) ||
	    !is_placeholder(kind))
		return 0;
	return error_set(r->e,
			 "column %zu: nothing stands between %s and %.*s: "
			 "where would the first end?",
			 r->at + 1, last->source, (int)source.len, source.ptr);
}

struct token *pattern_add_token(struct pattern_reader *r, struct pattern *p,
				enum token_kind kind, struct slice source)
{
	struct token *tokens, token = {.kind = kind};

	if (may_follow(r, p, kind, source))
		return NULL;
	token.source = source.len ? slice_copy(source) : NULL;
	tokens = realloc(p->tokens, (p->count + 1) * sizeof(*tokens));
	if (tokens)
		p->tokens = tokens;
	if (!tokens || (source.len && !token.source)) {
		free(token.source);
		no_memory(r);
		return NULL;
	}
	tokens[p->count] = token;
	return &tokens[p->count++];
}

int pattern_add_literal(struct pattern_reader *r, struct pattern *p,
			struct slice octets)
{
	struct token *t = p->count ? &p->tokens[p->count - 1] : NULL;

	if (!t || t->kind != TOKEN_LITERAL)
		t = pattern_add_token(r, p, TOKEN_LITERAL, slice_of(NULL, 0));
	if (!t)
		return -1;
	if (octets.len > PATTERN_OCTETS_LIMIT - r->octets)
		return error_set(r->e, "column %zu: more than %u octets",
				 r->at + 1, PATTERN_OCTETS_LIMIT);
	r->octets += octets.len;
	buf_add(&t->literal, octets);
	return t->literal.failed ? no_memory(r) : 0;
}

int pattern_misnamed(struct pattern_reader *r, struct slice word,
		     const char *problem)
{
	return error_set(r->e, "column %zu: {%.*s}: %s", r->at + 1,
			 (int)slice_first(word, NAME_LIMIT).len, word.ptr,
			 problem);
}

/* The word with the braces around it. */
static struct slice braced(struct slice word)
{
	return slice_of(word.ptr - 1, word.len + 2);
}

static int add_name(struct pattern_reader *r, struct pattern *p,
		    struct slice word, enum token_kind kind,
		    struct slice message)
{
	struct token *t = pattern_add_token(r, p, kind, braced(word));

	if (!t)
		return -1;
	t->name = slice_copy(word);
	t->message = message.len ? slice_copy(message) : NULL;
	return t->name && (t->message || !message.len) ? 0 : no_memory(r);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, digits, '-', and single spaces (or none) between them. */
static bool is_name(struct slice word, bool spaces)
{
	char last = ' ';

	if (word.len > NAME_LIMIT)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (c == ' ' ? !spaces || last == ' '
			     : !is_letter(c) && !is_digit(c) && c != '-')
			return false;
		last = c;
	}
	return last != ' ';
}

static int meant(struct pattern_reader *r, struct slice word,
		 const char *nearest, const char *behind)
{
	return error_set(r->e, "column %zu: {%.*s}: did you mean {%s%s}?",
			 r->at + 1, (int)word.len, word.ptr, nearest, behind);
}

static int add_fact(struct pattern_reader *r, struct pattern *p,
		    struct slice word, const struct taker *fact)
{
	struct slice message = slice_from(word, strlen(fact->word));

	if (!is_name(message, false))
		return pattern_misnamed(r, word,
					"a message is named by letters, "
					"digits and -");
	return add_name(r, p, word, fact->kind, message);
}

static int add_taker(struct pattern_reader *r, struct pattern *p,
		     struct slice word, enum token_kind kind)
{
	if (r->side == PATTERN_SENT)
		return pattern_misnamed(r, word,
					"has no value that could be sent");
	return pattern_add_token(r, p, kind, braced(word)) ? 0 : -1;
}

static int unknown_function(struct pattern_reader *r, struct slice word,
			    size_t of)
{
	const char *nearest =
	    nearest_word(slice_first(word, of + strlen(" of")), functions);

	if (nearest)
		return meant(r, word, nearest, " ...");
	return pattern_misnamed(r, word,
				"known are {number of ...}, {size of ...}, "
				"{uid of ...} and {md5 of ...}");
}

/* A name of the account, of the scenario's own, or a mistake. */
static int add_own_name(struct pattern_reader *r, struct pattern *p,
			struct slice word)
{
	size_t of = slice_search(word, slice_str(" of "));
	const char *nearest;

	if (!is_name(word, true) || !is_letter(word.ptr[0]))
		return pattern_misnamed(r, word,
					"a name has letters, digits, - and "
					"single spaces, a letter first");
	if (of < word.len)
		return unknown_function(r, word, of);
	nearest = nearest_word(word, reserved);
	if (nearest && !slice_is(word, nearest))
		return meant(r, word, nearest, "");
	if (nearest && r->side == PATTERN_EXPECTED &&
	    pattern_name_secret(nearest))
		return pattern_misnamed(r, word, "is for the client to say");
	return add_name(r, p, word, TOKEN_NAME, slice_of(NULL, 0));
}

int pattern_add_word(struct pattern_reader *r, struct pattern *p,
		     struct slice word)
{
	for (size_t i = 0; i < COUNT(octet_words); i++)
		if (slice_is(word, octet_words[i].word))
			return pattern_add_literal(r, p, octet_words[i].octets);
	for (size_t i = 0; i < COUNT(takers); i++)
		if (slice_is(word, takers[i].word))
			return add_taker(r, p, word, takers[i].kind);
	for (size_t i = 0; i < COUNT(facts); i++)
		if (slice_starts(word, facts[i].word))
			return add_fact(r, p, word, &facts[i]);
	return add_own_name(r, p, word);
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int pattern_add_hex(struct pattern_reader *r, struct pattern *p,
		    struct slice word)
{
	int high = word.len == 4 ? hex_value(word.ptr[2]) : -1;
	int low = word.len == 4 ? hex_value(word.ptr[3]) : -1;
	unsigned char octet;

	if (high < 0 || low < 0)
		return pattern_misnamed(r, word,
					"an octet has two digits: {0xFF}");
	octet = (unsigned char)(high * 16 + low);
	return pattern_add_literal(r, p, slice_of(&octet, 1));
}
