/* SPDX-License-Identifier: MIT */
/* Defects that show in long messages, where a piece of 4,096 octets ends. */
#include "mrose.h"

/* Have message 3 retrieved from a server with that defect. */
static const char *hear(struct drive *d, const char *id, struct buf *message,
			const char *command)
{
	struct session_config defective = config;

	assert_int_equal(
		store_memory_deliver(d->store, "mrose", buf_slice(message)),
		0);
	buf_free(message);
	drive_free(d);
	assert_true(switch_on(&defective.switches, id));
	assert_int_equal(drive_start(d, &defective, d->store, knows), 0);
	drive_say(d, LOGIN);
	drive_heard(d);
	drive_say(d, command);
	return drive_heard(d);
}

static void add_octets(struct buf *b, char octet, size_t count)
{
	while (count--)
		buf_add_char(b, octet);
}

/* Lines ".x", four octets on the wire each. */
static void add_stops(struct buf *b, size_t octets)
{
	for (; octets; octets -= 4)
		buf_add_str(b, ".x\n");
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

static void stuffing_lost_at_64_kib(void **state)
{
	struct buf b = { 0 };
	const char *heard;

	add_stops(&b, 65536 + 400);
	heard = hear(*state, "stuffing-lost-at-64-kib", &b, "RETR 3\r\n");
	assert_int_equal(count(heard, "\r\n.x"), 1);
	assert_int_equal(count(heard, "\r\n..x"), (65536 + 400) / 4 - 1);
}

static void top_stuffing_lost_between_pieces(void **state)
{
	struct buf b = { 0 };
	const char *heard;

	buf_add_str(&b, "\nx\n.\n"); /* 8 octets */
	add_stops(&b, 8192);
	heard = hear(*state, "top-stuffing-lost-between-pieces", &b,
		     "RETR 3\r\nTOP 3 9999\r\n");
	assert_int_equal(count(heard, "\r\n.x"), 2);
	assert_int_equal(count(heard, "\r\n..x"), 2 * 8192 / 4 - 2);
}

static void open_line_not_stuffed(void **state)
{
	struct buf b = { 0 };

	buf_add_str(&b, ".a\n.");
	assert_string_equal(
		hear(*state, "open-line-not-stuffed", &b, "RETR 3\r\n"),
		"+OK 7 octets\r\n..a\r\n.\r\n.\r\n");
}

static void middle_stuffed(void **state)
{
	struct buf b = { 0 };
	const char *heard;

	add_octets(&b, 'x', 4096);
	buf_add_str(&b, ".y.\n");
	heard = hear(*state, "middle-stuffed", &b, "RETR 3\r\n");
	assert_non_null(strstr(heard, "x..y.\r\n.\r\n"));
}

static void terminator_glued_at_boundary(void **state)
{
	struct buf b = { 0 };

	add_octets(&b, 'x', 4096);
	assert_non_null(strstr(hear(*state, "terminator-glued-at-boundary", &b,
				    "RETR 3\r\n"),
			       "x.\r\n"));
}

static void terminator_glued_at_boundary_only(void **state)
{
	struct buf b = { 0 };

	add_octets(&b, 'x', 4095);
	assert_non_null(strstr(hear(*state, "terminator-glued-at-boundary", &b,
				    "RETR 3\r\n"),
			       "x\r\n.\r\n"));
}

static void blank_line_at_boundary(void **state)
{
	struct buf b = { 0 };

	add_octets(&b, 'x', 4094);
	buf_add_str(&b, "\n");
	assert_non_null(strstr(hear(*state, "blank-line-at-boundary", &b,
				    "RETR 3\r\n"),
			       "x\r\n\r\n.\r\n"));
}

static void long_lines_cut(void **state)
{
	struct buf b = { 0 };
	const char *heard;

	add_octets(&b, 'x', 1000);
	buf_add_str(&b, "yyy\nz\n");
	heard = hear(*state, "long-lines-cut", &b, "RETR 3\r\n");
	assert_int_equal(count(heard, "y"), 0);
	assert_non_null(strstr(heard, "x\r\nz\r\n.\r\n"));
}

static void nul_ends_message(void **state)
{
	struct buf b = { 0 };

	buf_add(&b, slice_of("a\nb\0c\nd\n", 8));
	assert_string_equal(hear(*state, "nul-ends-message", &b, "RETR 3\r\n"),
			    "+OK 11 octets\r\na\r\nb\r\n.\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(stuffing_lost_at_64_kib),
		MROSE_TEST(top_stuffing_lost_between_pieces),
		MROSE_TEST(open_line_not_stuffed),
		MROSE_TEST(middle_stuffed),
		MROSE_TEST(terminator_glued_at_boundary),
		MROSE_TEST(terminator_glued_at_boundary_only),
		MROSE_TEST(blank_line_at_boundary),
		MROSE_TEST(long_lines_cut),
		MROSE_TEST(nul_ends_message),
	};

	return cmocka_run_group_tests_name("defects_bodies", tests, NULL, NULL);
}
