/* SPDX-License-Identifier: MIT */
/*
 * The judge's reply reader. The first octet tells the shapes of the replies, a
 * bit each (1: multi-line), the second how the octets are cut; what follows is
 * what a server said. It is read whole, octet by octet and in pieces, and what
 * comes out is compared with what the octets themselves say.
 */
#include "fuzz.h"
#include "reply.h"

#include <inttypes.h>
#include <string.h>

/* One reply, as it is read. */
struct reading {
	struct reply_reader reader;
	struct buf body;
	bool complete;
};

static void hear_piece(void *to, struct slice octets)
{
	struct reading *r = to;

	fuzz_holds(octets.len, "no piece of a body is empty", octets);
	buf_add(&r->body, octets);
}

static size_t piece_length(unsigned *cut, size_t left)
{
	size_t n = left;

	if (*cut == 1)
		n = 1;
	else if (*cut)
		n = 1 + (*cut = *cut * 1103515245u + 12345u) / 65536 % 19;
	return n < left ? n : left;
}

/* Returns how many octets belong to the reply. */
static size_t feed(struct reading *r, struct slice octets, unsigned cut)
{
	size_t all = 0;

	while (all < octets.len && !r->complete) {
		size_t n = piece_length(&cut, octets.len - all), taken = 0;

		r->complete = reply_feed(&r->reader,
					 slice_of(octets.ptr + all, n),
					 &taken) == REPLY_COMPLETE;
		fuzz_holds(taken == n || (r->complete && taken <= n),
			   "all is taken up to the end of a reply", octets);
		all += taken;
	}
	return all;
}

/* The first line without its end, which must be there. */
static struct slice first_line(struct slice wire)
{
	struct slice line = slice_first(wire, slice_find(wire, '\n'));

	return slice_first(line, line.len - slice_ends(line, "\r"));
}

/*
 * The lines of a body, unstuffed, as RFC 1939 section 3 has it: only CRLF ends
 * a line. *end is where the termination line ends, 0 when there is none.
 */
static void unstuff(struct slice lines, struct buf *body, size_t *end)
{
	size_t at = 0;

	for (*end = 0; at < lines.len && !*end;) {
		struct slice rest = slice_from(lines, at);
		size_t n = slice_search(rest, slice_str("\r\n"));
		bool ended = n < rest.len;
		struct slice line = slice_first(rest, ended ? n + 2 : n);

		at += line.len;
		if (slice_is(line, ".\r\n"))
			*end = at;
		else
			buf_add(body, slice_from(line,
						 slice_starts(line, ".")));
	}
}

static void check_body(const struct reading *r, struct slice lines)
{
	struct buf body = { 0 };
	size_t end;

	unstuff(lines, &body, &end);
	if (r->complete) {
		fuzz_same(lines.len, end, "a body ends at its termination");
		fuzz_equal(buf_slice(&r->body), buf_slice(&body),
			   "a body is what came, unstuffed");
	} else {
		fuzz_holds(!end, "a body ends at its termination", lines);
		fuzz_equal(buf_slice(&r->body),
			   slice_first(buf_slice(&body), r->body.len),
			   "a body so far is what came, unstuffed");
		fuzz_holds(body.len - r->body.len <= 3,
			   "no more is held than may be the termination",
			   lines);
	}
	buf_free(&body);
}

static void check_line(const struct reply *p, struct slice wire)
{
	struct slice line = first_line(wire);
	bool ok = slice_is_nocase(slice_first(line, 3), "+OK");
	bool err = slice_is_nocase(slice_first(line, 4), "-ERR");

	fuzz_equal(buf_slice(&p->line), slice_first(line, REPLY_LINE_KEPT),
		   "the first line is what came");
	fuzz_same(p->status,
		  ok ? STATUS_OK : err ? STATUS_ERR : STATUS_OTHER,
		  "the status is what the first line begins with");
	fuzz_same(p->line_octets, slice_find(wire, '\n') + 1,
		  "the octets of the first line are counted");
	fuzz_same(p->violations >> VIOLATION_LINE_TOO_LONG & 1,
		  p->line_octets > 512, "a first line over 512 is noticed");
}

