/* SPDX-License-Identifier: MIT */
/*
 * pop3-reference-server. Exits 0 when a signal ended it, 1 when it could not
 * start, 2 when it was called wrongly.
 */
#include "hash_password.h"
#include "help.h"
#include "options.h"
#include "start.h"
#include "switches_list.h"

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
static int check(struct options *o, struct complaints *c, struct complaints *w)
{
	size_t warnings;

	if (start_checking(o, c, w) != 0)
		return EXIT_FAILURE;
	warnings = w->count;
	complaints_tell(w, "warning: ");
	complaints_free(w);
	if (warnings > 0)
		printf("no fault found, but %zu warning%s\n", warnings,
		       warnings > 1 ? "s" : "");
	else
		puts("no fault found");
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Returns the exit code. */
static int serve(struct options *o, struct complaints *c, struct complaints *w)
{
	raise_descriptor_limit(o->serve.max_connections);
	setenv("UV_THREADPOOL_SIZE", TEXT(THREADS), 0);
	o->askers.most = THREADS / 2;
	return start_serving(o, c, w) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Does what the options say, unless they are wrong. Returns the exit code. */
static int obey(struct options *o, int code, struct complaints *c,
		struct complaints *w)
{
	if (code == 0 && o->asked)
		return answer(o);
	if (code == 0)
		return o->check ? check(o, c, w) : serve(o, c, w);
	if (o->complete)
		start_checking(o, c, w); /* what else is wrong? */
	return code;
}

int main(int argc, char **argv)
{
	struct complaints complaints = { 0 }, warnings = { 0 };
	struct options o;
	int code;

	options_init(&o);
	code = options_read(&o, argc, argv, &complaints);
	code = obey(&o, code, &complaints, &warnings);
	complaints_tell(&warnings, "warning: ");
	complaints_tell(&complaints, "");
	complaints_free(&warnings);
	complaints_free(&complaints);
	options_free(&o);
	return code;
}
