/* SPDX-License-Identifier: MIT */
#include "users.h"

#include "apop.h"
#include "crypt_form.h"
#include "secrets_file.h"
#include "session.h"
#include "user_name.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

struct user {
	struct slice name;
	struct secret secret; /* both inside users.text */
	size_t line;
};

struct users {
	char *text; /* owned */
	size_t size;
	struct user *list; /* by name */
	size_t count;
	unsigned schemes;
	unsigned char key[USERS_KEY]; /* of stand-ins and salts */
};

void users_free(struct users *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->count; i++)
		secret_free(&u->list[i].secret);
	if (u->text)
		OPENSSL_cleanse(u->text, u->size);
	free(u->text);
	free(u->list);
	free(u);
}

static int by_name(const void *left, const void *right)
{
	const struct user *a = left, *b = right;
	size_t shared = a->name.len < b->name.len ? a->name.len : b->name.len;
	int order = memcmp(a->name.ptr, b->name.ptr, shared);

	if (order != 0)
		return order;
	return (a->name.len > b->name.len) - (a->name.len < b->name.len);
}

/* One name: first the line that came first. */
static int by_name_and_line(const void *left, const void *right)
{
	const struct user *a = left, *b = right;
	int order = by_name(a, b);

	return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static const char *read_user(struct user *user, struct slice line, size_t *at)
{
	const char *wrong;
	size_t colon = slice_find(line, ':');

	if (colon == line.len)
		return "no colon; a line is name:password";
	user->name = slice_first(line, colon);
	if (!user_name_allowed(user->name))
		return "this name cannot be; a name is " USER_NAME_RULE;
	wrong = secret_read(slice_from(line, colon + 1), &user->secret, at);
	*at += colon + 1;
	return wrong;
}

/* A user more, when nothing is wrong. */
static const char *add_user(void *to, struct slice line, size_t number,
			    size_t *at)
{
	struct users *u = to;
	struct user *user = &u->list[u->count];
	const char *wrong = read_user(user, line, at);

	if (wrong)
		return wrong;
	u->schemes |= user->secret.scheme;
	user->line = number;
	u->count++;
	return NULL;
}

static void refuse_twins(const struct users *u, struct wrong_lines *w)
{
	struct error e;

	for (size_t i = 1; i < u->count; i++) {
		const struct user *a = &u->list[i - 1], *b = &u->list[i];

		if (!slice_equal(a->name, b->name))
			continue;
		error_set(&e, "%.*s again, see line %zu", (int)a->name.len,
			  a->name.ptr, a->line);
		wrong_lines_add(w, b->line, 1, e.text);
	}
}

static struct users *new_users(struct slice text)
{
	struct users *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->text = slice_copy(text);
	u->size = text.len;
	u->list = calloc(secrets_file_lines(text), sizeof(*u->list));
	if (u->text && u->list && RAND_bytes(u->key, sizeof(u->key)) == 1)
		return u;
	users_free(u);
	return NULL;
}

struct users *users_parse(const char *path, struct slice text,
			  struct complaints *c)
{
	struct users *u = new_users(text);
	struct wrong_lines w = { .path = path, .c = c };

	if (!u) {
		complaints_add(c, "%s: out of memory", path);
		return NULL;
	}
	secrets_file_each(slice_of(u->text, u->size), add_user, u, &w);
	qsort(u->list, u->count, sizeof(*u->list), by_name_and_line);
	refuse_twins(u, &w);
	if (wrong_lines_end(&w) == 0)
		return u;
	users_free(u);
	return NULL;
}

struct users *users_read(const char *path, const char *setting,
			 struct complaints *c)
{
	struct buf text = {0};
	struct users *u = NULL;

	if (secrets_file_read(&text, path, setting, c) == 0)
		u = users_parse(path, buf_slice(&text), c);
	secrets_file_wipe(&text);
	return u;
}

static bool has_scheme(const struct user *user)
{
	return user->secret.text.ptr != user->name.ptr + user->name.len + 1;
}

void users_warn(const struct users *u, const char *path,
		struct complaints *warnings)
{
	struct wrong_lines w = { .path = path, .c = warnings };

	for (size_t i = 0; i < u->count; i++) {
		const struct user *user = &u->list[i];

		if (user->secret.scheme == SCHEME_PLAIN && !has_scheme(user) &&
		    crypt_form_like(user->secret.text))
			wrong_lines_add(&w, user->line, user->name.len + 2,
					"looks like what crypt(3) makes; "
					"{CRYPT} is missing, or {PLAIN} if "
					"that is the password");
	}
	wrong_lines_end(&w);
}

size_t users_count(const struct users *u)
{
	return u->count;
}

struct slice users_name(const struct users *u, size_t i)
{
	return u->list[i].name;
}

void users_take_key(struct users *u, const unsigned char key[USERS_KEY])
{
	memcpy(u->key, key, sizeof(u->key));
}

unsigned users_schemes(const struct users *u)
{
	return u->schemes;
}

static const struct user *find(const struct users *u, struct slice name)
{
	struct user key = { .name = name };

	if (!user_name_allowed(name))
		return NULL;
	return bsearch(&key, u->list, u->count, sizeof(key), by_name);
}

bool users_know(const struct users *u, struct slice name)
{
	return find(u, name) != NULL;
}

/* The same for the same name, and nobody outside can tell it. */
static void digest_name(const struct users *u, struct slice name,
			unsigned char to[EVP_MAX_MD_SIZE])
{
	memset(to, 0, EVP_MAX_MD_SIZE);
	HMAC(EVP_sha256(), u->key, sizeof(u->key),
	     (const unsigned char *)name.ptr, name.len, to, NULL);
}

/* Who stands in for a name that is not known. NULL when nobody can. */
static const struct user *stand_in(const struct users *u, struct slice name,
				   unsigned schemes)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t first = 0;

	if (!(u->schemes & schemes))
		return NULL;
	digest_name(u, name, digest);
	memcpy(&first, digest, sizeof(first));
	for (first %= u->count; !(u->list[first].secret.scheme & schemes);)
		first = (first + 1) % u->count;
	return &u->list[first];
}

