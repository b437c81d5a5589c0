/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <cmocka.h>

#define MAX_WIRE 12000

/*
 * A reply as the reader under test, or the reference below, understands it: any
 * split of the octets must be understood as the reference does the whole.
 */
struct heard {
	struct reply_reader reader;
	struct buf body;
	enum reply_progress progress;
	bool settles; /* of the reference */
};

static void keep_piece(void *to, struct slice octets)
{
	struct heard *h = to;

	assert_true(octets.len > 0);
	buf_add(&h->body, octets);
}

static void start(struct heard *h, enum reply_shape shape)
{
	*h = (struct heard){ 0 };
	reply_start(&h->reader, shape, (struct body_sink){ keep_piece, h });
}

static void end(struct heard *h)
{
	reply_free(&h->reader);
	buf_free(&h->body);
}

/* A copy of exact size, so that a sanitizer sees one octet read too many. */
static void feed(struct heard *h, struct slice piece)
{
	char *copy = malloc(piece.len ? piece.len : 1);
	bool was_complete = h->progress == REPLY_COMPLETE;
	size_t taken = SIZE_MAX;

	assert_non_null(copy);
	if (piece.len)
		memcpy(copy, piece.ptr, piece.len);
	h->progress = reply_feed(&h->reader, slice_of(copy, piece.len), &taken);
	free(copy);
	assert_true(taken <= piece.len);
	if (was_complete)
		assert_int_equal(taken, 0);
	if (h->progress == REPLY_PARTIAL)
		assert_int_equal(taken, piece.len);
}

/* Read wire in pieces that end at cuts, which ascend. */
static void hear(struct heard *h, enum reply_shape shape, struct slice wire,
		 const size_t *cuts, size_t n)
{
	size_t from = 0;

	start(h, shape);
	for (size_t i = 0; i < n; i++) {
		feed(h, slice_of(wire.ptr + from, cuts[i] - from));
		from = cuts[i];
	}
	feed(h, slice_from(wire, from));
}

static void assert_same(const struct heard *a, const struct heard *b)
{
	const struct reply *p = &a->reader.reply, *q = &b->reader.reply;

	assert_int_equal(a->progress, b->progress);
	assert_int_equal(p->status, q->status);
	assert_true(slice_equal(buf_slice(&p->line), buf_slice(&q->line)));
	assert_int_equal(p->line_octets, q->line_octets);
	assert_int_equal(p->has_body, q->has_body);
	assert_int_equal(p->body_octets, q->body_octets);
	assert_int_equal(p->wire_octets, q->wire_octets);
	assert_int_equal(p->violations, q->violations);
	assert_true(slice_equal(buf_slice(&a->body), buf_slice(&b->body)));
}

/*
 * The reference: the same rules over the whole string, line by line, without a
 * state.
 */
static void violate(struct heard *h, bool really, enum violation v)
{
	h->reader.reply.violations |= really ? 1u << v : 0;
}

static void judge_status(struct heard *h, struct slice line)
{
	static const char *const indicators[] = { "+OK", "-ERR" };
	struct reply *p = &h->reader.reply;

	p->status = STATUS_OTHER;
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(indicators[i]);

		if (line.len < n || strncasecmp(line.ptr, indicators[i], n))
			continue;
		p->status = i ? STATUS_ERR : STATUS_OK;
		violate(h, memcmp(line.ptr, indicators[i], n) != 0,
			VIOLATION_INDICATOR_CASE);
		violate(h, line.len > n && line.ptr[n] != ' ',
			VIOLATION_NO_SPACE);
	}
	violate(h, p->status == STATUS_OTHER,
		line.len && strchr("+-", line.ptr[0]) ? VIOLATION_INDICATOR
						      : VIOLATION_NO_INDICATOR);
}

static void judge_line(struct heard *h, struct slice line, bool ended)
{
	struct reply *p = &h->reader.reply;
	bool cr = slice_ends(line, "\r");
	struct slice text = slice_first(line, line.len - cr);

	p->line_octets = line.len + ended;
	violate(h, p->line_octets > 512, VIOLATION_LINE_TOO_LONG);
	violate(h, ended && !cr, VIOLATION_LINE_BARE_LF);
	violate(h, text.len && memchr(text.ptr, '\r', text.len),
		VIOLATION_LINE_BARE_CR);
	buf_add(&p->line, slice_first(text, 4096));
	if (ended)
		judge_status(h, text);
}

