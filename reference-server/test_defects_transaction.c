/* SPDX-License-Identifier: MIT */
/* Defects of the TRANSACTION state; most need a number, an order, a crowd. */
#include "defective.h"

#define NO_MESSAGE_3 "-ERR no such message, only 2 messages in maildrop\r\n"
#define DELETED_1 "+OK message 1 deleted\r\n"
#define DELETED_2 "+OK message 2 deleted\r\n"
#define HEAD_OF_1 "+OK\r\nSubject: first\r\n\r\n.\r\n"

static const struct row rows[] = {
	{ "last-argument-counts", "LIST 1 2\r\nNOOP x\r\nTOP 1 0\r\n",
	  "+OK 2 200\r\n-ERR NOOP takes no argument\r\n" HEAD_OF_1, NULL },
	{ "garbage-lists-all", "LIST x\r\nUIDL -\r\nLIST 1\r\n",
	  "+OK 2 messages (320 octets)\r\n1 120\r\n2 200\r\n.\r\n"
	  "+OK\r\n1 memory:00000001\r\n2 memory:00000002\r\n.\r\n"
	  "+OK 1 120\r\n",
	  NULL },
	{ "stat-in-words", "STAT\r\n", "+OK 2 messages in 320 octets\r\n",
	  NULL },
	{ "stat-of-one", "STAT 2\r\nSTAT\r\nSTAT 3\r\n",
	  "+OK 1 200\r\n+OK 2 320\r\n" NO_MESSAGE_3, NULL },
	{ "stat-cached", "DELE 1\r\nSTAT\r\nRSET\r\nSTAT\r\nDELE 2\r\nSTAT\r\n",
	  DELETED_1 "+OK 1 200\r\n"
	  "+OK maildrop has 2 messages (320 octets)\r\n+OK 1 200\r\n"
	  DELETED_2 "+OK 1 120\r\n",
	  NULL },
	{ "list-one-counts-stuffing", "LIST 2\r\nLIST\r\n",
	  "+OK 2 202\r\n"
	  "+OK 2 messages (320 octets)\r\n1 120\r\n2 200\r\n.\r\n",
	  NULL },
	{ "list-one-shifts", "LIST 1\r\nDELE 1\r\nLIST 2\r\nLIST 3\r\n",
	  "+OK 1 120\r\n" DELETED_1 "+OK 2 3\r\n-ERR no such message\r\n",
	  "a\n" },
	{ "uidl-one-shifts", "UIDL 1\r\nDELE 1\r\nUIDL 2\r\nUIDL 3\r\n",
	  "+OK 1 memory:00000001\r\n" DELETED_1
	  "+OK 2 memory:00000003\r\n-ERR no such message\r\n",
	  "a\n" },
	{ "uidl-counts-lines", "DELE 1\r\nUIDL\r\nLIST\r\n",
	  DELETED_1 "+OK\r\n1 memory:00000002\r\n.\r\n"
		    "+OK 1 message (200 octets)\r\n2 200\r\n.\r\n",
	  NULL },
	{ "number-of-16-bits", "LIST 65538\r\nLIST 3\r\n",
	  "+OK 2 200\r\n" NO_MESSAGE_3, NULL },
	{ "number-loses-its-sign", "LIST 2147483649\r\nLIST 3\r\n",
	  "+OK 1 120\r\n" NO_MESSAGE_3, NULL },
	{ "number-from-the-end", "LIST -1\r\nLIST -2\r\nLIST -3\r\n",
	  "+OK 2 200\r\n+OK 1 120\r\n"
	  "-ERR a message-number is decimal, without sign and "
	  "leading zeros\r\n",
	  NULL },
	{ "number-in-hexadecimal", "LIST 0x2\r\nLIST 2\r\nLIST 0x3\r\n",
	  "+OK 2 200\r\n+OK 2 200\r\n" NO_MESSAGE_3, NULL },
	{ "dele-takes-lists", "DELE 2 1\r\nSTAT\r\n",
	  "+OK messages deleted\r\n+OK 0 0\r\n", NULL },
	{ "dele-takes-ranges", "DELE 1-2\r\nSTAT\r\nDELE 3\r\n",
	  "+OK messages deleted\r\n+OK 1 3\r\n+OK message 3 deleted\r\n",
	  "a\n" },
	{ "noop-unmarks", "DELE 1\r\nNOOP\r\nSTAT\r\n",
	  DELETED_1 "+OK\r\n+OK 2 320\r\n", NULL },
	{ "rset-of-the-last", "DELE 1\r\nDELE 2\r\nRSET\r\n",
	  DELETED_1 DELETED_2 "+OK maildrop has 1 message (200 octets)\r\n",
	  NULL },
	{ "rset-of-all", "DELE 1\r\nRSET\r\nDELE 1\r\nDELE 2\r\nRSET\r\n",
	  DELETED_1 "+OK maildrop has 2 messages (320 octets)\r\n" DELETED_1
		  DELETED_2 "-ERR maildrop is empty\r\n",
	  NULL },
	{ "rset-behind-error", "DELE 1\r\nLIST 1\r\nRSET\r\nRSET\r\n",
	  DELETED_1 "-ERR message 1 already deleted\r\n"
		    "+OK maildrop has 1 message (200 octets)\r\n"
		    "+OK maildrop has 2 messages (320 octets)\r\n",
	  NULL },
	{ "top-lines-of-32-bits", "TOP 3 4294967297\r\nTOP 3 4294967295\r\n",
	  "+OK\r\n\r\na\r\n.\r\n+OK\r\n\r\na\r\nb\r\n.\r\n", "\na\nb\n" },
	{ "top-lines-signed", "TOP 3 2147483648\r\nTOP 3 2147483647\r\n",
	  "+OK\r\n\r\n.\r\n+OK\r\n\r\na\r\nb\r\n.\r\n", "\na\nb\n" },
	{ "top-lines-overflow",
	  "TOP 3 18446744073709551615\r\nTOP 3 18446744073709551614\r\n",
	  "+OK\r\n\r\n.\r\n+OK\r\n\r\na\r\nb\r\n.\r\n", "\na\nb\n" },
	{ "top-lines-like-atoi", "TOP 3 1x\r\nTOP 3 x\r\nTOP 1x 0\r\n",
	  "+OK\r\n\r\na\r\n.\r\n+OK\r\n\r\n.\r\n"
	  "-ERR a message-number is decimal, without sign and "
	  "leading zeros\r\n",
	  "\na\nb\n" },
	{ "top-pads-nothing", "TOP 3 1\r\nTOP 3 0\r\nTOP 1 99\r\n",
	  "+OK\r\na: b\r\n\r\n\r\n.\r\n+OK\r\na: b\r\n\r\n.\r\n"
	  "+OK\r\n" FIRST ".\r\n",
	  "a: b\n\n" },
	{ "top-terminator-glued", "TOP 3 1\r\nRETR 3\r\n",
	  "+OK\r\n\r\na.\r\n+OK 5 octets\r\n\r\na\r\n.\r\n", "\na" },
	{ "top-clears-eighth-bit", "TOP 3 1\r\nRETR 3\r\n",
	  "+OK\r\n\r\nd\r\n.\r\n+OK 5 octets\r\n\r\n\xe4\r\n.\r\n",
	  "\n\xe4\n" },
	{ "uidl-is-the-size", "UIDL\r\n", "+OK\r\n1 120\r\n2 200\r\n.\r\n",
	  NULL },
};

