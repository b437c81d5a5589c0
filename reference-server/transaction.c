/* SPDX-License-Identifier: MIT */
/*
 * The TRANSACTION state (RFC 1939 section 5, and 7 for TOP): a client fetches
 * messages and marks them as deleted. A mark hides a message from every
 * command; what really goes, goes at QUIT (update.c). What is listed stands in
 * listing.c.
 */
#include "verbs.h"

#include <inttypes.h>

void session_unmark(struct session *s)
{
	for (size_t i = 0; i < session_messages(s); i++)
		s->marked[i] = false;
}

/* A source of lines: the message that is being read. */
static long read_message(void *of, char *to, size_t room)
{
	struct maildrop *m = of;

	return m->ops->read(m, to, room, NULL);
}

/* Send a message; r holds what is said of it. */
static void send_message(struct session *s, size_t i, uint64_t lines,
			 struct reply *r)
{
	struct maildrop *m = s->maildrop;

	if (m->ops->rewind(m, i, NULL) < 0)
		reply_err(r, "message cannot be read");
	else
		reply_message(r, (struct source){ read_message, m }, lines);
}

void verb_retr(struct session *s, const struct command *c, struct reply *r)
{
	struct message_named m;

	if (!session_find(s, c->arguments[0], DEFECT_RETR_OF_DELETED, &m, r))
		return;
	reply_ok(r, "%" PRIu64 " octets", s->maildrop->messages[m.index].size);
	send_message(s, m.index,
		     switched(s, DEFECT_RETR_HEADERS_ONLY) ? 0 : WHOLE_BODY, r);
	s->retrieved[m.index] = true;
	if (switched(s, DEFECT_RETR_MARKS))
		s->marked[m.index] = true;
}

static uint64_t top_lines(const struct session *s, uint64_t n)
{
	if (n == 0 && switched(s, DEFECT_TOP_ZERO_IS_ALL))
		return WHOLE_BODY - 1;
	if (switched(s, DEFECT_TOP_ONE_MORE))
		return n + 1;
	if (n > 0 && switched(s, DEFECT_TOP_ONE_LESS))
		return n - 1;
	return n;
}

void verb_top(struct session *s, const struct command *c, struct reply *r)
{
	struct message_named m;
	uint64_t n;

	if (!session_find(s, c->arguments[0], DEFECT_TOP_OF_DELETED, &m, r))
		return;
	if (!session_number(s, c->arguments[1], &n)) {
		reply_err(r, "a number of lines is decimal, without sign and "
			     "leading zeros");
		return;
	}
	reply_bare_ok(r);
	send_message(s, m.index, top_lines(s, n), r);
}

void verb_dele(struct session *s, const struct command *c, struct reply *r)
{
	struct message_named m;

	if (!session_find(s, c->arguments[0], DEFECT_DELE_TWICE, &m, r))
		return;
	s->marked[m.index] = true;
	reply_ok(r, "message %zu deleted", m.number);
}

void verb_noop(struct session *s, const struct command *c, struct reply *r)
{
	(void)c;
	if (switched(s, DEFECT_NOOP_READS_ANEW))
		session_reopen(s);
	else
		reply_bare_ok(r);
}

void verb_rset(struct session *s, const struct command *c, struct reply *r)
{
	char text[MAILDROP_TEXT];

	(void)c;
	if (switched(s, DEFECT_RSET_READS_ANEW) ||
	    switched(s, ODDITY_RSET_SHOWS_NEW_MAIL)) {
		session_reopen(s);
		return;
	}
	if (!switched(s, DEFECT_RSET_DOES_NOTHING))
		session_unmark(s);
	session_describe(s, text);
	reply_ok(r, "maildrop has %s", text);
	if (switched(s, DEFECT_RSET_LOGS_OUT))
		session_close_maildrop(s);
}
