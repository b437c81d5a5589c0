/* SPDX-License-Identifier: MIT */
#include "decimal.h"
#include "pattern_reader.h"

#include <stdlib.h>
#include <string.h>

#define NESTING_LIMIT 4 /* {...} within {...} */

static void pattern_clear(struct pattern *p)
{
	for (size_t i = 0; i < p->count; i++) {
		buf_free(&p->tokens[i].literal);
		free(p->tokens[i].name);
		free(p->tokens[i].message);
		free(p->tokens[i].source);
		pattern_free(p->tokens[i].inner);
	}
	free(p->tokens);
	free(p->source);
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pattern_clear(p);
	free(p);
}

static struct slice rest(const struct pattern_reader *r)
{
	return slice_from(r->text, r->at);
}

static int read_parts(struct pattern_reader *r, struct pattern *p);

/* What stands from at up to the brace that ends it, into p. */
static int read_inner(struct pattern_reader *r, size_t begin, struct pattern *p)
{
	if (r->depth == NESTING_LIMIT)
		return error_set(r->e, "column %zu: more than %d braces deep",
				 begin + 1, NESTING_LIMIT);
	r->depth++;
	if (read_parts(r, p))
		return -1;
	r->depth--;
	if (!rest(r).len)
		return error_set(r->e, "column %zu: no } ends this {",
				 begin + 1);
	r->at++;
	return 0;
}

#define MD5_OF "md5 of "
#define CAPITAL_MD5_OF "MD5 of "
#define DIGITS_OF_MD5_OF " digits of md5 of "
#define MD5_DIGITS 32
#define MD5_DIGITS_MIN 8 /* fewer would be found in other places, too */

/* How word, the text behind a brace, begins when it is a digest. */
struct md5_head {
	size_t len;
	uint64_t digits;
	bool capitals;
};

static struct md5_head md5_head(struct slice word)
{
	size_t space = slice_find(word, ' ');
	uint64_t digits;

	if (slice_starts(word, MD5_OF))
		return (struct md5_head){strlen(MD5_OF), MD5_DIGITS, false};
	if (slice_starts(word, CAPITAL_MD5_OF))
		return (struct md5_head){strlen(CAPITAL_MD5_OF), MD5_DIGITS,
					 true};
	if (!slice_starts(slice_from(word, space), DIGITS_OF_MD5_OF) ||
	    !decimal_read(slice_first(word, space), &digits) ||
	    digits < MD5_DIGITS_MIN || digits >= MD5_DIGITS)
		return (struct md5_head){0};
	return (struct md5_head){space + strlen(DIGITS_OF_MD5_OF), digits,
				 false};
}

static int read_md5(struct pattern_reader *r, struct md5_head head,
		    struct pattern *p)
{
	size_t begin = r->at;
	struct pattern *inner = calloc(1, sizeof(*inner));
	struct token *t = NULL;

	if (!inner)
		return error_set(r->e, "out of memory");
	r->at += strlen("{") + head.len;
	if (!read_inner(r, begin, inner))
		t = pattern_add_token(
		    r, p, TOKEN_MD5,
		    slice_first(slice_from(r->text, begin), r->at - begin));
	if (!t) {
		pattern_free(inner);
		return -1;
	}
	t->inner = inner;
	t->digits = head.digits;
	t->capitals = head.capitals;
	return 0;
}

/* b again and again, until it has total octets. */
static void fill(struct buf *b, size_t total)
{
	if (!buf_reserve(b, total - b->len))
		return;
	while (b->len < total) {
		size_t more = total - b->len;
		size_t n = more < b->len ? more : b->len;

		memcpy(b->ptr + b->len, b->ptr, n);
		b->len += n;
	}
}

static int repeat(struct pattern_reader *r, size_t begin, uint64_t times,
		  struct pattern *what, struct pattern *p)
{
	struct buf *octets;

	if (what->count != 1 || what->tokens[0].kind != TOKEN_LITERAL)
		return error_set(r->e,
				 "column %zu: only text and named "
				 "octets can be repeated",
				 begin + 1);
	octets = &what->tokens[0].literal;
	if (times > PATTERN_OCTETS_LIMIT / octets->len)
		return error_set(r->e, "column %zu: more than %u octets",
				 begin + 1, PATTERN_OCTETS_LIMIT);
	r->octets -= octets->len;
	fill(octets, octets->len * times);
	if (octets->failed)
		return error_set(r->e, "out of memory");
	return pattern_add_literal(r, p, buf_slice(octets));
}

/* {248 times A}, of which word is the beginning */
static int read_times(struct pattern_reader *r, struct slice word,
		      struct pattern *p)
{
	size_t begin = r->at, digits = slice_find(word, ' ');
	struct pattern what = {0};
	uint64_t times = 0;
	int failed;

	if (!decimal_read(slice_first(word, digits), &times) || !times ||
	    !slice_starts(slice_from(word, digits), " times "))
		return pattern_misnamed(r, word,
					"a repetition is {248 times A}");
	r->at += strlen("{") + digits + strlen(" times ");
	failed =
	    read_inner(r, begin, &what) || repeat(r, begin, times, &what, p);
	pattern_clear(&what);
	return failed ? -1 : 0;
}

