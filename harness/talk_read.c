/* SPDX-License-Identifier: MIT */
/* Replies, as they come. */
#include "talk_record.h"

#include <stdio.h>
#include <string.h>

#define SETTLING 1000 /* ms */

static uint64_t clock_of(const struct talk *t)
{
	return t->stage->ops->now(t->stage);
}

/*
 * The last <...> that can be a msg-id, which has an @ (RFC 822 section 6.1); if
 * none has one, the last: ruling C42.
 */
static void keep_timestamp(struct talk *t, struct slice line)
{
	bool at = false, kept_at = false;
	size_t open = line.len;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];

		at = c != '<' && (at || c == '@');
		if (c == '<')
			open = i;
		if (c != '>' || open > i)
			continue;
		if ((at || !kept_at) &&
		    i + 2 - open <= sizeof(t->timestamp)) {
			snprintf(t->timestamp, sizeof(t->timestamp), "%.*s",
				 (int)(i + 1 - open), line.ptr + open);
			kept_at = at;
		}
		open = line.len;
	}
}

/* What a reply to c says of the session. */
static void learn(struct talk *t, const struct command *c,
		  enum reply_status status)
{
	bool login = command_is(c, "PASS") || command_is(c, "APOP");

	t->auth_failed = login && status != STATUS_OK;
	t->refused = status == STATUS_ERR;
	t->errors += t->refused;
	if (status != STATUS_OK)
		return;
	if (login && t->state == STATE_AUTHORIZATION)
		t->state = STATE_TRANSACTION;
	if (command_is(c, "DELE"))
		t->marks++;
	if (command_is(c, "RSET"))
		t->marks = 0;
	if (command_is(c, "RETR"))
		t->retrieved = true;
}

static void greeting_came(struct talk *t, const struct reply *r)
{
	t->greeted = true;
	keep_timestamp(t, buf_slice(&r->line));
	if (r->status == STATUS_OK)
		t->state = STATE_AUTHORIZATION;
	if (r->status == STATUS_ERR)
		t->errors++;
}

/*
 * A command and its reply alternate (RFC 1939 section 3). Left alone is what a
 * server may say when it ends a session by itself, and the answers to commands
 * whose CRLF it did not wait for (rulings C22 and C36).
 */
static bool is_unasked(const struct talk *t)
{
	return t->greeted && !t->owed_count && !t->spare && !t->partial.len &&
	       t->reader.reply.status != STATUS_ERR;
}

static void reply_came(struct talk *t)
{
	struct reply *r = &t->reader.reply;

	t->replied = clock_of(t);
	if (is_unasked(t))
		r->violations |= 1u << VIOLATION_UNASKED;
	if (!t->greeted) /* ruling C42: RFC 2449's greeting has no space */
		r->violations &= ~(1u << VIOLATION_NO_SPACE);
	if (t->owed_count && t->owed[0].stray_cr)
		r->violations &= ~(1u << VIOLATION_LINE_BARE_CR);
	if (t->owed_count && t->owed[0].too_long)
		r->violations &= ~(1u << VIOLATION_LINE_TOO_LONG);
	talk_judge_framing(t);
	if (!t->greeted) {
		greeting_came(t, r);
		return;
	}
	if (!t->owed_count) {
		t->spare -= t->spare > 0;
		return;
	}
	t->last = t->owed[0];
	memmove(t->owed, t->owed + 1, --t->owed_count * sizeof(*t->owed));
	learn(t, &t->last, r->status);
}

static enum reply_shape shape_now(const struct talk *t)
{
	if (!t->greeted || !t->owed_count)
		return REPLY_ONE_LINE;
	return command_shape(&t->owed[0]);
}

/* Feed what is in t->in; true when the reply is whole. */
static bool feed(struct talk *t)
{
	uint64_t start = t->reader.reply.wire_octets;
	size_t taken;
	enum reply_progress p =
		reply_feed(&t->reader, buf_slice(&t->in), &taken);

	evidence_add(&t->evidence, &t->reader.reply, start,
		     slice_first(buf_slice(&t->in), taken));
	buf_drop(&t->in, taken);
	return p == REPLY_COMPLETE;
}

static enum talk_result receive(struct talk *t, uint64_t deadline)
{
	size_t before = t->in.len;
	enum wire_event event;

