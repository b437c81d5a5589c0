/* SPDX-License-Identifier: MIT */
/*
 * The TRANSACTION state (RFC 1939 section 5, and 7 for TOP): a client fetches
 * messages and marks them as deleted. A mark hides a message from every
 * command; what really goes, goes at QUIT (update.c). What is listed stands in
 * listing.c.
 */
#include "verbs.h"

#include <inttypes.h>
#include <string.h>

/* Marks that are bits of one word: each 64th message shares one. */
static void mark_wrapped(struct session *s, size_t i)
{
	for (i %= 64; i < session_messages(s); i += 64)
		session_mark(s, i, true);
}

static void mark(struct session *s, size_t i)
{
	session_mark(s, i, true);
	s->marked_last = i;
	s->is_counted = false;
	if (switched(s, DEFECT_MARKS_WRAP))
		mark_wrapped(s, i);
}

/* What LAST tells of: by RETR and DELE (RFC 1460 section 5). */
static void note_access(struct session *s, size_t number)
{
	if (number > s->accessed)
		s->accessed = number;
}

/* A source of lines: the message that is being read. */
static long read_message(void *of, char *to, size_t room)
{
	struct session *s = of;
	size_t n = s->looked_at.len < room ? s->looked_at.len : room;

	if (!n)
		return s->maildrop->ops->read(s->maildrop, to, room, NULL);
	memcpy(to, s->looked_at.ptr, n);
	buf_drop(&s->looked_at, n);
	if (!s->looked_at.len)
		buf_free(&s->looked_at);
	return (long)n;
}

static void say_unreadable(struct reply *r)
{
	*r = (struct reply){ 0 };
	reply_err(r, "[SYS/TEMP] message cannot be read");
}

/* Another program moved it: r waits until the outside has found it again. */
static void seek(struct session *s, size_t i, struct reply *r)
{
	if (!session_keep_reply(s, r)) {
		say_unreadable(r);
		return;
	}
	s->sought = i;
	s->want = WANT_FIND;
	*r = (struct reply){ .status = REPLY_LATER };
}

/* It lies open: it goes out, unless this client may not have it. */
static void show(struct session *s, size_t i, struct reply *r)
{
	int needs_utf8 = session_needs_utf8(s, i);

	if (needs_utf8 < 0)
		say_unreadable(r);
	else if (needs_utf8)
		session_withhold(s, r);
}

/* Send a message; r holds what is said of it. */
static void send_message(struct session *s, size_t i, uint64_t lines,
			 struct reply *r)
{
	struct maildrop *m = s->maildrop;
	int failed = m->ops->rewind(m, i, NULL);

	reply_message(r, (struct source){ read_message, s }, lines);
	if (failed == MAILDROP_MOVED)
		seek(s, i, r);
	else if (failed)
		say_unreadable(r);
	else
		show(s, i, r);
}

size_t session_sought(const struct session *s)
{
	return s->sought;
}

void session_found(struct session *s, bool found)
{
	struct reply r;

	if (s->want != WANT_FIND)
		return;
	r = session_take_reply(s);
	if (found)
		show(s, s->sought, &r);
	else
		say_unreadable(&r);
	if (r.status == REPLY_ERR)
		s->retrieved[s->sought] = false;
	session_resume(s);
	session_answer(s, &r);
}

void verb_retr(struct session *s, const struct command *c, struct reply *r)
{
	struct message_named m;

	if (!session_find(s, c->arguments[0], DEFECT_RETR_OF_DELETED, &m, r))
		return;
	reply_ok(r, "%" PRIu64 " octets", s->maildrop->messages[m.index].size);
	send_message(s, m.index,
		     switched(s, DEFECT_RETR_HEADERS_ONLY) ? 0 : WHOLE_BODY, r);
	if (r->status == REPLY_ERR)
		return;
	s->retrieved[m.index] = true;
	note_access(s, m.number);
	if (switched(s, DEFECT_RETR_MARKS))
		session_mark(s, m.index, true);
}

static uint64_t top_lines(const struct session *s, uint64_t n)
{
	if (n == 0 && switched(s, DEFECT_TOP_ZERO_IS_ALL))
		return WHOLE_BODY - 1;
	if (switched(s, DEFECT_TOP_ONE_MORE))
		return n + 1;
	if (n > 0 && switched(s, DEFECT_TOP_ONE_LESS))
		return n - 1;
	if (switched(s, DEFECT_TOP_LINES_OF_32_BITS))
		return n & UINT32_MAX;
	if (n > INT32_MAX && switched(s, DEFECT_TOP_LINES_SIGNED))
		return 0;
	if (n == UINT64_MAX && switched(s, DEFECT_TOP_LINES_OVERFLOW))
		return 0;
	return n;
}

