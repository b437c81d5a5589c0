/* SPDX-License-Identifier: MIT */
/*
 * What is in the maildrop: STAT, LIST (RFC 1939 section 5), UIDL (section 7).
 * A message that is marked as deleted is not, for any of them.
 */
#include "verbs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint64_t size_of(const struct session *s, size_t i)
{
	uint64_t size = s->maildrop->messages[i].size;

	return switched(s, DEFECT_SIZE_WRAPS) ? size % 65536 : size;
}

void session_mark(struct session *s, size_t i, bool marked)
{
	struct total *t = &s->unmarked;

	if (s->marked[i] == marked)
		return;
	s->marked[i] = marked;
	t->messages = marked ? t->messages - 1 : t->messages + 1;
	t->octets = marked ? t->octets - size_of(s, i)
			   : t->octets + size_of(s, i);
}

void session_unmark(struct session *s)
{
	for (size_t i = 0; i < session_messages(s); i++)
		s->marked[i] = false;
	s->unmarked = s->all;
}

static void add(struct total *t, uint64_t octets)
{
	t->messages++;
	t->octets += octets;
}

void session_count(struct session *s)
{
	s->all = s->unmarked = (struct total){ 0, 0 };
	for (size_t i = 0; i < session_messages(s); i++) {
		add(&s->all, size_of(s, i));
		if (!s->marked[i])
			add(&s->unmarked, size_of(s, i));
	}
}

struct total session_total(const struct session *s)
{
	struct total t = switched(s, DEFECT_STAT_COUNTS_DELETED) ? s->all
								 : s->unmarked;

	if (switched(s, DEFECT_STAT_TOTAL_WRAPS))
		t.octets %= 65536;
	return t;
}

/* Decimal is decimal, with them and without (ruling C41). */
static const char *zeros(const struct session *s)
{
	return switched(s, ODDITY_LEADING_ZEROS) ? "00" : "";
}

/* What STAT says, wherever a defect has it from. */
static struct total count(struct session *s)
{
	if (!s->is_counted || !switched(s, DEFECT_STAT_CACHED))
		s->counted = session_total(s);
	s->is_counted = true;
	return s->counted;
}

/* Only a defect, or lenience, lets an argument come here. */
static bool stat_of_one(struct session *s, const struct command *c,
			struct reply *r)
{
	struct message_named m;

	if (!c->count || !switched(s, DEFECT_STAT_OF_ONE))
		return false;
	if (session_find(s, c->arguments[0], DEFECT_STAT_COUNTS_DELETED, &m, r))
		reply_data(r, "1 %" PRIu64, size_of(s, m.index));
	return true;
}

void verb_stat(struct session *s, const struct command *c, struct reply *r)
{
	struct total t = count(s);

	if (stat_of_one(s, c, r))
		return;
	if (t.messages && switched(s, DEFECT_STAT_OFF_BY_ONE))
		t.messages--;
	if (switched(s, DEFECT_STAT_IN_WORDS))
		reply_data(r, "%zu messages in %" PRIu64 " octets", t.messages,
			   t.octets);
	else if (!t.messages && switched(s, DEFECT_STAT_OF_NOTHING))
		reply_data(r, "0");
	else
		reply_data(r, "%s%zu %s%" PRIu64 "%s", zeros(s), t.messages,
			   zeros(s), t.octets,
			   switched(s, ODDITY_CHATTY_LISTING) ? " octets in all"
							      : "");
}

static int scan_listing(const struct session *s, size_t number, size_t i,
			char *text, size_t room)
{
	uint64_t size = size_of(s, i);

	if (switched(s, DEFECT_SIZE_NOT_A_NUMBER))
		return snprintf(text, room, "%zu %%!d(float64=%" PRIu64 ")",
				number, size);
	if (switched(s, DEFECT_SIZES_WITH_COMMAS) && size >= 1000)
		return snprintf(text, room, "%zu %" PRIu64 ",%03" PRIu64,
				number, size / 1000, size % 1000);
	if (switched(s, DEFECT_LIST_IN_HEXADECIMAL))
		return snprintf(text, room, "%zx %" PRIu64, number, size);
	return snprintf(text, room, "%s%zu %s%" PRIu64 "%s", zeros(s), number,
			zeros(s), size,
			switched(s, ODDITY_CHATTY_LISTING) ? " octets" : "");
}

static int unique_id_listing(const struct session *s, size_t number, size_t i,
			     char *text, size_t room)
{
	char id[UNIQUE_ID_TEXT];

	session_unique_id(s, number, i, id);
	return snprintf(text, room, "%s%zu %s%s", zeros(s), number, id,
			switched(s, DEFECT_UIDL_WITH_TEXT) ? " unread" : "");
}

/* The number that a line shows. */
static size_t shown(const struct session *s, size_t number)
{
	if (switched(s, DEFECT_LIST_NUMBER_OF_8_BITS))
		return number % 256;
	if (s->listing.shows_deleted == DEFECT_UIDL_SHOWS_DELETED &&
	    switched(s, DEFECT_UIDL_COUNTS_LINES))
		return s->listing.lines + 1;
	return number;
}

