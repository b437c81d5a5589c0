/* SPDX-License-Identifier: MIT */
/* What RFC 6856 says of LANG and UTF8, and RFC 1460 of LAST. */
#include "view_turn.h"

#include <stdio.h>

struct mail_message *view_message(const struct view *v, size_t i)
{
	return &v->mail->list[v->ids[i]];
}

/* The tag of the language that a range finds, or NULL. */
static const char *language_of(struct slice range)
{
	static const char *const tags[] = { "en", "de" };

	for (size_t i = 0; i < range.len; i++)
		if (range.ptr[i] < 0x21 || range.ptr[i] > 0x7e)
			return NULL;
	if (slice_is(range, "*"))
		return tags[0];
	for (size_t i = 0; i < 2; i++)
		if (slice_is_nocase(slice_first(range, 2), tags[i]) &&
		    (range.len == 2 || range.ptr[2] == '-'))
			return tags[i];
	return NULL;
}

void view_lang(const struct turn *t)
{
	const char *tag = language_of(command_rest(t->command));
	struct slice text = t->said.text;

	if (turn_is(t, "LANG")) {
		turn_obeyed(t);
		fuzz_equal(buf_slice(&t->said.body),
			   slice_str("en English\r\nde Deutsch\r\n"),
			   "LANG lists the languages");
	} else if (!tag) {
		turn_refused(t);
	} else {
		turn_obeyed(t);
		fuzz_equal(slice_first(text, slice_find(text, ' ')),
			   slice_str(tag), "LANG tells what it chose");
		t->view->localized = true;
	}
}

void view_accessed(struct view *v, size_t i)
{
	if (i + 1 > v->accessed)
		v->accessed = i + 1;
}

void view_last(const struct turn *t)
{
	char expected[32];

	if (!t->view->has_last) {
		turn_refused(t);
		return;
	}
	turn_obeyed(t);
	snprintf(expected, sizeof(expected), "%zu", t->view->accessed);
	fuzz_equal(t->said.text, slice_str(expected),
		   "LAST tells the highest number accessed");
}

bool view_withholds(const struct view *v, size_t i)
{
	struct slice header;

	if (i == v->count || v->utf8)
		return false;
	header = mail_top(buf_slice(&view_message(v, i)->sent), 0);
	for (size_t at = 0; at < header.len; at++)
		if ((unsigned char)header.ptr[at] > 127)
			return true;
	return false;
}

void view_ascii(const struct turn *t)
{
	for (size_t i = 0; i < t->said.text.len; i++)
		fuzz_holds((unsigned char)t->said.text.ptr[i] < 128 ||
				   t->view->localized || turn_has_word(t, "LANG"),
			   "before LANG replies are ASCII", t->said.text);
}
