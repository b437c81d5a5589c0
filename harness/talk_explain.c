/* SPDX-License-Identifier: MIT */
#include "fingerprint.h"
#include "plural.h"
#include "redact.h"
#include "talk.h"

#define LINE_SHOWN 120 /* octets of a first line, as evidence */

static void fingerprint_line(struct slice line, struct buf *to)
{
	struct fingerprint f = { 0 };

	fingerprint_add(&f, line);
	fingerprint_end(&f, to);
}

/* Nothing is mail that comes before a login: a greeting, above all. */
static bool may_be_mail(const struct talk *t)
{
	return t->stage->look_only && t->mail_may_come;
}

/*
 * Where a server gets out of step, a line of somebody's mail stands where the
 * line of a reply should.
 */
bool talk_hides_line(const struct talk *t)
{
	enum reply_status s = t->reader.reply.status;

	return may_be_mail(t) && s != STATUS_OK && s != STATUS_ERR;
}

void talk_line_add(const struct talk *t, struct buf *to)
{
	struct slice line = buf_slice(&t->reader.reply.line);

	if (!line.len)
		buf_add_str(to, "an empty line");
	else if (talk_hides_line(t))
		fingerprint_line(line, to);
	else
		redacted_add(to, slice_first(line, REPLY_LINE_LIMIT),
			     t->transcript->secrets);
}

void talk_waiting_add(const struct talk *t, struct buf *to)
{
	struct slice in = buf_slice(&t->in);

	if (may_be_mail(t))
		fingerprint_line(in, to);
	else
		redacted_add(to, slice_first(in, 200), t->transcript->secrets);
}

/* The first line with its end; one that is too long by its beginning. */
static void whole_line(const struct talk *t, struct buf *to)
{
	const struct reply *r = &t->reader.reply;
	struct slice line = buf_slice(&r->line);

	if (talk_hides_line(t)) {
		talk_line_add(t, to);
		return;
	}
	redacted_add(to, slice_first(line, LINE_SHOWN),
		     t->transcript->secrets);
	if (line.len > LINE_SHOWN)
		buf_printf(to, "... (%llu octets)",
			   (unsigned long long)r->line_octets);
	buf_add_str(to, r->violations & 1u << VIOLATION_LINE_BARE_LF
				? "{LF}"
				: "{CRLF}");
}

/* Octets of a body are the fixture's, or somebody's. */
static void part_of_body(const struct talk *t, struct slice octets,
			 struct buf *to)
{
	if (may_be_mail(t)) {
		fingerprint_line(octets, to);
		return;
	}
	buf_add_str(to, octets.len == EVIDENCE_OCTETS ? "..." : "");
	redacted_add(to, octets, t->transcript->secrets);
}

void talk_judge_framing(struct talk *t)
{
	struct buf line = { 0 }, fault = { 0 }, tail = { 0 };

	if (t->reader.reply.violations) {
		whole_line(t, &line);
		part_of_body(t, evidence_fault(&t->evidence), &fault);
		part_of_body(t, evidence_tail(&t->evidence), &tail);
	}
	universal_note(&t->stage->universal, &t->reader.reply,
		       &(struct sighting){
			       .scenario = t->scenario,
			       .step = t->step,
			       .command = t->owed_count ? t->owed[0].keyword
							: "",
			       .line = buf_text(&line),
			       .fault = buf_text(&fault),
			       .tail = buf_text(&tail) });
	buf_free(&line);
	buf_free(&fault);
	buf_free(&tail);
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
		buf_printf(to, "the connection ended after %llu octet%s of "
			   "a reply: ", (unsigned long long)r->wire_octets,
			   plural(r->wire_octets));
		break;
	case TALK_TIMEOUT:
		buf_printf(to, "nothing came for %g s", (double)wait_ms / 1e3);
		return;
	case TALK_STALLED:
		buf_printf(to, "a reply of which %llu octet%s came",
			   (unsigned long long)r->wire_octets,
			   plural(r->wire_octets));
		buf_printf(to, t->dripped ? " in %g s, and no end: "
					  : ", no end, and then nothing for "
					    "%g s: ",
			   (double)wait_ms / 1e3 *
				   (t->dripped ? TALK_DRIPPING : 1));
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