const struct secret *users_secret(const struct users *u, struct slice name,
				  unsigned schemes, bool *known)
{
	const struct user *user = find(u, name);

	*known = user && (user->secret.scheme & schemes);
	if (!*known)
		user = stand_in(u, name, schemes);
	return user ? &user->secret : NULL;
}

void users_salt(const struct users *u, struct slice name, char *to)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	digest_name(u, name, digest);
	EVP_EncodeBlock((unsigned char *)to, digest + 16, 16);
}

static bool is_right_for(const struct secret *s, const struct credentials *c)
{
	if (c->password_as_far && s->scheme == SCHEME_PLAIN && c->password.len)
		return slice_equal(slice_first(s->text, c->password.len),
				   c->password);
	return secret_matches(s, c->password);
}

static bool is_right_for_any(const struct users *u, const struct credentials *c)
{
	for (size_t i = 0; i < u->count; i++)
		if (secret_matches(&u->list[i].secret, c->password))
			return true;
	return false;
}

bool users_verify(const struct users *u, const struct credentials *c)
{
	bool known, right;
	unsigned schemes = c->digest.ptr ? SCHEME_PLAIN : ~0u;
	const struct secret *secret = users_secret(u, c->user, schemes, &known);

	if (!secret)
		return false;
	if (c->password.ptr)
		right = c->password_of_any ? is_right_for_any(u, c)
					   : is_right_for(secret, c);
	else if (c->digest.ptr)
		right = apop_digest_right(c->digest, c->digest_as_far,
					  c->timestamp, secret->text);
	else
		right = true;
	return right && known;
}
