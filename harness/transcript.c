/* SPDX-License-Identifier: MIT */
#include "transcript.h"
#include "plural.h"
#include "redact.h"

#include <stdlib.h>
#include <string.h>

static void exchange_free(struct exchange *x)
{
	free(x->text);
	*x = (struct exchange){ 0 };
}

static struct exchange *next(struct transcript *t)
{
	struct exchange *list;

	if (t->count == TRANSCRIPT_LINES) {
		exchange_free(&t->list[0]);
		memmove(t->list, t->list + 1,
			(t->count - 1) * sizeof(*t->list));
		t->count--;
		t->left_out++;
	}
	list = realloc(t->list, (t->count + 1) * sizeof(*list));
	if (!list) {
		t->failed = true;
		return NULL;
	}
	t->list = list;
	return &list[t->count];
}

static void add(struct transcript *t, struct exchange x, struct buf *text)
{
	struct exchange *slot = next(t);

	x.text = buf_steal(text);
	if (!slot || !x.text) {
		t->failed = true;
		free(x.text);
		return;
	}
	*slot = x;
	t->count++;
}

/* The octets up to CRLF are one line of text; the CRLF itself is not shown. */
static size_t line_length(struct slice octets, size_t *skip)
{
	size_t n = slice_search(octets, slice_str("\r\n"));

	*skip = n < octets.len ? n + 2 : n;
	return n;
}

void transcript_add(struct transcript *t, char who, unsigned client,
		    uint64_t at, struct slice octets, uint64_t total)
{
	struct exchange x = { .who = who, .client = client + 1, .at = at };
	uint64_t shown = octets.len < TRANSCRIPT_KEPT ? octets.len
						      : TRANSCRIPT_KEPT;

	if (t->mute)
		return;
	x.octets = total;
	octets = slice_first(octets, TRANSCRIPT_KEPT);
	do {
		struct buf text = { 0 };
		size_t skip;
		size_t n = line_length(octets, &skip);

		redacted_add(&text, slice_first(octets, n), t->secrets);
		if (skip == n && who == 'C')
			buf_add_str(&text, "{no line end}");
		add(t, x, &text);
		octets = slice_from(octets, skip);
		x.octets = 0;
	} while (octets.len);
	if (total > shown) {
		struct buf text = { 0 };

		buf_printf(&text, "%llu octet%s more",
			   (unsigned long long)(total - shown),
			   plural(total - shown));
		x.who = '*';
		add(t, x, &text);
	}
}

void transcript_note(struct transcript *t, unsigned client, uint64_t at,
		     const char *what)
{
	struct exchange x = { .who = '*', .client = client + 1, .at = at };
	struct buf text = { 0 };

	if (t->mute)
		return;
	buf_add_str(&text, what);
	add(t, x, &text);
}

void transcript_visible(struct transcript *t, char who, const char *text)
{
	struct exchange x = { .who = who, .client = 1 };
	struct buf line = { 0 };

	buf_add_str(&line, text);
	add(t, x, &line);
}

void transcript_clear(struct transcript *t)
{
	for (size_t i = 0; i < t->count; i++)
		exchange_free(&t->list[i]);
	free(t->list);
	t->list = NULL;
	t->count = t->left_out = 0;
}