static size_t line_end(struct slice s)
{
	return slice_search(s, slice_str("\r\n"));
}

static void unstuff(struct heard *h, struct slice body)
{
	while (body.len) {
		size_t n = line_end(body);
		struct slice line = slice_first(body, n + 2);

		buf_add(&h->body, slice_from(line, slice_starts(line, ".")));
		body = slice_from(body, n + 2);
	}
	h->reader.reply.body_octets = h->body.len;
	for (size_t i = 0; i < h->body.len; i++)
		violate(h, h->body.ptr[i] == '\n' &&
			(!i || h->body.ptr[i - 1] != '\r'),
			VIOLATION_BODY_BARE_LF);
}

/* How many octets at the end may be the termination line, or become it. */
static size_t held_at_the_end(struct slice body)
{
	static const char *const forms[] = { ".", ".\r", ".\n", ".\r\n" };

	for (size_t i = 0; i < 4; i++) {
		size_t n = strlen(forms[i]);

		if (slice_ends(body, forms[i]) &&
		    (body.len == n || body.ptr[body.len - n - 1] == '\n'))
			return n;
	}
	return 0;
}

static void judge_body(struct heard *h, struct slice body)
{
	struct reply *p = &h->reader.reply;
	size_t held, at = 0;

	p->has_body = true;
	while (at + line_end(slice_from(body, at)) < body.len) {
		size_t n = line_end(slice_from(body, at));

		if (slice_is(slice_first(slice_from(body, at), n), ".")) {
			h->progress = REPLY_COMPLETE;
			h->settles = true;
			p->wire_octets = p->line_octets + at + 3;
			unstuff(h, slice_first(body, at));
			return;
		}
		at += n + 2;
	}
	held = held_at_the_end(body);
	unstuff(h, slice_first(body, body.len - held));
	h->settles = held > 1;
}

static void reference(struct heard *h, enum reply_shape shape,
		      struct slice wire)
{
	struct reply *p = &h->reader.reply;
	size_t n = slice_find(wire, '\n');

	*h = (struct heard){ 0 };
	judge_line(h, slice_first(wire, n), n < wire.len);
	p->wire_octets = wire.len;
	if (shape == REPLY_MULTI_LINE && p->status == STATUS_OK) {
		judge_body(h, slice_from(wire, n + 1));
	} else if (n < wire.len) {
		h->progress = REPLY_COMPLETE;
		h->settles = true;
		p->wire_octets = n + 1;
	}
}

/* Before reply_settle(), and behind it, when nothing more is taken. */
static void check(enum reply_shape shape, struct slice wire,
		  const struct heard *expected, const size_t *cuts, size_t n)
{
	struct heard h, settled = *expected;

	hear(&h, shape, wire, cuts, n);
	assert_same(&h, expected);
	if (expected->settles && expected->progress == REPLY_PARTIAL) {
		settled.progress = REPLY_COMPLETE;
		settled.reader.reply.violations |= 1u << VIOLATION_TERMINATOR;
	}
	assert_int_equal(reply_settle(&h.reader), expected->settles);
	feed(&h, slice_str(expected->settles ? ".\r\n" : ""));
	assert_same(&h, &settled);
	end(&h);
}

static void check_cuts(enum reply_shape shape, struct slice wire, bool pairs)
{
	struct heard expected;
	size_t cuts[MAX_WIRE];

	assert_true(wire.len < MAX_WIRE);
	reference(&expected, shape, wire);
	check(shape, wire, &expected, NULL, 0);
	for (size_t i = 0; i < wire.len; i++)
		cuts[i] = i;
	check(shape, wire, &expected, cuts, wire.len);
	for (size_t i = 0; i <= wire.len; i++) {
		check(shape, wire, &expected, &i, 1);
		for (size_t j = i; pairs && j <= wire.len; j++)
			check(shape, wire, &expected, (size_t[]){ i, j }, 2);
	}
	end(&expected);
}

static uint32_t random_below(uint32_t *seed, uint32_t n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % n;
}

