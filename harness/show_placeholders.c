/* SPDX-License-Identifier: MIT */
/* What the names in braces of a scenario mean, those that it uses. */
#include "show.h"

#include <stdlib.h>
#include <string.h>

/* What people meet, in the order in which they are told. */
enum meaning {
	MEANS_NUMBER_OF,
	MEANS_SIZE_OF,
	MEANS_UID_OF,
	MEANS_ACCOUNT,
	MEANS_MD5,
	MEANS_TURN,
	MEANS_OWN_NAME,
	MEANS_ANY,
	MEANS_ANY_NUMBER,
	MEANS_ANY_UID,
	MEANS_REST,
	MEANS_OCTETS,
	MEANINGS
};

static const char *const meanings[MEANINGS] = {
	[MEANS_NUMBER_OF] = "the message-number of that message, by its "
			    "Message-ID: TOP 1 0, TOP 2 0 and so on show it",
	[MEANS_SIZE_OF] = "its size: a number, the same in all of a session",
	[MEANS_UID_OF] = "its unique-id, the same in all sessions",
	[MEANS_ACCOUNT] = "of the account in the target file",
	[MEANS_MD5] = "its MD5, in lower-case hexadecimal digits",
	[MEANS_TURN] = "1, 2, 3 and so on, one more each time",
	[MEANS_OWN_NAME] = "whatever stands there at first sight; the same "
			   "from then on",
	[MEANS_ANY] = "visible octets without a space",
	[MEANS_ANY_NUMBER] = "decimal digits",
	[MEANS_ANY_UID] = "a unique-id: 1 to 70 visible octets",
	[MEANS_REST] = "anything, or nothing",
	[MEANS_OCTETS] = "octets, by name or by number",
};

struct collected {
	struct buf names[MEANINGS]; /* ", " between */
};

static bool is_there(const struct buf *names, const char *name)
{
	struct slice rest = buf_slice(names);

	while (rest.len) {
		size_t n = slice_search(rest, slice_str(", "));

		if (slice_is(slice_first(rest, n), name))
			return true;
		rest = slice_from(rest, n + 2);
	}
	return false;
}

static void collect(struct collected *c, enum meaning m, const char *name)
{
	struct buf *names = &c->names[m];

	if (!is_there(names, name))
		buf_printf(names, "%s%s", names->len ? ", " : "", name);
}

static enum meaning meaning_of(const struct token *t)
{
	switch (t->kind) {
	case TOKEN_NUMBER_OF:
		return MEANS_NUMBER_OF;
	case TOKEN_SIZE_OF:
		return MEANS_SIZE_OF;
	case TOKEN_UID_OF:
		return MEANS_UID_OF;
	case TOKEN_MD5:
		return MEANS_MD5;
	case TOKEN_ANY:
		return MEANS_ANY;
	case TOKEN_ANY_NUMBER:
		return MEANS_ANY_NUMBER;
	case TOKEN_ANY_UID:
		return MEANS_ANY_UID;
	case TOKEN_REST:
		return MEANS_REST;
	case TOKEN_NAME:
		if (!strcmp(t->name, NAME_OF_TURN))
			return MEANS_TURN;
		return pattern_name_of_account(t->name) ? MEANS_ACCOUNT
							: MEANS_OWN_NAME;
	case TOKEN_LITERAL:
	case TOKEN_NUMBER:
		break;
	}
	return MEANS_OCTETS;
}

static void collect_pattern(struct collected *c, const struct pattern *p)
{
	for (size_t i = 0; p && i < p->count; i++) {
		const struct token *t = &p->tokens[i];
		enum meaning m = meaning_of(t);

		if (m == MEANS_REST)
			collect(c, m, "...");
		else if (t->source)
			collect(c, m, t->source);
		collect_pattern(c, t->inner);
	}
	/* Named octets are part of a literal; what is within {md5 of} has no
	   source of its own. */
	if (p && p->source && strstr(p->source, "{CRLF}"))
		collect(c, MEANS_OCTETS, "{CRLF}");
}

static void collect_answer(struct collected *c, const struct answer *a)
{
	collect_pattern(c, a->line);
	collect_pattern(c, a->timestamp);
	collect_pattern(c, a->octets);
	for (size_t i = 0; i < a->line_count; i++)
		collect_pattern(c, a->lines[i]);
}

static int collect_step(const struct step *step, void *with)
{
	for (size_t i = 0; i < step->piece_count; i++)
		collect_pattern(with, step->pieces[i]);
	for (size_t i = 0; i < step->answer_count; i++)
		collect_answer(with, &step->answers[i]);
	return 0;
}

void show_placeholders(struct show *w, const struct scenario *s)
{
	struct collected c = { 0 };
	bool any = false;

	scenario_walk(s, collect_step, &c);
	for (enum meaning m = 0; m < MEANINGS; m++) {
		struct buf text = { 0 };

		if (c.names[m].len) {
			if (!any)
				show_heading(w, "In it");
			any = true;
			buf_add(&text, buf_slice(&c.names[m]));
			buf_printf(&text, ": %s", meanings[m]);
			page_take_words(&w->page, "", &text);
		}
		w->page.text.failed |= c.names[m].failed;
		buf_free(&c.names[m]);
	}
}
