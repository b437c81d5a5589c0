/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define BIT(name) (1u << VIOLATION_##name)

struct gathered {
	struct buf body;
	size_t pieces;
};

static void gather(void *to, struct slice octets)
{
	struct gathered *g = to;

	g->pieces++;
	buf_add(&g->body, octets);
}

static struct body_sink into(struct gathered *g)
{
	return (struct body_sink){ gather, g };
}

/* Feeds text; returns how much of it was taken. */
static size_t feed(struct reply_reader *r, const char *text,
		   enum reply_progress expected)
{
	size_t taken;

	assert_int_equal(reply_feed(r, slice_str(text), &taken), expected);
	return taken;
}

static const struct line_case {
	const char *wire, *line, *text;
	enum reply_status status;
	unsigned violations;
} lines[] = {
	{ "+OK\r\n", "+OK", "", STATUS_OK, 0 },
	{ "+OK \r\n", "+OK ", "", STATUS_OK, 0 },
	{ "+OK  2 320\r\n", "+OK  2 320", " 2 320", STATUS_OK, 0 },
	{ "-ERR no\r\n", "-ERR no", "no", STATUS_ERR, 0 },
	{ "-ERR\r\n", "-ERR", "", STATUS_ERR, 0 },
	{ "+ok 1\r\n", "+ok 1", "1", STATUS_OK, BIT(INDICATOR_CASE) },
	{ "-Err 1\r\n", "-Err 1", "1", STATUS_ERR, BIT(INDICATOR_CASE) },
	{ "+OKfoo\r\n", "+OKfoo", "foo", STATUS_OK, BIT(NO_SPACE) },
	{ "-ERRfoo\r\n", "-ERRfoo", "foo", STATUS_ERR, BIT(NO_SPACE) },
	{ "+OK\t1\r\n", "+OK\t1", "\t1", STATUS_OK, BIT(NO_SPACE) },
	{ "+oK1\r\n", "+oK1", "1", STATUS_OK,
	  BIT(NO_SPACE) | BIT(INDICATOR_CASE) },
	{ "\r\n", "", "", STATUS_OTHER, BIT(NO_INDICATOR) },
	{ "+\r\n", "+", "", STATUS_OTHER, BIT(INDICATOR) },
	{ "+O K\r\n", "+O K", "", STATUS_OTHER, BIT(INDICATOR) },
	{ " +OK\r\n", " +OK", "", STATUS_OTHER, BIT(NO_INDICATOR) },
	{ "OK\r\n", "OK", "", STATUS_OTHER, BIT(NO_INDICATOR) },
	{ "-ERROR\r\n", "-ERROR", "OR", STATUS_ERR, BIT(NO_SPACE) },
	{ "+OK 1\n", "+OK 1", "1", STATUS_OK, BIT(LINE_BARE_LF) },
	{ "+OK a\rb\r\n", "+OK a\rb", "a\rb", STATUS_OK, BIT(LINE_BARE_CR) },
	{ "+OK a\r\r\n", "+OK a\r", "a\r", STATUS_OK, BIT(LINE_BARE_CR) },
	{ "+OK\rb\n", "+OK\rb", "\rb", STATUS_OK,
	  BIT(LINE_BARE_CR) | BIT(LINE_BARE_LF) | BIT(NO_SPACE) },
};

static void first_lines_are_understood(void **state)
{
	struct reply_reader r = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const struct line_case *c = &lines[i];
		size_t n = strlen(c->wire);

		reply_start(&r, REPLY_ONE_LINE, (struct body_sink){ 0 });
		assert_int_equal(feed(&r, c->wire, REPLY_COMPLETE), n);
		assert_int_equal(r.reply.status, c->status);
		assert_int_equal(r.reply.violations, c->violations);
		assert_true(slice_is(buf_slice(&r.reply.line), c->line));
		assert_true(slice_is(reply_text(&r.reply), c->text));
		assert_int_equal(r.reply.line_octets, n);
		assert_int_equal(r.reply.wire_octets, n);
		assert_false(r.reply.has_body);
	}
	reply_free(&r);
}