static bool read_lines(const struct session *s, struct slice argument,
		       uint64_t *n)
{
	size_t digits = 0;

	*n = 0;
	if (!switched(s, DEFECT_TOP_LINES_LIKE_ATOI))
		return session_number(s, argument, n);
	while (digits < argument.len && argument.ptr[digits] >= '0' &&
	       argument.ptr[digits] <= '9')
		digits++;
	session_number(s, slice_first(argument, digits), n);
	return true;
}

/* A server that does not want to read a large number may say so (C44). */
static bool refuses_lines(const struct session *s, uint64_t n)
{
	return (n > INT32_MAX && switched(s, ODDITY_HUGE_COUNTS_REFUSED)) ||
	       (n > 0 && switched(s, ODDITY_TOP_LIMITED));
}

void verb_top(struct session *s, const struct command *c, struct reply *r)
{
	struct message_named m;
	uint64_t n;

	if (!session_find(s, c->arguments[0], DEFECT_TOP_OF_DELETED, &m, r))
		return;
	if (!read_lines(s, c->arguments[1], &n)) {
		reply_err(r, "a number of lines is decimal, without sign and "
			     "leading zeros");
		return;
	}
	if (refuses_lines(s, n)) {
		reply_err(r, "TOP does not send so many lines");
		return;
	}
	reply_bare_ok(r);
	send_message(s, m.index, top_lines(s, n), r);
}

/* "1-3", for a defect. */
static bool mark_range(struct session *s, struct slice argument)
{
	size_t hyphen = slice_find(argument, '-');
	uint64_t n, last;

	if (!decimal(slice_first(argument, hyphen), &n) ||
	    !decimal(slice_from(argument, hyphen + 1), &last) || n < 1 ||
	    last > session_messages(s))
		return false;
	for (; n <= last; n++)
		mark(s, session_index(s, n));
	return true;
}

/* Returns true when a defect marked more than one message. */
static bool mark_several(struct session *s, const struct command *c)
{
	struct message_named m;
	struct reply ignored;

	if (switched(s, DEFECT_DELE_TAKES_RANGES) &&
	    mark_range(s, c->arguments[0]))
		return true;
	if (c->count < 2 || !switched(s, DEFECT_DELE_TAKES_LISTS))
		return false;
	for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
		if (session_find(s, c->arguments[i], DEFECT_DELE_TWICE, &m,
				 &ignored))
			mark(s, m.index);
	return true;
}

void verb_dele(struct session *s, const struct command *c, struct reply *r)
{
	struct message_named m;

	if (mark_several(s, c)) {
		reply_ok(r, "messages deleted");
		return;
	}
	if (!session_find(s, c->arguments[0], DEFECT_DELE_TWICE, &m, r))
		return;
	mark(s, m.index);
	note_access(s, m.number);
	reply_ok(r, "message %zu deleted", m.number);
}

void verb_noop(struct session *s, const struct command *c, struct reply *r)
{
	(void)c;
	if (switched(s, DEFECT_NOOP_READS_ANEW)) {
		session_reopen(s);
		return;
	}
	if (switched(s, DEFECT_NOOP_UNMARKS))
		session_unmark(s);
	reply_bare_ok(r);
}

static bool all_are_marked(const struct session *s)
{
	return session_messages(s) && s->unmarked.messages == 0;
}

/* What RSET does, unless a defect does less. */
static void unmark(struct session *s)
{
	size_t count = session_messages(s);

	if (switched(s, DEFECT_RSET_DOES_NOTHING) ||
	    (!s->previous && switched(s, DEFECT_RSET_BEHIND_ERROR)))
		return;
	if (switched(s, DEFECT_RSET_OF_THE_LAST)) {
		if (s->marked_last < count)
			session_mark(s, s->marked_last, false);
		return;
	}
	if (count <= 64 || !switched(s, DEFECT_RSET_OF_64)) {
		session_unmark(s);
		return;
	}
	for (size_t i = 0; i < 64; i++)
		session_mark(s, i, false);
}

void verb_rset(struct session *s, const struct command *c, struct reply *r)
{
	struct total t;

	(void)c;
	if (switched(s, DEFECT_RSET_READS_ANEW) ||
	    switched(s, ODDITY_RSET_SHOWS_NEW_MAIL)) {
		session_reopen(s);
		return;
	}
	if (all_are_marked(s) && switched(s, DEFECT_RSET_OF_ALL)) {
		reply_err(r, "maildrop is empty");
		return;
	}
	unmark(s);
	s->accessed = 0;
	t = session_total(s);
	reply_ok(r,
		 t.messages == 1
			 ? "maildrop has %zu message (%" PRIu64 " octets)"
			 : "maildrop has %zu messages (%" PRIu64 " octets)",
		 t.messages, t.octets);
	if (switched(s, DEFECT_RSET_LOGS_OUT))
		session_close_maildrop(s);
}

void verb_last(struct session *s, const struct command *c, struct reply *r)
{
	(void)c;
	reply_data(r, "%zu", s->accessed);
}
