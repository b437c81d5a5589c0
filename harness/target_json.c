/* SPDX-License-Identifier: MIT */
/* A target from a file: its keys, each with what reads it, are the tables. */
#include "target.h"

#include "file.h"
#include "json_reader.h"

#include <stdlib.h>
#include <string.h>

#define ACCOUNTS_LIMIT 1000
#define TRAITS_LIMIT 100
#define DAY 86400 /* seconds */
#define LONGEST_WAIT 3600

static int read_text(struct json_reader *r, json_t *value, void *to)
{
	char **text = to;

	if (json_read_string(r, value, text))
		return -1;
	if (!**text)
		return json_reader_error(r, "must not be empty");
	for (const char *c = *text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return json_reader_error(
			    r, "must not hold control characters");
	return 0;
}

static int read_host(struct json_reader *r, json_t *value, void *to)
{
	char **host = to;

	if (read_text(r, value, host))
		return -1;
	if (strpbrk(*host, " /[]@"))
		return json_reader_error(
		    r, "must be a name or an address, such as 127.0.0.1 or "
		       "::1; the port is a key of its own");
	return 0;
}

static int read_port(struct json_reader *r, json_t *value, void *to)
{
	return json_read_number(r, value, 1, 65535, to);
}

static int read_day(struct json_reader *r, json_t *value, void *to)
{
	return json_read_number(r, value, 1, DAY, to);
}

static const struct json_key tls_keys[] = {
    {"port", read_port, offsetof(struct target_tls, port)},
    {"ca", read_text, offsetof(struct target_tls, ca)},
    {"verify", json_read_bool, offsetof(struct target_tls, verify)},
    {NULL, NULL, 0},
};

static int read_tls(struct json_reader *r, json_t *value, void *to)
{
	struct target *t = to;

	t->has_tls = true;
	return json_read_object(r, value, tls_keys, &t->tls);
}

static int read_trait(struct json_reader *r, json_t *value, void *to)
{
	struct target_account *a = to;
	char **traits =
	    reallocarray(a->traits, a->trait_count + 1, sizeof(*traits));

	if (!traits)
		return json_reader_error(r, "no memory");
	a->traits = traits;
	traits += a->trait_count++;
	*traits = NULL;
	if (json_read_string(r, value, traits))
		return -1;
	if (!strcmp(*traits, "apop"))
		return 0;
	if (trait_is_special(*traits))
		return json_reader_error(
		    r, "\"%s\" is seen from the password, and not written "
		       "down; a trait is \"apop\"", *traits);
	return json_reader_error(r, "\"%.40s\": no such trait; there is "
				    "\"apop\"", *traits);
}

static int read_traits(struct json_reader *r, json_t *value, void *to)
{
	if (json_array_size(value) > TRAITS_LIMIT)
		return json_reader_error(r, "more than %d traits",
					 TRAITS_LIMIT);
	return json_read_array(r, value, read_trait, to);
}

static const struct json_key account_keys[] = {
    {"user", read_text, offsetof(struct target_account, user)},
    {"password", read_text, offsetof(struct target_account, password)},
    {"secret", read_text, offsetof(struct target_account, secret)},
    {"traits", read_traits, 0},
    {NULL, NULL, 0},
};

static int read_account(struct json_reader *r, json_t *value, void *to)
{
	struct target *t = to;
	struct target_account *a = target_add_account(t);

	if (!a)
		return json_reader_error(r, "no memory");
	if (json_read_object(r, value, account_keys, a))
		return -1;
	if (!a->user)
		return json_reader_error(r, "lacks \"user\"");
	for (size_t i = 0; i + 1 < t->account_count; i++)
		if (!strcmp(t->accounts[i].user, a->user))
			return json_reader_error(
			    r, "the user of /accounts/%zu again", i);
	return 0;
}

static int read_accounts(struct json_reader *r, json_t *value, void *to)
{
	if (json_array_size(value) > ACCOUNTS_LIMIT)
		return json_reader_error(r, "more than %d accounts",
					 ACCOUNTS_LIMIT);
	return json_read_array(r, value, read_account, to);
}

static int not_built(struct json_reader *r, json_t *value, void *to)
{
	(void)value;
	(void)to;
	return json_reader_error(
	    r, "this build cannot fill a maildrop so; it can by \"maildir\"");
}

static const struct json_key provision_keys[] = {
    {"maildir", read_text, offsetof(struct target, maildir)},
    {"mbox", not_built, 0},
    {"command", not_built, 0},
    {"smtp", not_built, 0},
    {"imap", not_built, 0},
    {NULL, NULL, 0},
};

static int read_provision(struct json_reader *r, json_t *value, void *to)
{
	return json_read_object(r, value, provision_keys, to);
}

/* Sets *to to the place of value in words. */
static int read_word(struct json_reader *r, json_t *value,
		     const char *const *words, size_t count, int *to)
{
	const char *word = json_string_value(value);
	struct buf all = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (word && !strcmp(words[i], word)) {
			*to = (int)i;
			buf_free(&all);
			return 0;
		}
		buf_printf(&all, "%s\"%s\"",
			   i == 0 ? "" : i + 1 == count ? " or " : ", ",
			   words[i]);
	}
	json_reader_error(r, "must be %s", buf_text(&all));
	buf_free(&all);
	return -1;
}