static void a_line_is_judged_when_it_has_ended(void **state)
{
	struct reply_reader r = { 0 };

	(void)state;
	reply_start(&r, REPLY_ONE_LINE, (struct body_sink){ 0 });
	assert_int_equal(feed(&r, "", REPLY_PARTIAL), 0);
	assert_int_equal(feed(&r, "+OK x\r", REPLY_PARTIAL), 6);
	assert_int_equal(r.reply.status, STATUS_NONE);
	assert_int_equal(reply_text(&r.reply).len, 0);
	assert_int_equal(r.reply.wire_octets, 6);
	assert_false(reply_settle(&r));
	assert_int_equal(feed(&r, "\n", REPLY_COMPLETE), 1);
	assert_int_equal(r.reply.status, STATUS_OK);
	assert_int_equal(r.reply.violations, 0);
	reply_free(&r);
}

static const struct body_case {
	const char *wire, *body;
	unsigned violations;
} bodies[] = {
	{ ".\r\n", "", 0 },
	{ "a\r\n.\r\n", "a\r\n", 0 },
	{ "\r\n.\r\n", "\r\n", 0 },
	{ "..\r\n.\r\n", ".\r\n", 0 },
	{ "...\r\na.b\r\n.\r\n", "..\r\na.b\r\n", 0 },
	{ ".x\r\n.\r\n", "x\r\n", 0 },
	{ ".\rx\r\n.\r\n", "\rx\r\n", 0 },
	{ ".\r\r\n.\r\n", "\r\r\n", 0 },
	{ "a\rb\r\r\n.\r\n", "a\rb\r\r\n", 0 },
	{ "a\r.\r\n.\r\n", "a\r.\r\n", 0 },
	{ "a\nb\r\n.\r\n", "a\nb\r\n", BIT(BODY_BARE_LF) },
	{ "\n.\r\n.\r\n", "\n.\r\n", BIT(BODY_BARE_LF) },
	{ ".\n\r\n.\r\n", "\n\r\n", BIT(BODY_BARE_LF) },
	{ "a\n..\r\n.\r\n", "a\n..\r\n", BIT(BODY_BARE_LF) },
	{ "a\n.\n.\r\n.\r\n", "a\n.\n.\r\n", BIT(BODY_BARE_LF) },
	{ "a\n.\rb\r\n.\r\n", "a\n.\rb\r\n", BIT(BODY_BARE_LF) },
	{ "a\n.b\r\n.\r\n", "a\n.b\r\n", BIT(BODY_BARE_LF) },
}, settling[] = {
	{ ".\n", "", 0 },
	{ ".\r", "", 0 },
	{ "a\r\n.\n", "a\r\n", 0 },
	{ "a\r\n.\r", "a\r\n", 0 },
	{ "a\n.\n", "a\n", BIT(BODY_BARE_LF) },
	{ "a\n.\r", "a\n", BIT(BODY_BARE_LF) },
	{ "a\n.\r\n", "a\n", BIT(BODY_BARE_LF) },
	{ "a\n..\n.\n", "a\n..\n", BIT(BODY_BARE_LF) },
	{ ".\n.\n", "\n", BIT(BODY_BARE_LF) },
}, endless[] = {
	{ "", "", 0 },
	{ ".", "", 0 },
	{ "a", "a", 0 },
	{ "a.\r", "a.\r", 0 },
	{ "a\r\n", "a\r\n", 0 },
	{ "a\r\n.", "a\r\n", 0 },
	{ "a\r\n..\r", "a\r\n.\r", 0 },
	{ "a\n", "a\n", BIT(BODY_BARE_LF) },
	{ "a\n.", "a\n", BIT(BODY_BARE_LF) },
	{ "a\r.\r", "a\r.\r", 0 },
	{ "a.\n", "a.\n", BIT(BODY_BARE_LF) },
};

static void check_body(const struct body_case *c, enum reply_progress progress,
		       bool settles)
{
	struct reply_reader r = { 0 };
	struct gathered g = { 0 };
	unsigned missing = settles && !progress ? BIT(TERMINATOR) : 0;

	reply_start(&r, REPLY_MULTI_LINE, into(&g));
	assert_int_equal(feed(&r, "+OK\r\n", REPLY_PARTIAL), 5);
	assert_int_equal(feed(&r, c->wire, progress), strlen(c->wire));
	assert_int_equal(reply_settle(&r), settles);
	assert_true(slice_is(buf_slice(&g.body), c->body));
	assert_int_equal(r.reply.violations, c->violations | missing);
	assert_int_equal(r.reply.body_octets, strlen(c->body));
	assert_int_equal(r.reply.wire_octets, 5 + strlen(c->wire));
	assert_int_equal(r.reply.line_octets, 5);
	assert_true(r.reply.has_body);
	reply_free(&r);
	buf_free(&g.body);
}

