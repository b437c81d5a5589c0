/* SPDX-License-Identifier: MIT */
#include "redact.h"
#include "talk.h"

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
		buf_printf(to, "a reply of over %u octets without end: ",
			   TALK_BODY_LIMIT);
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
	redacted_add(to, slice_first(buf_slice(&r->line), 512),
		     t->transcript->secrets);
}
