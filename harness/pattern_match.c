/* SPDX-License-Identifier: MIT */
/*
 * Two passes. From the right: for each token and each offset, can what follows
 * match from here? From the left: choose the longest value and the shortest
 * "..." that can. So nothing is tried in vain but where a pattern names the
 * same unbound name twice; that search has a budget.
 */
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

static bool is_placeholder(enum token_kind kind)
{
	return kind != TOKEN_LITERAL && kind != TOKEN_REST;
}

/* True when the token stands for these octets and no others. */
static bool fixed(const struct match *m, size_t token, struct slice *octets)
{
	const struct token *t = &m->p->tokens[token];
	const struct binding *bound;

	if (t->kind == TOKEN_LITERAL) {
		*octets =
		    slice_from(buf_slice(&t->literal), token ? 0 : m->skip);
		return true;
	}
	bound = t->name ? binding_find(m->b, t->name) : NULL;
	if (bound)
		*octets = buf_slice(&bound->value);
	return bound;
}

static bool belongs(enum token_kind kind, unsigned char c)
{
	switch (kind) {
	case TOKEN_ANY_NUMBER:
	case TOKEN_NUMBER_OF:
	case TOKEN_SIZE_OF:
		return c >= '0' && c <= '9';
	default:
		return c >= 0x21 && c <= 0x7e;
	}
}

static size_t longest(enum token_kind kind)
{
	return kind == TOKEN_ANY_UID || kind == TOKEN_UID_OF ? UID_LIMIT
							     : SIZE_MAX;
}

static void fill_fixed(const struct match *m, size_t token, struct slice octets)
{
	for (size_t i = 0; i + octets.len <= m->octets.len; i++) {
		struct slice here =
		    slice_first(slice_from(m->octets, i), octets.len);

		*can(m, token, i) = *can(m, token + 1, i + octets.len) &&
				    slice_equal(here, octets);
	}
}

/* True when the token before stands for a value, or ends with a digit. */
static bool is_behind_value(const struct match *m, size_t token)
{
	struct slice octets = {0};

	if (!token)
		return false;
	if (is_placeholder(m->p->tokens[token - 1].kind))
		return true;
	fixed(m, token - 1, &octets);
	return octets.len &&
	       belongs(TOKEN_ANY_NUMBER, slice_at(octets, octets.len - 1));
}

/* Behind a value only a space may begin it: there the value ends. */
static void fill_rest(const struct match *m, size_t token)
{
	bool behind_value = is_behind_value(m, token);
	bool later = false;

	for (size_t i = m->octets.len + 1; i--;) {
		bool space = i < m->octets.len && m->octets.ptr[i] == ' ';
		bool here = *can(m, token + 1, i);

		*can(m, token, i) = here || (later && (space || !behind_value));
		later = later || here;
	}
}

static void fill_value(const struct match *m, size_t token)
{
	enum token_kind kind = m->p->tokens[token].kind;
	size_t end = 0; /* the nearest that can be one, 0: none */

	for (size_t i = m->octets.len; i--;) {
		if (*can(m, token + 1, i + 1))
			end = i + 1;
		if (!belongs(kind, slice_at(m->octets, i)))
			end = 0;
		*can(m, token, i) = end && end - i <= longest(kind);
	}
}

static void fill(const struct match *m)
{
	struct slice octets;

	*can(m, m->p->count, m->octets.len) = true;
	for (size_t token = m->p->count; token--;) {
		if (fixed(m, token, &octets))
			fill_fixed(m, token, octets);
		else if (m->p->tokens[token].kind == TOKEN_REST)
			fill_rest(m, token);
		else
			fill_value(m, token);
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
			return slice_equal(taken(m, i), taken(m, token));
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
	bool space = end < m->octets.len && m->octets.ptr[end] == ' ';

	if (choose_end(m, token, end))
		return true;
	if (!space && is_behind_value(m, token))
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
	       belongs(kind, slice_at(m->octets, end)))
		end++;
	for (; end > start; end--)
		if (choose_end(m, token, end))
			return true;
	return false;
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
		return choose_end(m, token, m->starts[token] + octets.len);
	if (m->p->tokens[token].kind == TOKEN_REST)
		return choose_rest(m, token);
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

static bool match(const struct pattern *p, size_t skip, struct slice octets,
		  struct bindings *b)
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
	return match(p, 0, octets, b);
}

static const char *indicator(const struct pattern *p)
{
	struct slice first = {0};

	if (p->count && p->tokens[0].kind == TOKEN_LITERAL)
		first = buf_slice(&p->tokens[0].literal);
	if (slice_starts(first, "+OK"))
		return "+OK";
	return slice_starts(first, "-ERR") ? "-ERR" : NULL;
}

/* What the first literal says behind the indicator. */
static struct slice behind(const struct pattern *p, const char *status)
{
	return slice_from(buf_slice(&p->tokens[0].literal), strlen(status));
}

int pattern_check_reply(const struct pattern *p, struct error *e)
{
	const char *status = indicator(p);
	struct slice text;

	if (!status)
		return error_set(e, "a reply begins with +OK or -ERR, in upper "
				    "case");
	text = behind(p, status);
	if (slice_starts(text, " ") || (!text.len && p->count == 1) ||
	    (!text.len && p->tokens[1].kind == TOKEN_REST))
		return 0;
	return error_set(e, "behind %s comes a space, \"...\" or nothing",
			 status);
}

static struct slice without_space(struct slice s)
{
	return slice_starts(s, " ") ? slice_from(s, 1) : s;
}

bool pattern_match_reply(const struct pattern *p, enum reply_status status,
			 struct slice line, struct bindings *b)
{
	const char *asked = indicator(p);
	struct slice text;

	if (!asked || status != (asked[0] == '+' ? STATUS_OK : STATUS_ERR))
		return false;
	text = behind(p, asked);
	if (!text.len && p->count == 1)
		return true;
	return match(p, p->tokens[0].literal.len - without_space(text).len,
		     without_space(slice_from(line, strlen(asked))), b);
}
