/* SPDX-License-Identifier: MIT */
#include "show.h"
#include "catalogue.h"
#include "pattern_nearest.h"
#include "plain.h"
#include "target.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void show_heading(struct show *w, const char *text)
{
	page_line_end(&w->page);
	page_add(&w->page, STYLE_HEADING, text);
	page_line_end(&w->page);
}

void show_line(struct show *w, size_t columns, const char *format, ...)
{
	struct buf text = { 0 };
	va_list args;

	for (size_t i = 0; i < columns; i++)
		buf_add_char(&text, ' ');
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	page_add(&w->page, STYLE_PLAIN, buf_text(&text));
	page_line_end(&w->page);
	w->page.text.failed |= text.failed;
	buf_free(&text);
}

void show_typed(struct buf *to, struct slice source)
{
	bool first = source.len > 1 && slice_starts(source, " ");
	bool last = slice_ends(source, " ");

	buf_add_str(to, first ? "{SP}" : "");
	buf_add(to, slice_from(slice_first(source, source.len - last), first));
	buf_add_str(to, last ? "{SP}" : "");
}

void show_duration(struct buf *to, uint64_t ms)
{
	if (ms && ms % 60000 == 0)
		buf_printf(to, "%" PRIu64 " min", ms / 60000);
	else if (ms % 1000 == 0)
		buf_printf(to, "%" PRIu64 " s", ms / 1000);
	else
		buf_printf(to, "%" PRIu64 " ms", ms);
}

/* All that what matches. Returns how many there were. */
static size_t show_all(struct show *w, const char *what)
{
	const struct library *l = w->library;
	const char *const globs[] = { what };
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		if (catalogue_matches(l->scenarios[i]->id, globs, 1)) {
			if (n++)
				page_line_end(&w->page);
			show_scenario(w, l->scenarios[i]);
		}
	for (size_t i = 0; i < registry_count(l->registry); i++) {
		const struct requirement *q = registry_at(l->registry, i);

		if (catalogue_matches(q->id, globs, 1)) {
			if (n++)
				page_line_end(&w->page);
			show_requirement(w, q);
		}
	}
	return n;
}

/* All ids there are, NULL at the end; the strings are the library's. */
static const char **all_ids(const struct library *l)
{
	size_t count = l->count + registry_count(l->registry), n = 0;
	const char **ids = calloc(count + 1, sizeof(*ids));

	for (size_t i = 0; ids && i < l->count; i++)
		ids[n++] = l->scenarios[i]->id;
	for (size_t i = 0; ids && i < registry_count(l->registry); i++)
		ids[n++] = registry_at(l->registry, i)->id;
	return ids;
}

/* The id that ends in what, behind a slash or a hyphen; or NULL. */
static const char *with_end(const char *const *ids, const char *what)
{
	for (; *ids && *what; ids++) {
		struct slice id = slice_str(*ids);
		size_t n = strlen(what);

		if (slice_ends(id, what) && id.len > n &&
		    strchr("/-", id.ptr[id.len - n - 1]))
			return *ids;
	}
	return NULL;
}

/* A word in which what stands, when it is not mistyped but short; or NULL. */
static const char *with_part(const char *const *ids, const char *what)
{
	for (; *ids && strlen(what) > 2; ids++)
		if (strstr(*ids, what))
			return *ids;
	return NULL;
}

static int unknown(const struct library *l, const char *what)
{
	const char **ids = all_ids(l);
	const char *meant = ids ? nearest_word(slice_str(what), ids) : NULL;
	struct buf shown = { 0 };

	if (ids && !meant)
		meant = with_end(ids, what);
	if (ids && !meant)
		meant = with_part(ids, what);
	plain_add(&shown, what);
	fprintf(stderr,
		"pop3spec: no scenario and no requirement is called "
		"\"%s\"",
		buf_text(&shown) ? buf_text(&shown) : "");
	if (meant)
		fprintf(stderr, "; did you mean %s?", meant);
	fputs("\npop3spec list and pop3spec requirements tell all of them\n",
	      stderr);
	buf_free(&shown);
	free(ids);
	return 2;
}

static int print(struct show *w)
{
	struct slice text = buf_slice(&w->page.text);

	if (w->page.text.failed) {
		fputs("pop3spec: out of memory\n", stderr);
		return 3;
	}
	fwrite(text.ptr, 1, text.len, stdout);
	return 0;
}

static int complain(const struct error *e, int code)
{
	fprintf(stderr, "pop3spec: %s\n", e->text);
	return code;
}

/* What the target says of where and who; w borrows it. */
static int fill_in(struct show *w, const char *text, struct target *t,
		   char *port, size_t room, struct error *e)
{
	if (target_load(t, text, e))
		return -1;
	w->host = t->host;
	w->port = port;
	if (t->port)
		snprintf(port, room, "%" PRIu64, t->port);
	else
		snprintf(port, room, "PORT");
	if (t->account_count)
		w->user = t->accounts[0].user;
	return 0;
}

static int show_from(struct show *w, const struct library *l, const char *what)
{
	int code;

	w->library = l;
	rulings_load(&w->rulings, l->directory);
	code = show_all(w, what) ? print(w) : unknown(l, what);
	rulings_free(&w->rulings);
	buf_free(&w->page.text);
	return code;
}

int show(const char *what, const char *target)
{
	struct show w = { .host = "HOST", .port = "110", .user = "{user}" };
	struct target t = { 0 };
	struct library l = { 0 };
	struct error e;
	char port[24];
	int code;

	if (target && target_check_text(target, &e))
		code = complain(&e, 2);
	else if (target && fill_in(&w, target, &t, port, sizeof(port), &e))
		code = complain(&e, 3);
	else if (library_load(&l, NULL, &e))
		code = complain(&e, 3);
	else
		code = show_from(&w, &l, what);
	if (target)
		target_free(&t);
	library_free(&l);
	return code;
}
