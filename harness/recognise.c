/* SPDX-License-Identifier: MIT */
#include "recognise.h"
#include "decimal.h"

#include <stdio.h>
#include <string.h>

#define KEPT 8192 /* octets of a message that we know it by */

struct look {
	struct talk *t;
	struct bindings *b;
	struct obstacle *o;
	struct buf start; /* of the message looked at */
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

static bool is_message(const struct fixture_message *m, struct slice seen)
{
	struct slice stored = buf_slice(&m->octets);
	struct slice id = message_id_line(stored);

	if (id.len)
		return slice_equal(id, message_id_line(seen));
	return same_start(stored, seen);
}

static bool bind_number(struct look *l, size_t n)
{
	const struct fixture *f = l->t->stage->fixture;
	char name[96], number[24];

	for (size_t i = 0; f && i < f->count; i++) {
		snprintf(name, sizeof(name), "number of %s",
			 f->messages[i].name);
		if (binding_find(l->b, name) ||
		    !is_message(&f->messages[i], buf_slice(&l->start)))
			continue;
		snprintf(number, sizeof(number), "%zu", n);
		binding_set(l->b, name, slice_str(number));
		return true;
	}
	return false;
}

/* TOP may be what is broken: who is not known by it is retrieved. */
static int look_at(struct look *l, size_t n, bool *known)
{
	const struct abilities *a = l->t->stage->abilities;

	*known = false;
	if (a && a->top_works) {
		if (top(l, n))
			return -1;
		*known = bind_number(l, n);
	}
	if (*known || l->t->stage->look_only)
		return 0;
	if (retrieve(l, n))
		return -1;
	*known = bind_number(l, n);
	return 0;
}

/*
 * All but one are known, and all are there: the last is the last. A message
 * alone is not taken for ours because of that: it may be somebody's.
 */
static void pair_the_last(struct look *l, size_t n, struct recognised *found)
{
	const struct fixture *f = l->t->stage->fixture;
	char name[96], number[24];

	if (!f || found->strangers != 1 || found->count != f->count ||
	    found->count < 2)
		return;
	for (size_t i = 0; i < f->count; i++) {
		snprintf(name, sizeof(name), "number of %s",
			 f->messages[i].name);
		if (binding_find(l->b, name))
			continue;
		snprintf(number, sizeof(number), "%zu", n);
		binding_set(l->b, name, slice_str(number));
		found->strangers = 0;
	}
}

static int look_at_all(struct look *l, struct recognised *found)
{
	size_t last = 0;

	if (count_messages(l, &found->count))
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
	struct transcript aside = { .secrets = story->secrets };
	struct look l = { .t = t, .o = o };
	int result;

	t->transcript = &aside;
	result = count_messages(&l, count);
	t->transcript = story;
	transcript_clear(&aside);
	buf_free(&l.start);
	return result;
}

int recognise(struct talk *t, struct bindings *b, struct recognised *found,
	      struct obstacle *o)
{
	struct transcript *story = t->transcript;
	struct transcript aside = { .secrets = story->secrets };
	struct look l = { .t = t, .b = b, .o = o };
	int result;

	*found = (struct recognised){ 0 };
	bindings_unset(b, "number of ");
	t->transcript = &aside;
	result = look_at_all(&l, found);
	t->transcript = story;
	transcript_clear(&aside);
	buf_free(&l.start);
	if (!result)
		tell(story, &l,
		     t->stage->ops->now(t->stage) - t->began);
	return result;
}
