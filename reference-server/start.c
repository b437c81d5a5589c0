/* SPDX-License-Identifier: MIT */
#include "start.h"

#include "address.h"
#include "exposed.h"
#include "run_as.h"
#include "listening.h"
#include "log.h"
#include "notify.h"
#include "reload.h"
#include "start_check.h"
#include "store_maildir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "pop3-reference-server"

/* What a server has before it listens. */
struct begun {
	struct reload read;
	struct run_as run_as; /* of options.user, when he was found */
	bool knows_who;
	struct notify notify;
	struct salt_key salt_key;
	struct complaints *warnings;
};

/* Root is no server for everybody, unless somebody says so. */
static void check_root(const struct options *o, struct complaints *c)
{
	const struct setting *user = setting_of_flag("user");

	if (geteuid() != 0 || o->from[setting_index(user)] != FROM_DEFAULT)
		return;
	for (size_t i = 0; i < o->serve.listeners_count; i++) {
		if (listening_is_loopback(&o->serve.listeners[i]))
			continue;
		options_complain(o, c, "user",
				 "missing: root listens at loopback only, "
				 "unless this names who to become, or root");
		return;
	}
}

static void find_run_as(struct begun *b, const struct options *o,
			struct complaints *c)
{
	struct error e;

	if (!o->user)
		return;
	switch (run_as_find(&b->run_as, o->user, o->group)) {
	case RUN_AS_FOUND:
		b->knows_who = true;
		b->read.reader = b->run_as.uid;
		break;
	case RUN_AS_NO_USER:
		error_set(&e, "%s: no user of this host", o->user);
		options_complain(o, c, "user", e.text);
		break;
	case RUN_AS_NO_GROUP:
		error_set(&e, "%s: no group of this host", o->group);
		options_complain(o, c, "group", e.text);
		break;
	}
}

static void take_salt_key(struct begun *b, struct options *o,
			  struct complaints *c)
{
	struct error e;

	if (!o->maildir)
		return;
	if (salt_key_take(&b->salt_key, o->maildir, &e) != 0)
		complaints_add(c, "%s", e.text);
	o->serve.who.salt_key = &b->salt_key;
}

static void open_maildir(struct options *o, struct complaints *c)
{
	struct error e;

	if (!o->maildir)
		return;
	o->serve.store = store_maildir_new(o->maildir, &o->serve.switches, &e);
	if (!o->serve.store)
		options_complain(o, c, "maildir", e.text);
}

/* Reads all that there is, so that all complaints are there. */
static int gather(struct begun *b, struct options *o, struct complaints *c,
		  struct complaints *warnings)
{
	size_t before = c->count;
	uid_t owners[] = { geteuid(), 0 };
	struct error e;

	*b = (struct begun){ .read = { .who = &o->serve.who,
				       .tls = &o->serve.certificates },
			     .warnings = warnings };
	find_run_as(b, o, c);
	owners[1] = b->read.reader;
	check_root(o, c);
	exposed_warn(o->config, EXPOSED_PUBLIC, owners, 2, warnings);
	take_salt_key(b, o, c);
	reload_read(&b->read, c, warnings);
	o->serve.authority = b->read.authority;
	o->serve.tls = b->read.context;
	open_maildir(o, c);
	start_check_log(o, c);
	if (notify_open(&b->notify, getenv("NOTIFY_SOCKET"), &e) != 0)
		complaints_add(c, "%s", e.text);
	unsetenv("NOTIFY_SOCKET"); /* nobody else's, not a command's either */
	o->serve.notify = &b->notify;
	return c->count > before ? -1 : 0;
}

static void release(struct begun *b, struct options *o)
{
	authority_drop(b->read.authority);
	tls_context_free(b->read.context);
	if (o->serve.store)
		o->serve.store->free(o->serve.store);
}

/*
 * Becomes who it shall be, for good, and looks at what it can do then. Returns
 * 0, or -1 and tells c.
 */
static int become(const struct begun *b, struct options *o,
		  struct complaints *c)
{
	size_t before = c->count;
	struct error e;

