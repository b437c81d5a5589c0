/* SPDX-License-Identifier: MIT */
#include "fingerprint.h"
#include "redact.h"
#include "talk.h"

static void fingerprint_line(struct slice line, struct buf *to)
{
	struct fingerprint f = { 0 };

	fingerprint_add(&f, line);
	fingerprint_end(&f, to);
}

/*
 * Where a server gets out of step, a line of somebody's mail stands where the
 * line of a reply should.
 */
bool talk_hides_line(const struct talk *t)
{
	enum reply_status s = t->reader.reply.status;

	return t->stage->look_only && s != STATUS_OK && s != STATUS_ERR;
}

void talk_line_add(const struct talk *t, struct buf *to)
{
	struct slice line = buf_slice(&t->reader.reply.line);

	if (talk_hides_line(t))
		fingerprint_line(line, to);
	else
		redacted_add(to, slice_first(line, REPLY_LINE_LIMIT),
			     t->transcript->secrets);
}

void talk_waiting_add(const struct talk *t, struct buf *to)
{
	struct slice in = buf_slice(&t->in);

	if (t->stage->look_only)
		fingerprint_line(in, to);
	else
		redacted_add(to, slice_first(in, 200), t->transcript->secrets);
}

void talk_result_explain(const struct talk *t, enum talk_result result,
			 uint64_t wait_ms, struct buf *to)
{
	const struct reply *r = &t->reader.reply;

	switch (result) {
	case TALK_CLOSED:
		buf_add_str(to, "the connection ended without a reply");
		return;
	case TALK_CUT:
		buf_printf(to, "the connection ended after %llu octets of a "
			   "reply: ", (unsigned long long)r->wire_octets);
		break;
	case TALK_TIMEOUT:
		buf_printf(to, "nothing came for %g s", (double)wait_ms / 1e3);
		return;
	case TALK_STALLED:
		buf_printf(to, "a reply of which %llu octets came, no end, and "
			   "then nothing for %g s: ",
			   (unsigned long long)r->wire_octets,
			   (double)wait_ms / 1e3);
		break;
	case TALK_ENDLESS:
		buf_printf(to, "a reply of %llu octets, and no end of it: ",
			   (unsigned long long)r->wire_octets);
		break;
	case TALK_CANCELLED:
		buf_add_str(to, "the run was ended");
		return;
	case TALK_FAILED:
	case TALK_FORBIDDEN:
		buf_add_str(to, t->error.text);
		return;
	case TALK_REPLY:
		break;
	}
	talk_line_add(t, to);
}
