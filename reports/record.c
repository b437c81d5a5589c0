/* SPDX-License-Identifier: MIT */
#include "record.h"

#include "tally.h"

#include <stdio.h>
#include <string.h>

/* Of a long dialogue: how it began, and more of how it ended. */
#define FIRST_LINES 8
#define LAST_LINES 16

#define NOTABLE_PAUSE 1000 /* ms between two lines that a reader should see */

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

static void rule(struct page *p, const struct verdict *v)
{
	struct buf b = { 0 };

	page_words(p, "case", v->title);
	page_words(p, "rule", v->statement);
	buf_add_str(&b, v->clause);
	if (given(v->level))
		buf_printf(&b, " (%s)", v->level);
	if (given(v->requirement))
		buf_printf(&b, "%s%s", b.len ? ", " : "", v->requirement);
	if (given(v->ruling))
		buf_printf(&b, ", ruling %s", v->ruling);
	page_take_words(p, "clause", &b);
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

static void left_out(struct page *p, size_t lines)
{
	char text[64];

	snprintf(text, sizeof(text), "[%zu lines left out]", lines);
	page_matter(p, "", text);
}

static void dialogue(struct page *p, const struct verdict *v)
{
	size_t lines = v->transcript ? v->exchanges : 0;
	size_t cut = 0;

	if (lines > FIRST_LINES + LAST_LINES + 1)
		cut = lines - FIRST_LINES - LAST_LINES;
	for (size_t i = 0; i < lines; i++) {
		const struct exchange *x = &v->transcript[i];
		uint64_t before = i ? v->transcript[i - 1].at : 0;

		if (cut && i == FIRST_LINES) {
			left_out(p, cut);
			i += cut - 1;
			continue;
		}
		exchange(p, i ? "" : "dialogue", x,
			 x->at > before ? x->at - before : 0);
	}
}

void record_add(struct page *p, const struct verdict *v)
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
		dialogue(p, v);
}
