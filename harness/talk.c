/* SPDX-License-Identifier: MIT */
#include "talk.h"
#include "look_only.h"
#include "talk_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t clock_of(const struct talk *t)
{
	return t->stage->ops->now(t->stage);
}

static uint64_t since_start(const struct talk *t)
{
	return clock_of(t) - t->began;
}

static void forget(struct talk *t)
{
	t->wire = NULL;
	t->ended = false;
	buf_clear(&t->in);
	buf_clear(&t->partial);
	t->owed_count = 0;
	t->last = (struct command){ .keyword = "" };
	t->state = STATE_CONNECTED;
	t->greeted = t->auth_failed = t->retrieved = t->quit = false;
	t->errors = 0;
	t->refused = t->refused_sent = false;
	t->marks = 0;
	t->timestamp[0] = '\0';
}

enum talk_result talk_connect(struct talk *t)
{
	talk_drop(t);
	t->wire = t->stage->ops->connect(t->stage, &t->error);
	if (!t->wire)
		return TALK_FAILED;
	talk_note(t, "connects");
	return TALK_REPLY;
}

static bool owe(struct talk *t, struct command c)
{
	struct command *owed =
		realloc(t->owed, (t->owed_count + 1) * sizeof(*owed));

	if (!owed)
		return false;
	t->owed = owed;
	owed[t->owed_count++] = c;
	if (command_is(&c, "QUIT"))
		t->quit = true;
	return true;
}

/* Commands end at CRLF, however they were cut into segments. */
static bool remember_commands(struct talk *t, struct slice octets)
{
	struct slice all;
	size_t done = 0, end;

	buf_add(&t->partial, octets);
	all = buf_slice(&t->partial);
	for (;;) {
		struct slice rest = slice_from(all, done);

		end = slice_search(rest, slice_str("\r\n"));
		if (end == rest.len)
			break;
		if (!owe(t, command_of(slice_first(rest, end))))
			return false;
		done += end + 2;
	}
	buf_drop(&t->partial, done);
	return !t->partial.failed;
}

static bool may_send(struct talk *t, struct slice octets)
{
	struct look_only l = { .unfinished = buf_slice(&t->partial),
			       .retrieved = t->retrieved,
			       .account = t->stage->account,
			       .timestamp = t->timestamp };
	const char *why;

	for (size_t i = 0; i < t->owed_count; i++)
		l.retrieved = l.retrieved || command_is(&t->owed[i], "RETR");
	if (!t->stage->look_only || look_only_allows(&l, octets, &why))
		return true;
	error_set(&t->error, "%s", why);
	return false;
}

static enum wire_event send_segments(struct talk *t, struct slice octets)
{
	uint64_t deadline = clock_of(t) + stage_wait(t->stage, WAIT_REPLY);
	enum wire_event event = WIRE_OCTETS;

	while (octets.len && event == WIRE_OCTETS) {
		size_t n = split_next(t->stage->split, &t->stage->random,
				      octets.len);

		event = t->wire->ops->send(t->wire, slice_first(octets, n),
					   deadline);
		t->stage->octets_sent += n;
		octets = slice_from(octets, n);
	}
	return event;
}

static enum talk_result result_of(struct talk *t, enum wire_event event)
{
	switch (event) {
	case WIRE_CLOSED:
	case WIRE_RESET:
		t->ended = true;
		return TALK_CLOSED;
	case WIRE_TIMEOUT:
		return TALK_TIMEOUT;
	case WIRE_CANCELLED:
		return TALK_CANCELLED;
	default:
		return TALK_REPLY;
	}
}

enum talk_result talk_send(struct talk *t, struct slice octets)
{
	struct slice shown = octets;
	enum talk_result result;

	if (!t->wire) {
		error_set(&t->error, "not connected");
		return TALK_FAILED;
	}
	if (!may_send(t, octets))
		return TALK_FORBIDDEN;
	t->refused_sent = t->refused;
	t->asked = true;
	if (!remember_commands(t, octets)) {
		error_set(&t->error, "out of memory");
		return TALK_FAILED;
	}
	transcript_add(t->transcript, 'C', t->client, since_start(t), shown,
		       octets.len);
	/* A server that closed is noticed where its reply is read. */
	result = result_of(t, send_segments(t, octets));
	return result == TALK_CLOSED ? TALK_REPLY : result;
}

