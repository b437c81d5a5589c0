/* SPDX-License-Identifier: MIT */
/*
 * What is in the maildrop: STAT and LIST (RFC 1939 section 5), UIDL (section 7).
 * A message that is marked as deleted is not, for any of them.
 */
#include "verbs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct total {
	size_t messages;
	uint64_t octets;
};

static uint64_t size_of(const struct session *s, size_t i)
{
	uint64_t size = s->maildrop->messages[i].size;

	return switched(s, DEFECT_SIZE_WRAPS) ? size % 65536 : size;
}

static struct total add_up(const struct session *s)
{
	struct total t = { 0, 0 };

	for (size_t i = 0; i < session_messages(s); i++) {
		if (s->marked[i] && !switched(s, DEFECT_STAT_COUNTS_DELETED))
			continue;
		t.messages++;
		t.octets += size_of(s, i);
	}
	return t;
}

void session_describe(const struct session *s, char text[MAILDROP_TEXT])
{
	struct total t = add_up(s);

	snprintf(text, MAILDROP_TEXT, "%zu message%s (%" PRIu64 " octets)",
		 t.messages, t.messages == 1 ? "" : "s", t.octets);
}

void verb_stat(struct session *s, const struct command *c, struct reply *r)
{
	struct total t = add_up(s);

	(void)c;
	if (t.messages && switched(s, DEFECT_STAT_OFF_BY_ONE))
		t.messages--;
	reply_data(r, "%zu %" PRIu64 "%s", t.messages, t.octets,
		   switched(s, ODDITY_CHATTY_LISTING) ? " octets in all" : "");
}

static int scan_listing(const struct session *s, size_t number, size_t i,
			char *text, size_t room)
{
	uint64_t size = size_of(s, i);

	if (switched(s, DEFECT_SIZE_NOT_A_NUMBER))
		return snprintf(text, room, "%zu %%!d(float64=%" PRIu64 ")",
				number, size);
	return snprintf(text, room, "%zu %" PRIu64 "%s", number, size,
			switched(s, ODDITY_CHATTY_LISTING) ? " octets" : "");
}

static int unique_id_listing(const struct session *s, size_t number, size_t i,
			     char *text, size_t room)
{
	char id[UNIQUE_ID_TEXT];

	session_unique_id(s, number, i, id);
	return snprintf(text, room, "%zu %s%s", number, id,
			switched(s, DEFECT_UIDL_WITH_TEXT) ? " unread" : "");
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
		n = s->listing.line(s, number, i, to, room - 2);
		memcpy(to + n, "\r\n", 2);
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
	listing.line(s, m.number, m.index, text, sizeof(text));
	reply_data(r, "%s", text);
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
	list_one(s, listing, argument, r);
	if (r->status == REPLY_ERR && switched(s, DEFECT_LIST_ERROR_WITH_DOT))
		reply_body(r, (struct source){ read_nothing, s }, WHOLE_BODY);
}

void verb_list(struct session *s, const struct command *c, struct reply *r)
{
	struct listing listing = {
		.line = scan_listing,
		.shows_deleted = DEFECT_LIST_SHOWS_DELETED,
	};
	char text[MAILDROP_TEXT];

	if (c->count && !switched(s, DEFECT_LIST_IGNORES_ARGUMENT)) {
		list_message(s, listing, c->arguments[0], r);
		return;
	}
	if (!session_messages(s) && switched(s, DEFECT_LIST_EMPTY_REFUSED)) {
		reply_err(r, "maildrop is empty");
		return;
	}
	session_describe(s, text);
	reply_ok(r, "%s", text);
	list_all(s, listing, r);
}

void verb_uidl(struct session *s, const struct command *c, struct reply *r)
{
	struct listing listing = {
		.line = unique_id_listing,
		.shows_deleted = DEFECT_UIDL_SHOWS_DELETED,
	};

	if (c->count && !switched(s, DEFECT_UIDL_IGNORES_ARGUMENT)) {
		list_one(s, listing, c->arguments[0], r);
		return;
	}
	reply_bare_ok(r);
	list_all(s, listing, r);
}
