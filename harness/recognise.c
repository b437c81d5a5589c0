/* SPDX-License-Identifier: MIT */
#include "recognise.h"
#include "decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT 8192 /* octets of a message that we know it by */

/* A message of the fixture that has a Message-ID. */
struct identity {
	struct slice line; /* "Message-ID: ...", in the fixture */
	size_t message;
};

struct look {
	struct talk *t;
	struct bindings *b;
	struct obstacle *o;
	struct buf start; /* of the message looked at */
	struct identity *ids; /* sorted by line */
	size_t id_count;
	bool *found; /* of each message of the fixture: it has its number */
};

static void keep_start(void *to, struct slice octets)
{
	struct buf *start = to;
	size_t room = KEPT > start->len ? KEPT - start->len : 0;

	buf_add(start, slice_first(octets, room));
}

static int ask(struct look *l, const char *command, struct body_sink sink,
	       const char *requirement, const char *why)
{
	struct talk *t = l->t;
	uint64_t ms = stage_wait(t->stage, WAIT_REPLY);
	enum talk_result result;

	result = talk_send(t, slice_str(command));
	if (result == TALK_REPLY)
		result = talk_reply(t, ms, sink);
	if (talk_gave_up(result))
		stage_wait_spent(t->stage, WAIT_REPLY);
	if (result != TALK_REPLY || t->reader.reply.status != STATUS_OK)
		return obstacle_from(l->o, t, result, requirement, why);
	return 0;
}

static int count_by_stat(struct look *l, size_t *count)
{
	uint64_t n = 0;
	struct slice text;

	if (ask(l, "STAT\r\n", (struct body_sink){ 0 }, "RFC1939-5-STAT-01",
		"STAT failed"))
		return -1;
	text = reply_text(&l->t->reader.reply);
	if (!decimal_read(slice_first(text, slice_find(text, ' ')), &n) ||
	    n > FIXTURE_MESSAGES_LIMIT)
		return obstacle_from(l->o, l->t, TALK_REPLY,
				     "RFC1939-5-STAT-01",
				     "STAT names no sensible count");
	*count = (size_t)n;
	return 0;
}

static void count_lines(void *to, struct slice octets)
{
	size_t *count = to;

	while (octets.len) {
		size_t end = slice_find(octets, '\n');

		*count += end < octets.len;
		octets = slice_from(octets, end + 1);
	}
}

static int count_by_list(struct look *l, size_t *count)
{
	struct obstacle o = { 0 };
	struct look again = { .t = l->t, .b = l->b, .o = &o };
	int result;

	*count = 0;
	result = ask(&again, "LIST\r\n",
		     (struct body_sink){ count_lines, count }, "",
		     "LIST failed");
	obstacle_free(&o);
	return result;
}

/* STAT may be broken: what it says otherwise than expected, LIST says. */
static int count_messages(struct look *l, size_t *count)
{
	const struct fixture *f = l->t->stage->fixture;
	int failed = count_by_stat(l, count);
	size_t listed;

	if (!failed && (!f || *count == f->count))
		return 0;
	if (l->t->wire && !count_by_list(l, &listed)) {
		*count = listed;
		return 0;
	}
	return failed;
}

static int ask_message(struct look *l, const char *command,
		       const char *requirement, const char *why)
{
	buf_clear(&l->start);
	return ask(l, command, (struct body_sink){ keep_start, &l->start },
		   requirement, why);
}

static int top(struct look *l, size_t n)
{
	char command[64];

	snprintf(command, sizeof(command), "TOP %zu 0\r\n", n);
	return ask_message(l, command, "RFC1939-7-TOP-01", "TOP failed");
}

static int retrieve(struct look *l, size_t n)
{
	char command[64];

	snprintf(command, sizeof(command), "RETR %zu\r\n", n);
	return ask_message(l, command, "RFC1939-5-RETR-01", "RETR failed");
}

/* The "Message-ID: ..." line of a message, which fixtures have one each of. */
static struct slice message_id_line(struct slice octets)
{
	while (octets.len) {
		size_t end = slice_find(octets, '\n');
		struct slice line = slice_first(octets, end);

		if (slice_is_nocase(slice_first(line, 11), "Message-ID:"))
			return slice_ends(line, "\r")
				       ? slice_first(line, line.len - 1)
				       : line;
		octets = slice_from(octets, end + 1);
	}
	return slice_of(NULL, 0);
}

static bool same_start(struct slice stored, struct slice seen)
{
	struct buf sent = { 0 };
	bool same;

	fixture_as_sent(slice_first(stored, KEPT), FIXTURE_END_ADDED, &sent);
	same = slice_equal(slice_first(buf_slice(&sent), seen.len), seen);
	buf_free(&sent);
	return same;
}