static void defects_in_a_small_maildrop(void **state)
{
	(void)state;
	each_row(rows, LEN(rows), after_the_login);
}

static void log_in_with(struct drive *d, const char *id)
{
	start(d, id);
	drive_say(d, LOGIN);
	drive_heard(d);
}

/* A maildrop of count messages of 3 octets behind the two. */
static struct drive *crowd(void **state, const char *id, size_t count)
{
	struct drive *d = *state;

	drive_hang_up(d);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(store_memory_deliver(d->store, "mrose",
						      slice_str("a\n")),
				 0);
	log_in_with(d, id);
	return d;
}

static struct drive *with_message(void **state, const char *id,
				  struct buf *message)
{
	struct drive *d = *state;

	drive_hang_up(d);
	assert_int_equal(
		store_memory_deliver(d->store, "mrose", buf_slice(message)), 0);
	buf_free(message);
	log_in_with(d, id);
	return d;
}

static void fill(struct buf *b, char c, size_t count)
{
	while (count--)
		buf_add_char(b, c);
}

static void has(struct drive *d, const char *command, const char *part)
{
	drive_say(d, command);
	if (!strstr(drive_heard(d), part))
		fail_msg("%s: no %s", command, part);
}

static void has_not(struct drive *d, const char *command, const char *part)
{
	drive_say(d, command);
	if (strstr(drive_heard(d), part))
		fail_msg("%s: %s", command, part);
}