/* What stands between here and the next brace of either kind. */
static struct slice word_at(struct slice from)
{
	size_t open = slice_find(from, '{'), close = slice_find(from, '}');

	return slice_first(from, open < close ? open : close);
}

static int read_word(struct pattern_reader *r, struct slice word,
		     struct pattern *p)
{
	size_t end = r->at + strlen("{") + word.len;
	int failed;

	if (end == r->text.len)
		return error_set(r->e, "column %zu: no } ends this {",
				 r->at + 1);
	if (r->text.ptr[end] == '{')
		return pattern_misnamed(r, word,
					"braces stand within braces "
					"in {md5 of ...} and "
					"{248 times ...} only");
	failed = slice_starts(word, "0x") ? pattern_add_hex(r, p, word)
					  : pattern_add_word(r, p, word);
	r->at = end + strlen("}");
	return failed;
}

static int read_braces(struct pattern_reader *r, struct pattern *p)
{
	struct slice word = word_at(slice_from(rest(r), strlen("{")));
	bool digit = word.len && word.ptr[0] >= '0' && word.ptr[0] <= '9';
	struct md5_head md5 = md5_head(word);

	if (md5.len && r->side == PATTERN_SENT)
		return read_md5(r, md5, p);
	if (md5.len)
		return pattern_misnamed(r, word, "is for the client to say");
	if (digit && !slice_starts(word, "0x"))
		return read_times(r, word, p);
	return read_word(r, word, p);
}

static int read_rest(struct pattern_reader *r, struct pattern *p)
{
	size_t rests = 0;

	for (size_t i = 0; i < p->count; i++)
		rests += p->tokens[i].kind == TOKEN_REST;
	if (rests == PATTERN_RESTS_LIMIT)
		return error_set(r->e, "column %zu: more than %d \"...\"",
				 r->at + 1, PATTERN_RESTS_LIMIT);
	if (!pattern_add_token(r, p, TOKEN_REST, slice_str("...")))
		return -1;
	r->at += strlen("...");
	if (slice_starts(rest(r), "."))
		return error_set(r->e,
				 "column %zu: four full stops: which of "
				 "them are the \"...\"?",
				 r->at + 1);
	return 0;
}

static int read_literal(struct pattern_reader *r, size_t len, struct pattern *p)
{
	unsigned char c = slice_at(rest(r), 0);

	if (c < 0x20 || c > 0x7e)
		return error_set(r->e,
				 "column %zu: octet 0x%02X is written "
				 "{0x%02X} here",
				 r->at + 1, c, c);
	if (pattern_add_literal(r, p, slice_first(rest(r), 1)))
		return -1;
	r->at += len;
	return 0;
}

/* How many digits begin here that are a word: the 3 of "+OK 3 {total}...". */
static size_t number_at(const struct pattern_reader *r)
{
	size_t n = 0;

	if (r->at && r->text.ptr[r->at - 1] != ' ')
		return 0;
	while (decimal_is(slice_first(slice_from(rest(r), n), 1)))
		n++;
	if (slice_starts(slice_from(rest(r), n), " ") ||
	    slice_starts(slice_from(rest(r), n), "...") || n == rest(r).len)
		return n;
	return 0;
}

static int read_number(struct pattern_reader *r, size_t digits,
		       struct pattern *p)
{
	struct token *t =
	    pattern_add_token(r, p, TOKEN_NUMBER, slice_of(NULL, 0));

	if (!t)
		return -1;
	buf_add(&t->literal, slice_first(rest(r), digits));
	r->at += digits;
	return t->literal.failed ? error_set(r->e, "out of memory") : 0;
}

/* Up to the end, or within braces to the } that ends them. */
static int read_parts(struct pattern_reader *r, struct pattern *p)
{
	bool expected = r->side == PATTERN_EXPECTED && !r->depth;
	int failed = 0;

	while (!failed && rest(r).len) {
		if (r->depth && slice_starts(rest(r), "}"))
			break;
		if (slice_starts(rest(r), "{{"))
			failed = read_literal(r, strlen("{{"), p);
		else if (slice_starts(rest(r), "{"))
			failed = read_braces(r, p);
		else if (expected && slice_starts(rest(r), "..."))
			failed = read_rest(r, p);
		else if (expected && number_at(r))
			failed = read_number(r, number_at(r), p);
		else
			failed = read_literal(r, 1, p);
	}
	return failed;
}

struct pattern *pattern_parse(struct slice text, enum pattern_side side,
			      struct error *e)
{
	struct pattern_reader r = {.text = text, .side = side, .e = e};
	struct pattern *p = calloc(1, sizeof(*p));

	if (p)
		p->source = slice_copy(text);
	if (!p || !p->source) {
		pattern_free(p);
		error_set(e, "out of memory");
		return NULL;
	}
	if (!read_parts(&r, p))
		return p;
	pattern_free(p);
	return NULL;
}

int pattern_append(struct pattern *p, struct slice octets, struct error *e)
{
	struct pattern_reader r = {.side = PATTERN_SENT, .e = e};

	return pattern_add_literal(&r, p, octets);
}
