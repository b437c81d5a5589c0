/* SPDX-License-Identifier: MIT */
/*
 * Two passes. From the right: for each token and each offset, can what follows
 * match from here? From the left: choose the longest value and the shortest
 * "..." that can. So nothing is tried in vain but where a pattern names the
 * same unbound name twice; that search has a budget.
 */
#include "decimal.h"
#include "pattern.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define UID_LIMIT 70	       /* RFC 1939 section 7, UIDL */
#define STEPS_LIMIT (1u << 20) /* more than the linear search needs */

struct match {
	const struct pattern *p;
	const struct bindings *b;
	struct slice octets;
	size_t skip;	/* octets of the first literal that are matched */
	bool *can;	/* [token][offset]: the rest matches from there */
	size_t *starts; /* of each token's octets, and the end */
	size_t steps;	/* left */
};

static bool *can(const struct match *m, size_t token, size_t offset)
{
	return &m->can[token * (m->octets.len + 1) + offset];
}

/* Whether octets are a number where a token of this kind stands for them. */
static bool is_number(enum token_kind kind, struct slice octets)
{
	switch (kind) {
	case TOKEN_NUMBER:
	case TOKEN_ANY_NUMBER:
	case TOKEN_NUMBER_OF:
	case TOKEN_SIZE_OF:
	case TOKEN_NAME:
		return decimal_is(octets);
	default:
		return false;
	}
}

static bool same(enum token_kind kind, struct slice a, struct slice b)
{
	if (is_number(kind, a) && is_number(kind, b))
		return slice_equal(decimal_shortest(a), decimal_shortest(b));
	return slice_equal(a, b);
}

