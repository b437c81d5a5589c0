/* SPDX-License-Identifier: MIT */
#include "decimal.h"
#include "pattern.h"
#include "visible.h"

#include <openssl/evp.h>
#include <string.h>

static int expand_md5(const struct token *t, const struct bindings *b,
		      struct buf *to, struct error *e)
{
	const char *digits = t->capitals ? "0123456789ABCDEF"
					 : "0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	struct buf text = {0};
	int failed = pattern_expand(t->inner, b, &text, e);

	if (!failed &&
	    !EVP_Digest(text.ptr, text.len, digest, &len, EVP_md5(), NULL))
		failed = error_set(e, "the OpenSSL of this machine has no MD5");
	for (unsigned int i = 0; !failed && i < 2 * len && i < t->digits; i++)
		buf_add_char(to, digits[i % 2 ? digest[i / 2] & 15
					      : digest[i / 2] >> 4]);
	buf_free(&text);
	return failed;
}

static int expand_name(const struct token *t, const struct bindings *b,
		       struct buf *to, struct error *e)
{
	const struct binding *bound = t->name ? binding_find(b, t->name) : NULL;

	if (!bound)
		return error_set(e, "%s has no value yet", t->source);
	if (t->kind == TOKEN_NUMBER_OF)
		buf_add(to, decimal_shortest(buf_slice(&bound->value)));
	else
		buf_add(to, buf_slice(&bound->value));
	return 0;
}

static int expand_token(const struct token *t, const struct bindings *b,
			struct buf *to, struct error *e)
{
	if (t->kind == TOKEN_LITERAL || t->kind == TOKEN_NUMBER) {
		buf_add(to, buf_slice(&t->literal));
		return 0;
	}
	return t->kind == TOKEN_MD5 ? expand_md5(t, b, to, e)
				    : expand_name(t, b, to, e);
}

int pattern_expand(const struct pattern *p, const struct bindings *b,
		   struct buf *to, struct error *e)
{
	for (size_t i = 0; i < p->count; i++)
		if (expand_token(&p->tokens[i], b, to, e))
			return -1;
	return to->failed ? error_set(e, "out of memory") : 0;
}

static bool named_before(const struct pattern *p, size_t token)
{
	for (size_t i = 0; i < token; i++)
		if (p->tokens[i].name &&
		    !strcmp(p->tokens[i].name, p->tokens[token].name))
			return true;
	return false;
}

void pattern_explain(const struct pattern *p, const struct bindings *b,
		     struct buf *to)
{
	const char *before = " where ";

	buf_add_str(to, p->source);
	for (size_t i = 0; i < p->count; i++) {
		const struct token *t = &p->tokens[i];
		const struct binding *bound =
		    t->name ? binding_find(b, t->name) : NULL;

		if (!bound || bound->secret || named_before(p, i))
			continue;
		buf_printf(to, "%s%s is ", before, t->source);
		visible_add(to, buf_slice(&bound->value));
		before = " and ";
	}
}

void pattern_fill(const struct pattern *p, const struct bindings *b,
		  struct buf *to)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct token *t = &p->tokens[i];
		const struct binding *bound =
		    t->name ? binding_find(b, t->name) : NULL;

		if (t->kind == TOKEN_REST)
			buf_add_str(to, "...");
		else if (bound && !bound->secret)
			visible_add(to, buf_slice(&bound->value));
		else if (t->source)
			buf_add_str(to, t->source);
		else
			visible_add(to, buf_slice(&t->literal));
	}
}
