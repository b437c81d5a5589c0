/* SPDX-License-Identifier: MIT */
#include "tokens.h"

#include "secrets_file.h"
#include "tokens_ask.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

struct holder {
	struct slice name, token; /* inside tokens.text */
	size_t line;
};

struct tokens {
	const char *command; /* borrowed; NULL: there is a list */
	unsigned seconds;
	struct askers *askers; /* borrowed */
	char *text; /* owned */
	size_t size;
	struct holder *list;
	size_t count;
};

void tokens_free(struct tokens *t)
{
	if (!t)
		return;
	if (t->text)
		OPENSSL_cleanse(t->text, t->size);
	free(t->text);
	free(t->list);
	free(t);
}

static bool is_token_octet(char c)
{
	struct slice marks = slice_str("-._~+/");

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || slice_find(marks, c) < marks.len;
}

bool token_allowed(struct slice token)
{
	size_t i = 0;

	while (i < token.len && is_token_octet(token.ptr[i]))
		i++;
	if (!i)
		return false;
	while (i < token.len && token.ptr[i] == '=')
		i++;
	return i == token.len;
}

static const char *read_holder(struct holder *h, struct slice line, size_t *at)
{
	size_t colon = slice_find(line, ':');

	if (colon == line.len)
		return "no colon; a line is name:token";
	h->name = slice_first(line, colon);
	if (!user_name_allowed(h->name))
		return "this name cannot be; a name is " USER_NAME_RULE;
	*at = colon + 1;
	h->token = slice_from(line, colon + 1);
	if (h->token.len > TOKEN_MAX)
		return "a token has at most 9195 octets, as many as AUTH has "
		       "room for";
	return token_allowed(h->token)
		       ? NULL
		       : "a token is letters, digits, - . _ ~ + /, then any =";
}

/* A holder more, when nothing is wrong. */
static const char *add_holder(void *to, struct slice line, size_t number,
			      size_t *at)
{
	struct tokens *t = to;
	const char *wrong = read_holder(&t->list[t->count], line, at);

	if (!wrong)
		t->list[t->count++].line = number;
	return wrong;
}

struct tokens *tokens_parse(const char *path, struct slice text,
			    struct complaints *c)
{
	struct tokens *t = calloc(1, sizeof(*t));
	struct wrong_lines w = { .path = path, .c = c };

	if (t) {
		t->size = text.len;
		t->text = slice_copy(text);
		t->list = calloc(secrets_file_lines(text), sizeof(*t->list));
	}
	if (!t || !t->text || !t->list) {
		complaints_add(c, "%s: out of memory", path);
		tokens_free(t);
		return NULL;
	}
	secrets_file_each(slice_of(t->text, t->size), add_holder, t, &w);
	if (wrong_lines_end(&w) == 0)
		return t;
	tokens_free(t);
	return NULL;
}

struct tokens *tokens_read(const char *path, const char *setting,
			   struct complaints *c)
{
	struct buf text = { 0 };
	struct tokens *t = NULL;

	if (secrets_file_read(&text, path, setting, c) == 0)
		t = tokens_parse(path, buf_slice(&text), c);
	secrets_file_wipe(&text);
	return t;
}

struct tokens *tokens_command(const char *command, unsigned seconds,
			      struct askers *askers)
{
	struct tokens *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->command = command;
	t->seconds = seconds;
	t->askers = askers;
	return t;
}

size_t tokens_count(const struct tokens *t)
{
	return t->count;
}

struct slice tokens_holder(const struct tokens *t, size_t i, size_t *line)
{
	*line = t->list[i].line;
	return t->list[i].name;
}

static enum token ask(struct tokens *t, struct slice token, char *name,
		      struct error *e)
{
	enum token is = TOKEN_UNKNOWABLE;
	unsigned most = t->askers->most;

	if (atomic_fetch_add(&t->askers->now, 1) < most)
		is = tokens_ask(t->command, t->seconds, token, name, e);
	else
		error_set(e, "%u of it %s asked, and no more may be", most,
			  most == 1 ? "is" : "are");
	if (is == TOKEN_UNKNOWABLE)
		error_prefix(e, "OAUTHBEARER's command");
	atomic_fetch_sub(&t->askers->now, 1);
	return is;
}

/* Looks at all of them, so that it takes as long for any. */
static const struct holder *find(const struct tokens *t, struct slice token)
{
	const struct holder *found = NULL;

	for (size_t i = 0; i < t->count; i++) {
		const struct holder *h = &t->list[i];

		if (h->token.len == token.len &&
		    CRYPTO_memcmp(h->token.ptr, token.ptr, token.len) == 0)
			found = h;
	}
	return found;
}

enum token tokens_check(struct tokens *t, struct slice token,
			char name[USER_NAME_MAX + 1], struct error *e)
{
	const struct holder *h;

	if (t->command)
		return ask(t, token, name, e);
	h = find(t, token);
	if (!h)
		return TOKEN_WRONG;
	memcpy(name, h->name.ptr, h->name.len);
	name[h->name.len] = '\0';
	return TOKEN_RIGHT;
}
