/* SPDX-License-Identifier: MIT */
#include "settings_put.h"

#include "options.h"
#include "user_name.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define NO_NAME "not a name, which is " USER_NAME_RULE

/* What a listener is unless something else is said. */
static const struct listen_config plain = { .address = "127.0.0.1" };

int put_clear_passwords(struct options *o, const struct given *value,
			struct error *e)
{
	(void)e;
	o->serve.clear_passwords = value->yes ? CLEAR_ALWAYS : CLEAR_NEVER;
	return 0;
}

int put_log_stderr(struct options *o, const struct given *value,
		   struct error *e)
{
	(void)e;
	o->log_stderr = value->yes;
	return 0;
}

int put_listeners(struct options *o, const struct given *value, struct error *e)
{
	(void)e;
	for (size_t i = 0; i < LISTENERS_MAX; i++)
		o->serve.listeners[i] = plain;
	o->serve.listeners_count = value->number;
	o->listeners_of_file = true;
	return 0;
}

/*
 * The listener that a value is for. Those of the command line are two, and take
 * the place of those of a file.
 */
static struct listen_config *listener(struct options *o,
				      const struct given *value)
{
	if (value->in_file)
		return &o->serve.listeners[value->index];
	if (o->listeners_of_file) {
		o->listeners_of_file = false;
		o->serve.listeners[0] = o->serve.listeners[1] = plain;
		o->serve.listeners_count = 1;
	}
	return &o->serve.listeners[0];
}

int put_address(struct options *o, const struct given *value, struct error *e)
{
	struct listen_config *l = listener(o, value);
	unsigned char octets[16];

	if (inet_pton(AF_INET, value->text, octets) != 1 &&
	    inet_pton(AF_INET6, value->text, octets) != 1)
		return error_set(e, "not an IPv4 or IPv6 address in numbers");
	l->address = value->text;
	if (!value->in_file)
		l[1].address = value->text;
	return 0;
}

int put_port(struct options *o, const struct given *value, struct error *e)
{
	(void)e;
	listener(o, value)->port = (uint16_t)value->number;
	return 0;
}

int put_tls_port(struct options *o, const struct given *value, struct error *e)
{
	struct listen_config *l = listener(o, value) + 1;

	(void)e;
	l->port = (uint16_t)value->number;
	l->tls = LISTEN_IMPLICIT;
	o->serve.listeners_count = 2;
	return 0;
}

int put_listener_tls(struct options *o, const struct given *value,
		     struct error *e)
{
	static const struct {
		const char *word;
		enum listen_tls tls;
	} words[] = {
		{ "none", LISTEN_CLEAR },
		{ "starttls", LISTEN_STLS },
		{ "implicit", LISTEN_IMPLICIT },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value->text, words[i].word) == 0) {
			listener(o, value)->tls = words[i].tls;
			return 0;
		}
	return error_set(e, "not \"none\", \"starttls\" or \"implicit\"");
}

int put_host(struct options *o, const struct given *value, struct error *e)
{
	if (!apop_host_allowed(slice_str(value->text)))
		return error_set(e, "not a domain of at most %d octets",
				 APOP_HOST_MAX);
	snprintf(o->host, sizeof(o->host), "%s", value->text);
	o->serve.who.host_given = true;
	return 0;
}

int put_anonymous(struct options *o, const struct given *value, struct error *e)
{
	if (!user_name_allowed(slice_str(value->text)))
		return error_set(e, NO_NAME);
	o->serve.who.anonymous = value->text;
	return 0;
}

int put_hash(struct options *o, const struct given *value, struct error *e)
{
	if (!secret_scheme_known(slice_str(value->text)))
		return error_set(e, "not " SECRET_SCHEMES "; see --help");
	o->asked = ASKED_FOR_HASH;
	o->hash = value->text;
	return 0;
}

int put_language(struct options *o, const struct given *value, struct error *e)
{
	if (language_lookup(slice_str(value->text),
			    &o->serve.policies.language))
		return 0;
	return error_set(e, "not one of those that LANG lists: en or de");
}

static int delay_user(struct options *o, struct slice user, uint64_t delay,
		      struct error *e)
{
	if (!user_name_allowed(user))
		return error_set(e, NO_NAME);
	return policies_delay_user(&o->serve.policies, user, (unsigned)delay,
				   e);
}

int put_login_delay_of(struct options *o, const struct given *value,
		       struct error *e)
{
	int failed = delay_user(o, slice_str(value->name), value->number, e);

	o->delays_of_file = o->serve.policies.delay_count;
	return failed;
}

/* S, or U=S: what a file has in two places. */
int put_login_delay(struct options *o, const struct given *value,
		    struct error *e)
{
	const struct setting *s = setting_at("/policy/login_delay");
	struct slice text = slice_str(value->text);
	size_t sign = slice_find(text, '=');
	uint64_t delay;

	if (sign == text.len)
		return setting_read(s, o, value->text, e);
	if (setting_read_number(s, value->text + sign + 1, &delay, e) != 0)
		return -1;
	return delay_user(o, slice_first(text, sign), delay, e);
}

static int put_switch(struct options *o, const char *id, bool defect,
		      struct error *e)
{
	for (size_t i = 0; i < SWITCHES; i++)
		if (switch_rows[i].defect == defect &&
		    strcmp(switch_rows[i].id, id) == 0) {
			o->serve.switches.on[i] = true;
			return 0;
		}
	return error_set(e, "not the id of %s; see --list-%s",
			 defect ? "a defect" : "an oddity",
			 defect ? "defects" : "oddities");
}

int put_defect(struct options *o, const struct given *value, struct error *e)
{
	return put_switch(o, value->text, true, e);
}

int put_oddity(struct options *o, const struct given *value, struct error *e)
{
	return put_switch(o, value->text, false, e);
}

int put_double(struct options *o, const struct given *value, struct error *e)
{
	return doubles_add(&o->serve.doubles, value->text, e);
}
