/* SPDX-License-Identifier: MIT */
#include "bundled.h"

#include "bundled_home.h"
#include "directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "pop3-reference-server"
#define VARIABLE "POP3SPEC_SERVER"
#define READY "listening on 127.0.0.1:"
#define READY_WAIT 30000 /* ms */
#define GRACE 10000	 /* ms to end in after SIGTERM */
#define MORE_LIMIT 64	 /* further arguments */

struct bundled {
	struct bundled_home home;
	struct child *child;
};

/* Returns owned the program at place below directory, NULL when none is. */
static char *program_at(const char *directory, const char *place)
{
	struct buf path = {0};
	char *program;

	buf_printf(&path, "%s/%s", directory, place);
	program = buf_steal(&path);
	if (program && !access(program, X_OK))
		return program;
	free(program);
	return NULL;
}

/* Returns owned the program, or its name for a search of PATH; or NULL and e.
 */
static char *find_program(struct error *e)
{
	const char *named = getenv(VARIABLE);
	char *directory, *program = NULL;

	if (named && *named && access(named, X_OK)) {
		error_set(e, "%s: %s (from " VARIABLE ")", named,
			  strerror(errno));
		return NULL;
	}
	directory = named && *named ? NULL : directory_of_program();
	if (directory)
		program = program_at(directory, PROGRAM);
	if (directory && !program)
		program = program_at(directory, "../reference-server/" PROGRAM);
	free(directory);
	if (!program)
		program =
		    slice_copy(slice_str(named && *named ? named : PROGRAM));
	if (!program)
		error_set(e, "no memory");
	return program;
}

static int launch(struct bundled *b, const char *program,
		  const char *const *more, struct error *e)
{
	const char *argv[8 + MORE_LIMIT] = {
	    program,	  "--port",  "0",	    "--maildir",
	    b->home.mail, "--users", b->home.users,
	};
	size_t n = 7;

	for (size_t i = 0; more[i]; i++) {
		if (i == MORE_LIMIT)
			return error_set(e, "more than %d arguments",
					 MORE_LIMIT);
		argv[n++] = more[i];
	}
	b->child = spawn_with_place(argv, b->home.directory, e);
	return b->child ? 0 : -1;
}

static int read_port(const char *text, uint64_t *port, struct error *e)
{
	uint64_t n = 0;
	const char *c = text;

	for (; *c >= '0' && *c <= '9' && n <= 65535; c++)
		n = n * 10 + (uint64_t)(*c - '0');
	if (*c || n < 1 || n > 65535)
		return error_set(e, "it listens on port '%.20s'?", text);
	*port = n;
	return 0;
}

static int await_ready(struct bundled *b, struct target *t,
		       const struct cancel *cancel, struct error *e)
{
	char *port;
	int failed =
	    spawn_await_line(b->child, READY, READY_WAIT, cancel, &port, e);

	if (failed)
		return failed;
	failed = read_port(port, &t->port, e);
	free(port);
	return failed;
}

static int start(struct bundled *b, struct target *t, size_t accounts,
		 const char *const *more, const struct cancel *cancel,
		 struct error *e)
{
	char *program = find_program(e);
	int failed = -1;

	if (!program)
		return -1;
	if (!target_init(t, e) &&
	    !bundled_home_make(&b->home, t, accounts, e) &&
	    !launch(b, program, more, e))
		failed = await_ready(b, t, cancel, e);
	if (failed)
		error_prefix(e, PROGRAM);
	free(program);
	return failed;
}

struct bundled *bundled_start_with(struct target *t, size_t accounts,
				   const char *const *more,
				   const struct cancel *cancel, struct error *e)
{
	struct bundled *b = calloc(1, sizeof(*b));

	*t = (struct target){0};
	if (!b) {
		error_set(e, "no memory");
		return NULL;
	}
	if (!start(b, t, accounts, more, cancel, e))
		return b;
	bundled_stop(b);
	target_free(t);
	return NULL;
}

struct bundled *bundled_start(struct target *t, size_t accounts,
			      const struct cancel *cancel, struct error *e)
{
	const char *const none[] = {NULL};

	return bundled_start_with(t, accounts, none, cancel, e);
}

struct child *bundled_child(struct bundled *b)
{
	return b->child;
}

void bundled_end(struct bundled *b)
{
	if (b->child)
		spawn_stop(b->child, GRACE);
}

void bundled_stop(struct bundled *b)
{
	if (!b)
		return;
	bundled_end(b);
	spawn_free(b->child);
	bundled_home_remove(&b->home);
	free(b);
}
