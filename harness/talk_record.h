/* SPDX-License-Identifier: MIT */
/* Shared by talk*.c, first of all what is kept of a reply while it is read. */
#ifndef JUDGE_TALK_RECORD_H
#define JUDGE_TALK_RECORD_H

#include "fingerprint.h"
#include "talk.h"

/*
 * The caller's sink gets the whole body, the transcript its start; or, of
 * somebody's mail, only the fingerprint.
 */
struct body_record {
	struct body_sink sink;
	bool look_only;
	bool whole; /* its termination line came, too */
	struct buf start;
	struct fingerprint print;
};

/* A body_sink's piece, for a struct body_record. */
void body_record_piece(void *record, struct slice octets);

/* Write the last reply, or what came of it, into the transcript. Empties b. */
void talk_record(struct talk *t, struct body_record *b);

/* What an event of the wire means for the talk; notes its end. */
enum talk_result talk_result_of(struct talk *t, enum wire_event event);

/* Add something that happened, now. */
void talk_note(struct talk *t, const char *what);

#endif
