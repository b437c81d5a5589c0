/* SPDX-License-Identifier: MIT */
#include "dialogue.h"
#include "plural.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTABLE_PAUSE 1000 /* ms between two lines that a reader should see */

/* Of a long body: lines of its beginning and of its end. */
#define BODY_FIRST 4
#define BODY_LAST 4
#define LAST_BODY_FIRST 8
#define LAST_BODY_LAST 8

/* "C: RETR 1", "S2: +OK", "*  the server closes   [30.0 s later]" */
static void exchange(struct page *p, const char *label,
		     const struct exchange *x, uint64_t pause)
{
	struct buf b = { 0 };

	buf_add_char(&b, x->who);
	if (x->client > 1)
		buf_printf(&b, "%u", x->client);
	buf_add_str(&b, x->who == '*' ? "  " : ": ");
	buf_add_str(&b, x->text);
	if (pause >= NOTABLE_PAUSE) {
		buf_add_str(&b, "   [");
		add_seconds(&b, (double)pause / 1000);
		buf_add_str(&b, " later]");
	}
	page_matter(p, label, buf_text(&b));
	p->text.failed |= b.failed;
	buf_free(&b);
}

void left_out_add(struct page *p, const char *label, size_t lines)
{
	char text[64];

	snprintf(text, sizeof(text), "[%zu line%s left out]", lines,
		 plural(lines));
	page_matter(p, label, text);
}

/* Behind its first line, those of a body count no octets of their own. */
static bool continues_body(const struct exchange *list, size_t i)
{
	return i && list[i].who == 'S' && !list[i].octets &&
	       list[i - 1].who == 'S' && list[i].client == list[i - 1].client;
}

/* Where the body lines end that begin at i; i when there are none. */
static size_t body_end(const struct exchange *list, size_t lines, size_t i)
{
	while (i < lines && continues_body(list, i))
		i++;
	return i;
}

/* Hide the middle of from to end, unless that would save next to nothing. */
static void hide_middle(bool *hidden, size_t from, size_t end, size_t first,
			size_t last)
{
	if (end - from <= first + last + 1)
		return;
	for (size_t i = from + first; i < end - last; i++)
		hidden[i] = true;
}

static void hide_bodies(bool *hidden, const struct exchange *list, size_t lines)
{
	size_t from = 0, end = 0; /* of the last one */

	for (size_t i = 0; i < lines; i++) {
		size_t to = body_end(list, lines, i);

		if (to == i)
			continue;
		hide_middle(hidden, from, end, BODY_FIRST, BODY_LAST);
		from = i;
		end = to;
		i = to - 1;
	}
	hide_middle(hidden, from, end, LAST_BODY_FIRST, LAST_BODY_LAST);
}

static size_t last_session(const struct exchange *list, size_t lines)
{
	for (size_t i = lines; i-- > 0;)
		if (list[i].who == '*' && list[i].client == 1 && list[i].text &&
		    !strcmp(list[i].text, "connects"))
			return i;
	return 0;
}

static size_t shown(const bool *hidden, size_t lines)
{
	size_t n = 0;

	for (size_t i = 0; i < lines; i++)
		n += !hidden[i];
	return n;
}

/* Leave the first and the last of those that are shown from start on. */
static void hide_surplus(bool *hidden, size_t start, size_t lines)
{
	size_t n = shown(hidden, lines), seen = 0;

	for (size_t i = start; i < lines; i++) {
		if (hidden[i])
			continue;
		hidden[i] = seen >= DIALOGUE_FIRST &&
			    seen < n - (DIALOGUE_LINES - DIALOGUE_FIRST);
		seen++;
	}
}

static void choose(bool *hidden, const struct exchange *list, size_t lines)
{
	size_t start = 0;

	hide_bodies(hidden, list, lines);
	if (shown(hidden, lines) > DIALOGUE_LINES) {
		start = last_session(list, lines);
		memset(hidden, true, start);
	}
	if (shown(hidden, lines) > DIALOGUE_LINES)
		hide_surplus(hidden, start, lines);
}

static void print(struct page *p, const char *label, const bool *hidden,
		  const struct exchange *list, size_t lines)
{
	size_t without = 0;

	for (size_t i = 0; i < lines; i++) {
		uint64_t before = i ? list[i - 1].at : 0;

		without += hidden[i];
		if (hidden[i])
			continue;
		if (without) {
			left_out_add(p, label, without);
			label = "";
		}
		exchange(p, label, &list[i],
			 list[i].at > before ? list[i].at - before : 0);
		label = "";
		without = 0;
	}
}

void dialogue_add(struct page *p, const char *label,
		  const struct exchange *list, size_t lines)
{
	bool *hidden = calloc(lines + 1, sizeof(*hidden));

	if (!hidden) {
		p->text.failed = true;
		return;
	}
	choose(hidden, list, lines);
	print(p, label, hidden, list, lines);
	free(hidden);
}
