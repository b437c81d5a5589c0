/* SPDX-License-Identifier: MIT */
/*
 * The user of RFC 1939's examples and his maildrop, for tests. A test gets a
 * struct drive that has logged in, unless it reconnects.
 */
#ifndef POP3_MROSE_H
#define POP3_MROSE_H

#include "drive.h"
#include "store_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define TEN_MINUTES (10u * 60 * 1000)
#define TIMESTAMP "<1896.697170952@dbc.mtview.ca.us>"
#define READY "+OK POP3 server ready " TIMESTAMP "\r\n"
#define LOGIN "USER mrose\r\nPASS tanstaaf\r\n"
#define LOGGED_IN                                                              \
	"+OK send your password\r\n"                                           \
	"+OK mrose's maildrop has 2 messages (320 octets)\r\n"

/* 120 and 200 octets, as in the session of section 10. */
#define FIRST                                                                  \
	"Subject: first\r\n\r\n"                                               \
	"A message of one hundred and twenty octets, in lines that are\r\n"    \
	"ended by CRLF, and two words to fill.\r\n"
#define SECOND                                                                 \
	"Subject: second\r\n\r\n"                                              \
	".\r\n"                                                                \
	".hidden\r\n"                                                          \
	"This one is of two hundred octets; its third and fourth lines\r\n"    \
	"begin with a full stop, which a server must double, and which\r\n"    \
	"must not be counted, not even once: is it\r\n"

static const struct session_config config = {
	.host = "dewey",
	.timestamp = TIMESTAMP,
	.autologout = TEN_MINUTES,
};

static inline bool knows(const struct credentials *c)
{
	char digest[40];

	if (!slice_is(c->user, "mrose") && !slice_is(c->user, "gone") &&
	    !slice_is(c->user, "crowd"))
		return false;
	if (c->password.ptr)
		return slice_is(c->password, "tanstaaf") ||
		       (c->password_as_far &&
			slice_is(c->password, "tanstaa")) ||
		       (c->password_of_any && slice_is(c->password, "of-bob"));
	if (!c->digest.ptr)
		return true;
	snprintf(digest, sizeof(digest), "%.*s", (int)c->digest.len,
		 c->digest.ptr);
	return slice_is(c->timestamp, config.timestamp) &&
	       (c->digest_as_far || c->digest.len == 32) &&
	       slice_starts(slice_str("c4c9334bac560ecc979e58001b3e22fb"),
			    digest);
}

static inline struct maildrop_store *
new_store_with(const struct switches *switches)
{
	struct maildrop_store *store = store_memory_new(switches);

	assert_non_null(store);
	assert_int_equal(store_memory_deliver(store, "mrose", slice_str(FIRST)),
			 0);
	assert_int_equal(
		store_memory_deliver(store, "mrose", slice_str(SECOND)), 0);
	return store;
}

static inline struct maildrop_store *new_store(void)
{
	return new_store_with(&config.switches);
}

static inline void connect_to(struct drive *d, struct maildrop_store *store)
{
	assert_int_equal(drive_start(d, &config, store, knows), 0);
	assert_string_equal(drive_heard(d), READY);
}

static inline void log_in_to(struct drive *d, struct maildrop_store *store)
{
	connect_to(d, store);
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
}

static inline int set_up(void **state)
{
	struct drive *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	log_in_to(d, new_store());
	*state = d;
	return 0;
}

static inline int tear_down(void **state)
{
	struct drive *d = *state;

	drive_hang_up(d);
	d->store->free(d->store);
	drive_free(d);
	free(d);
	return 0;
}

/* Start the session of a test anew, without login. */
static inline struct drive *reconnect(void **state)
{
	struct drive *d = *state;
	struct maildrop_store *store = d->store;

	drive_free(d);
	connect_to(d, store);
	return d;
}

/* The same on a server that is set up otherwise; it has greeted. */
static inline struct drive *restart_with(void **state,
					 const struct session_config *own)
{
	struct drive *d = *state;
	struct maildrop_store *store = d->store;

	drive_free(d);
	assert_int_equal(drive_start(d, own, store, knows), 0);
	drive_heard(d);
	return d;
}

static inline void say(struct drive *d, const char *command, const char *reply)
{
	char line[300];

	assert_true(strlen(command) < sizeof(line) - 2);
	snprintf(line, sizeof(line), "%s\r\n", command);
	drive_say(d, line);
	assert_string_equal(drive_heard(d), reply);
}

static inline void refused(struct drive *d, const char *command)
{
	const char *heard;

	drive_say(d, command);
	heard = drive_heard(d);
	assert_true(slice_starts(slice_str(heard), "-ERR "));
	assert_true(strchr(heard, '\n') == heard + strlen(heard) - 1);
}

#define MROSE_TEST(name)                                                       \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
