/* SPDX-License-Identifier: MIT */
/*
 * A mail root below /tmp for a test, with the Maildir of one user, "al". All
 * of these fail the test when they cannot do what they say.
 */
#ifndef POP3_MAILDIR_PLACE_H
#define POP3_MAILDIR_PLACE_H

#include "store_maildir.h"

struct place {
	char root[32];
	int fd; /* of root: paths are relative to it */
	struct maildrop_store *store;
};

/* For cmocka: *state is a struct place. */
int place_set_up(void **state);
int place_tear_down(void **state);

#define PLACE_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

/* Another store, with that switch on; SWITCHES: with none. */
void place_switch(struct place *p, enum switch_name name);

/* A new file, "al/new/1.x" for one. */
void place_put(struct place *p, const char *path, struct slice octets);
void place_rename(struct place *p, const char *from, const char *to);
bool place_has(struct place *p, const char *path);

/* Opens the maildrop of al. */
struct maildrop *place_open(struct place *p);

/* As rewind, and find where a message was moved. Returns 0, or -1 and e. */
int maildrop_start(struct maildrop *m, size_t i, struct error *e);

/* Fills b with message i, read in pieces of at most room octets. */
void maildrop_read_all(struct maildrop *m, size_t i, size_t room,
		       struct buf *b);

#endif
