/* SPDX-License-Identifier: MIT */
#include "talk_record.h"

void body_record_piece(void *record, struct slice octets)
{
	struct body_record *b = record;
	size_t room = TRANSCRIPT_KEPT > b->start.len
			      ? TRANSCRIPT_KEPT - b->start.len
			      : 0;

	if (b->look_only)
		fingerprint_add(&b->print, octets);
	else
		buf_add(&b->start, slice_first(octets, room));
	if (b->sink.piece)
		b->sink.piece(b->sink.to, octets);
}

static uint64_t since_start(const struct talk *t)
{
	return t->stage->ops->now(t->stage) - t->began;
}

void talk_note(struct talk *t, const char *what)
{
	transcript_note(t->transcript, t->client, since_start(t), what);
}

static void add(struct talk *t, struct slice octets, uint64_t total)
{
	transcript_add(t->transcript, 'S', t->client, since_start(t), octets,
		       total);
}

static void record_line(struct talk *t)
{
	const struct reply *r = &t->reader.reply;
	struct buf hidden = { 0 };

	if (talk_hides_line(t))
		talk_line_add(t, &hidden);
	add(t, buf_slice(hidden.len ? &hidden : &r->line), r->line.len);
	buf_free(&hidden);
}

static void record_fingerprint(struct talk *t, struct fingerprint *print)
{
	struct buf what = { 0 };

	buf_add_str(&what, "a body of ");
	fingerprint_end(print, &what);
	if (buf_text(&what))
		talk_note(t, buf_text(&what));
	buf_free(&what);
}

void talk_record(struct talk *t, struct body_record *b)
{
	const struct reply *r = &t->reader.reply;

	if (r->wire_octets)
		record_line(t);
	if (r->has_body && b->look_only)
		record_fingerprint(t, &b->print);
	else if (r->body_octets)
		add(t, buf_slice(&b->start), r->body_octets);
	if (r->has_body && b->whole)
		add(t, slice_str("."), 1);
	buf_free(&b->start);
}
