/* SPDX-License-Identifier: MIT */
/* For tests: a server with one defect on, and tables of what it then says. */
#ifndef POP3_DEFECTIVE_H
#define POP3_DEFECTIVE_H

#include "mrose.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *id;
	const char *commands; /* after the login */
	const char *heard;
	const char *third; /* a third message, or NULL */
};

static inline void start(struct drive *d, const char *id)
{
	struct maildrop_store *store = d->store;
	struct session_config defective = config;

	drive_free(d);
	assert_true(switch_on(&defective.switches, id));
	assert_int_equal(drive_start(d, &defective, store, knows), 0);
}

/* With the defect in a new store, too; the greeting is behind us. */
static inline void start_with_store(struct drive *d, const char *id)
{
	struct switches switches = { 0 };

	drive_hang_up(d);
	d->store->free(d->store);
	assert_true(switch_on(&switches, id));
	d->store = new_store_with(&switches);
	start(d, id);
	drive_heard(d);
}

static inline void without_login(void **state, const struct row *row)
{
	struct drive *d = *state;

	start(d, row->id);
	drive_say(d, row->commands);
	assert_string_equal(drive_heard(d), row->heard);
}

static inline void after_the_login(void **state, const struct row *row)
{
	struct drive *d = *state;

	if (row->third)
		store_memory_deliver(d->store, "mrose", slice_str(row->third));
	start(d, row->id);
	drive_say(d, "USER mrose\r\n");
	drive_say(d, "PASS tanstaaf\r\n");
	drive_heard(d);
	drive_say(d, row->commands);
	assert_string_equal(drive_heard(d), row->heard);
}

static inline void each_row(const struct row *from, size_t count,
			    void (*play)(void **state, const struct row *row))
{
	for (size_t i = 0; i < count; i++) {
		void *state;

		print_message("%s\n", from[i].id);
		set_up(&state);
		play(&state, &from[i]);
		tear_down(&state);
	}
}

#endif