static void check_random_pieces(enum reply_shape shape, struct slice wire,
				uint32_t *seed)
{
	struct heard expected;
	size_t cuts[MAX_WIRE], n = 0;
	uint32_t longest = 1 + random_below(seed, 200);

	assert_true(wire.len < MAX_WIRE);
	reference(&expected, shape, wire);
	for (size_t at = 0; at <= wire.len;
	     at += 1 + random_below(seed, longest))
		cuts[n++] = at;
	check(shape, wire, &expected, cuts, n);
	end(&expected);
}

static const char *const corpus[] = {
	"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>\r\n",
	"-ERR no such message\r\n+OK 2 320\r\n",
	"+OK 2 messages\r\n1 120\r\n2 200\r\n.\r\n+OK bye\r\n",
	"+OK\r\n.\r\n.\r\n",
	"+OK\r\n..\r\n...\r\n..x\r\n.x\r\n\r\n.\r\n",
	"+OK\r\nFrom: a\r\n\r\n.\n.\r.\r\n..\r\n.\r\n",
	"+OK\nline\n.line\n..\n.\n",
	"+OK\r\nline\n.\r\nline\r\n.\r\n+OK",
	"+OK\r\nline\r\n.\r",
	"+OK\r\n\r\r\n\n\r.\r\r\n.\r\r\n.\r\n",
	"+ok\rfoo\r\r\n.\n.\n.\r.\r\n",
	"+OKfoo\r\nno final line end.\r\n.\r\n",
	"-err bar\r\n.\r\n",
	"+ \r\n",
	"* OK IMAP\r\n.\r\n",
	"\r\n+OK\r\n",
};

static void any_pair_of_cuts_gives_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(corpus) / sizeof(*corpus); i++) {
		check_cuts(REPLY_ONE_LINE, slice_str(corpus[i]), true);
		check_cuts(REPLY_MULTI_LINE, slice_str(corpus[i]), true);
	}
}

/* All strings of up to longest octets of alphabet, behind prefix. */
static void check_all(const char *prefix, const char *alphabet, size_t longest)
{
	size_t start = strlen(prefix), base = strlen(alphabet), count = 1;
	char wire[64];

	memcpy(wire, prefix, start);
	for (size_t len = 0; len <= longest; len++, count *= base)
		for (size_t n = 0; n < count; n++) {
			struct slice s = slice_of(wire, start + len);
			size_t rest = n;

			for (size_t i = 0; i < len; i++, rest /= base)
				wire[start + i] = alphabet[rest % base];
			check_cuts(REPLY_MULTI_LINE, s, false);
			check_cuts(REPLY_ONE_LINE, s, false);
		}
}

static void all_short_bodies_are_unstuffed(void **state)
{
	(void)state;
	check_all("+OK\r\n", ".\r\nx", 7);
}

static void all_short_first_lines_are_understood(void **state)
{
	static const char *const prefixes[] = { "", "+O", "+OK", "-ERR", "+oK",
						"-Err" };

	(void)state;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		check_all(prefixes[i], " \r\nK", 5);
}

/* Mostly what matters to the reader, and any octet at times. */
static void add_random(struct buf *b, uint32_t *seed, size_t len)
{
	static const char *const words[] = { "\r\n", ".", "\r", "\n", "\r\n.",
					     "some text", "\r\n.\r" };

	while (b->len < len) {
		uint32_t word = random_below(seed, 10);

		if (word < 7)
			buf_add_str(b, words[word]);
		else
			buf_add_char(b, (char)random_below(seed, 256));
	}
}

static void random_replies_in_random_pieces(void **state)
{
	uint32_t seed = 1939;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		struct buf wire = { 0 };

		buf_add_str(&wire, "+OK ");
		if (i % 4 == 0)
			add_random(&wire, &seed, 8);
		if (i % 50 == 0)
			while (wire.len < 4000 + random_below(&seed, 200))
				buf_add_str(&wire, "x\r");
		buf_add_str(&wire, "\r\n");
		add_random(&wire, &seed, wire.len + random_below(&seed, 900));
		for (int j = 0; j < 5; j++)
			check_random_pieces(REPLY_MULTI_LINE, buf_slice(&wire),
					    &seed);
		buf_free(&wire);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_pair_of_cuts_gives_the_same),
		cmocka_unit_test(all_short_bodies_are_unstuffed),
		cmocka_unit_test(all_short_first_lines_are_understood),
		cmocka_unit_test(random_replies_in_random_pieces),
	};

	return cmocka_run_group_tests_name("reply splits", tests, NULL, NULL);
}
