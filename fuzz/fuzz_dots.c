/* SPDX-License-Identifier: MIT */
/*
 * There and back: the reference server sends a message of any octets, the
 * judge's reader takes it. The first octet is how many lines TOP asks for, the
 * second in which pieces the reply is read; the message follows. What arrives
 * must be the message with each line end as CRLF (RFC 1939 section 11), of the
 * size that was told, as the judge expects it, and as written down in mail.c.
 */
#include "drive.h"
#include "fixture.h"
#include "fuzz.h"
#include "mail.h"
#include "reply.h"
#include "store_memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static bool anybody(const struct credentials *c)
{
	(void)c;
	return true;
}

static void hear_piece(void *to, struct slice octets)
{
	buf_add(to, octets);
}

static void check_reply(const struct reply_reader *r, enum reply_progress p,
			struct slice left)
{
	fuzz_holds(p == REPLY_COMPLETE && r->reply.status == STATUS_OK,
		   "a message is sent and ends", left);
	fuzz_holds(!left.len, "nothing follows a message", left);
	fuzz_same(r->reply.violations, 0, "a message is sent in due form");
}

/* Say command and read its reply in pieces; the body goes to body. */
static void ask(struct drive *d, const char *command, size_t piece,
		struct buf *body)
{
	enum reply_progress progress = REPLY_PARTIAL;
	struct reply_reader r = { 0 };
	struct slice left;

	drive_say(d, command);
	left = buf_slice(&d->said);
	reply_start(&r, REPLY_MULTI_LINE,
		    (struct body_sink){ hear_piece, body });
	while (left.len && progress == REPLY_PARTIAL) {
		size_t taken;

		progress = reply_feed(&r, slice_first(left, piece), &taken);
		left = slice_from(left, taken);
	}
	check_reply(&r, progress, left);
	fuzz_same(r.reply.body_octets, body->len,
		  "the octets of a message are counted");
	buf_clear(&d->said);
	reply_free(&r);
}

static void check_size(struct drive *d, uint64_t size)
{
	char expected[80];

	snprintf(expected, sizeof(expected),
		 "+OK 1 %" PRIu64 "\r\n+OK 1 %" PRIu64 "\r\n", size, size);
	drive_say(d, "LIST 1\r\nSTAT\r\n");
	fuzz_equal(buf_slice(&d->said), slice_str(expected),
		   "sizes are what arrives");
	buf_clear(&d->said);
}

/*
 * The judge takes two forms for a message whose last line has no end (ruling
 * C35), and one for any other.
 */
static void check_judge(struct slice stored, struct slice got)
{
	struct buf added = { 0 }, as_stored = { 0 };

	fixture_as_sent(stored, FIXTURE_END_ADDED, &added);
	fixture_as_sent(stored, FIXTURE_END_AS_STORED, &as_stored);
	fuzz_holds(slice_equal(got, buf_slice(&added)) ||
			   slice_equal(got, buf_slice(&as_stored)),
		   "the judge expects what the server sends", got);
	buf_free(&added);
	buf_free(&as_stored);
}

static void check_whole(struct drive *d, struct slice stored, size_t piece)
{
	struct buf body = { 0 }, expected = { 0 };

	mail_normalise(stored, &expected);
	ask(d, "RETR 1\r\n", piece, &body);
	fuzz_equal(buf_slice(&body), buf_slice(&expected),
		   "a message arrives as it was");
	check_judge(stored, buf_slice(&body));
	check_size(d, body.len);
	buf_free(&body);
	buf_free(&expected);
}

static void check_top(struct drive *d, struct slice stored, unsigned lines,
		      size_t piece)
{
	struct buf body = { 0 }, sent = { 0 };
	char command[32];

	snprintf(command, sizeof(command), "TOP 1 %u\r\n", lines);
	mail_normalise(stored, &sent);
	ask(d, command, piece, &body);
	fuzz_equal(buf_slice(&body), mail_top(buf_slice(&sent), lines),
		   "TOP sends the header and so many lines");
	check_judge(fixture_top(stored, lines), buf_slice(&body));
	buf_free(&body);
	buf_free(&sent);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	const struct session_config config = { .host = "dewey",
					       .switches = fuzz_switches };
	struct maildrop_store *store = store_memory_new(&fuzz_switches);
	struct input in = { slice_of(octets, count) };
	unsigned lines = input_octet(&in);
	size_t piece = input_octet(&in);
	struct drive d;

	piece = piece ? piece : SIZE_MAX;
	if (!store || store_memory_deliver(store, "x", in.left) ||
	    drive_start(&d, &config, store, anybody))
		abort();
	d.window = piece;
	drive_say(&d, "UTF8\r\nUSER x\r\nPASS x\r\n");
	buf_clear(&d.said);
	check_whole(&d, in.left, piece);
	check_top(&d, in.left, lines, piece);
	drive_free(&d);
	store->free(store);
	return 0;
}