static void sizes_with_commas(void **state)
{
	struct buf message = { 0 };
	struct drive *d;

	fill(&message, 'x', 1232);
	d = with_message(state, "sizes-with-commas", &message);
	say(d, "LIST 3", "+OK 3 1,234\r\n");
	say(d, "STAT", "+OK 3 1554\r\n");
}

static void tired_after_100(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "tired-after-100");
	for (int i = 0; i < 100; i++)
		say(d, "NOOP", "+OK\r\n");
	say(d, "NOOP", "-ERR too many commands\r\n");
}

static void stat_of_nothing(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "stat-of-nothing");
	say(d, "STAT", "+OK 2 320\r\n");
	say(d, "DELE 1", DELETED_1);
	say(d, "DELE 2", DELETED_2);
	say(d, "STAT", "+OK 0\r\n");
}

static void stat_total_wraps(void **state)
{
	struct buf message = { 0 };
	struct drive *d;

	fill(&message, 'x', 65534);
	d = with_message(state, "stat-total-wraps", &message);
	say(d, "LIST 3", "+OK 3 65536\r\n");
	say(d, "STAT", "+OK 3 320\r\n");
}

static void numbers_of_lists(void **state)
{
	struct drive *d = crowd(state, "list-in-hexadecimal", 300);

	has(d, "LIST\r\n", "\r\n9 3\r\na 3\r\n");
	say(d, "LIST 10", "+OK a 3\r\n");
	log_in_with(d, "list-number-of-8-bits");
	has(d, "LIST\r\n", "\r\n255 3\r\n0 3\r\n1 3\r\n");
	has(d, "UIDL\r\n", "\r\n0 memory:00000100\r\n");
	say(d, "LIST 256", "+OK 256 3\r\n");
}

static void listing_loses_lines(void **state)
{
	struct drive *d = crowd(state, "listing-loses-lines", 600);

	has(d, "LIST\r\n", "\r\n600 3\r\n601 3\r\n602 3\r\n");
	say(d, "DELE 3", "+OK message 3 deleted\r\n");
	has(d, "LIST\r\n", "\r\n600 3\r\n602 3\r\n");
}

static void numbers_of_commands(void **state)
{
	struct drive *d = crowd(state, "number-in-octal", 1200);

	say(d, "LIST 010", "+OK 8 3\r\n");
	has(d, "LIST 08\r\n", "-ERR");
	say(d, "LIST 10", "+OK 10 3\r\n");
	log_in_with(d, "number-of-one-digit");
	say(d, "LIST 10", "+OK 1 120\r\n");
	say(d, "LIST 2", "+OK 2 200\r\n");
	log_in_with(d, "number-of-three-digits");
	say(d, "LIST 1000", "+OK 100 3\r\n");
	say(d, "LIST 100", "+OK 100 3\r\n");
}

static void marks_wrap(void **state)
{
	struct drive *d = crowd(state, "marks-wrap", 68);

	say(d, "STAT", "+OK 70 524\r\n");
	say(d, "DELE 65", "+OK message 65 deleted\r\n");
	say(d, "STAT", "+OK 68 401\r\n");
	say(d, "RETR 1", "-ERR message 1 already deleted\r\n");
}

static void rset_of_64(void **state)
{
	struct drive *d = crowd(state, "rset-of-64", 68);

	say(d, "DELE 64", "+OK message 64 deleted\r\n");
	say(d, "DELE 65", "+OK message 65 deleted\r\n");
	say(d, "RSET", "+OK maildrop has 69 messages (521 octets)\r\n");
}

static void uidl_of_8_bits(void **state)
{
	struct drive *d = crowd(state, "uidl-of-8-bits", 300);

	say(d, "UIDL 256", "+OK 256 memory:00000100\r\n");
	say(d, "UIDL 257", "+OK 257 memory:00000001\r\n");
}

static void uidl_too_long(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "uidl-too-long");
	drive_say(d, "UIDL 1\r\n");
	assert_int_equal(strlen(drive_heard(d)), strlen("+OK 1 ") + 71 + 2);
}

