/* SPDX-License-Identifier: MIT */
/*
 * Properties that hold for any input: how it is cut changes nothing, how much
 * it is takes no more memory, and no octets do harm.
 */
#include "mrose.h"

#define A_FEW_KIB (12 * 1024) /* session_output() promises no more */

/* Every verb, right and wrong, in every state it may be in. */
static const char script[] =
	"CAPA\r\nSTAT\r\nPASS tanstaaf\r\nUSER\r\nUSER mrose\r\nPASS wrong\r\n"
	"APOP mrose c4c9334bac560ecc979e58001b3e22fc\r\nUSER mrose\r\nNOOP\r\n"
	"APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n"
	"STAT\r\nLIST\r\nLIST 2\r\nLIST 0\r\nUIDL\r\nUIDL 1\r\nUIDL  1\r\n"
	"RETR 1\r\nRETR 2\r\nRETR 3\r\nTOP 1 0\r\nTOP 2 2\r\nTOP 2 99\r\n"
	"TOP 1\r\nNOOP\r\nNOOP\nNOOP\r\nN\rOOP\r\n\r\n\r\r\nxyz\x80\r\n"
	"01234567890123456789012345678901234567890123456789012345678901234567"
	"01234567890123456789012345678901234567890123456789012345678901234567"
	"01234567890123456789012345678901234567890123456789012345678901234567"
	"01234567890123456789012345678901234567890123456789012345678901234567"
	"\r\nUSER mrose\r\nCAPA\r\nDELE 1\r\nDELE 1\r\nRETR 1\r\nRSET\r\n"
	"RETR 1\r\nDELE 2\r\nLIST\r\nUIDL\r\nSTAT\r\nquit\r\nSTAT\r\n";

/* xorshift: the same numbers on every host. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* How the script is cut: first so many octets, then pieces of this size. */
struct cut {
	size_t first;
	size_t then;
	uint32_t seed; /* 0: not at random */
};

static size_t next_piece(struct cut *c)
{
	size_t n = c->first;

	c->first = 0;
	if (n)
		return n;
	return c->seed ? 1 + next_random(&c->seed) % 40 : c->then;
}

/* Plays the script on a maildrop of its own. */
static void play(struct cut cut, size_t window, struct buf *heard)
{
	struct maildrop_store *store = new_store();
	struct slice left = slice_of(script, sizeof(script) - 1);
	struct drive d;

	connect_to(&d, store);
	d.window = window;
	while (left.len) {
		size_t n = next_piece(&cut);

		drive_send(&d, slice_first(left, n));
		left = slice_from(left, n);
	}
	assert_true(d.closed);
	buf_add_str(heard, drive_heard(&d));
	drive_free(&d);
	assert_int_equal(store_memory_count(store, "mrose"), 1);
	store->free(store);
}

static void assert_same(struct cut cut, size_t window, struct buf *expected)
{
	struct buf heard = { 0 };

	play(cut, window, &heard);
	assert_string_equal(buf_text(&heard), buf_text(expected));
	buf_free(&heard);
}

static void any_split_gives_the_same_output(void **state)
{
	struct buf expected = { 0 };

	(void)state;
	play((struct cut){ .then = SIZE_MAX }, SIZE_MAX, &expected);
	assert_int_equal(slice_search(buf_slice(&expected), slice_str("+OK")),
			 0);
	for (size_t i = 1; i < sizeof(script) - 1; i++)
		assert_same((struct cut){ i, SIZE_MAX, 0 }, SIZE_MAX,
			    &expected);
	for (size_t i = 1; i < 9; i++)
		assert_same((struct cut){ 0, i, 0 }, i, &expected);
	for (uint32_t seed = 1; seed < 200; seed++)
		assert_same((struct cut){ 0, 0, seed }, seed, &expected);
	buf_free(&expected);
}

static void three_hundred_pipelined_commands(void **state)
{
	struct drive *d = *state;
	struct buf commands = { 0 };
	struct buf message = { 0 };
	const char *heard;
	size_t replies = 0;

	for (int i = 0; i < 2000; i++)
		buf_add_str(&message, "A line of a big message.\n");
	assert_int_equal(
		store_memory_deliver(d->store, "mrose", buf_slice(&message)),
		0);
	say(d, "QUIT",
	    "+OK dewey POP3 server signing off (2 messages left)\r\n");
	reconnect(state);
	drive_say(d, LOGIN);
	drive_heard(d);
	for (int i = 0; i < 300; i++)
		buf_add_str(&commands, i % 2 ? "NOOP\r\n" : "RETR 3\r\n");
	drive_send(d, buf_slice(&commands));
	assert_in_range(d->largest, 1, A_FEW_KIB);
	heard = drive_heard(d);
	while ((heard = strstr(heard, "+OK"))) {
		heard += 3;
		replies++;
	}
	assert_int_equal(replies, 300);
	buf_free(&commands);
	buf_free(&message);
}