	if (t->ended || !t->wire)
		return TALK_CLOSED;
	t->stage->round_trips += t->asked;
	t->asked = false;
	event = t->wire->ops->receive(t->wire, &t->in, deadline);
	t->stage->octets_received += t->in.len - before;
	return talk_result_of(t, event);
}

/* Once more than is worth waiting for. */
static bool is_endless(struct talk *t)
{
	struct patience *p = &t->stage->patience;
	uint64_t n = t->reader.reply.wire_octets;

	if (n <= (p->endless ? TALK_BODY_LIMIT_LATER : TALK_BODY_LIMIT))
		return false;
	t->stage->hurried = t->stage->hurried || p->endless;
	p->endless = !t->stage->look_only;
	return true;
}

/*
 * Behind what a forgiving client takes for the end of a body nothing else is
 * likely to come: a server that ends each so must not cost a wait each.
 */
static uint64_t settling(const struct talk *t, uint64_t wait_ms)
{
	enum reply_end end = reply_end_so_far(&t->reader);

	if (end == REPLY_ENDS_WRONG && wait_ms > SETTLING)
		wait_ms = SETTLING;
	if (end != REPLY_GOES_ON && t->stage->patience.settled)
		wait_ms /= 10;
	return wait_ms;
}

/* Nothing more comes: is what came a reply, all the same? */
static enum talk_result settle(struct talk *t, enum talk_result result)
{
	struct stage *s = t->stage;

	if (result == TALK_CANCELLED)
		return result;
	if (reply_settle(&t->reader)) {
		s->hurried = s->hurried || s->patience.settled;
		s->patience.settled = true;
		return TALK_REPLY;
	}
	if (!t->reader.reply.wire_octets)
		return result;
	return result == TALK_CLOSED ? TALK_CUT : TALK_STALLED;
}

static enum talk_result read_reply(struct talk *t, uint64_t wait_ms)
{
	uint64_t last = clock_of(t) + TALK_DRIPPING * wait_ms;

	t->dripped = false;
	while (!feed(t)) {
		uint64_t deadline = clock_of(t) + settling(t, wait_ms);
		enum talk_result result;

		if (is_endless(t))
			return TALK_ENDLESS;
		result = receive(t, deadline < last ? deadline : last);
		t->dripped = result == TALK_TIMEOUT && clock_of(t) >= last;
		if (result != TALK_REPLY)
			return settle(t, result);
	}
	return TALK_REPLY;
}

bool talk_gave_up(enum talk_result result)
{
	return result == TALK_TIMEOUT || result == TALK_STALLED;
}

enum talk_result talk_reply(struct talk *t, uint64_t wait_ms,
			    struct body_sink sink)
{
	struct body_record b = { .sink = sink,
				 .look_only = t->stage->look_only };
	enum talk_result result;

	t->waited = wait_ms;
	t->evidence = (struct evidence){ 0 };
	reply_start(&t->reader, shape_now(t),
		    (struct body_sink){ body_record_piece, &b });
	result = read_reply(t, wait_ms);
	b.whole = result == TALK_REPLY;
	talk_record(t, &b);
	if (result == TALK_REPLY)
		reply_came(t);
	if (t->ended && result != TALK_REPLY)
		talk_note(t, "the server closes");
	return result;
}

enum talk_result talk_silence(struct talk *t, uint64_t wait_ms)
{
	enum talk_result result;

	if (t->in.len)
		return TALK_REPLY;
	result = receive(t, clock_of(t) + wait_ms);
	if (result == TALK_CLOSED)
		talk_note(t, "the server closes");
	if (result == TALK_TIMEOUT)
		talk_note(t, "silence");
	return result;
}

/* Nothing, or an -ERR as far as it came. */
static bool is_farewell(struct slice in)
{
	struct slice err = slice_str("-ERR");

	return in.len <= REPLY_LINE_LIMIT &&
	       slice_equal(slice_first(in, err.len), slice_first(err, in.len));
}

bool talk_only_ends(struct talk *t, uint64_t wait_ms)
{
	uint64_t deadline = clock_of(t) + wait_ms;

	if (!t->wire)
		return false;
	while (!t->ended && is_farewell(buf_slice(&t->in)) &&
	       receive(t, deadline) == TALK_REPLY)
		;
	return t->ended && is_farewell(buf_slice(&t->in));
}

bool talk_ended(struct talk *t)
{
	if (t->wire && !t->ended && !talk_only_ends(t, 0))
		receive(t, clock_of(t));
	return t->ended || !t->wire;
}
