/* SPDX-License-Identifier: MIT */
#include "view_turn.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool turn_is(const struct turn *t, const char *line)
{
	return slice_is_nocase(t->command, line);
}

bool turn_has_word(const struct turn *t, const char *word)
{
	return slice_is_nocase(command_word(t->command), word);
}

void turn_obeyed(const struct turn *t)
{
	fuzz_holds(t->said.positive, "a right command is obeyed", t->command);
}

void turn_refused(const struct turn *t)
{
	fuzz_holds(!t->said.positive, "a wrong command is refused", t->command);
}

/* Decimal digits as a client writes them, at the front of *s. */
static bool take_number(struct slice *s, uint64_t *n)
{
	size_t digits = 0;

	*n = 0;
	for (; digits < s->len && s->ptr[digits] >= '0' &&
	       s->ptr[digits] <= '9'; digits++)
		if (*n < UINT32_MAX) /* larger than any maildrop is enough */
			*n = *n * 10 + (uint64_t)(s->ptr[digits] - '0');
	if (!digits || (digits > 1 && s->ptr[0] == '0'))
		return false;
	*s = slice_from(*s, digits);
	return true;
}

/* The message that "WORD n" names: its index in the session, or the count. */
static size_t named(const struct turn *t)
{
	struct slice rest = command_rest(t->command);
	const struct view *v = t->view;
	uint64_t n;

	if (!take_number(&rest, &n) || rest.len || n < 1 || n > v->count ||
	    v->marked[n - 1])
		return v->count;
	return (size_t)n - 1;
}

static uint64_t size(const struct view *v, size_t i)
{
	return view_message(v, i)->sent.len;
}

void view_enter(struct view *v)
{
	v->in = true;
	v->count = 0;
	for (size_t i = 0; i < v->mail->count; i++)
		if (!v->mail->list[i].removed)
			v->ids[v->count++] = i;
	memset(v->marked, 0, sizeof(v->marked));
	v->accessed = 0;
}

static void check_stat(const struct turn *t)
{
	char expected[64];
	uint64_t octets = 0;
	size_t count = 0;

	turn_obeyed(t);
	for (size_t i = 0; i < t->view->count; i++) {
		if (t->view->marked[i])
			continue;
		octets += size(t->view, i);
		count++;
	}
	snprintf(expected, sizeof(expected), "%zu %" PRIu64, count, octets);
	fuzz_equal(t->said.text, slice_str(expected),
		   "STAT tells what is not marked");
}

static void add_size(struct buf *to, const struct view *v, size_t i)
{
	buf_printf(to, "%zu %" PRIu64, i + 1, size(v, i));
}

/* A unique-id is the message's for ever. */
static void check_unique_id(struct mail_message *m, struct slice id)
{
	bool fine = id.len >= 1 && id.len <= 70;

	for (size_t i = 0; i < id.len && fine; i++)
		fine = id.ptr[i] > 0x20 && id.ptr[i] < 0x7f;
	fuzz_holds(fine, "a unique-id has 1 to 70 visible octets", id);
	if (!m->unique_id[0])
		snprintf(m->unique_id, sizeof(m->unique_id), "%.*s",
			 (int)id.len, id.ptr);
	fuzz_equal(id, slice_str(m->unique_id), "a unique-id stays");
}

static void check_unique_id_line(const struct turn *t, size_t i,
				 struct slice line)
{
	uint64_t n = 0;
	bool numbered = take_number(&line, &n) && slice_starts(line, " ");

	fuzz_holds(numbered, "a unique-id has its message-number", line);
	fuzz_same(n, i + 1, "a unique-id has its message-number");
	check_unique_id(view_message(t->view, i), slice_from(line, 1));
}

static void check_unique_ids(const struct turn *t)
{
	struct slice lines = buf_slice(&t->said.body);

	for (size_t i = 0; i < t->view->count; i++)
		if (!t->view->marked[i])
			check_unique_id_line(t, i, line_take(&lines));
	fuzz_equal(lines, slice_of(NULL, 0), "UIDL shows what is not marked");
}

static void check_sizes(const struct turn *t)
{
	struct buf expected = { 0 };

	for (size_t i = 0; i < t->view->count; i++) {
		if (t->view->marked[i])
			continue;
		add_size(&expected, t->view, i);
		buf_add_str(&expected, "\r\n");
	}
	fuzz_equal(buf_slice(&t->said.body), buf_slice(&expected),
		   "LIST tells what is not marked");
	buf_free(&expected);
}

static void check_size(const struct turn *t, size_t i)
{
	struct buf expected = { 0 };

	add_size(&expected, t->view, i);
	fuzz_equal(t->said.text, buf_slice(&expected),
		   "LIST n tells the size of a message");
	buf_free(&expected);
}

static void check_body(const struct turn *t, struct slice expected)
{
	struct slice body = buf_slice(&t->said.body);

	if (t->said.cut)
		fuzz_equal(body, slice_first(expected, body.len),
			   "a body that is cut begins as the message");
	else
		fuzz_equal(body, expected, "a body is the message");
}

/* TOP n m: message i, or none when the arguments are not two numbers. */
static size_t named_by_top(const struct turn *t, uint64_t *lines)
{
	struct slice rest = command_rest(t->command);
	struct turn first = *t;

	first.command = slice_first(t->command,
				    t->command.len - rest.len +
					    slice_find(rest, ' '));
	rest = slice_from(rest, slice_find(rest, ' ') + 1);
	if (!take_number(&rest, lines) || rest.len)
		return t->view->count;
	return named(&first);
}

