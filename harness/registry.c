/* SPDX-License-Identifier: MIT */
#include "registry.h"
#include "registry_entry.h"

#include <stdlib.h>
#include <string.h>

struct registry {
	struct requirement *list; /* in the order of the file */
	size_t count;
	size_t room;
	const struct requirement **by_id; /* sorted, count of them */
};

static struct requirement *add_requirement(struct registry *registry)
{
	size_t room = registry->room ? registry->room * 2 : 64;
	struct requirement *list = registry->list;

	if (registry->count == registry->room) {
		list = realloc(list, room * sizeof(*list));
		if (!list)
			return NULL;
		registry->list = list;
		registry->room = room;
	}
	list[registry->count] = (struct requirement){0};
	return &list[registry->count++];
}

static int add_entry(struct json_reader *r, json_t *value, void *to)
{
	struct requirement *q = add_requirement(to);

	if (!q)
		return json_reader_error(r, "no memory");
	return requirement_read(r, value, q);
}

static int read_requirements(struct json_reader *r, json_t *value, void *to)
{
	if (json_is_array(value) && !json_array_size(value))
		return json_reader_error(r, "must not be empty");
	return json_read_array(r, value, add_entry, to);
}

static int read_format(struct json_reader *r, json_t *value, void *to)
{
	(void)to;
	if (!json_is_integer(value) || json_integer_value(value) != 1)
		return json_reader_error(r, "must be 1, the format known here");
	return 0;
}

static const struct json_key top_keys[] = {
    {"format", read_format, 0},
    {"requirements", read_requirements, 0},
    {NULL, NULL, 0},
};

static int read_registry(struct json_reader *r, struct slice json,
			 struct registry *to)
{
	json_t *root = json_reader_parse(r, json);
	int failed = root ? json_read_object(r, root, top_keys, to) : -1;

	for (const struct json_key *k = top_keys; !failed && k->name; k++)
		if (!json_object_get(root, k->name))
			failed = json_reader_error(
			    r, "the key \"%s\" is missing", k->name);
	json_decref(root);
	return failed;
}

/* Equal ids in the order of the file, which qsort alone does not promise. */
static int by_id(const void *a, const void *b)
{
	const struct requirement *p = *(const struct requirement *const *)a;
	const struct requirement *q = *(const struct requirement *const *)b;
	int order = strcmp(p->id, q->id);

	return order ? order : (p > q) - (p < q);
}

static int sort(struct json_reader *r, struct registry *g)
{
	g->by_id = malloc(g->count * sizeof(*g->by_id));
	if (!g->by_id)
		return json_reader_error(r, "no memory");
	for (size_t i = 0; i < g->count; i++)
		g->by_id[i] = &g->list[i];
	qsort(g->by_id, g->count, sizeof(*g->by_id), by_id);
	return 0;
}

static int check_unique(struct json_reader *r, const struct registry *g)
{
	for (size_t i = 1; i < g->count; i++) {
		const struct requirement *p = g->by_id[i - 1];
		const struct requirement *q = g->by_id[i];

		if (strcmp(p->id, q->id))
			continue;
		buf_printf(&r->pointer, "/requirements/%zu/id",
			   (size_t)(q - g->list));
		return json_reader_error(
		    r, "%s is the id of /requirements/%zu already", q->id,
		    (size_t)(p - g->list));
	}
	return 0;
}

struct registry *registry_parse(struct slice json, const char *file,
				struct error *e)
{
	struct json_reader r = {.file = file, .error = e};
	struct registry *registry = calloc(1, sizeof(*registry));
	int failed = -1;

	if (!registry)
		error_set(e, "%s: no memory", file);
	else if (json.len > REGISTRY_LIMIT)
		error_set(e, "%s: more than %u octets", file, REGISTRY_LIMIT);
	else
		failed = read_registry(&r, json, registry);
	if (!failed)
		failed = sort(&r, registry) || check_unique(&r, registry);
	json_reader_free(&r);
	if (!failed)
		return registry;
	registry_free(registry);
	return NULL;
}

void registry_free(struct registry *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++)
		requirement_free(&r->list[i]);
	free(r->list);
	free(r->by_id);
	free(r);
}

const struct requirement *registry_find(const struct registry *r,
					const char *id)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(id, r->by_id[middle]->id);

		if (!order)
			return r->by_id[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

size_t registry_count(const struct registry *r)
{
	return r->count;
}

const struct requirement *registry_at(const struct registry *r, size_t i)
{
	return &r->list[i];
}

void requirement_clause(const struct requirement *q, struct buf *to)
{
	buf_printf(to, "RFC %u section %s", q->rfc, q->section);
	if (*q->command)
		buf_printf(to, ", %s", q->command);
	for (size_t i = 0; i < q->also_count; i++)
		buf_printf(to, "%s %s", i ? " and" : ", with", q->also[i]);
}