static int compare_lines(struct slice a, struct slice b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

static int compare_identities(const void *left, const void *right)
{
	const struct identity *a = left, *b = right;

	return compare_lines(a->line, b->line);
}

/* Sorted, since a maildrop of a thousand is looked at message by message. */
static int prepare(struct look *l)
{
	const struct fixture *f = l->t->stage->fixture;
	size_t count = f ? f->count : 0;

	l->ids = calloc(count + 1, sizeof(*l->ids));
	l->found = calloc(count + 1, sizeof(*l->found));
	if (!l->ids || !l->found)
		return obstacle_set(l->o, OUTCOME_ERROR, "", "out of memory");
	for (size_t i = 0; i < count; i++) {
		struct slice line =
			message_id_line(buf_slice(&f->messages[i].octets));

		if (line.len)
			l->ids[l->id_count++] = (struct identity){ line, i };
	}
	qsort(l->ids, l->id_count, sizeof(*l->ids), compare_identities);
	return 0;
}

static void look_free(struct look *l)
{
	buf_free(&l->start);
	free(l->ids);
	free(l->found);
}

/* The first in ids whose line is not before this one. */
static size_t first_identity(const struct look *l, struct slice line)
{
	size_t from = 0, to = l->id_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (compare_lines(l->ids[middle].line, line) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static void bind_number(struct look *l, size_t message, size_t n)
{
	const struct fixture *f = l->t->stage->fixture;
	char name[96], number[24];

	snprintf(name, sizeof(name), "number of %s", f->messages[message].name);
	snprintf(number, sizeof(number), "%zu", n);
	binding_set(l->b, name, slice_str(number));
	l->found[message] = true;
}

static bool know_by_id(struct look *l, size_t n)
{
	struct slice line = message_id_line(buf_slice(&l->start));
	size_t i = first_identity(l, line);

	for (; line.len && i < l->id_count &&
	       slice_equal(l->ids[i].line, line); i++) {
		if (l->found[l->ids[i].message])
			continue;
		bind_number(l, l->ids[i].message, n);
		return true;
	}
	return false;
}

/* Those of the fixture that have no Message-ID: by how they begin. */
static bool know_by_start(struct look *l, size_t n)
{
	const struct fixture *f = l->t->stage->fixture;

	if (!f || l->id_count == f->count)
		return false;
	for (size_t i = 0; i < f->count; i++) {
		struct slice stored = buf_slice(&f->messages[i].octets);

		if (l->found[i] || message_id_line(stored).len ||
		    !same_start(stored, buf_slice(&l->start)))
			continue;
		bind_number(l, i, n);
		return true;
	}
	return false;
}

static bool know(struct look *l, size_t n)
{
	return know_by_id(l, n) || know_by_start(l, n);
}

/* TOP may be what is broken: who is not known by it is retrieved. */
static int look_at(struct look *l, size_t n, bool *known)
{
	const struct abilities *a = l->t->stage->abilities;

	*known = false;
	if (a && a->top_works) {
		if (top(l, n))
			return -1;
		*known = know(l, n);
	}
	if (*known || l->t->stage->look_only)
		return 0;
	if (retrieve(l, n))
		return -1;
	*known = know(l, n);
	return 0;
}

/*
 * All but one are known, and all are there: the last is the last. A message
 * alone is not taken for ours because of that: it may be somebody's.
 */
static void pair_the_last(struct look *l, size_t n, struct recognised *found)
{
	const struct fixture *f = l->t->stage->fixture;

	if (!f || found->strangers != 1 || found->count != f->count ||
	    found->count < 2)
		return;
	for (size_t i = 0; i < f->count; i++) {
		if (l->found[i])
			continue;
		bind_number(l, i, n);
		found->strangers = 0;
	}
}

static int look_at_all(struct look *l, struct recognised *found)
{
	size_t last = 0;

	if (prepare(l) || count_messages(l, &found->count))
		return -1;
	if (found->count > FIXTURE_MESSAGES_LIMIT) {
		found->strangers = found->count - FIXTURE_MESSAGES_LIMIT;
		return 0;
	}
	for (size_t n = 1; n <= found->count; n++) {
		bool known;

		if (look_at(l, n, &known))
			return -1;
		if (known)
			continue;
		found->strangers++;
		last = n;
	}
	pair_the_last(l, last, found);
	return 0;
}

/* Many commands that no scenario asked for: one line of transcript. */
static void tell(struct transcript *t, const struct look *l, uint64_t at)
{
	struct buf line = { 0 };
	const char *join = "looks at each message: ";

	for (size_t i = 0; i < l->b->count && line.len < 400; i++) {
		const struct binding *b = &l->b->list[i];

		if (strncmp(b->name, "number of ", 10))
			continue;
		buf_printf(&line, "%s%s is %.*s", join, b->name + 10,
			   (int)b->value.len, b->value.ptr);
		join = ", ";
	}
	if (line.len && buf_text(&line))
		transcript_note(t, l->t->client, at, buf_text(&line));
	buf_free(&line);
}

int recognise_count(struct talk *t, size_t *count, struct obstacle *o)
{
	struct transcript *story = t->transcript;
	struct transcript aside = { .secrets = story->secrets, .mute = true };
	struct look l = { .t = t, .o = o };
	int result;

	t->transcript = &aside;
	result = count_messages(&l, count);
	t->transcript = story;
	transcript_clear(&aside);
	look_free(&l);
	return result;
}

int recognise(struct talk *t, struct bindings *b, struct recognised *found,
	      struct obstacle *o)
{
	struct transcript *story = t->transcript;
	struct transcript aside = { .secrets = story->secrets, .mute = true };
	struct look l = { .t = t, .b = b, .o = o };
	int result;

	*found = (struct recognised){ 0 };
	bindings_unset(b, "number of ");
	t->transcript = &aside;
	result = look_at_all(&l, found);
	t->transcript = story;
	transcript_clear(&aside);
	look_free(&l);
	if (!result)
		tell(story, &l,
		     t->stage->ops->now(t->stage) - t->began);
	return result;
}