static void top_counts_buffers(void **state)
{
	struct buf message = { 0 };
	struct drive *d;

	buf_add_str(&message, "\n");
	fill(&message, 'x', 5000);
	buf_add_str(&message, "\nsecond\nthird\n");
	d = with_message(state, "top-counts-buffers", &message);
	has_not(d, "TOP 3 2\r\n", "second");
	has(d, "TOP 3 3\r\n", "second");
	has(d, "RETR 3\r\n", "third");
}

static void top_overlooks_blank_line(void **state)
{
	struct buf message = { 0 };
	struct drive *d;

	buf_add_str(&message, "a: ");
	fill(&message, 'x', 4096 - 5);
	buf_add_str(&message, "\n\nbody\n");
	d = with_message(state, "top-overlooks-blank-line", &message);
	has(d, "TOP 3 0\r\n", "body");
	has_not(d, "TOP 1 0\r\n", "hundred");
}

static void top_cuts_headers(void **state)
{
	struct buf message = { 0 };
	struct drive *d;

	buf_add_str(&message, "a: ");
	fill(&message, 'x', 4096);
	buf_add_str(&message, "\nb: lost\n\nbody\n");
	d = with_message(state, "top-cuts-headers", &message);
	has_not(d, "TOP 3 1\r\n", "lost");
	has(d, "TOP 3 1\r\n", "\r\n\r\nbody\r\n");
	has(d, "RETR 3\r\n", "b: lost");
}

static void drop_removes_retrieved(void **state)
{
	struct drive *d = *state;

	log_in_with(d, "drop-removes-retrieved");
	has(d, "RETR 1\r\n", "+OK");
	say(d, "DELE 2", DELETED_2);
	drive_end(d);
	assert_true(d->closed);
	assert_int_equal(store_memory_count(d->store, "mrose"), 1);
	assert_true(
		slice_is(store_memory_octets(d->store, "mrose", 0), SECOND));
}

static void uidl_kept_by_quit(void **state)
{
	struct switches switches = { 0 };
	struct drive *d = *state;

	drive_hang_up(d);
	d->store->free(d->store);
	assert_true(switch_on(&switches, "uidl-kept-by-quit"));
	d->store = store_memory_new(&switches);
	assert_int_equal(store_memory_deliver(d->store, "mrose",
					      slice_str(FIRST)),
			 0);
	log_in_with(d, "uidl-kept-by-quit");
	say(d, "UIDL 1", "+OK 1 memory:00000001\r\n");
	drive_end(d);
	log_in_with(d, "uidl-kept-by-quit");
	say(d, "UIDL 1", "+OK 1 memory:00000002\r\n");
	drive_say(d, "QUIT\r\n");
	log_in_with(d, "uidl-kept-by-quit");
	say(d, "UIDL 1", "+OK 1 memory:00000002\r\n");
}

static void uidl_reused(void **state)
{
	struct drive *d = *state;

	start_with_store(d, "uidl-reused");
	log_in_with(d, "uidl-reused");
	say(d, "UIDL 2", "+OK 2 memory:00000002\r\n");
	drive_say(d, "DELE 2\r\nQUIT\r\n");
	store_memory_deliver(d->store, "mrose", slice_str("a\n"));
	log_in_with(d, "uidl-reused");
	say(d, "UIDL 2", "+OK 2 memory:00000002\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defects_in_a_small_maildrop),
		MROSE_TEST(sizes_with_commas),
		MROSE_TEST(tired_after_100),
		MROSE_TEST(stat_of_nothing),
		MROSE_TEST(stat_total_wraps),
		MROSE_TEST(numbers_of_lists),
		MROSE_TEST(listing_loses_lines),
		MROSE_TEST(numbers_of_commands),
		MROSE_TEST(marks_wrap),
		MROSE_TEST(rset_of_64),
		MROSE_TEST(uidl_of_8_bits),
		MROSE_TEST(uidl_too_long),
		MROSE_TEST(top_counts_buffers),
		MROSE_TEST(top_overlooks_blank_line),
		MROSE_TEST(top_cuts_headers),
		MROSE_TEST(drop_removes_retrieved),
		MROSE_TEST(uidl_kept_by_quit),
		MROSE_TEST(uidl_reused),
	};

	return cmocka_run_group_tests_name("defects_transaction", tests, NULL,
					   NULL);
}
