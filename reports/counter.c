/* SPDX-License-Identifier: MIT */
#include "counter.h"

#include "plain.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int counter_add(struct counter *c, const char *name)
{
	struct buf key = { 0 };
	const char *text;
	json_int_t before;
	int failed;

	if (!c->names)
		c->names = json_object();
	plain_add(&key, name);
	text = buf_text(&key);
	before = json_integer_value(json_object_get(c->names, text));
	failed = json_object_set_new(c->names, text, json_integer(before + 1));
	buf_free(&key);
	c->total += !failed;
	return failed;
}

static int frequent_first(const void *left, const void *right)
{
	const struct counted *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->name, b->name);
}

struct counted *counter_list(const struct counter *c, size_t *count)
{
	struct counted *list;
	const char *name;
	json_t *n;

	*count = json_object_size(c->names);
	list = *count ? calloc(*count, sizeof(*list)) : NULL;
	if (!list)
		return NULL;
	*count = 0;
	json_object_foreach (c->names, name, n) {
		list[*count].name = name;
		list[(*count)++].count = (size_t)json_integer_value(n);
	}
	qsort(list, *count, sizeof(*list), frequent_first);
	return list;
}

void counter_free(struct counter *c)
{
	json_decref(c->names);
	*c = (struct counter){ 0 };
}