static void bodies_are_unstuffed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		check_body(&bodies[i], REPLY_COMPLETE, true);
}

static void bodies_with_a_poor_end_settle(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(settling) / sizeof(*settling); i++)
		check_body(&settling[i], REPLY_PARTIAL, true);
}

static void bodies_without_an_end_do_not_settle(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(endless) / sizeof(*endless); i++)
		check_body(&endless[i], REPLY_PARTIAL, false);
}

static void what_looked_like_the_end_goes_on(void **state)
{
	struct reply_reader r = { 0 };
	struct gathered g = { 0 };

	(void)state;
	reply_start(&r, REPLY_MULTI_LINE, into(&g));
	feed(&r, "+OK\r\na\n.\r\n", REPLY_PARTIAL);
	assert_true(slice_is(buf_slice(&g.body), "a\n"));
	feed(&r, ".", REPLY_PARTIAL);
	assert_true(slice_is(buf_slice(&g.body), "a\n.\r\n"));
	feed(&r, "\n", REPLY_PARTIAL);
	assert_true(slice_is(buf_slice(&g.body), "a\n.\r\n"));
	feed(&r, ".\r\n.\r\n", REPLY_COMPLETE);
	assert_true(slice_is(buf_slice(&g.body), "a\n.\r\n\n.\r\n"));
	assert_int_equal(r.reply.violations, BIT(BODY_BARE_LF));
	reply_free(&r);
	buf_free(&g.body);
}

static void only_a_positive_multi_line_reply_has_a_body(void **state)
{
	static const char *const first[] = { "+OK\r\n",  "+ok\r\n", "+OKx\r\n",
					     "-ERR\r\n", "+\r\n",   "\n" };
	struct reply_reader r = { 0 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		reply_start(&r, REPLY_MULTI_LINE, (struct body_sink){ 0 });
		feed(&r, first[i], i < 3 ? REPLY_PARTIAL : REPLY_COMPLETE);
		assert_int_equal(r.reply.has_body, i < 3);
		reply_start(&r, REPLY_ONE_LINE, (struct body_sink){ 0 });
		feed(&r, first[i], REPLY_COMPLETE);
		assert_false(r.reply.has_body);
	}
	reply_free(&r);
}

static void octets_behind_the_end_are_left(void **state)
{
	struct slice wire = slice_str("+OK\r\nx\r\n.\r\n.\r\n-ERR\r\n+OK");
	static const enum reply_shape shapes[] = {
		REPLY_MULTI_LINE, REPLY_ONE_LINE, REPLY_MULTI_LINE
	};
	static const size_t sizes[] = { 11, 3, 6 };
	struct reply_reader r = { 0 };
	size_t taken;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		reply_start(&r, shapes[i], (struct body_sink){ 0 });
		assert_int_equal(reply_feed(&r, wire, &taken), REPLY_COMPLETE);
		assert_int_equal(taken, sizes[i]);
		assert_int_equal(r.reply.wire_octets, sizes[i]);
		assert_int_equal(reply_feed(&r, wire, &taken), REPLY_COMPLETE);
		assert_int_equal(taken, 0);
		wire = slice_from(wire, sizes[i]);
	}
	assert_true(slice_is(wire, "+OK"));
	reply_free(&r);
}

static void feed_many(struct reply_reader *r, char c, size_t n)
{
	char octets[1 << 16];

	memset(octets, c, sizeof(octets));
	while (n) {
		size_t taken, now = n < sizeof(octets) ? n : sizeof(octets);

		reply_feed(r, slice_of(octets, now), &taken);
		assert_int_equal(taken, now);
		n -= now;
	}
}

static void first_lines_have_512_octets_at_most(void **state)
{
	struct reply_reader r = { 0 };

	(void)state;
	for (size_t total = 511; total <= 514; total++) {
		reply_start(&r, REPLY_ONE_LINE, (struct body_sink){ 0 });
		feed(&r, "+OK ", REPLY_PARTIAL);
		feed_many(&r, 'x', total - 6);
		feed(&r, "\r\n", REPLY_COMPLETE);
		assert_int_equal(r.reply.line_octets, total);
		assert_int_equal(r.reply.violations,
				 total > 512 ? BIT(LINE_TOO_LONG) : 0);
	}
	reply_free(&r);
}

