/* SPDX-License-Identifier: MIT */
#include "target.h"

#include "file.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int target_init(struct target *t, struct error *e)
{
	*t = (struct target){.patience = patience_default, .tls.verify = true};
	t->directory = slice_copy(slice_str("."));
	return t->directory ? 0 : error_set(e, "no memory");
}

static void free_secret(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

void target_account_free(struct target_account *a)
{
	free(a->user);
	free_secret(a->password);
	free_secret(a->secret);
	for (size_t i = 0; i < a->trait_count; i++)
		free(a->traits[i]);
	free(a->traits);
}

void target_free(struct target *t)
{
	for (size_t i = 0; i < t->account_count; i++)
		target_account_free(&t->accounts[i]);
	free(t->accounts);
	free(t->directory);
	free(t->host);
	free(t->mechanism);
	free(t->tls.ca);
	free(t->maildir);
	free(t->start);
	free(t->stop);
	free(t->reset);
	*t = (struct target){0};
}

struct target_account *target_add_account(struct target *t)
{
	struct target_account *grown =
	    reallocarray(t->accounts, t->account_count + 1, sizeof(*grown));

	if (!grown)
		return NULL;
	t->accounts = grown;
	grown += t->account_count++;
	*grown = (struct target_account){0};
	return grown;
}

/* Whoever may write to the file may have us run commands. */
static int check_writers(const char *path, const struct stat *is,
			 struct error *e)
{
	if (is->st_mode & (S_IWGRP | S_IWOTH))
		return error_set(e,
				 "%s: others may write to it, and it can name "
				 "commands: chmod go-w it first",
				 path);
	if (geteuid() && is->st_uid && is->st_uid != geteuid())
		return error_set(e,
				 "%s: belongs to another user, and it can name "
				 "commands: copy it first",
				 path);
	return 0;
}

static int load_file(struct target *t, const char *path, struct error *e)
{
	struct buf json = {0};
	struct stat is;
	int failed = file_read(path, TARGET_LIMIT, &json, &is, e);

	if (!failed)
		failed = check_writers(path, &is, e);
	if (!failed)
		failed = target_from_json(t, path, buf_slice(&json), e);
	if (json.ptr)
		explicit_bzero(json.ptr, json.room);
	buf_free(&json);
	return failed;
}

static bool is_url(const char *text)
{
	return strstr(text, "://");
}

int target_load(struct target *t, const char *text, struct error *e)
{
	*t = (struct target){0};
	if (is_url(text))
		return target_from_url(t, text, e);
	if (slice_ends(slice_str(text), ".json"))
		return load_file(t, text, e);
	return error_set(e, "a target is a file *.json or a URL such as "
			    "pop3://user@127.0.0.1:1110");
}

int target_check_served(const struct target *t, struct error *e)
{
	struct slice mechanism = slice_str(t->mechanism);

	if (t->has_tls)
		return error_set(e, "the target asks for TLS, which this "
				    "version does not speak");
	if (t->reset)
		return error_set(e, "the target has a reset command, which "
				    "this version does not run");
	if (t->mechanism && !slice_is(mechanism, "*") &&
	    !slice_is_nocase(mechanism, "+APOP"))
		return error_set(e,
				 "AUTH=%.40s: this version logs in by USER "
				 "and PASS (AUTH=*) or APOP (AUTH=+APOP)",
				 t->mechanism);
	return 0;
}

int target_check_text(const char *text, struct error *e)
{
	struct target t = {0};
	int failed;

	if (!is_url(text) && slice_ends(slice_str(text), ".json"))
		return 0;
	failed = target_load(&t, text, e) || target_check_served(&t, e);
	target_free(&t);
	return failed ? -1 : 0;
}

bool target_can_be_filled(const struct target *t)
{
	return t->maildir != NULL;
}

bool target_is_loopback(const struct target *t)
{
	unsigned char address[sizeof(struct in6_addr)];
	static const unsigned char one[sizeof(address)] = {[15] = 1};

	if (slice_is_nocase(slice_str(t->host), "localhost"))
		return true;
	if (inet_pton(AF_INET, t->host, address) == 1)
		return address[0] == 127;
	return inet_pton(AF_INET6, t->host, address) == 1 &&
	       !memcmp(address, one, sizeof(one));
}

bool target_account_has(const struct target_account *a, const char *trait)
{
	for (size_t i = 0; i < a->trait_count; i++)
		if (!strcmp(a->traits[i], trait))
			return true;
	return false;
}

void target_name(const struct target *t, struct buf *to)
{
	bool colons = strchr(t->host, ':');

	buf_printf(to, "%s%s%s:%" PRIu64, colons ? "[" : "", t->host,
		   colons ? "]" : "", t->port);
}

char *target_command(const struct target *t, const char *text)
{
	struct slice rest = slice_str(text);
	struct slice place = slice_str(TARGET_PORT_PLACE);
	struct buf command = {0};
	size_t at;

	while ((at = slice_search(rest, place)) < rest.len) {
		buf_add(&command, slice_first(rest, at));
		buf_printf(&command, "%" PRIu64, t->port);
		rest = slice_from(rest, at + place.len);
	}
	buf_add(&command, rest);
	return buf_steal(&command);
}
