/* SPDX-License-Identifier: MIT */
/*
 * What a person sees in a terminal: breaches first, each with all that defends
 * it, then what else was found, then counts, and one sentence at the end.
 */
#include "closing.h"
#include "counter.h"
#include "group.h"
#include "plural.h"
#include "writers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct text {
	struct report base;
	struct result_file *file;
	struct page page;
	char *replay;          /* of the run */
	struct verdict *found; /* copies of those that are told one by one */
	size_t count, room;
	struct counter passed, skipped, notrun; /* the others, by reason */
};

#define BIT(outcome) (1u << OUTCOME_##outcome)

/* In the order in which they are read. */
static const struct group {
	const char *heading;
	unsigned outcomes;
} groups[] = {
	{ "Breaches", BIT(FAIL) | BIT(SECURITY) | BIT(CRASH) | BIT(LOST) },
	{ "Broken once, held when played again", BIT(FLAKY) },
	{ "Warnings", BIT(WARN) },
	{ "Worth knowing", BIT(INFO) },
	{ "Blocked by something else", BIT(BLOCKED) },
	{ "Errors of the tool or the network, no findings", BIT(ERROR) },
};

static bool in_group(const struct group *g, const struct verdict *v)
{
	return v->outcome < OUTCOMES && (g->outcomes >> v->outcome & 1);
}

/* Hand the page to the file and begin an empty one. */
static int flush(struct text *t, struct error *e)
{
	int failed;

	if (t->page.text.failed)
		return error_set(e, "no memory for the report");
	failed = result_file_write(t->file, buf_slice(&t->page.text), e);
	buf_clear(&t->page.text);
	return failed;
}

static int begin(struct report *r, const struct run_info *run, struct error *e)
{
	struct text *t = (struct text *)r;
	struct buf b = { 0 };

	page_add(&t->page, STYLE_HEADING, "pop3spec ");
	page_add(&t->page, STYLE_HEADING, run->tool);
	page_add(&t->page, STYLE_PLAIN, " judges ");
	page_add(&t->page, STYLE_HEADING, run->target);
	page_line_end(&t->page);
	buf_add_str(&b, run->started);
	if (run->edition && *run->edition)
		buf_printf(&b, ", edition %s", run->edition);
	buf_printf(&b, ", %zu scenario%s, split ", run->scenarios,
		   plural(run->scenarios));
	buf_add_str(&b, run->split);
	buf_printf(&b, ", seed %" PRIu64, run->seed);
	page_add(&t->page, STYLE_PLAIN, buf_text(&b));
	page_line_end(&t->page);
	if (run->look_only) {
		page_add(&t->page, STYLE_PLAIN,
			 "look-only: nothing in the maildrop is deleted");
		page_line_end(&t->page);
	}
	free(t->replay);
	t->replay = slice_copy(slice_str(run->replay));
	t->page.text.failed |= b.failed || !t->replay;
	buf_free(&b);
	return flush(t, e);
}

static int keep(struct text *t, const struct verdict *v)
{
	size_t room = t->room ? 2 * t->room : 16;
	struct verdict *found;

	if (t->count == t->room) {
		found = realloc(t->found, room * sizeof(*found));
		if (!found)
			return -1;
		t->found = found;
		t->room = room;
	}
	if (verdict_copy(&t->found[t->count], v))
		return -1;
	t->count++;
	return 0;
}

static int count_folder(struct counter *c, const char *scenario)
{
	struct slice id = slice_str(scenario);
	char *folder = slice_copy(slice_first(id, slice_find(id, '/')));
	int failed = folder ? counter_add(c, folder) : -1;

	free(folder);
	return failed;
}

static int verdict(struct report *r, const struct verdict *v, struct error *e)
{
	struct text *t = (struct text *)r;
	int failed;

	if (v->outcome == OUTCOME_PASS)
		failed = count_folder(&t->passed, v->scenario);
	else if (v->outcome == OUTCOME_SKIP)
		failed = counter_add(&t->skipped, v->label);
	else if (v->outcome == OUTCOME_NOTRUN)
		failed = counter_add(&t->notrun, v->label);
	else
		failed = keep(t, v);
	return failed ? error_set(e, "no memory for the report") : 0;
}

static void add_group(struct text *t, const struct group *g)
{
	const struct verdict **list = calloc(t->count + 1, sizeof(*list));
	size_t count = 0;

	t->page.text.failed |= !list;
	for (size_t i = 0; list && i < t->count; i++)
		if (in_group(g, &t->found[i]))
			list[count++] = &t->found[i];
	if (count)
		page_heading(&t->page, g->heading, count);
	if (g->outcomes == BIT(BLOCKED) && list)
		blocked_add(&t->page, list, count, t->found, t->count,
			    t->replay);
	else if (list)
		group_add(&t->page, list, count, t->replay);
	free(list);
}

static void add_counter(struct page *p, const char *heading,
			const struct counter *c)
{
	size_t count;
	struct counted *list = counter_list(c, &count);

	if (count && !list)
		p->text.failed = true;
	if (!list)
		return;
	page_heading(p, heading, c->total);
	for (size_t i = 0; i < count; i++)
		page_count(p, list[i].count, list[i].name);
	free(list);
}

static int end(struct report *r, const struct run_summary *s, struct error *e)
{
	struct text *t = (struct text *)r;

	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		add_group(t, &groups[i]);
	add_counter(&t->page, "Not run", &t->notrun);
	add_counter(&t->page, "Skipped", &t->skipped);
	add_counter(&t->page, "Passed", &t->passed);
	closing_add(&t->page, s);
	if (flush(t, e))
		return -1;
	return result_file_publish(t->file, e);
}

static void free_text(struct report *r)
{
	struct text *t = (struct text *)r;

	for (size_t i = 0; i < t->count; i++)
		verdict_free(&t->found[i]);
	free(t->found);
	free(t->replay);
	counter_free(&t->passed);
	counter_free(&t->skipped);
	counter_free(&t->notrun);
	buf_free(&t->page.text);
	result_file_free(t->file);
	free(t);
}

static const struct report_ops ops = { begin, verdict, end, free_text };

struct report *open_text(struct result_file *file)
{
	struct text *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->base.ops = &ops;
	t->file = file;
	t->page.colour = result_file_takes_colour(file);
	return &t->base;
}