static void a_first_line_of_any_length_takes_bounded_memory(void **state)
{
	const size_t n = 100 << 20;
	struct reply_reader r = { 0 };

	(void)state;
	reply_start(&r, REPLY_ONE_LINE, (struct body_sink){ 0 });
	feed(&r, "-ERR ", REPLY_PARTIAL);
	feed_many(&r, 'x', n);
	feed_many(&r, '\r', 3);
	feed(&r, "\n", REPLY_COMPLETE);
	assert_int_equal(r.reply.line_octets, n + 9);
	assert_int_equal(r.reply.line.len, REPLY_LINE_KEPT);
	assert_true(r.reply.line.room <= 2 * REPLY_LINE_KEPT);
	assert_int_equal(r.reply.status, STATUS_ERR);
	assert_int_equal(r.reply.violations,
			 BIT(LINE_TOO_LONG) | BIT(LINE_BARE_CR));
	reply_free(&r);
}

static void a_body_comes_in_few_pieces(void **state)
{
	struct reply_reader r = { 0 };
	struct gathered g = { 0 };

	(void)state;
	reply_start(&r, REPLY_MULTI_LINE, into(&g));
	feed(&r, "+OK\r\na\r\n\r\nb\nc\rd\r\n", REPLY_PARTIAL);
	assert_int_equal(g.pieces, 1);
	feed(&r, "a\r\n..\r\nb\r\n.\r\n", REPLY_COMPLETE);
	assert_int_equal(g.pieces, 3);
	reply_free(&r);
	buf_free(&g.body);
}

static void a_reader_is_used_again(void **state)
{
	struct reply_reader r = { 0 };
	const char *kept;

	(void)state;
	reply_start(&r, REPLY_MULTI_LINE, (struct body_sink){ 0 });
	feed(&r, "+ok one\na\n.\r", REPLY_PARTIAL);
	kept = r.reply.line.ptr;
	reply_start(&r, REPLY_ONE_LINE, (struct body_sink){ 0 });
	feed(&r, "-ERR\r\n", REPLY_COMPLETE);
	assert_ptr_equal(r.reply.line.ptr, kept);
	assert_true(slice_is(buf_slice(&r.reply.line), "-ERR"));
	assert_int_equal(r.reply.violations, 0);
	assert_int_equal(r.reply.wire_octets, 6);
	assert_int_equal(r.reply.body_octets, 0);
	assert_false(r.reply.has_body);
	reply_free(&r);
	assert_null(r.reply.line.ptr);
	reply_free(&r);
}

/* Our own lack of memory must never read as a breach of the server's. */
static void without_memory_nothing_is_judged(void **state)
{
	struct reply_reader r = { 0 };

	(void)state;
	reply_start(&r, REPLY_MULTI_LINE, (struct body_sink){ 0 });
	r.reply.line.failed = true;
	assert_int_equal(feed(&r, "+OK\r\nx", REPLY_COMPLETE), 5);
	assert_int_equal(r.reply.status, STATUS_NONE);
	assert_int_equal(r.reply.violations, 0);
	reply_start(&r, REPLY_ONE_LINE, (struct body_sink){ 0 });
	feed(&r, "+OK\r\n", REPLY_COMPLETE);
	assert_int_equal(r.reply.status, STATUS_OK);
	reply_free(&r);
}

static void every_violation_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned v = 0; v < VIOLATIONS; v++) {
		assert_true(strlen(violation_name(v)) > 0);
		for (unsigned w = 0; w < v; w++)
			assert_string_not_equal(violation_name(v),
						violation_name(w));
	}
	assert_string_equal(violation_name(VIOLATIONS), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_lines_are_understood),
		cmocka_unit_test(a_line_is_judged_when_it_has_ended),
		cmocka_unit_test(bodies_are_unstuffed),
		cmocka_unit_test(bodies_with_a_poor_end_settle),
		cmocka_unit_test(bodies_without_an_end_do_not_settle),
		cmocka_unit_test(what_looked_like_the_end_goes_on),
		cmocka_unit_test(only_a_positive_multi_line_reply_has_a_body),
		cmocka_unit_test(octets_behind_the_end_are_left),
		cmocka_unit_test(first_lines_have_512_octets_at_most),
		cmocka_unit_test(
			a_first_line_of_any_length_takes_bounded_memory),
		cmocka_unit_test(a_body_comes_in_few_pieces),
		cmocka_unit_test(a_reader_is_used_again),
		cmocka_unit_test(without_memory_nothing_is_judged),
		cmocka_unit_test(every_violation_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
