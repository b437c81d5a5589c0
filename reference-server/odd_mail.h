/* SPDX-License-Identifier: MIT */
/* For tests: messages that show one defect or another. */
#ifndef POP3_ODD_MAIL_H
#define POP3_ODD_MAIL_H

#include "mrose.h"

/* Lines of four octets, so that one begins at any multiple of 4,096. */
static inline void deliver_stops(struct maildrop_store *store)
{
	struct buf b = { 0 };

	for (int i = 0; i < 20000; i++)
		buf_add_str(&b, ".x\n");
	assert_int_equal(store_memory_deliver(store, "mrose", buf_slice(&b)),
			 0);
	buf_free(&b);
}

static inline void deliver_long_line(struct maildrop_store *store)
{
	struct buf b = { 0 };

	buf_add_str(&b, "\n");
	for (int i = 0; i < 70000; i++)
		buf_add_str(&b, "\xe4");
	assert_int_equal(store_memory_deliver(store, "mrose", buf_slice(&b)),
			 0);
	buf_free(&b);
}

/* Full stops in a line that fills three pieces and has no end. */
static inline void deliver_open_line(struct maildrop_store *store)
{
	struct buf b = { 0 };

	for (int i = 0; i < 3 * 4096; i++)
		buf_add_char(&b, '.');
	assert_int_equal(store_memory_deliver(store, "mrose", buf_slice(&b)),
			 0);
	buf_free(&b);
}

static inline void add_xs(struct buf *b, int count)
{
	while (count--)
		buf_add_char(b, 'x');
}

/* A header of 8,192 octets up to its blank line, and then a line of 5,001. */
static inline void deliver_long_header(struct maildrop_store *store)
{
	struct buf b = { 0 };

	buf_add_str(&b, "a: ");
	add_xs(&b, 4096 - 5);
	buf_add_str(&b, "\nb: c\nd: ");
	add_xs(&b, 4096 - 6 - 5);
	buf_add_str(&b, "\n\n\xe4");
	add_xs(&b, 5000);
	buf_add_str(&b, "\nlast\n");
	assert_int_equal(store_memory_deliver(store, "crowd", buf_slice(&b)),
			 0);
	buf_free(&b);
}

/* A thousand messages and more, the first of them of odd forms. */
static inline void deliver_crowd(struct maildrop_store *store)
{
	static const char *const forms[] = { "a: b\n\n", "a: b\n", "\nopen",
					     ".\n" };

	deliver_long_header(store);
	for (size_t i = 0; i < 1100; i++)
		store_memory_deliver(store, "crowd", slice_str(forms[i % 4]));
}

#endif