	if (o->user && !b->knows_who)
		return 0; /* told already */
	if (o->user && run_as_become(&b->run_as, &e) != 0)
		return complaints_add(c, "%s", e.text);
	start_check_reach(o,
			  o->serve.authority ? o->serve.authority->users : NULL,
			  c, b->warnings);
	return c->count > before ? -1 : 0;
}

/* The log is opened again at SIGHUP, by then by somebody else. */
static void give_log(const struct begun *b, const struct options *o)
{
	if (o->user && geteuid() == 0 &&
	    log_give(o->serve.log, b->run_as.uid, b->run_as.gid) != 0)
		complaints_add(b->warnings, "%s: cannot be given to %s: %s",
			       o->log, o->user, strerror(errno));
}

/* The server serves now: whoever waits for that hears of it. */
static void tell(const struct begun *b, const struct options *o,
		 const struct server *server)
{
	const struct serve_config *config = &o->serve;
	struct error e;

	for (size_t i = 0; i < config->listeners_count; i++) {
		bool tls = config->listeners[i].tls == LISTEN_IMPLICIT;

		printf("listening %son %s\n", tls ? "with TLS " : "",
		       server_place(server, i));
	}
	fflush(stdout);
	if (notify_send(&b->notify, "READY=1", &e) != 0)
		log_complain(config->log, "%s", e.text);
}

static void serve(struct begun *b, struct options *o, struct server *server,
		  struct complaints *c)
{
	if (become(b, o, c) != 0)
		return;
	complaints_tell(b->warnings, "warning: ");
	complaints_free(b->warnings);
	tell(b, o, server);
	server_run(server);
}

/* Returns -1 when it does not listen, and c is not told why. */
static int listen_and_serve(struct begun *b, struct options *o,
			    struct complaints *c)
{
	struct error e;
	struct server *server = server_new(&o->serve, &e);

	if (!server)
		return -1;
	serve(b, o, server, c);
	server_free(server);
	return 0;
}

/* Salts that users have would stand out from those that change. */
static void keep_salt_key(struct begun *b, const struct options *o)
{
	const struct users *u = o->serve.authority->users;
	struct error e;

	if ((users_schemes(u) & (SCHEME_SCRAM_SHA_1 | SCHEME_SCRAM_SHA_256)) &&
	    salt_key_keep(&b->salt_key, o->maildir, &e) != 0)
		complaints_add(b->warnings,
			       "salts of SCRAM will tell who exists: %s",
			       e.text);
}

/* What is left to look at when there is nothing to serve. */
static void look_further(struct begun *b, struct options *o,
			 enum ports_in_use in_use, struct complaints *c)
{
	start_check_ports(o, in_use, c, b->warnings);
	become(b, o, c);
}

static void serve_logging(struct begun *b, struct options *o,
			  struct complaints *c)
{
	struct error e;

	keep_salt_key(b, o);
	o->serve.log = log_new(o->log, LOG_REST, &e);
	if (!o->serve.log) {
		options_complain(o, c, "log", e.text);
		return;
	}
	give_log(b, o);
	if (listen_and_serve(b, o, c) != 0) {
		look_further(b, o, PORTS_ARE_OTHERS, c);
		if (c->count == 0)
			complaints_add(c, "cannot listen");
	}
	log_free(o->serve.log);
}

int start_serving(struct options *o, struct complaints *c,
		  struct complaints *warnings)
{
	struct begun b;

	if (gather(&b, o, c, warnings) == 0)
		serve_logging(&b, o, c);
	else
		look_further(&b, o, PORTS_ARE_OTHERS, c);
	release(&b, o);
	return c->count > 0 ? -1 : 0;
}

int start_checking(struct options *o, struct complaints *c,
		   struct complaints *warnings)
{
	struct begun b;

	gather(&b, o, c, warnings);
	look_further(&b, o, PORTS_MAY_BE_OURS, c);
	release(&b, o);
	return c->count > 0 ? -1 : 0;
}
