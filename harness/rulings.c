/* SPDX-License-Identifier: MIT */
#include "rulings.h"
#include "file.h"

#include <stdlib.h>

void rulings_load(struct rulings *r, const char *scenarios)
{
	char *path = file_path(scenarios, "../docs/rulings.md");
	struct error e;

	if (!path || file_read(path, RULINGS_LIMIT, &r->text, NULL, &e))
		buf_clear(&r->text);
	free(path);
}

void rulings_free(struct rulings *r)
{
	buf_free(&r->text);
}

/* From its heading to the next one; empty when there is none. */
static struct slice section(const struct rulings *r, const char *number)
{
	struct slice text = buf_slice(&r->text);
	struct buf heading = { 0 };

	buf_printf(&heading, "\n## %s: ", number);
	text = slice_from(text, slice_search(text, buf_slice(&heading)));
	text = slice_from(text, heading.len);
	buf_free(&heading);
	return slice_first(text, slice_search(text, slice_str("\n## ")));
}

bool rulings_question(const struct rulings *r, const char *number,
		      struct slice *question)
{
	struct slice text = section(r, number);

	*question = slice_first(text, slice_find(text, '\n'));
	return question->len;
}

void rulings_held(const struct rulings *r, const char *number, struct buf *to)
{
	static const char mark[] = "**We hold.** ";
	struct slice text = section(r, number);

	text = slice_from(text, slice_search(text, slice_str(mark)));
	text = slice_from(text, sizeof(mark) - 1);
	text = slice_first(text, slice_search(text, slice_str("\n\n")));
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c != '*' && c != '`')
			buf_add_char(to, c == '\n' ? ' ' : c);
	}
}
