/* SPDX-License-Identifier: MIT */
#include "render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct switches no_switches;

/* A body in memory that is read in pieces of at most so many octets. */
struct text {
	struct slice left;
	size_t at_a_time;
	bool fails; /* at its end */
};

static long read_text(void *of, char *to, size_t room)
{
	struct text *t = of;
	struct slice piece = slice_first(t->left, t->at_a_time);

	piece = slice_first(piece, room);
	if (!piece.len)
		return t->fails ? -1 : 0;
	memcpy(to, piece.ptr, piece.len);
	t->left = slice_from(t->left, piece.len);
	return (long)piece.len;
}

/* All that r sends, taken in pieces. */
static void drain(struct render *r, struct buf *to)
{
	struct slice out;

	while ((out = slice_first(render_output(r), 3)).len) {
		buf_add(to, out);
		render_sent(r, out.len);
	}
}

static void assert_sent(const struct switches *switches,
			const struct reply *reply, const char *expected)
{
	struct render r = render_new(switches);
	struct buf sent = { 0 };

	render_reply(&r, reply);
	drain(&r, &sent);
	assert_string_equal(buf_text(&sent), expected);
	assert_false(render_is_broken(&r));
	buf_free(&sent);
	render_free(&r);
}

static void a_reply_is_one_line(void **state)
{
	struct reply r = { 0 };

	(void)state;
	reply_ok(&r, "%d octets", 120);
	assert_sent(&no_switches, &r, "+OK 120 octets\r\n");
	reply_err(&r, "no such message");
	assert_sent(&no_switches, &r, "-ERR no such message\r\n");
	r = (struct reply){ 0 };
	reply_bare_ok(&r);
	assert_sent(&no_switches, &r, "+OK\r\n");
}

static void a_first_line_has_512_octets_at_most(void **state)
{
	struct render out = render_new(&no_switches);
	struct reply r = { 0 };
	char text[2000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	reply_err(&r, "%s", text);
	render_reply(&out, &r);
	assert_in_range(render_output(&out).len, 500, 512);
	assert_true(slice_ends(render_output(&out), "x\r\n"));
	render_free(&out);
}

/* The body, however it is cut, is sent as expected. */
static void assert_body(const char *body, uint64_t lines, const char *expected)
{
	for (size_t cut = 1; cut <= strlen(body) + 1; cut++) {
		struct text t = { slice_str(body), cut, false };
		struct reply r = { 0 };

		reply_bare_ok(&r);
		reply_body(&r, (struct source){ read_text, &t }, lines);
		assert_sent(&no_switches, &r, expected);
	}
}

static void lines_that_begin_with_a_stop_are_stuffed(void **state)
{
	(void)state;
	assert_body(".\r\n..\r\n.a\r\na.\r\n\r\n.\r\n", WHOLE_BODY,
		    "+OK\r\n..\r\n...\r\n..a\r\na.\r\n\r\n..\r\n.\r\n");
}

static void each_body_ends_in_crlf_and_a_stop(void **state)
{
	(void)state;
	assert_body("", WHOLE_BODY, "+OK\r\n.\r\n");
	assert_body("a\r\n", WHOLE_BODY, "+OK\r\na\r\n.\r\n");
	assert_body("a", WHOLE_BODY, "+OK\r\na\r\n.\r\n");
	assert_body("a\r", WHOLE_BODY, "+OK\r\na\r\r\n.\r\n");
	assert_body(".", WHOLE_BODY, "+OK\r\n..\r\n.\r\n");
	assert_body("\r\n", WHOLE_BODY, "+OK\r\n\r\n.\r\n");
}

static void top_counts_the_lines_behind_the_headers(void **state)
{
	const char *message = "A: b\r\n c\r\n\r\n1\r\n\r\n.3\r\n4";

	(void)state;
	assert_body(message, 0, "+OK\r\nA: b\r\n c\r\n\r\n.\r\n");
	assert_body(message, 1, "+OK\r\nA: b\r\n c\r\n\r\n1\r\n.\r\n");
	assert_body(message, 3,
		    "+OK\r\nA: b\r\n c\r\n\r\n1\r\n\r\n..3\r\n.\r\n");
	assert_body(message, 4,
		    "+OK\r\nA: b\r\n c\r\n\r\n1\r\n\r\n..3\r\n4\r\n.\r\n");
	assert_body(message, UINT64_MAX - 1,
		    "+OK\r\nA: b\r\n c\r\n\r\n1\r\n\r\n..3\r\n4\r\n.\r\n");
}

static void top_of_headers_alone_sends_them(void **state)
{
	(void)state;
	assert_body("A: b\r\nC: d", 0, "+OK\r\nA: b\r\nC: d\r\n.\r\n");
	assert_body("\r\nbody\r\n", 0, "+OK\r\n\r\n.\r\n");
	assert_body("", 0, "+OK\r\n.\r\n");
}

static void a_body_that_cannot_be_read_is_cut(void **state)
{
	struct text t = { slice_str("A: b\r\n"), 100, true };
	struct render out = render_new(&no_switches);
	struct buf sent = { 0 };
	struct reply r = { 0 };

	(void)state;
	reply_bare_ok(&r);
	reply_body(&r, (struct source){ read_text, &t }, WHOLE_BODY);
	render_reply(&out, &r);
	drain(&out, &sent);
	assert_string_equal(buf_text(&sent), "+OK\r\nA: b\r\n");
	assert_true(render_is_broken(&out));
	buf_free(&sent);
	render_free(&out);
}

/* Lines without end, so that only a bound can stop what is pulled. */
static long read_forever(void *of, char *to, size_t room)
{
	(void)of;
	memset(to, '.', room);
	return (long)room;
}

static void assert_bounded(size_t collects)
{
	struct render out = render_new(&no_switches);
	struct reply r = { 0 };

	out.collects = collects;
	reply_bare_ok(&r);
	reply_body(&r, (struct source){ read_forever, NULL }, WHOLE_BODY);
	render_reply(&out, &r);
	for (int i = 0; i < 1000; i++) {
		struct slice waiting = render_output(&out);

		assert_in_range(waiting.len, collects, collects + RENDER_PIECE);
		assert_true(render_is_full(&out));
		render_sent(&out, i % 2 ? waiting.len : 1);
	}
	render_drop(&out);
	assert_false(render_is_waiting(&out));
	assert_int_equal(render_output(&out).len, 0);
	render_free(&out);
}

static void a_body_of_any_size_takes_bounded_memory(void **state)
{
	(void)state;
	assert_bounded(RENDER_PIECE);
	assert_bounded(14 * RENDER_PIECE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_one_line),
		cmocka_unit_test(a_first_line_has_512_octets_at_most),
		cmocka_unit_test(lines_that_begin_with_a_stop_are_stuffed),
		cmocka_unit_test(each_body_ends_in_crlf_and_a_stop),
		cmocka_unit_test(top_counts_the_lines_behind_the_headers),
		cmocka_unit_test(top_of_headers_alone_sends_them),
		cmocka_unit_test(a_body_that_cannot_be_read_is_cut),
		cmocka_unit_test(a_body_of_any_size_takes_bounded_memory),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
