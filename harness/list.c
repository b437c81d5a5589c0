/* SPDX-License-Identifier: MIT */
#include "list.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

void list_print(const struct library *l)
{
	for (size_t i = 0; i < l->count; i++)
		printf("%-45s %-20s %s\n", l->scenarios[i]->id,
		       l->scenarios[i]->requirements[0],
		       l->scenarios[i]->title);
}

static json_t *strings(char *const *list, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

/* NULL without memory; what could not be added makes json_pack() say so. */
static json_t *entry(const struct library *l, const struct scenario *s)
{
	static const char *const states[] = {
		[STATE_CONNECTED] = "connected",
		[STATE_AUTHORIZATION] = "authorization",
		[STATE_TRANSACTION] = "transaction",
	};
	const struct requirement *q =
		registry_find(l->registry, s->requirements[0]);

	return json_pack("{s:s,s:i,s:s,s:s,s:o,s:o,s:o,s:s,s:s,s:b,s:b}", "id",
			 s->id, "revision", (int)s->revision, "file", s->file,
			 "title", s->title, "requirements",
			 strings(s->requirements, s->requirement_count),
			 "rulings", strings(s->rulings, s->ruling_count),
			 "needs", strings(s->needs, s->need_count), "start",
			 states[s->start], "maildrop",
			 s->maildrop ? s->maildrop : "", "slow", q && q->slow,
			 "aggressive", scenario_aggression(s) != NULL);
}

int list_print_json(const struct library *l, struct error *e)
{
	json_t *all = json_array();
	json_t *whole;
	char *text;

	for (size_t i = 0; i < l->count; i++)
		if (json_array_append_new(all, entry(l, l->scenarios[i]))) {
			json_decref(all);
			return error_set(e, "out of memory");
		}
	whole = json_pack("{s:o}", "scenarios", all);
	text = json_dumps(whole, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(whole);
	if (!text)
		return error_set(e, "out of memory");
	puts(text);
	free(text);
	return 0;
}