/* The last <...> that can be a msg-id: with an @. If none has one, the first. */
static void keep_timestamp(struct talk *t, struct slice line)
{
	bool at = false;
	size_t open = line.len;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];

		at = c != '<' && (at || c == '@');
		if (c == '<')
			open = i;
		if (c != '>' || open > i)
			continue;
		if ((at || !t->timestamp[0]) &&
		    i + 2 - open <= sizeof(t->timestamp))
			snprintf(t->timestamp, sizeof(t->timestamp), "%.*s",
				 (int)(i + 1 - open), line.ptr + open);
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

static void judge_framing(struct talk *t)
{
	struct buf line = { 0 };

	talk_line_add(t, &line);
	universal_note(&t->stage->universal, &t->reader.reply, buf_text(&line),
		       t->scenario, t->step);
	buf_free(&line);
}

/*
 * A command and its reply alternate (RFC 1939 section 3). Left alone is what a
 * server may say when it ends a session by itself, and the answer to a command
 * whose CRLF it did not wait for (ruling C36).
 */
static bool is_unasked(const struct talk *t)
{
	return t->greeted && !t->owed_count && !t->partial.len &&
	       t->reader.reply.status != STATUS_ERR;
}

static void reply_came(struct talk *t)
{
	struct reply *r = &t->reader.reply;

	if (is_unasked(t))
		r->violations |= 1u << VIOLATION_UNASKED;
	if (!t->greeted) /* ruling C42: RFC 2449's greeting has no space */
		r->violations &= ~(1u << VIOLATION_NO_SPACE);
	judge_framing(t);
	if (!t->greeted) {
		greeting_came(t, r);
		return;
	}
	if (!t->owed_count)
		return;
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
	size_t taken;
	enum reply_progress p =
		reply_feed(&t->reader, buf_slice(&t->in), &taken);

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
	return result_of(t, event);
}

static enum talk_result read_reply(struct talk *t, uint64_t wait_ms)
{
	uint64_t last = clock_of(t) + 10 * wait_ms;
	const struct reply *r = &t->reader.reply;

	while (!feed(t)) {
		uint64_t deadline = clock_of(t) + wait_ms;
		enum talk_result result;

		if (r->wire_octets > TALK_BODY_LIMIT)
			return TALK_ENDLESS;
		result = receive(t, deadline < last ? deadline : last);
		if (result == TALK_REPLY)
			continue;
		if (result == TALK_CANCELLED)
			return result;
		if (reply_settle(&t->reader))
			break;
		if (!r->wire_octets)
			return result;
		return result == TALK_CLOSED ? TALK_CUT : TALK_STALLED;
	}
	return TALK_REPLY;
}

enum talk_result talk_reply(struct talk *t, uint64_t wait_ms,
			    struct body_sink sink)
{
	struct body_record b = { .sink = sink,
				 .look_only = t->stage->look_only };
	enum talk_result result;

	t->waited = wait_ms;
	reply_start(&t->reader, shape_now(t),
		    (struct body_sink){ body_record_piece, &b });
	result = read_reply(t, wait_ms);
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

bool talk_ended(struct talk *t)
{
	if (t->wire && !t->ended)
		receive(t, clock_of(t));
	return t->ended || !t->wire;
}

void talk_half_close(struct talk *t)
{
	if (!t->wire)
		return;
	talk_note(t, "half-closes");
	t->wire->ops->half_close(t->wire);
}

void talk_drop(struct talk *t)
{
	if (t->wire) {
		talk_note(t, "drops");
		t->wire->ops->close(t->wire);
	}
	forget(t);
}

void talk_reset(struct talk *t)
{
	if (t->wire) {
		talk_note(t, "resets");
		t->wire->ops->abort(t->wire);
	}
	forget(t);
}

void talk_free(struct talk *t)
{
	if (t->wire)
		t->wire->ops->close(t->wire);
	forget(t);
	buf_free(&t->in);
	buf_free(&t->partial);
	free(t->owed);
	reply_free(&t->reader);
	t->owed = NULL;
}
