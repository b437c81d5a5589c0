/* SPDX-License-Identifier: MIT */
/*
 * Text for a person: 80 columns, labels before indented matter, colours where
 * they help. All text that comes in goes out as visible ASCII; the only control
 * characters on a page are line ends and the page's own colours.
 */
#ifndef REPORTS_PAGE_H
#define REPORTS_PAGE_H

#include "bytes.h"

#include <stdint.h>

#define PAGE_COLUMNS 80
#define PAGE_INDENT 12  /* where matter begins behind its label */
#define PAGE_LONGEST 240 /* columns of matter that is not wrapped, then cut */

enum style {
	STYLE_PLAIN,
	STYLE_HEADING,
	STYLE_LABEL,
	STYLE_GOOD,
	STYLE_BREACH,
	STYLE_DOUBT,
	STYLE_NOTE,
	STYLE_BROKEN,
};

struct page {
	struct buf text; /* all that was added; its failure is the page's */
	bool colour;
};

/* Text in a style, as it stands; no line end. */
void page_add(struct page *p, enum style style, const char *text);

void page_line_end(struct page *p);

/* "Heading: 7" with an empty line before it. */
void page_heading(struct page *p, const char *heading, size_t count);

/* A label, and words that are wrapped behind it. No text: nothing is added. */
void page_words(struct page *p, const char *label, const char *text);

/* The same with what b holds, which is empty afterwards. */
void page_take_words(struct page *p, const char *label, struct buf *b);

/* A label (or "") and matter whose every octet counts: cut, never wrapped. */
void page_matter(struct page *p, const char *label, const char *text);

/* "   12  name" */
void page_count(struct page *p, size_t count, const char *name);

/* 1234567 as "1,234,567"; seconds as "0.25 s", "12.5 s", "10.0 min". */
void add_thousands(struct buf *to, uint64_t n);
void add_seconds(struct buf *to, double seconds);

#endif
