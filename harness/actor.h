/* SPDX-License-Identifier: MIT */
/*
 * For tests: a program that is also the one that it starts. Its main() hands
 * its first argument, the part, to act(), and else runs the tests.
 */
#ifndef HARNESS_ACTOR_H
#define HARNESS_ACTOR_H

#include "spawn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define LONG 60000 /* ms: more than any test takes */

static const char filler[] = "0123456789abcdef0123456789abcdef\n";

static inline void fill(FILE *to, size_t octets)
{
	for (size_t i = 0; i < octets; i += sizeof(filler) - 1)
		fputs(filler, to);
	fflush(to);
}

static inline void say(const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

static inline struct child *start(const char *part)
{
	const char *const argv[] = {"/proc/self/exe", part, NULL};
	struct error e;
	struct child *c = spawn(argv, NULL, &e);

	assert_non_null(c);
	return c;
}

static inline char *line_of(struct child *c, const char *prefix)
{
	struct error e;
	char *rest = NULL;

	if (spawn_await_line(c, prefix, LONG, NULL, &rest, &e))
		fail_msg("%s", e.text);
	return rest;
}

static inline void assert_said(struct child *c, const char *prefix, const char *rest)
{
	char *line = line_of(c, prefix);

	assert_string_equal(line, rest);
	free(line);
}

#endif
