/* SPDX-License-Identifier: MIT */
/* Bodies that are listings: a line a message, as many as there are. */
#include "play_body.h"
#include "decimal.h"
#include "visible.h"

#include <stdlib.h>
#include <string.h>

/* What the lines of a listing had for one name. */
struct values {
	const char *name;
	struct buf octets;
	struct slice *list; /* into octets, made at the end */
	size_t *ends;	    /* of each in octets */
	size_t count, room;
	bool failed;
};

static void values_free(struct values *v)
{
	buf_free(&v->octets);
	free(v->list);
	free(v->ends);
}

static void values_add(struct values *v, struct slice value)
{
	size_t room = v->room ? 2 * v->room : 64;
	size_t *ends = v->ends;

	if (v->count == v->room) {
		ends = realloc(ends, room * sizeof(*ends));
		v->failed = v->failed || !ends;
		v->ends = ends ? ends : v->ends;
		v->room = ends ? room : v->room;
	}
	buf_add(&v->octets, value);
	if (ends)
		v->ends[v->count++] = v->octets.len;
}

/* The value of v's name in the line that was matched last, which unbinds. */
static void values_take(struct values *v, struct bindings *b)
{
	const struct binding *bound = binding_find(b, v->name);

	if (bound)
		values_add(v, buf_slice(&bound->value));
	else
		v->failed = true;
	binding_unset(b, v->name);
}

static struct slice value_at(const struct values *v, size_t i)
{
	size_t start = i ? v->ends[i - 1] : 0;

	return slice_first(slice_from(buf_slice(&v->octets), start),
			   v->ends[i] - start);
}

static int compare_slices(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;
	size_t shared = a->len < b->len ? a->len : b->len;
	int order = shared ? memcmp(a->ptr, b->ptr, shared) : 0;

	if (order)
		return order;
	return a->len < b->len ? -1 : a->len > b->len;
}

/* Sorted, equal values stand side by side. */
static bool values_differ(struct event_seen *seen, struct values *v)
{
	struct buf twice = { 0 };
	bool differ = true;

	v->list = calloc(v->count + 1, sizeof(*v->list));
	if (!v->list || v->failed || v->octets.failed)
		return body_is_not(seen, "out of memory");
	for (size_t i = 0; i < v->count; i++)
		v->list[i] = value_at(v, i);
	qsort(v->list, v->count, sizeof(*v->list), compare_slices);
	for (size_t i = 1; i < v->count && differ; i++) {
		differ = !slice_equal(v->list[i - 1], v->list[i]);
		if (!differ)
			visible_add(&twice, v->list[i]);
	}
	if (!differ)
		body_is_not(seen, "{%s} is %s in two lines", v->name,
			    buf_text(&twice) ? twice.ptr : "equal");
	buf_free(&twice);
	return differ;
}

static bool values_add_up(struct event_seen *seen, const struct values *v,
			  const char *name)
{
	const struct binding *total = binding_find(&seen->p->bindings, name);
	uint64_t expected, sum = 0, n;

	if (!total || !decimal_read(buf_slice(&total->value), &expected))
		return body_is_not(seen, "{%s} is no number of 64 bits", name);
	if (v->failed || v->octets.failed)
		return body_is_not(seen, "out of memory");
	for (size_t i = 0; i < v->count; i++) {
		if (!decimal_read(value_at(v, i), &n) || n > UINT64_MAX - sum)
			return body_is_not(seen,
					   "{%s} does not add up in 64 bits",
					   v->name);
		sum += n;
	}
	return sum == expected ||
	       body_is_not(seen, "{%s} is %llu, the sum of {%s} is %llu", name,
			   (unsigned long long)expected, v->name,
			   (unsigned long long)sum);
}

/* Each line binds the names that are compared anew. */
static bool match_each_line(struct event_seen *seen, const struct answer *a,
			    struct values *values, size_t count)
{
	struct bindings *b = &seen->p->bindings;
	struct slice body = buf_slice(&seen->body);

	for (size_t i = 0; i < count; i++)
		binding_unset(b, values[i].name);
	for (size_t i = 1; body.len; i++) {
		struct slice line = body_next_line(&body);

		if (!pattern_match(a->lines[0], line, b))
			return body_line_is_not(seen, i, line, a->lines[0]);
		for (size_t k = 0; k < count; k++)
			values_take(&values[k], b);
	}
	return true;
}

static bool compare_values(struct event_seen *seen, const struct answer *a,
			   struct values *values)
{
	for (size_t i = 0; i < a->differ_count; i++)
		if (!values_differ(seen, &values[i]))
			return false;
	return !a->total ||
	       values_add_up(seen, &values[a->differ_count], a->total);
}

bool listing_matches_each(struct event_seen *seen, const struct answer *a)
{
	size_t count = a->differ_count + (a->total ? 1 : 0);
	struct values *values = calloc(count + 1, sizeof(*values));
	bool matches;

	if (!values)
		return body_is_not(seen, "out of memory");
	for (size_t i = 0; i < count; i++)
		values[i].name = i < a->differ_count ? a->differ[i] : a->addend;
	matches = match_each_line(seen, a, values, count) &&
		  compare_values(seen, a, values);
	for (size_t i = 0; i < count; i++)
		values_free(&values[i]);
	free(values);
	return matches;
}

/* The lines of a body, and which of them a pattern has taken. */
struct line_set {
	struct slice *lines;
	bool *taken;
	size_t count;
	size_t next; /* behind the one that was taken last */
};

static bool take_line(struct line_set *set, size_t i, const struct pattern *p,
		      struct bindings *b)
{
	if (i >= set->count || set->taken[i] ||
	    !pattern_match(p, set->lines[i], b))
		return false;
	set->taken[i] = true;
	set->next = i + 1;
	return true;
}

/* Mostly a listing goes up, or down: so look behind and before first. */
static bool take_any_line(struct line_set *set, const struct pattern *p,
			  struct bindings *b)
{
	if (take_line(set, set->next, p, b) ||
	    (set->next > 1 && take_line(set, set->next - 2, p, b)))
		return true;
	for (size_t i = 0; i < set->count; i++)
		if (take_line(set, i, p, b))
			return true;
	return false;
}

bool listing_matches_set(struct event_seen *seen, const struct answer *a)
{
	struct slice body = buf_slice(&seen->body);
	struct line_set set = { .count = a->line_count };
	bool all = body_count_fits(seen, a);

	if (!all)
		return false;
	set.lines = calloc(set.count + 1, sizeof(*set.lines));
	set.taken = calloc(set.count + 1, sizeof(*set.taken));
	if (!set.lines || !set.taken)
		all = body_is_not(seen, "out of memory");
	for (size_t i = 0; i < set.count && all; i++)
		set.lines[i] = body_next_line(&body);
	for (size_t i = 0; i < a->line_count && all; i++)
		all = take_any_line(&set, a->lines[i], &seen->p->bindings) ||
		      body_lacks_line(seen, a->lines[i]);
	free(set.lines);
	free(set.taken);
	return all;
}
