/* SPDX-License-Identifier: MIT */
#include "scenario_reader.h"

#include <stdlib.h>
#include <string.h>

int scenario_read_messages(struct json_reader *r, json_t *value, void *to)
{
	struct step *step = ((struct step_reader *)to)->step;

	return scenario_read_list(r, value, scenario_read_file_name,
				  &step->names, &step->name_count);
}

int scenario_read_delivered(struct json_reader *r, json_t *value, void *to)
{
	struct step *step = ((struct step_reader *)to)->step;

	step->names = calloc(1, sizeof(*step->names));
	if (!step->names)
		return json_reader_error(r, "out of memory");
	step->name_count = 1;
	return scenario_read_file_name(r, value, &step->names[0]);
}

int scenario_read_name(struct json_reader *r, json_t *value, char **to)
{
	struct pattern *p;
	struct error wrong;
	int failed = 0;

	if (scenario_read_text(r, value, to))
		return -1;
	p = pattern_parse(slice_str(*to), PATTERN_EXPECTED, &wrong);
	if (!p)
		return json_reader_error(r, "in \"%.60s\": %s", *to,
					 wrong.text);
	if (p->count != 1 || !p->tokens[0].name ||
	    pattern_name_of_account(p->tokens[0].name))
		failed = json_reader_error(r,
					   "\"%.60s\": a single name is "
					   "written \"{total}\"",
					   *to);
	if (!failed) {
		free(*to);
		*to = p->tokens[0].name;
		p->tokens[0].name = NULL;
	}
	pattern_free(p);
	return failed;
}

/* Put list, which it takes, into the names of step at the given place. */
static int insert_names(struct json_reader *r, struct step *step, size_t at,
			char **list, size_t count)
{
	size_t behind = step->name_count - at;
	char **names = realloc(step->names,
			       (step->name_count + count + 1) * sizeof(*names));

	if (!names) {
		scenario_free_list(list, count);
		return json_reader_error(r, "out of memory");
	}
	memmove(names + at + count, names + at, behind * sizeof(*names));
	memcpy(names + at, list, count * sizeof(*names));
	free(list);
	step->names = names;
	step->name_count += count;
	return 0;
}

static int insert_name(struct json_reader *r, json_t *value, struct step *step,
		       size_t at)
{
	char **list = calloc(1, sizeof(*list));

	if (!list)
		return json_reader_error(r, "out of memory");
	if (!scenario_read_name(r, value, &list[0]))
		return insert_names(r, step, at, list, 1);
	scenario_free_list(list, 1);
	return -1;
}

/* One name, or a list of them. */
int scenario_read_names(struct json_reader *r, json_t *value, void *to)
{
	struct step *step = ((struct step_reader *)to)->step;
	char **list = NULL;
	size_t count = 0;

	if (json_is_string(value))
		return insert_name(r, value, step, step->name_count);
	if (!scenario_read_list(r, value, scenario_read_name, &list, &count))
		return insert_names(r, step, step->name_count, list, count);
	scenario_free_list(list, count);
	return -1;
}

/* "sum" may stand before "of" or behind it. */
int scenario_read_total(struct json_reader *r, json_t *value, void *to)
{
	return insert_name(r, value, ((struct step_reader *)to)->step, 0);
}