static void check_message(const struct turn *t)
{
	uint64_t lines = 0;
	bool top = turn_has_word(t, "TOP");
	size_t i = top ? named_by_top(t, &lines) : named(t);
	bool withheld = view_withholds(t->view, i);
	struct slice sent;

	if (!t->said.positive) {
		fuzz_holds(i == t->view->count || withheld,
			   "a right command is obeyed", t->command);
		return;
	}
	fuzz_holds(!withheld || t->view->cannot_read,
		   "mail that needs UTF-8 mode is not sent without",
		   t->command);
	fuzz_holds(i < t->view->count, "a wrong command is refused",
		   t->command);
	sent = buf_slice(&view_message(t->view, i)->sent);
	check_body(t, top ? mail_top(sent, lines) : sent);
	if (!top)
		view_accessed(t->view, i);
}

static void check_dele(const struct turn *t)
{
	size_t i = named(t);

	if (i == t->view->count) {
		turn_refused(t);
		return;
	}
	turn_obeyed(t);
	t->view->marked[i] = true;
	view_accessed(t->view, i);
}

/* LIST and UIDL: of all messages, or of one. */
static void check_listing(const struct turn *t)
{
	bool list = turn_has_word(t, "LIST");
	size_t i = named(t);

	if (turn_is(t, "LIST") || turn_is(t, "UIDL")) {
		turn_obeyed(t);
		(list ? check_sizes : check_unique_ids)(t);
	} else if (i == t->view->count) {
		turn_refused(t);
	} else {
		turn_obeyed(t);
		if (list)
			check_size(t, i);
		else
			check_unique_id_line(t, i, t->said.text);
	}
}

static void check_transaction(const struct turn *t)
{
	if (turn_is(t, "STAT"))
		check_stat(t);
	else if (turn_has_word(t, "LIST") || turn_has_word(t, "UIDL"))
		check_listing(t);
	else if (turn_has_word(t, "RETR") || turn_has_word(t, "TOP"))
		check_message(t);
	else if (turn_has_word(t, "DELE"))
		check_dele(t);
	else if (turn_is(t, "CAPA"))
		turn_check_capabilities(t);
	else if (turn_has_word(t, "LANG"))
		view_lang(t);
	else if (turn_is(t, "LAST"))
		view_last(t);
	else if (turn_is(t, "NOOP") || turn_is(t, "RSET"))
		turn_obeyed(t);
	else
		turn_refused(t);
	if (!turn_is(t, "RSET"))
		return;
	memset(t->view->marked, 0, sizeof(t->view->marked));
	t->view->accessed = 0;
}

/* The UPDATE state, the only one in which mail goes. */
static void check_quit(const struct turn *t)
{
	struct view *v = t->view;
	size_t marks = 0;

	for (size_t i = 0; v->in && i < v->count; i++)
		marks += v->marked[i];
	if (marks && v->cannot_remove) {
		turn_refused(t);
	} else {
		turn_obeyed(t);
		for (size_t i = 0; v->in && i < v->count; i++)
			view_message(v, i)->removed |= v->marked[i];
	}
	v->in = false;
	v->over = true;
}

/* PASS is to follow USER at once: this came between them. */
static void check_too_long(const struct turn *t)
{
	turn_refused(t);
	t->view->user_said = false;
}

static void check_turn(struct turn *t)
{
	struct view *v = t->view;

	fuzz_holds(!t->said.cut || v->cannot_read, "a body ends",
		   t->command);
	view_ascii(t);
	if (v->exchanging)
		turn_check_exchange(t, t->command);
	else if (t->command.len + strlen("\r\n") > 255)
		check_too_long(t);
	else if (turn_is(t, "QUIT"))
		check_quit(t);
	else if (v->in)
		check_transaction(t);
	else
		turn_check_authorization(t);
	if (t->said.cut) {
		v->over = true;
		v->in = false;
	}
}

/* One reply to each command, in the order of the commands. */
static void answer(struct view *v, struct slice command, struct slice *said,
		   bool let_in)
{
	struct turn t = { .view = v, .command = command, .let_in = let_in };

	if (view_is_challenged(v, command, said, let_in))
		return;
	if (v->exchanging)
		command = slice_of(NULL, 0);
	fuzz_holds(said_take(&t.said, said, command),
		   "each command gets a reply", command);
	check_turn(&t);
	buf_free(&t.said.body);
}

static void greet(struct view *v, struct slice *said)
{
	struct said greeting;

	fuzz_holds(said_take(&greeting, said, slice_of(NULL, 0)) &&
			   greeting.positive,
		   "the server speaks first", *said);
	v->greeted = true;
}

void view_turn(struct view *v, struct slice octets, struct slice said,
	       bool let_in)
{
	struct slice sent;

	if (!v->greeted)
		greet(v, &said);
	buf_add(&v->partial, octets);
	sent = buf_slice(&v->partial);
	while (!v->over &&
	       slice_search(sent, slice_str("\r\n")) < sent.len) {
		bool in_clear = !v->tls;

		answer(v, line_take(&sent), &said, let_in);
		if (in_clear && v->tls)
			sent = slice_of(NULL, 0);
	}
	buf_drop(&v->partial, v->partial.len - sent.len);
	fuzz_equal(said, slice_of(NULL, 0), "each command gets one reply");
}

void view_free(struct view *v)
{
	buf_free(&v->partial);
	*v = (struct view){ .mail = v->mail };
}
