/* SPDX-License-Identifier: MIT */
/*
 * pop3-reference-server. Exits 0 when a signal ended it, 1 when it could not
 * start, 2 when it was called wrongly.
 */
#include "hash_password.h"
#include "help.h"
#include "log.h"
#include "options.h"
#include "reload.h"
#include "store_maildir.h"
#include "switches_list.h"
#include "users.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define NAME "pop3-reference-server"

/* A session has a socket, a lock, three folders and a message. */
#define DESCRIPTORS_EACH 6
#define DESCRIPTORS_ELSE 64

/* Of libuv's pool: they wait for disks and for commands more than they work. */
#define THREADS 16
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

/* As many descriptors as all connections may need, or what there can be. */
static void raise_descriptor_limit(size_t connections)
{
	rlim_t wanted = DESCRIPTORS_EACH * connections + DESCRIPTORS_ELSE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* Serves until a signal comes. Returns 0, or -1 and e when it cannot. */
static int serve(const struct serve_config *config, struct error *e)
{
	struct server *server = server_new(config, e);

	if (!server)
		return -1;
	for (size_t i = 0; i < config->listeners_count; i++) {
		bool tls = config->listeners[i].tls == LISTEN_IMPLICIT;

		printf("listening %son %s\n", tls ? "with TLS " : "",
		       server_place(server, i));
	}
	fflush(stdout);
	server_run(server);
	server_free(server);
	return 0;
}

/* Serves with all that it needs but maildrops. */
static int serve_users(struct options *o, struct error *e)
{
	int failed = -1;

	o->serve.store =
		store_maildir_new(o->maildir, &o->serve.switches, e);
	if (o->serve.store) {
		failed = serve(&o->serve, e);
		o->serve.store->free(o->serve.store);
	}
	return failed;
}

static int serve_logging(struct options *o, struct error *e)
{
	int failed;

	o->serve.log = log_new(o->log, e);
	if (!o->serve.log)
		return -1;
	failed = serve_users(o, e);
	log_free(o->serve.log);
	return failed;
}

/* Returns the exit code. */
static int run(struct options *o, struct complaints *c)
{
	struct reload read = { .who = &o->serve.who,
			       .tls = &o->serve.certificates };
	struct error e;
	int failed = reload_read(&read);

	if (failed == 0) {
		o->serve.authority = read.authority;
		o->serve.tls = read.context;
		failed = serve_logging(o, &e);
		if (failed)
			complaints_add(c, "%s", e.text);
	}
	authority_drop(read.authority);
	tls_context_free(read.context);
	complaints_tell(&read.complaints, "");
	complaints_free(&read.complaints);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void warn_of_exposed(const char *file)
{
	if (file && users_exposed(file))
		fprintf(stderr, NAME ": warning: others can read %s\n", file);
}

/* Does what was asked for instead of serving. Returns the exit code. */
static int answer(const struct options *o)
{
	if (o->asked == ASKED_FOR_HASH)
		return hash_password(o->hash) ? EXIT_FAILURE : EXIT_SUCCESS;
	if (o->asked == ASKED_FOR_HELP)
		help_print();
	else if (o->asked == ASKED_FOR_VERSION)
		puts(NAME " " POP3SPEC_VERSION);
	else if (o->asked == ASKED_FOR_SETTINGS)
		settings_list();
	else
		switches_list(o->asked == ASKED_FOR_DEFECTS);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Returns the exit code. */
static int serve_by(struct options *o, struct complaints *c)
{
	warn_of_exposed(o->serve.who.users);
	warn_of_exposed(o->serve.certificates.key);
	warn_of_exposed(o->serve.who.oauth_tokens);
	raise_descriptor_limit(o->serve.max_connections);
	setenv("UV_THREADPOOL_SIZE", TEXT(THREADS), 0);
	o->serve.who.oauth_at_once = THREADS / 2;
	return run(o, c);
}

int main(int argc, char **argv)
{
	struct complaints complaints = { 0 };
	struct options o;
	int code;

	options_init(&o);
	code = options_read(&o, argc, argv, &complaints);
	if (code == 0)
		code = o.asked ? answer(&o) : serve_by(&o, &complaints);
	complaints_tell(&complaints, "");
	complaints_free(&complaints);
	options_free(&o);
	return code;
}