/* Whether a buffer of 4,096 octets has no room for the rest of the line. */
static bool is_lost(struct session *s, size_t octets)
{
	size_t before = s->listing.octets;

	s->listing.octets += octets;
	return before / 4096 != (s->listing.octets - 1) / 4096 &&
	       switched(s, DEFECT_LISTING_LOSES_LINES);
}

static bool is_listed(const struct session *s, size_t i)
{
	return i != NO_MESSAGE &&
	       (!s->marked[i] || switched(s, s->listing.shows_deleted));
}

/* A source of lines: the next message that is not marked as deleted. */
static long read_listing(void *of, char *to, size_t room)
{
	struct session *s = of;
	size_t count = session_messages(s);

	while (s->listing.next < count) {
		size_t number = ++s->listing.next;
		size_t i;
		int n;

		if (switched(s, ODDITY_DESCENDING_LISTING))
			number = count + 1 - number;
		i = session_index(s, number);
		if (!is_listed(s, i))
			continue;
		n = s->listing.line(s, shown(s, number), i, to, room - 2);
		memcpy(to + n, "\r\n", 2);
		s->listing.lines++;
		if (!is_lost(s, (size_t)n + 2))
			return n + 2;
	}
	return 0;
}

static void list_all(struct session *s, struct listing listing, struct reply *r)
{
	s->listing = listing;
	reply_body(r, (struct source){ read_listing, s }, WHOLE_BODY);
}

static void list_one(struct session *s, struct listing listing,
		     struct slice argument, struct reply *r)
{
	char text[REPLY_OCTETS];
	struct message_named m;

	if (!session_find(s, argument, listing.shows_deleted, &m, r))
		return;
	if (switched(s, listing.shifts))
		m.index = session_nth_unmarked(s, m.number);
	if (m.index == NO_MESSAGE) {
		reply_err(r, "no such message");
		return;
	}
	listing.line(s, m.number, m.index, text, sizeof(text));
	reply_data(r, "%s", text);
}

static int size_as_sent(const struct session *s, size_t number, size_t i,
			char *text, size_t room)
{
	return snprintf(text, room, "%zu %" PRIu64, number,
			size_of(s, i) + octets_stuffed(s->maildrop, i));
}

static int size_alone(const struct session *s, size_t number, size_t i,
		      char *text, size_t room)
{
	(void)number;
	return snprintf(text, room, "%" PRIu64, s->maildrop->messages[i].size);
}

static long read_nothing(void *of, char *to, size_t room)
{
	(void)of;
	(void)to;
	(void)room;
	return 0;
}

static void list_message(struct session *s, struct listing listing,
			 struct slice argument, struct reply *r)
{
	if (switched(s, DEFECT_LIST_ONE_WITHOUT_NUMBER))
		listing.line = size_alone;
	if (switched(s, DEFECT_LIST_ONE_COUNTS_STUFFING))
		listing.line = size_as_sent;
	list_one(s, listing, argument, r);
	if (r->status == REPLY_ERR && switched(s, DEFECT_LIST_ERROR_WITH_DOT))
		reply_body(r, (struct source){ read_nothing, s }, WHOLE_BODY);
}

/* What is no number is no argument, for a defect. */
static bool has_argument(const struct session *s, const struct command *c)
{
	uint64_t n;

	return c->count && (!switched(s, DEFECT_GARBAGE_LISTS_ALL) ||
			    session_number(s, c->arguments[0], &n));
}

void verb_list(struct session *s, const struct command *c, struct reply *r)
{
	struct listing listing = {
		.line = scan_listing,
		.shows_deleted = DEFECT_LIST_SHOWS_DELETED,
		.shifts = DEFECT_LIST_ONE_SHIFTS,
	};
	struct total t = session_total(s);

	if (has_argument(s, c) && !switched(s, DEFECT_LIST_IGNORES_ARGUMENT)) {
		list_message(s, listing, c->arguments[0], r);
		return;
	}
	if (!session_messages(s) && switched(s, DEFECT_LIST_EMPTY_REFUSED)) {
		reply_err(r, "maildrop is empty");
		return;
	}
	reply_ok(r,
		 t.messages == 1 ? "%zu message (%" PRIu64 " octets)"
				 : "%zu messages (%" PRIu64 " octets)",
		 t.messages, t.octets);
	list_all(s, listing, r);
}

void verb_uidl(struct session *s, const struct command *c, struct reply *r)
{
	struct listing listing = {
		.line = unique_id_listing,
		.shows_deleted = DEFECT_UIDL_SHOWS_DELETED,
		.shifts = DEFECT_UIDL_ONE_SHIFTS,
	};

	if (has_argument(s, c) && !switched(s, DEFECT_UIDL_IGNORES_ARGUMENT)) {
		list_one(s, listing, c->arguments[0], r);
		return;
	}
	reply_bare_ok(r);
	list_all(s, listing, r);
}