static void check(const struct reading *r, struct slice wire)
{
	const struct reply *p = &r->reader.reply;
	size_t line = slice_find(wire, '\n') + 1;

	fuzz_same(p->wire_octets, wire.len,
		  "the octets of a reply are counted");
	fuzz_same(p->body_octets, r->body.len,
		  "the octets of a body are counted");
	fuzz_holds(p->line.room <= 2u * REPLY_LINE_KEPT,
		   "a first line takes bounded memory", wire);
	fuzz_holds(p->violations < 1u << VIOLATIONS, "violations are known",
		   wire);
	if (line > wire.len) {
		fuzz_holds(!p->has_body && p->status == STATUS_NONE,
			   "no status before the line has ended", wire);
		return;
	}
	check_line(p, wire);
	fuzz_same(p->has_body,
		  p->status == STATUS_OK && r->reader.shape == REPLY_MULTI_LINE,
		  "a body follows a positive reply to some commands");
	if (p->has_body)
		check_body(r, slice_from(wire, line));
	else
		fuzz_holds(r->complete, "a line is a reply", wire);
}

/* A forgiving client's end: the body is what is there, the breach is told. */
static void check_settled(struct reading *r)
{
	enum reply_end end = reply_end_so_far(&r->reader);
	bool settled = reply_settle(&r->reader);

	fuzz_same(settled, r->complete || end != REPLY_GOES_ON,
		  "what may end is settled");
	fuzz_same(r->reader.reply.violations >> VIOLATION_TERMINATOR & 1,
		  settled && !r->complete, "a wrong end is told");
	fuzz_same(r->reader.reply.body_octets, r->body.len,
		  "the octets of a body are counted");
}

/* All that is known of a reply, to compare readings by. */
static void describe(struct reading *r, size_t taken, struct buf *to)
{
	const struct reply *p = &r->reader.reply;

	check_settled(r);
	buf_printf(to, "%zu %d %d %" PRIu64 " %d %" PRIu64 " %" PRIu64 " %x\n",
		   taken, r->complete, p->status, p->line_octets, p->has_body,
		   p->body_octets, p->wire_octets, p->violations);
	buf_add(to, buf_slice(&p->line));
	buf_add(to, reply_text(p));
	buf_add(to, buf_slice(&r->body));
}

/* Read all replies. cut 0: whole, 1: octet by octet, else in pieces. */
static void read_all(struct slice octets, unsigned shapes, unsigned cut,
		     struct buf *to)
{
	struct reading r = { .complete = false };

	for (unsigned i = 0; octets.len; i++) {
		size_t taken;

		reply_start(&r.reader,
			    shapes >> i % 8 & 1 ? REPLY_MULTI_LINE
						: REPLY_ONE_LINE,
			    (struct body_sink){ hear_piece, &r });
		r.complete = false;
		buf_clear(&r.body);
		taken = feed(&r, octets, cut);
		check(&r, slice_first(octets, taken));
		describe(&r, taken, to);
		octets = slice_from(octets, taken);
	}
	reply_free(&r.reader);
	buf_free(&r.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct input in = { slice_of(octets, count) };
	unsigned shapes = input_octet(&in), cut = input_octet(&in);
	unsigned cuts[] = { 1, cut + 2 };
	struct buf whole = { 0 }, again = { 0 };

	read_all(in.left, shapes, 0, &whole);
	for (size_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		buf_clear(&again);
		read_all(in.left, shapes, cuts[i], &again);
		fuzz_equal(buf_slice(&again), buf_slice(&whole),
			   "any split gives the same replies");
	}
	buf_free(&whole);
	buf_free(&again);
	return 0;
}