/* True when the token stands for these octets and no others. */
static bool fixed(const struct match *m, size_t token, struct slice *octets)
{
	const struct token *t = &m->p->tokens[token];
	const struct binding *bound;

	if (t->kind == TOKEN_LITERAL || t->kind == TOKEN_NUMBER) {
		*octets =
		    slice_from(buf_slice(&t->literal), token ? 0 : m->skip);
		return true;
	}
	bound = t->name ? binding_find(m->b, t->name) : NULL;
	if (bound)
		*octets = buf_slice(&bound->value);
	return bound;
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool is_visible(unsigned char c)
{
	return c >= 0x21 && c <= 0x7e;
}

static size_t longest(enum token_kind kind)
{
	return kind == TOKEN_ANY_UID || kind == TOKEN_UID_OF ? UID_LIMIT
							     : SIZE_MAX;
}

static bool before_rest(const struct match *m, size_t token)
{
	return token + 1 < m->p->count &&
	       m->p->tokens[token + 1].kind == TOKEN_REST;
}

/* What has no value yet, and is a number if a digit begins it. */
static bool takes_number(const struct match *m, size_t token)
{
	enum token_kind kind = m->p->tokens[token].kind;

	if (kind == TOKEN_NAME)
		return before_rest(m, token);
	return kind == TOKEN_ANY_NUMBER || kind == TOKEN_NUMBER_OF ||
	       kind == TOKEN_SIZE_OF;
}

/* Whether octets of "..." may begin at offset, behind value of this kind. */
static bool rest_begins(const struct match *m, size_t offset,
			enum token_kind kind, struct slice value)
{
	unsigned char c;

	if (offset == m->octets.len)
		return true;
	c = slice_at(m->octets, offset);
	if (is_number(kind, value) || kind == TOKEN_REST)
		return true;
	if (kind != TOKEN_LITERAL)
		return c == ' ';
	return !is_digit(c) || !value.len ||
	       !is_digit(slice_at(value, value.len - 1));
}

/* Whether what follows the token matches from end, behind this value of it. */
static bool goes_on(const struct match *m, size_t token, size_t end,
		    struct slice value)
{
	if (!*can(m, token + 1, end) || !before_rest(m, token))
		return *can(m, token + 1, end);
	return *can(m, token + 2, end) ||
	       rest_begins(m, end, m->p->tokens[token].kind, value);
}

static void fill_fixed(const struct match *m, size_t token, struct slice octets)
{
	for (size_t i = 0; i + octets.len <= m->octets.len; i++) {
		struct slice here =
		    slice_first(slice_from(m->octets, i), octets.len);

		*can(m, token, i) = goes_on(m, token, i + octets.len, octets) &&
				    slice_equal(here, octets);
	}
}

/* Where digits are: all up to the last of them, of this value or of any. */
static void fill_number(const struct match *m, size_t token,
			const struct slice *value)
{
	size_t end = 0; /* of the digits, 0: there is none here */
	bool equal = false;

	for (size_t i = m->octets.len; i--;) {
		unsigned char c = slice_at(m->octets, i);

		if (!is_digit(c)) {
			end = 0;
			continue;
		}
		if (!end) {
			end = i + 1;
			equal = !value || slice_is(*value, "0");
		}
		if (value && c != '0')
			equal = slice_equal(
			    *value,
			    slice_first(slice_from(m->octets, i), end - i));
		*can(m, token, i) = equal && *can(m, token + 1, end);
	}
}

static void fill_rest(const struct match *m, size_t token)
{
	bool later = false;

	for (size_t i = m->octets.len + 1; i--;) {
		later = later || *can(m, token + 1, i);
		*can(m, token, i) = later;
	}
}

static void fill_value(const struct match *m, size_t token)
{
	const struct slice none = {0};
	enum token_kind kind = m->p->tokens[token].kind;
	size_t end = 0; /* the nearest that can be one, 0: none */

	for (size_t i = m->octets.len; i--;) {
		if (goes_on(m, token, i + 1, none))
			end = i + 1;
		if (!is_visible(slice_at(m->octets, i)))
			end = 0;
		*can(m, token, i) = end && end - i <= longest(kind);
	}
}

static void fill_known(const struct match *m, size_t token, struct slice octets)
{
	struct slice number = decimal_shortest(octets);

	if (is_number(m->p->tokens[token].kind, octets))
		fill_number(m, token, &number);
	else
		fill_fixed(m, token, octets);
}

static void fill_unknown(const struct match *m, size_t token)
{
	enum token_kind kind = m->p->tokens[token].kind;

	if (kind == TOKEN_NAME || !takes_number(m, token))
		fill_value(m, token);
	if (takes_number(m, token))
		fill_number(m, token, NULL);
}

static void fill(const struct match *m)
{
	struct slice octets;

	*can(m, m->p->count, m->octets.len) = true;
	for (size_t token = m->p->count; token--;) {
		if (fixed(m, token, &octets))
			fill_known(m, token, octets);
		else if (m->p->tokens[token].kind == TOKEN_REST)
			fill_rest(m, token);
		else
			fill_unknown(m, token);
	}
}

static struct slice taken(const struct match *m, size_t token)
{
	return slice_first(slice_from(m->octets, m->starts[token]),
			   m->starts[token + 1] - m->starts[token]);
}

/* False when the pattern has this name before, with another value. */
static bool same_as_before(const struct match *m, size_t token)
{
	const char *name = m->p->tokens[token].name;

	for (size_t i = 0; name && i < token; i++)
		if (m->p->tokens[i].name && !strcmp(m->p->tokens[i].name, name))
			return same(m->p->tokens[i].kind, taken(m, i),
				    taken(m, token));
	return true;
}

static bool choose(struct match *m, size_t token);

static bool choose_end(struct match *m, size_t token, size_t end)
{
	if (!m->steps)
		return false;
	m->steps--;
	if (!*can(m, token + 1, end))
		return false;
	m->starts[token + 1] = end;
	return same_as_before(m, token) && choose(m, token + 1);
}

static bool choose_rest(struct match *m, size_t token)
{
	size_t end = m->starts[token];

	if (choose_end(m, token, end))
		return true;
	if (token && !rest_begins(m, end, m->p->tokens[token - 1].kind,
				  taken(m, token - 1)))
		return false;
	while (++end <= m->octets.len)
		if (choose_end(m, token, end))
			return true;
	return false;
}

static bool choose_value(struct match *m, size_t token)
{
	enum token_kind kind = m->p->tokens[token].kind;
	size_t start = m->starts[token], end = start;

	while (end < m->octets.len && end - start < longest(kind) &&
	       is_visible(slice_at(m->octets, end)))
		end++;
	for (; end > start; end--)
		if (choose_end(m, token, end))
			return true;
	return false;
}

static bool choose_number(struct match *m, size_t token)
{
	size_t end = m->starts[token];

	while (end < m->octets.len && is_digit(slice_at(m->octets, end)))
		end++;
	return choose_end(m, token, end);
}

static bool choose_known(struct match *m, size_t token, struct slice octets)
{
	if (is_number(m->p->tokens[token].kind, octets))
		return choose_number(m, token);
	return choose_end(m, token, m->starts[token] + octets.len);
}

/* The tokens from this one on, from where it starts. */
static bool choose(struct match *m, size_t token)
{
	struct slice octets;

	if (!*can(m, token, m->starts[token]))
		return false;
	if (token == m->p->count)
		return true;
	if (fixed(m, token, &octets))
		return choose_known(m, token, octets);
	if (m->p->tokens[token].kind == TOKEN_REST)
		return choose_rest(m, token);
	if (takes_number(m, token) &&
	    decimal_is(slice_first(slice_from(m->octets, m->starts[token]), 1)))
		return choose_number(m, token);
	return choose_value(m, token);
}

static void bind(const struct match *m, struct bindings *b)
{
	for (size_t i = 0; i < m->p->count; i++) {
		const char *name = m->p->tokens[i].name;

		if (name && !binding_find(b, name))
			binding_set(b, name, taken(m, i));
	}
}

bool pattern_match_behind(const struct pattern *p, size_t skip,
			  struct slice octets, struct bindings *b)
{
	struct match m = {.p = p, .b = b, .octets = octets, .skip = skip};
	bool matched = false;

	m.steps = STEPS_LIMIT + (p->count + 1) * (octets.len + 1);
	m.can = calloc(p->count + 1, octets.len + 1);
	m.starts = calloc(p->count + 1, sizeof(*m.starts));
	if (m.can && m.starts) {
		fill(&m);
		matched = choose(&m, 0);
	} else {
		b->failed = true;
	}
	if (matched)
		bind(&m, b);
	free(m.can);
	free(m.starts);
	return matched && !b->failed;
}

bool pattern_match(const struct pattern *p, struct slice octets,
		   struct bindings *b)
{
	return pattern_match_behind(p, 0, octets, b);
}
