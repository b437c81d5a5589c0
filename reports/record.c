/* SPDX-License-Identifier: MIT */
#include "record.h"

#include "dialogue.h"

#include <stdlib.h>
#include <string.h>

/* Of a long log: what went wrong first, and how it ended. */
#define FIRST_LOG_LINES 12
#define LAST_LOG_LINES 4

static const enum style styles[OUTCOMES] = {
	[OUTCOME_PASS] = STYLE_GOOD,       [OUTCOME_FAIL] = STYLE_BREACH,
	[OUTCOME_WARN] = STYLE_DOUBT,      [OUTCOME_INFO] = STYLE_NOTE,
	[OUTCOME_SECURITY] = STYLE_BREACH, [OUTCOME_FLAKY] = STYLE_DOUBT,
	[OUTCOME_BLOCKED] = STYLE_BROKEN,  [OUTCOME_SKIP] = STYLE_LABEL,
	[OUTCOME_CRASH] = STYLE_BREACH,    [OUTCOME_LOST] = STYLE_BREACH,
	[OUTCOME_ERROR] = STYLE_BROKEN,    [OUTCOME_NOTRUN] = STYLE_LABEL,
};

enum style outcome_style(enum outcome o)
{
	return o < OUTCOMES ? styles[o] : STYLE_PLAIN;
}

static bool given(const char *text)
{
	return text && *text;
}

static void matter(struct page *p, const char *label, const char *text)
{
	if (given(text))
		page_matter(p, label, text);
}

static void headline(struct page *p, const struct verdict *v)
{
	page_line_end(p);
	page_add(p, outcome_style(v->outcome), outcome_name(v->outcome));
	page_add(p, STYLE_PLAIN, " ");
	page_add(p, STYLE_HEADING, v->scenario);
	if (given(v->transport) && strcmp(v->transport, "clear") != 0) {
		page_add(p, STYLE_PLAIN, " over ");
		page_add(p, STYLE_PLAIN, v->transport);
	}
	page_line_end(p);
}

/* What was seen on any reply is no scenario: it has no file. */
static bool is_universal(const struct verdict *v)
{
	return !given(v->file);
}

static void clause(struct page *p, const struct verdict *v, const char *label)
{
	struct buf b = { 0 };

	buf_add_str(&b, v->clause);
	if (given(v->level))
		buf_printf(&b, " (%s)", v->level);
	if (given(v->requirement))
		buf_printf(&b, "%s%s", b.len ? ", " : "", v->requirement);
	if (given(v->ruling))
		buf_printf(&b, ", ruling %s", v->ruling);
	page_take_words(p, label, &b);
}

static void rule(struct page *p, const struct verdict *v)
{
	if (!slice_is(slice_str(v->title), v->statement ? v->statement : ""))
		page_words(p, "case", v->title);
	page_words(p, "rule", v->statement);
	clause(p, v, "clause");
	page_words(p, "link", v->link);
}

static void step(struct page *p, const struct verdict *v)
{
	struct buf b = { 0 };

	buf_add_str(&b, v->step);
	if (given(v->file))
		buf_printf(&b, "%s%s", b.len ? " of " : "", v->file);
	page_take_words(p, "step", &b);
}

/* Such outcomes are played twice; the others speak for themselves. */
static bool wants_confirmation(enum outcome o)
{
	return o == OUTCOME_FAIL || o == OUTCOME_WARN || o == OUTCOME_INFO ||
	       o == OUTCOME_SECURITY || o == OUTCOME_LOST;
}

static void seen(struct page *p, const struct verdict *v)
{
	struct buf b = { 0 };

	if (v->count > 1)
		buf_printf(&b, "%u times", v->count);
	else if (wants_confirmation(v->outcome) && !v->confirmed)
		buf_add_str(&b, "once, not confirmed by a second run");
	page_take_words(p, "seen", &b);
}

/* How many of so many lines to leave out; never one, for its note is one. */
static size_t cut(size_t lines, size_t first, size_t last)
{
	return lines > first + last + 1 ? lines - first - last : 0;
}

/* That of the first play, and that of the second if it was kept too. */
static void dialogues(struct page *p, const struct verdict *v)
{
	size_t lines = v->transcript ? v->exchanges : 0;
	size_t first = 0;

	while (first < lines && v->transcript[first].run < 2)
		first++;
	if (first)
		dialogue_add(p, is_universal(v) ? "witnesses" : "dialogue",
			     v->transcript, first);
	if (first < lines)
		dialogue_add(p, "again", v->transcript + first,
			     lines - first);
}

static bool is_line_end(struct slice text)
{
	return slice_starts(text, "{LF}") || slice_starts(text, "{CRLF}");
}

/* The next line of what was written, up to {LF}, and empty ones behind it. */
static struct slice take_line(struct slice *text)
{
	struct slice rest = *text;
	struct slice line;

	while (rest.len && !is_line_end(rest))
		rest = slice_from(rest, slice_starts(rest, "{{") ? 2 : 1);
	line = slice_first(*text, text->len - rest.len);
	while (is_line_end(rest))
		rest = slice_from(rest, slice_find(rest, '}') + 1);
	*text = rest;
	return line;
}

static size_t count_lines(struct slice text)
{
	size_t n = 0;

	while (text.len) {
		take_line(&text);
		n++;
	}
	return n;
}

static void log_line(struct page *p, const char *label, struct slice line)
{
	char *text = slice_copy(line);

	page_matter(p, label, text);
	p->text.failed |= !text;
	free(text);
}

static void server_log(struct page *p, struct slice text)
{
	size_t without = cut(count_lines(text), FIRST_LOG_LINES,
			     LAST_LOG_LINES);

	for (size_t i = 0; text.len; i++) {
		struct slice line = take_line(&text);

		if (without && i == FIRST_LOG_LINES)
			left_out_add(p, "", without);
		if (i < FIRST_LOG_LINES || i >= FIRST_LOG_LINES + without)
			log_line(p, i ? "" : "log", line);
	}
}

/* A command to paste, so never wrapped; universal checks have no file. */
static void again(struct page *p, const struct verdict *v, const char *replay)
{
	struct buf b = { 0 };

	if (!given(replay) || !given(v->file))
		return;
	buf_printf(&b, "%s ", replay);
	buf_add_str(&b, v->scenario);
	page_matter(p, "replay", buf_text(&b));
	p->text.failed |= b.failed;
	buf_free(&b);
}

void record_add_short(struct page *p, const struct verdict *v)
{
	struct buf b = { 0 };

	page_line_end(p);
	buf_printf(&b, "%s ", outcome_name(v->outcome));
	buf_add_str(&b, v->scenario);
	page_take_words(p, "also", &b);
	if (!is_universal(v))
		page_words(p, "", v->title);
	clause(p, v, "");
	matter(p, "expected", v->expected);
	matter(p, "actual", v->actual);
	seen(p, v);
}

void record_add(struct page *p, const struct verdict *v, const char *replay)
{
	bool judged = outcome_judges(v->outcome);

	headline(p, v);
	if (judged)
		rule(p, v);
	step(p, v);
	page_words(p, judged ? "answer" : "why", v->label);
	matter(p, "expected", v->expected);
	matter(p, "actual", v->actual);
	seen(p, v);
	if (v->outcome != OUTCOME_BLOCKED)
		dialogues(p, v);
	server_log(p, slice_str(v->log));
	again(p, v, replay);
}
