/* SPDX-License-Identifier: MIT */
#include "page.h"

#include "plain.h"

#include <stdio.h>

static const char *const codes[] = {
	[STYLE_PLAIN] = "",          [STYLE_HEADING] = "\033[1m",
	[STYLE_LABEL] = "\033[2m",   [STYLE_GOOD] = "\033[32m",
	[STYLE_BREACH] = "\033[31m", [STYLE_DOUBT] = "\033[33m",
	[STYLE_NOTE] = "\033[36m",   [STYLE_BROKEN] = "\033[35m",
};

void page_add(struct page *p, enum style style, const char *text)
{
	bool coloured = p->colour && style != STYLE_PLAIN;

	if (coloured)
		buf_add_str(&p->text, codes[style]);
	plain_add(&p->text, text);
	if (coloured)
		buf_add_str(&p->text, "\033[0m");
}

void page_line_end(struct page *p)
{
	buf_add_char(&p->text, '\n');
}

static void pad(struct page *p, size_t columns)
{
	for (size_t i = 0; i < columns; i++)
		buf_add_char(&p->text, ' ');
}

void page_heading(struct page *p, const char *heading, size_t count)
{
	char text[64];

	snprintf(text, sizeof(text), "%s: %zu", heading, count);
	page_line_end(p);
	page_add(p, STYLE_HEADING, text);
	page_line_end(p);
}

static void add_label(struct page *p, const char *label)
{
	struct slice text = slice_str(label);

	pad(p, 2);
	if (text.len)
		page_add(p, STYLE_LABEL, label);
	pad(p, text.len + 2 < PAGE_INDENT ? PAGE_INDENT - 2 - text.len : 1);
}

/* Where to end a line of so many columns: at a space, or behind a long word. */
static size_t break_before(struct slice text, size_t columns)
{
	size_t at = columns;

	if (text.len <= columns)
		return text.len;
	while (at && text.ptr[at] != ' ')
		at--;
	return at ? at : slice_find(text, ' ');
}

static void wrap(struct page *p, struct slice text)
{
	size_t n = break_before(text, PAGE_COLUMNS - PAGE_INDENT);

	while (n < text.len) {
		buf_add(&p->text, slice_first(text, n));
		page_line_end(p);
		pad(p, PAGE_INDENT);
		text = slice_from(text, n + 1);
		n = break_before(text, PAGE_COLUMNS - PAGE_INDENT);
	}
	buf_add(&p->text, text);
	page_line_end(p);
}

void page_words(struct page *p, const char *label, const char *text)
{
	struct buf words = { 0 };

	plain_add(&words, text);
	if (words.len) {
		add_label(p, label);
		wrap(p, buf_slice(&words));
	}
	p->text.failed |= words.failed;
	buf_free(&words);
}

void page_take_words(struct page *p, const char *label, struct buf *b)
{
	page_words(p, label, buf_text(b));
	p->text.failed |= b->failed;
	buf_free(b);
}

void page_matter(struct page *p, const char *label, const char *text)
{
	struct buf matter = { 0 };
	struct slice shown;

	plain_add(&matter, text);
	shown = slice_first(buf_slice(&matter), PAGE_LONGEST);
	add_label(p, label);
	buf_add(&p->text, shown);
	if (shown.len < matter.len)
		buf_printf(&p->text, "... [%zu more]",
			   matter.len - shown.len);
	page_line_end(p);
	p->text.failed |= matter.failed;
	buf_free(&matter);
}

void page_count(struct page *p, size_t count, const char *name)
{
	buf_printf(&p->text, "%8zu  ", count);
	page_add(p, STYLE_PLAIN, name);
	page_line_end(p);
}

void add_thousands(struct buf *to, uint64_t n)
{
	if (n >= 1000) {
		add_thousands(to, n / 1000);
		buf_printf(to, ",%03u", (unsigned)(n % 1000));
	} else {
		buf_printf(to, "%u", (unsigned)n);
	}
}

void add_seconds(struct buf *to, double seconds)
{
	if (seconds < 10)
		buf_printf(to, "%.2f s", seconds);
	else if (seconds < 120)
		buf_printf(to, "%.1f s", seconds);
	else
		buf_printf(to, "%.1f min", seconds / 60);
}
