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
	t->owed_count = t->spare = 0;
	t->last = (struct command){ .keyword = "" };
	t->state = STATE_CONNECTED;
	t->greeted = t->auth_failed = t->retrieved = t->quit = false;
	t->mail_may_come = false;
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

/* What lets us in, and what asks for it. */
static bool may_bring_mail(const struct command *c)
{
	return command_is(c, "PASS") || command_is(c, "APOP") ||
	       command_is(c, "RETR") || command_is(c, "TOP");
}

static bool owe(struct talk *t, struct command c)
{
	struct command *owed =
		realloc(t->owed, (t->owed_count + 1) * sizeof(*owed));

	if (!owed)
		return false;
	t->owed = owed;
	owed[t->owed_count++] = c;
	t->quit = t->quit || command_is(&c, "QUIT");
	t->mail_may_come = t->mail_may_come || may_bring_mail(&c);
	return true;
}

static size_t count_stray_ends(struct slice command)
{
	size_t n = 0;

	for (size_t i = 0; i < command.len; i++)
		n += command.ptr[i] == '\r' || command.ptr[i] == '\n';
	return n;
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
		t->spare += count_stray_ends(slice_first(rest, end));
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

enum talk_result talk_result_of(struct talk *t, enum wire_event event)
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

/*
 * What waits already cannot be the answer to what is sent now. A farewell
 * (-ERR) may come at any time.
 */
static void note_unasked(struct talk *t)
{
	struct slice in = buf_slice(&t->in);
	struct buf line = { 0 };

	if (!t->greeted || t->owed_count || t->spare || t->partial.len ||
	    !in.len ||
	    slice_equal(slice_first(in, 4),
			slice_first(slice_str("-ERR"), in.len)))
		return;
	talk_waiting_add(t, &line);
	universal_note_one(&t->stage->universal, VIOLATION_UNASKED,
			   &(struct sighting){ .scenario = t->scenario,
					       .step = t->step,
					       .command = "nothing",
					       .line = buf_text(&line) });
	buf_free(&line);
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
	note_unasked(t);
	t->refused_sent = t->refused;
	t->asked = true;
	if (!remember_commands(t, octets)) {
		error_set(&t->error, "out of memory");
		return TALK_FAILED;
	}
	transcript_add(t->transcript, 'C', t->client, since_start(t), shown,
		       octets.len);
	/* A server that closed is noticed where its reply is read. */
	result = talk_result_of(t, send_segments(t, octets));
	return result == TALK_CLOSED ? TALK_REPLY : result;
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
