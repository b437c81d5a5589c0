/* SPDX-License-Identifier: MIT */
/* For tests: the server of the user mrose, odd in one way. */
#ifndef POP3_ODD_SERVER_H
#define POP3_ODD_SERVER_H

#include "mrose.h"

/* A server with one switch on, and a session that has said nothing yet. */
static inline void start(void **state, const char *id)
{
	struct session_config odd = config;
	struct drive *d = *state;
	struct maildrop_store *store = store_memory_new(&config.switches);

	assert_true(switch_on(&odd.switches, id));
	drive_hang_up(d);
	d->store->free(d->store);
	drive_free(d);
	store_memory_deliver(store, "mrose", slice_str(FIRST));
	store_memory_deliver(store, "mrose", slice_str(SECOND));
	assert_int_equal(drive_start(d, &odd, store, knows), 0);
}

static inline struct drive *log_in(void **state, const char *id)
{
	struct drive *d = *state;

	start(state, id);
	drive_say(d, LOGIN);
	drive_heard(d);
	return d;
}

#endif
