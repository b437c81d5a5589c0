/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#include <stdlib.h>
#include <string.h>

static void binding_clear(struct binding *one)
{
	free(one->name);
	buf_free(&one->value);
}

void bindings_free(struct bindings *b)
{
	for (size_t i = 0; i < b->count; i++)
		binding_clear(&b->list[i]);
	free(b->list);
	*b = (struct bindings){0};
}

static struct binding *named(const struct bindings *b, const char *name)
{
	for (size_t i = 0; i < b->count; i++)
		if (!strcmp(b->list[i].name, name))
			return &b->list[i];
	return NULL;
}

const struct binding *binding_find(const struct bindings *b, const char *name)
{
	return named(b, name);
}

/* A new binding without a value, or NULL and b->failed. */
static struct binding *add(struct bindings *b, const char *name)
{
	struct binding *list =
	    realloc(b->list, (b->count + 1) * sizeof(*b->list));
	char *copy;

	if (list)
		b->list = list;
	copy = list ? slice_copy(slice_str(name)) : NULL;
	if (!copy) {
		b->failed = true;
		return NULL;
	}
	b->list[b->count] = (struct binding){.name = copy};
	return &b->list[b->count++];
}

static void set(struct bindings *b, const char *name, struct slice value,
		bool secret)
{
	struct binding *one = named(b, name);
	struct buf copy = {0};

	buf_add(&copy, value);
	if (!one && !copy.failed)
		one = add(b, name);
	if (!one || copy.failed) {
		b->failed = true;
		buf_free(&copy);
		return;
	}
	buf_free(&one->value);
	one->value = copy;
	one->secret = secret;
}

void binding_set(struct bindings *b, const char *name, struct slice value)
{
	set(b, name, value, false);
}

void binding_set_secret(struct bindings *b, const char *name,
			struct slice value)
{
	set(b, name, value, true);
}

/* Keep those that stay, in their order. */
static void unset(struct bindings *b, const char *name, size_t len)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->count; i++) {
		if (!strncmp(b->list[i].name, name, len))
			binding_clear(&b->list[i]);
		else
			b->list[kept++] = b->list[i];
	}
	b->count = kept;
}

void binding_unset(struct bindings *b, const char *name)
{
	unset(b, name, strlen(name) + 1);
}

void bindings_unset(struct bindings *b, const char *prefix)
{
	unset(b, prefix, strlen(prefix));
}
