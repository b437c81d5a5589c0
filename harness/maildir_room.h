/* SPDX-License-Identifier: MIT */
/* For tests: alice's Maildir, who fills it, and two messages to put there. */
#ifndef HARNESS_MAILDIR_ROOM_H
#define HARNESS_MAILDIR_ROOM_H

#include "provision.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

struct room {
	struct scratch scratch;
	char *pattern;
	struct provisioner *p;
	struct fixture fixture;
	struct error e;
};

static inline void add(struct fixture *f, const char *name, const char *text)
{
	struct buf octets = {0};

	buf_add_str(&octets, text);
	assert_int_equal(fixture_add(f, slice_str(name), &octets, NULL), 0);
}

static inline struct provisioner *open_another(struct room *r)
{
	struct target t = {.maildir = r->pattern};
	struct provisioner *p = provision_open(&t, &r->e);

	assert_non_null(p);
	return p;
}

static inline void make_maildir(struct room *r, const char *user)
{
	static const char *const parts[] = {"new", "cur", "tmp"};

	for (size_t i = 0; i < 3; i++) {
		char name[64];

		snprintf(name, sizeof(name), "mail/%s/%s", user, parts[i]);
		scratch_directory(&r->scratch, name);
	}
}

static inline int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	scratch_open(&r->scratch);
	r->pattern = scratch_path(&r->scratch, "mail/{user}");
	make_maildir(r, "alice");
	add(&r->fixture, "a", "Subject: a\n\none\n");
	add(&r->fixture, "b", "Subject: b\n\ntwo");
	r->p = open_another(r);
	*state = r;
	return 0;
}

static inline int close_room(void **state)
{
	struct room *r = *state;

	r->p->ops->free(r->p);
	fixture_free(&r->fixture);
	free(r->pattern);
	scratch_close(&r->scratch);
	free(r);
	return 0;
}

static inline int clear(struct room *r)
{
	return r->p->ops->clear(r->p, "alice", &r->e);
}

static inline void put(struct room *r)
{
	assert_int_equal(r->p->ops->put(r->p, "alice", &r->fixture, &r->e), 0);
}

#define IN_ROOM(t) cmocka_unit_test_setup_teardown(t, open_room, close_room)

#endif