static int read_delivers(struct json_reader *r, json_t *value, void *to)
{
	static const char *const words[] = { "exact", "adds headers",
					     "rewrites" };
	int i;

	if (read_word(r, value, words, 3, &i))
		return -1;
	*(enum delivers *)to = (enum delivers)i;
	return 0;
}

static int read_line_ends(struct json_reader *r, json_t *value, void *to)
{
	static const char *const words[] = { "LF", "CRLF", "as is" };
	int i;

	if (read_word(r, value, words, 3, &i))
		return -1;
	*(enum line_ends *)to = (enum line_ends)i;
	return 0;
}

static int read_wait(struct json_reader *r, json_t *value, void *to)
{
	uint64_t *ms = to;
	uint64_t seconds;

	if (json_read_number(r, value, 1, LONGEST_WAIT, &seconds))
		return -1;
	*ms = seconds * 1000;
	return 0;
}

static int read_patience(struct json_reader *r, json_t *value, void *to)
{
	struct json_key keys[WAITS + 1] = {{NULL, NULL, 0}};

	for (unsigned w = 0; w < WAITS; w++)
		keys[w] = (struct json_key){wait_name(w), read_wait,
					    w * sizeof(uint64_t)};
	return json_read_object(r, value, keys, to);
}

static const struct json_key target_keys[] = {
    {"host", read_host, offsetof(struct target, host)},
    {"port", read_port, offsetof(struct target, port)},
    {"tls", read_tls, 0},
    {"accounts", read_accounts, 0},
    {"provision", read_provision, 0},
    {"line ends", read_line_ends, offsetof(struct target, line_ends)},
    {"delivers", read_delivers, offsetof(struct target, delivers)},
    {"passwords in clear", json_read_bool,
     offsetof(struct target, passwords_in_clear)},
    {"keeps", json_read_bool, offsetof(struct target, keeps)},
    {"autologout", read_day, offsetof(struct target, autologout)},
    {"patience", read_patience, offsetof(struct target, patience.ms)},
    {"start", read_text, offsetof(struct target, start)},
    {"stop", read_text, offsetof(struct target, stop)},
    {"reset", read_text, offsetof(struct target, reset)},
    {NULL, NULL, 0},
};

/* A false alarm for want of patience can only be had on this machine. */
static int check_patience(struct json_reader *r, const struct target *t)
{
	for (enum wait w = 0; w < WAITS; w++) {
		unsigned least = (unsigned)(patience_default.ms[w] / 1000);

		if (t->patience.ms[w] / 1000 < least && !target_is_loopback(t))
			return json_reader_error(
			    r, "/patience/%s: must be a whole number from %u "
			       "to %d, because the server is on another machine",
			    wait_name(w), least, LONGEST_WAIT);
	}
	return 0;
}

/* What holds between the keys. */
static int check(struct json_reader *r, struct target *t)
{
	bool chooses = t->start && strstr(t->start, TARGET_PORT_PLACE);

	if (!t->host)
		return json_reader_error(r, "lacks \"host\"");
	if (t->account_count > 1 && t->maildir &&
	    !strstr(t->maildir, TARGET_USER_PLACE))
		return json_reader_error(
		    r, "/provision/maildir: must hold {user}, because there "
		       "is more than one account");
	if (!t->port && !chooses)
		t->port = 110;
	return check_patience(r, t);
}

static int resolve(struct target *t, char **path, struct json_reader *r)
{
	char *resolved;

	if (!*path)
		return 0;
	resolved = file_path(t->directory, *path);
	if (!resolved)
		return json_reader_error(r, "no memory");
	free(*path);
	*path = resolved;
	return 0;
}

static int set_directory(struct target *t, struct json_reader *r)
{
	const char *slash = strrchr(r->file, '/');

	if (!slash)
		return 0;
	free(t->directory);
	t->directory = slice_copy(
	    slice_of(r->file, slash > r->file ? (size_t)(slash - r->file) : 1));
	return t->directory ? 0 : json_reader_error(r, "no memory");
}

/* Passwords among them: what we gave back may be read by others. */
static void wipe(json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	if (json_is_string(value))
		explicit_bzero((char *)json_string_value(value),
			       json_string_length(value));
	json_object_foreach(value, key, member) wipe(member);
	json_array_foreach(value, i, member) wipe(member);
}

static int read_target(struct target *t, struct json_reader *r, json_t *root)
{
	if (json_read_object(r, root, target_keys, t) || check(r, t) ||
	    set_directory(t, r))
		return -1;
	return resolve(t, &t->maildir, r) || resolve(t, &t->tls.ca, r) ? -1 : 0;
}

int target_from_json(struct target *t, const char *path, struct slice json,
		     struct error *e)
{
	struct json_reader r = {.file = path, .error = e};
	json_t *root;
	int failed = target_init(t, e);

	if (failed)
		return failed;
	root = json_reader_parse(&r, json);
	failed = root ? read_target(t, &r, root) : -1;
	wipe(root);
	json_decref(root);
	json_reader_free(&r);
	return failed;
}