static void nothing_is_taken_while_a_body_waits(void **state)
{
	struct drive *d = *state;
	struct slice commands = slice_str("NOOP\r\nRETR 1\r\nNOOP\r\n");

	assert_int_equal(session_feed(d->session, commands), 14);
	assert_int_equal(session_feed(d->session, slice_str("NOOP\r\n")), 0);
}

static void a_hundred_thousand_messages(void **state)
{
	struct drive *d = reconnect(state);
	const char *heard;

	for (int i = 0; i < 100000; i++)
		assert_int_equal(store_memory_deliver(d->store, "gone",
						      slice_str("x\n")),
				 0);
	drive_say(d, "USER gone\r\nPASS tanstaaf\r\n");
	drive_heard(d);
	drive_say(d, "LIST\r\n");
	heard = drive_heard(d);
	assert_true(slice_starts(slice_str(heard),
				 "+OK 100000 messages (300000 octets)\r\n1 3"));
	assert_true(slice_ends(slice_str(heard), "100000 3\r\n.\r\n"));
	drive_say(d, "UIDL\r\n");
	assert_true(slice_ends(slice_str(drive_heard(d)), "\r\n.\r\n"));
	assert_in_range(d->largest, 1, A_FEW_KIB);
}

static const char *const words[] = {
	"USER mrose\r\n",
	"PASS tanstaaf\r\n",
	"STAT\r\n",
	"LIST",
	"RETR 1\r\n",
	"DELE 2\r\n",
	"TOP 1 ",
	"UIDL ",
	"RSET\r\n",
	"CAPA\r\n",
	"NOOP",
	"\r\n",
	"\r",
	"\n",
	" ",
	"0",
	"1",
	"2",
	"4294967297",
	"APOP mrose ",
	"c4c9334bac560ecc979e58001b3e22fb\r\n",
	"\t",
	"%s%n",
	"PASS ",
	"QUIT",
};

static void add_garbage(struct buf *b, uint32_t *seed)
{
	const size_t count = sizeof(words) / sizeof(words[0]);

	for (uint32_t n = next_random(seed) % 40; n > 0; n--) {
		if (next_random(seed) % 8)
			buf_add_str(b, words[next_random(seed) % count]);
		else
			buf_add_char(b, (char)next_random(seed));
	}
	if (next_random(seed) % 16 == 0)
		for (int i = 0; i < 3000; i++)
			buf_add_char(b, (char)next_random(seed));
}

/* Each line is a first line of 512 octets at most, or belongs to a body. */
static void assert_short_lines(struct slice heard)
{
	while (heard.len) {
		size_t end = slice_find(heard, '\n');

		assert_in_range(end, 1, 511);
		assert_int_equal(heard.ptr[end - 1], '\r');
		heard = slice_from(heard, end + 1);
	}
}

static void no_octets_do_harm(void **state)
{
	struct drive *d = *state;
	struct buf garbage = { 0 };
	uint32_t seed = 1939;

	for (int i = 0; i < 2000; i++) {
		reconnect(state);
		buf_clear(&garbage);
		add_garbage(&garbage, &seed);
		d->window = 1 + next_random(&seed) % 5000;
		drive_send(d, buf_slice(&garbage));
		drive_say(d, "\r\nQUIT\r\n");
		assert_true(d->closed);
		assert_true(slice_ends(buf_slice(&d->said), "\r\n"));
		assert_short_lines(buf_slice(&d->said));
	}
	buf_free(&garbage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_split_gives_the_same_output),
		MROSE_TEST(three_hundred_pipelined_commands),
		MROSE_TEST(nothing_is_taken_while_a_body_waits),
		MROSE_TEST(a_hundred_thousand_messages),
		MROSE_TEST(no_octets_do_harm),
	};

	return cmocka_run_group_tests_name("splits", tests, NULL, NULL);
}
