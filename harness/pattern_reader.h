/* SPDX-License-Identifier: MIT */
/*
 * How a pattern is read. pattern.c knows where the parts of a line end,
 * pattern_words.c what may stand between braces.
 */
#ifndef JUDGE_PATTERN_READER_H
#define JUDGE_PATTERN_READER_H

#include "pattern.h"

struct pattern_reader {
	struct slice text;
	size_t at; /* where the part begins that is being read */
	enum pattern_side side;
	unsigned depth; /* braces around at */
	size_t octets;  /* of all literals so far */
	struct error *e;
};

/* Append octets to the literal that ends p, or a new one. */
int pattern_add_literal(struct pattern_reader *r, struct pattern *p,
			struct slice octets);

/* Append a token whose source this is; NULL and the error when none may. */
struct token *pattern_add_token(struct pattern_reader *r, struct pattern *p,
				enum token_kind kind, struct slice source);

/* Append what {word} stands for. The braces are in the text around word. */
int pattern_add_word(struct pattern_reader *r, struct pattern *p,
		     struct slice word);

/* {0xFF} */
int pattern_add_hex(struct pattern_reader *r, struct pattern *p,
		    struct slice word);

/* "column 8: {word}: problem". Returns -1. */
int pattern_misnamed(struct pattern_reader *r, struct slice word,
		     const char *problem);

#endif
