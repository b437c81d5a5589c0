/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "log.h"

#include <stdarg.h>
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

/* The place of a setting, as complaints begin with it. Returns an exit code. */
static int place_of(const struct options *o, const char *flag, struct buf *to)
{
	const struct setting *s = setting_of_flag(flag);

	if (from_of(o, flag) == FROM_COMMAND_LINE || !o->config ||
	    !s->pointer) {
		buf_printf(to, "--%s", flag);
		return WRONG_USAGE;
	}
	buf_printf(to, "%s: %s", o->config, s->pointer);
	return WRONG_FILE;
}

int options_complain(const struct options *o, struct complaints *c,
		     const char *flag, const char *what)
{
	struct buf place = { 0 };
	int code = place_of(o, flag, &place);

	complaints_add(c, "%s: %s",
		       buf_text(&place) ? place.ptr : "out of memory", what);
	buf_free(&place);
	return code;
}

const char *options_place(struct options *o, const char *flag)
{
	char **place = &o->places[setting_index(setting_of_flag(flag))];
	struct buf text = { 0 };

	if (!*place) {
		place_of(o, flag, &text);
		*place = buf_steal(&text);
	}
	return *place;
}

/* A user whom that format, of its arguments, names. */
static void name_user(struct options *o, struct slice name, const char *format,
		      ...) __attribute__((format(printf, 3, 4)));

static void name_user(struct options *o, struct slice name, const char *format,
		      ...)
{
	struct buf text = { 0 };
	struct named_user *n = &o->named[o->serve.who.named_count];
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	*n = (struct named_user){ name, buf_steal(&text) };
	o->serve.who.named_count += n->setting != NULL;
}

static void name_users(struct options *o)
{
	const struct policies *p = &o->serve.policies;
	const char *anonymous = o->serve.who.anonymous;

	if (anonymous && from_of(o, "anonymous") == FROM_COMMAND_LINE)
		name_user(o, slice_str(anonymous), "--anonymous %s", anonymous);
	else if (anonymous)
		name_user(o, slice_str(anonymous), "%s: %s",
			  options_place(o, "anonymous"), anonymous);
	for (size_t i = 0; i < p->delay_count; i++) {
		struct slice user = p->delays[i].user;
		int len = (int)user.len;

		if (i < o->delays_of_file)
			name_user(o, user, "%s: /policy/login_delays/%.*s",
				  o->config, len, user.ptr);
		else
			name_user(o, user, "--login-delay %.*s=%u", len,
				  user.ptr, p->delays[i].delay);
	}
}

void options_name(struct options *o)
{
	struct authority_files *who = &o->serve.who;
	struct tls_files *tls = &o->serve.certificates;

	who->maildir = o->maildir;
	who->users_setting = options_place(o, "users");
	who->oauth_tokens_setting = options_place(o, "oauth-tokens");
	tls->certificate_setting = options_place(o, "certificate");
	tls->key_setting = options_place(o, "key");
	tls->client_ca_setting = options_place(o, "client-ca");
	name_users(o);
}

static int check_needed(const struct options *o, struct complaints *c)
{
	static const char *const needed[] = { "maildir", "users" };
	int code = 0;

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (is_missing(o, needed[i]))
			code |= options_complain(o, c, needed[i],
						 o->config
							 ? "missing"
							 : "missing; see "
							   "--help");
	return code;
}

/* What the command line says takes the place of both of a file. */
static int check_log(struct options *o, struct complaints *c)
{
	enum setting_from from = from_of(o, "log");

	if (from == FROM_COMMAND_LINE)
		return 0;
	if (o->log && strcmp(o->log, LOG_STDERR) == 0)
		o->log = "./" LOG_STDERR; /* that is what it is called */
	if (o->log_stderr && from == FROM_FILE) {
		complaints_add(c,
			       "%s: /log/stderr: true: not beside /log/file: "
			       "one of them",
			       o->config);
		return WRONG_FILE;
	}
	if (o->log_stderr)
		o->log = LOG_STDERR;
	return 0;
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
	code |= check_log(o, c);
	o->serve.who.clear_passwords =
		o->serve.clear_passwords != CLEAR_NEVER;
	return code & WRONG_USAGE ? WRONG_USAGE : code;
}
