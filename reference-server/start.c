/* SPDX-License-Identifier: MIT */
#include "start.h"

#include "address.h"
#include "run_as.h"
#include "listening.h"
#include "log.h"
#include "notify.h"
#include "reload.h"
#include "store_maildir.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "pop3-reference-server"

/* What a server has before it listens. */
struct begun {
	struct reload read;
	struct run_as run_as; /* of options.user */
	struct notify notify;
	struct salt_key salt_key;
};

static void warn(const char *format, const char *about, const char *why)
{
	struct error e;

	error_set(&e, format, about, why);
	fprintf(stderr, NAME ": warning: %s\n", e.text);
}

static void warn_of_exposed(const char *file)
{
	if (file && users_exposed(file))
		warn("others can read %s%s", file, "");
}

/* Root is no server for everybody, unless somebody says so. */
static void check_root(const struct options *o, struct complaints *c)
{
	if (geteuid() != 0 || o->user)
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

/* Reads all that there is, so that all complaints are there. */
static int gather(struct begun *b, struct options *o, struct complaints *c)
{
	size_t before = c->count;
	struct error e;

	warn_of_exposed(o->serve.who.users);
	warn_of_exposed(o->serve.certificates.key);
	warn_of_exposed(o->serve.who.oauth_tokens);
	*b = (struct begun){ .read = { .who = &o->serve.who,
				       .tls = &o->serve.certificates } };
	if (salt_key_take(&b->salt_key, o->maildir, &e) != 0)
		complaints_add(c, "%s", e.text);
	o->serve.who.salt_key = &b->salt_key;
	reload_read(&b->read, c);
	o->serve.authority = b->read.authority;
	o->serve.tls = b->read.context;
	if (o->serve.tls && tls_context_untimely(o->serve.tls))
		warn("%s: %s", o->serve.certificates.certificate,
		     tls_context_untimely(o->serve.tls));
	check_root(o, c);
	find_run_as(b, o, c);
	o->serve.store = store_maildir_new(o->maildir, &o->serve.switches, &e);
	if (!o->serve.store)
		complaints_add(c, "%s", e.text);
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

/* What root could read may be out of reach now. */
static void warn_of_lost(const struct options *o)
{
	const char *const files[] = {
		o->serve.who.users,
		o->serve.who.oauth_tokens,
		o->serve.certificates.certificate,
		o->serve.certificates.key,
		o->serve.certificates.client_ca,
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i] && access(files[i], R_OK) != 0)
			warn("at SIGHUP %s cannot be read any more: %s",
			     files[i], strerror(errno));
}

/* Becomes who it shall be, for good. Returns 0, or -1 and tells c. */
static int become(const struct begun *b, const struct options *o,
		  struct complaints *c)
{
	struct error e;

	if (!o->user)
		return 0;
	if (run_as_become(&b->run_as, &e) != 0)
		return complaints_add(c, "%s", e.text);
	if (access(o->maildir, R_OK | X_OK) != 0)
		return complaints_add(c, "%s: %s: %s", o->maildir, o->user,
				      strerror(errno));
	warn_of_lost(o);
	return 0;
}

/* The log is opened again at SIGHUP, by then by somebody else. */
static void give_log(const struct begun *b, const struct options *o)
{
	bool is_file = o->log && strcmp(o->log, LOG_STDERR) != 0;

	if (is_file && o->user && geteuid() == 0 &&
	    lchown(o->log, b->run_as.uid, b->run_as.gid) != 0)
		warn("at SIGHUP %s cannot be opened any more: %s", o->log,
		     strerror(errno));
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

static int serve(struct begun *b, struct options *o, struct complaints *c)
{
	struct error e;
	struct server *server = server_new(&o->serve, &e);
	int failed;

	if (!server)
		return complaints_add(c, "%s", e.text);
	failed = become(b, o, c);
	if (failed == 0) {
		tell(b, o, server);
		server_run(server);
	}
	server_free(server);
	return failed;
}

/* Salts that users have would stand out from those that change. */
static void keep_salt_key(struct begun *b, const struct options *o)
{
	const struct users *u = o->serve.authority->users;
	struct error e;

	if ((users_schemes(u) & (SCHEME_SCRAM_SHA_1 | SCHEME_SCRAM_SHA_256)) &&
	    salt_key_keep(&b->salt_key, o->maildir, &e) != 0)
		warn("salts of SCRAM will tell who exists: %s%s", e.text, "");
}

static int serve_logging(struct begun *b, struct options *o,
			 struct complaints *c)
{
	struct error e;
	int failed;

	o->serve.log = log_new(o->log, &e);
	if (!o->serve.log)
		return complaints_add(c, "%s", e.text);
	give_log(b, o);
	failed = serve(b, o, c);
	log_free(o->serve.log);
	return failed;
}

int start_serving(struct options *o, struct complaints *c)
{
	struct begun b;
	int failed = gather(&b, o, c);

	if (failed == 0) {
		keep_salt_key(&b, o);
		failed = serve_logging(&b, o, c);
	}
	release(&b, o);
	return failed;
}

static void check_ports(const struct options *o, struct complaints *c)
{
	struct error e;

	for (size_t i = 0; i < o->serve.listeners_count; i++)
		switch (listening_try(&o->serve, &o->serve.listeners[i], &e)) {
		case LISTENING_FREE:
			break;
		case LISTENING_IN_USE:
			warn("%s%s", e.text, "");
			break;
		case LISTENING_REFUSED:
			complaints_add(c, "%s", e.text);
			break;
		}
}

/* As log_new() would, but nothing is made. */
static void check_log(const struct options *o, struct complaints *c)
{
	const char *end = o->log ? strrchr(o->log, '/') : NULL;
	char folder[4096] = ".";

	if (!o->log || strcmp(o->log, LOG_STDERR) == 0 ||
	    access(o->log, W_OK) == 0)
		return;
	if (end)
		snprintf(folder, sizeof(folder), "%.*s",
			 (int)(end - o->log) + 1, o->log);
	if (errno != ENOENT || access(folder, W_OK | X_OK) != 0)
		complaints_add(c, "%s: %s", o->log, strerror(errno));
}

int start_checking(struct options *o, struct complaints *c)
{
	struct begun b;
	int failed = gather(&b, o, c);

	check_log(o, c);
	check_ports(o, c);
	if (failed == 0)
		become(&b, o, c);
	release(&b, o);
	return c->count > 0 ? -1 : 0;
}
