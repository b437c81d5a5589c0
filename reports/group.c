/* SPDX-License-Identifier: MIT */
#include "group.h"

#include "plural.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

struct member {
	const struct verdict *verdict;
	size_t of_cause;       /* how many have its cause, itself counted */
	size_t of_requirement; /* of these, how many have its requirement */
};

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Lanes finish in any order; two runs should read alike. */
static int by_name(const struct verdict *a, const struct verdict *b)
{
	int order = compare_texts(a->scenario, b->scenario);

	if (!order)
		order = compare_texts(a->transport, b->transport);
	if (!order)
		order = compare_texts(a->requirement, b->requirement);
	return order ? order : compare_texts(a->step, b->step);
}

static int by_cause(const void *left, const void *right)
{
	const struct verdict *a = ((const struct member *)left)->verdict;
	const struct verdict *b = ((const struct member *)right)->verdict;
	int order = compare_texts(a->cause, b->cause);

	if (!order)
		order = compare_texts(a->requirement, b->requirement);
	return order ? order : by_name(a, b);
}

static int more_first(size_t a, size_t b)
{
	return a > b ? -1 : a < b;
}

/* What many share first; within it the most direct. Single ones by name. */
static int by_weight(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = more_first(a->of_cause, b->of_cause);

	if (!order && a->of_cause > 1)
		order = compare_texts(a->verdict->cause, b->verdict->cause);
	if (!order && a->of_cause > 1)
		order = more_first(a->of_requirement, b->of_requirement);
	if (!order && a->of_cause > 1)
		order = compare_texts(a->verdict->requirement,
				      b->verdict->requirement);
	if (!order && a->of_cause > 1)
		order = more_first(b->verdict->exchanges,
				   a->verdict->exchanges);
	return order ? order : by_name(a->verdict, b->verdict);
}

static bool same_cause(const struct member *a, const struct member *b)
{
	const char *cause = a->verdict->cause;

	return a == b ||
	       (cause && *cause && !compare_texts(cause, b->verdict->cause));
}

static bool same_requirement(const struct member *a, const struct member *b)
{
	return same_cause(a, b) &&
	       !compare_texts(a->verdict->requirement, b->verdict->requirement);
}

/* Sorted by cause, equals stand side by side. */
static void count_shares(struct member *list, size_t count)
{
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i;
		     next < count && same_cause(&list[i], &list[next]);)
			next++;
		for (size_t k = i; k < next; k++)
			list[k].of_cause = next - i;
	}
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i;
		     next < count && same_requirement(&list[i], &list[next]);)
			next++;
		for (size_t k = i; k < next; k++)
			list[k].of_requirement = next - i;
	}
}

static struct member *sorted(const struct verdict **list, size_t count)
{
	struct member *members = calloc(count + 1, sizeof(*members));

	for (size_t i = 0; members && i < count; i++)
		members[i].verdict = list[i];
	if (!members || !count)
		return members;
	qsort(members, count, sizeof(*members), by_cause);
	count_shares(members, count);
	qsort(members, count, sizeof(*members), by_weight);
	return members;
}

static void heading(struct page *p, const char *cause, size_t count)
{
	struct buf b = { 0 };

	buf_add_str(&b, cause);
	buf_printf(&b, ": %zu finding%s", count, plural(count));
	page_line_end(p);
	page_add(p, STYLE_HEADING, buf_text(&b));
	page_line_end(p);
	p->text.failed |= b.failed;
	buf_free(&b);
}

void group_add(struct page *p, const struct verdict **list, size_t count,
	       const char *replay)
{
	struct member *members = sorted(list, count);

	p->text.failed |= !members;
	for (size_t i = 0, left = 0; members && i < count; i++) {
		const struct member *m = &members[i];

		if (left) {
			record_add_short(p, m->verdict);
			left--;
			continue;
		}
		if (m->of_cause > 1)
			heading(p, m->verdict->cause, m->of_cause);
		else if (i && members[i - 1].of_cause > 1)
			heading(p, "By itself", count - i);
		record_add(p, m->verdict, replay);
		left = m->of_cause - 1;
	}
	free(members);
}

static bool explains(const struct verdict *found, size_t count,
		     const struct verdict *blocked)
{
	for (size_t i = 0; i < count; i++)
		if (outcome_judges(found[i].outcome) &&
		    !compare_texts(found[i].requirement, blocked->blocked_by))
			return true;
	return false;
}

static int by_obstacle(const void *left, const void *right)
{
	const struct verdict *a = *(const struct verdict *const *)left;
	const struct verdict *b = *(const struct verdict *const *)right;
	int order = compare_texts(a->blocked_by, b->blocked_by);

	return order ? order : by_name(a, b);
}

static void told_already(struct page *p, const struct verdict *v, bool first)
{
	struct buf b = { 0 };

	if (first) {
		buf_add_str(&b, v->blocked_by);
		buf_add_str(&b, " is broken, see above:");
		page_line_end(p);
		page_take_words(p, "by", &b);
	}
	page_words(p, "", v->scenario);
}

void blocked_add(struct page *p, const struct verdict **list, size_t count,
		 const struct verdict *found, size_t found_count,
		 const char *replay)
{
	const char *told = "";

	if (count)
		qsort(list, count, sizeof(*list), by_obstacle);
	for (size_t i = 0; i < count; i++) {
		const struct verdict *v = list[i];
		bool same = !compare_texts(told, v->blocked_by);

		if (!v->blocked_by || !*v->blocked_by) {
			record_add(p, v, replay);
		} else if (same || explains(found, found_count, v)) {
			told_already(p, v, !same);
			told = v->blocked_by;
		} else {
			record_add(p, v, replay);
		}
	}
}
