/* SPDX-License-Identifier: MIT */
/* Whether what came is the body that an answer speaks of. */
#ifndef JUDGE_PLAY_BODY_H
#define JUDGE_PLAY_BODY_H

#include "play_internal.h"

/* One thing that happened, and why the answer tried last did not fit. */
struct event_seen {
	struct play *p;
	struct talk *t;
	enum talk_result result;
	bool is_greeting;
	struct buf body;
	size_t room; /* octets of the body that are kept */
	uint64_t waited;
	struct buf why;
};

/*
 * True when the body of the reply in seen is a's, its number of octets too.
 * False leaves the reason, in words, in seen->why.
 */
bool body_matches(struct event_seen *seen, const struct answer *a);

/* Leaves the reason why not; always false. */
bool body_is_not(struct event_seen *seen, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * The same for a line of a listing, at place (1 is the first), that should have
 * been p, and for one that is nowhere. Somebody's mail is not shown.
 */
bool body_line_is_not(struct event_seen *seen, size_t place,
		      struct slice line, const struct pattern *p);
bool body_lacks_line(struct event_seen *seen, const struct pattern *p);

/*
 * Append what answer a asks for, behind "; or " when there is something before
 * it: "+OK, then 290 octets, which is {size of b}".
 */
void play_expected(const struct play *p, const struct answer *a,
		   struct buf *to);

/*
 * Append what was not as it should be, in words that say the same of all
 * scenarios in which one fault of a server may show: "What RETR sends".
 * of_body: the first line of the reply was right.
 */
void play_cause(const struct event_seen *seen, const struct step *step,
		bool of_body, struct buf *to);

/* The next line of body without its CRLF; body moves behind it. */
struct slice body_next_line(struct slice *body);

/* True when the body has as many lines as a. */
bool body_count_fits(struct event_seen *seen, const struct answer *a);

/*
 * "lines in any order". Each pattern takes the first line that fits and is not
 * taken; that is exact for listings, whose lines begin with a number that no
 * two share.
 */
bool listing_matches_set(struct event_seen *seen, const struct answer *a);

/* "each line", and what its values have to be, all together. */
bool listing_matches_each(struct event_seen *seen, const struct answer *a);

#endif
