/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <string.h>

enum { WRONG_FILE = 1, WRONG_USAGE = 2 };

static enum setting_from from_of(const struct options *o, const char *flag)
{
	return o->from[setting_index(setting_of_flag(flag))];
}

/* Nobody gave it, not even wrongly. */
static bool is_missing(const struct options *o, const char *flag)
{
	return from_of(o, flag) == FROM_DEFAULT;
}

int options_complain(const struct options *o, struct complaints *c,
		     const char *flag, const char *what)
{
	const struct setting *s = setting_of_flag(flag);
	enum setting_from from = from_of(o, flag);

	if (from == FROM_COMMAND_LINE || !o->config || !s->pointer) {
		complaints_add(c, "--%s: %s", flag, what);
		return WRONG_USAGE;
	}
	complaints_add(c, "%s: %s: %s", o->config, s->pointer, what);
	return WRONG_FILE;
}

static int check_needed(const struct options *o, struct complaints *c)
{
	int code = 0;

	if (!o->config &&
	    (is_missing(o, "maildir") || is_missing(o, "users"))) {
		complaints_add(c, "--maildir and --users are needed; see "
				  "--help");
		return WRONG_USAGE;
	}
	if (is_missing(o, "maildir"))
		code = options_complain(o, c, "maildir", "missing");
	if (is_missing(o, "users"))
		code |= options_complain(o, c, "users", "missing");
	return code;
}

/* What the command line says takes the place of the other of a file. */
static int check_tokens(struct options *o, struct complaints *c)
{
	enum setting_from tokens = from_of(o, "oauth-tokens");
	enum setting_from command = from_of(o, "oauth-command");

	if (tokens > command)
		o->serve.who.oauth_command = NULL;
	else if (command > tokens)
		o->serve.who.oauth_tokens = NULL;
	else if (o->serve.who.oauth_tokens)
		return options_complain(
			o, c, "oauth-command",
			"not beside a file of tokens: one of them");
	return 0;
}

static int check_certificate(const struct options *o, struct complaints *c)
{
	if (is_missing(o, "key"))
		return options_complain(
			o, c, "key", "missing: it goes with the certificate");
	if (is_missing(o, "certificate"))
		return options_complain(o, c, "certificate",
					"missing: it goes with the key");
	return 0;
}

static const char needs_certificate[] = "without a certificate there is no TLS";

/* Listeners that cannot have the TLS that is asked for. */
static int check_listeners_tls(const struct options *o, struct complaints *c)
{
	int code = 0;

	for (size_t i = 0; i < o->serve.listeners_count; i++) {
		if (o->serve.listeners[i].tls < LISTEN_STLS)
			continue;
		if (!o->listeners_of_file)
			return options_complain(o, c, "tls-port",
						needs_certificate);
		complaints_add(c, "%s: /listeners/%zu/tls: %s", o->config, i,
			       needs_certificate);
		code = WRONG_FILE;
	}
	return code;
}

static int check_tls(const struct options *o, struct complaints *c)
{
	int code = 0;

	if (!is_missing(o, "certificate") || !is_missing(o, "key"))
		return check_certificate(o, c);
	if (o->serve.certificates.client_ca)
		code = options_complain(o, c, "client-ca", needs_certificate);
	if (o->serve.clear_passwords == CLEAR_NEVER)
		code = options_complain(o, c, "no-clear-passwords",
					needs_certificate);
	return check_listeners_tls(o, c) | code;
}

static bool same(const struct listen_config *a, const struct listen_config *b)
{
	return a->port > 0 && a->port == b->port &&
	       strcmp(a->address, b->address) == 0;
}

static int check_listeners(const struct options *o, struct complaints *c)
{
	const struct listen_config *l = o->serve.listeners;
	int code = 0;

	if (o->serve.listeners_count == 0) {
		complaints_add(c,
			       "%s: /listeners: empty; one at least is wanted",
			       o->config);
		return WRONG_FILE;
	}
	for (size_t i = 1; i < o->serve.listeners_count; i++)
		for (size_t j = 0; j < i; j++) {
			if (!same(&l[i], &l[j]))
				continue;
			if (!o->listeners_of_file)
				return options_complain(o, c, "tls-port",
							"that of --port, too");
			complaints_add(c,
				       "%s: /listeners/%zu: that of "
				       "/listeners/%zu again",
				       o->config, i, j);
			code = WRONG_FILE;
		}
	return code;
}

/* Who the user and the group are is seen when they are looked up. */
static int check_group(const struct options *o, struct complaints *c)
{
	if (o->group && is_missing(o, "user"))
		return options_complain(o, c, "user",
					"missing: it goes with the group");
	return 0;
}

int options_check(struct options *o, struct complaints *c)
{
	int code = check_needed(o, c);

	code |= check_tokens(o, c);
	code |= check_tls(o, c);
	code |= check_listeners(o, c);
	code |= check_group(o, c);
	o->serve.who.clear_passwords =
		o->serve.clear_passwords != CLEAR_NEVER;
	return code & WRONG_USAGE ? WRONG_USAGE : code;
}
