/* SPDX-License-Identifier: MIT */
#include "users.h"

#include "apop.h"
#include "session.h"
#include "user_name.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX ((size_t)16 << 20)
#define PIECE 4096

struct user {
	struct slice name, password; /* inside users.text */
	size_t line;
};

struct users {
	char *text; /* owned */
	size_t size;
	struct user *list; /* by name */
	size_t count;
};

void users_free(struct users *u)
{
	if (!u)
		return;
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

/* Takes the scheme off a password. Returns what is wrong with it, or NULL. */
static const char *read_password(struct slice *password)
{
	if (slice_starts(*password, "{PLAIN}"))
		*password = slice_from(*password, strlen("{PLAIN}"));
	else if (slice_starts(*password, "{"))
		return "passwords can be in clear or {PLAIN} only";
	if (password->len == 0)
		return "the password is empty";
	for (size_t i = 0; i < password->len; i++)
		if (slice_at(*password, i) < ' ' ||
		    slice_at(*password, i) == 0x7f)
			return "a control character in the password";
	return NULL;
}

/* Returns what is wrong with the line, or NULL. */
static const char *read_user(struct user *user, struct slice line)
{
	size_t colon = slice_find(line, ':');

	if (colon == line.len)
		return "no colon; a line is name:password";
	user->name = slice_first(line, colon);
	user->password = slice_from(line, colon + 1);
	if (!user_name_allowed(user->name))
		return "this name cannot be; a name is " USER_NAME_RULE;
	return read_password(&user->password);
}

/* Takes the next line off *text, without its line end. */
static struct slice next_line(struct slice *text)
{
	struct slice line = slice_first(*text, slice_find(*text, '\n'));

	*text = slice_from(*text, line.len + 1);
	if (slice_ends(line, "\r"))
		line = slice_first(line, line.len - 1);
	return line;
}

static int read_lines(struct users *u, const char *path, struct error *e)
{
	struct slice text = slice_of(u->text, u->size);

	for (size_t number = 1; text.len > 0; number++) {
		struct slice line = next_line(&text);
		struct user *user = &u->list[u->count];
		const char *wrong;

		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		wrong = read_user(user, line);
		if (wrong)
			return error_set(e, "%s:%zu: %s", path, number, wrong);
		user->line = number;
		u->count++;
	}
	return 0;
}

static int refuse_twins(const struct users *u, const char *path,
			struct error *e)
{
	for (size_t i = 1; i < u->count; i++) {
		const struct user *a = &u->list[i - 1], *b = &u->list[i];

		if (slice_equal(a->name, b->name))
			return error_set(e, "%s:%zu: %.*s again, see line %zu",
					 path,
					 a->line > b->line ? a->line : b->line,
					 (int)a->name.len, a->name.ptr,
					 a->line > b->line ? b->line : a->line);
	}
	return 0;
}

static size_t count_lines(struct slice text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	return lines;
}

static struct users *new_users(struct slice text)
{
	struct users *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->text = slice_copy(text);
	u->size = text.len;
	u->list = calloc(count_lines(text), sizeof(*u->list));
	if (u->text && u->list)
		return u;
	users_free(u);
	return NULL;
}

struct users *users_parse(const char *path, struct slice text, struct error *e)
{
	struct users *u = new_users(text);

	if (!u) {
		error_set(e, "%s: out of memory", path);
		return NULL;
	}
	if (read_lines(u, path, e) == 0) {
		qsort(u->list, u->count, sizeof(*u->list), by_name);
		if (refuse_twins(u, path, e) == 0)
			return u;
	}
	users_free(u);
	return NULL;
}

static int read_file(struct buf *b, const char *path, struct error *e)
{
	FILE *file = fopen(path, "re");
	size_t got = 1;
	bool unread;

	if (!file)
		return error_set(e, "%s: %s", path, strerror(errno));
	while (got > 0 && b->len <= FILE_MAX && buf_reserve(b, PIECE)) {
		got = fread(b->ptr + b->len, 1, PIECE, file);
		b->len += got;
	}
	unread = ferror(file);
	fclose(file);
	if (unread)
		return error_set(e, "%s: cannot be read", path);
	if (b->len > FILE_MAX)
		return error_set(e, "%s: more than 16 MiB", path);
	return b->failed ? error_set(e, "%s: out of memory", path) : 0;
}

struct users *users_read(const char *path, struct error *e)
{
	struct buf text = {0};
	struct users *u = NULL;

	if (read_file(&text, path, e) == 0)
		u = users_parse(path, buf_slice(&text), e);
	buf_free(&text);
	return u;
}

bool users_exposed(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       (st.st_mode & S_IROTH);
}

static bool same_secret(struct slice a, struct slice b)
{
	return a.len == b.len && CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0;
}

bool users_verify(const struct users *u, const struct credentials *c)
{
	struct user key = {.name = c->user};
	const struct user *user = NULL;

	if (user_name_allowed(c->user))
		user = bsearch(&key, u->list, u->count, sizeof(key), by_name);
	if (!user)
		return false;
	if (c->password.ptr)
		return same_secret(user->password, c->password);
	if (!c->digest.ptr)
		return true;
	return apop_digest_right(c->digest, c->digest_as_far, c->timestamp,
				 user->password);
}
