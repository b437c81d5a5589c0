/* SPDX-License-Identifier: MIT */
#include "scenario_reader.h"

#include <stdlib.h>

#define REVISION_LIMIT 1000000

static struct scenario *of(void *to)
{
	return ((struct scenario_reader *)to)->scenario;
}

static int read_title(struct json_reader *r, json_t *value, void *to)
{
	return scenario_read_text(r, value, &of(to)->title);
}

static int read_revision(struct json_reader *r, json_t *value, void *to)
{
	uint64_t n = 0;
	int failed = json_read_number(r, value, 1, REVISION_LIMIT, &n);

	of(to)->revision = (unsigned)n;
	return failed;
}

static int read_requirements(struct json_reader *r, json_t *value, void *to)
{
	struct scenario *s = of(to);

	if (scenario_read_list(r, value, scenario_read_requirement,
			       &s->requirements, &s->requirement_count))
		return -1;
	return s->requirement_count ? 0
				    : json_reader_error(r, "judges nothing");
}

static int read_rulings(struct json_reader *r, json_t *value, void *to)
{
	return scenario_read_list(r, value, scenario_read_ruling,
				  &of(to)->rulings, &of(to)->ruling_count);
}

static int read_start(struct json_reader *r, json_t *value, void *to)
{
	return scenario_read_state(r, value, &of(to)->start);
}

static int read_maildrop(struct json_reader *r, json_t *value, void *to)
{
	return scenario_read_file_name(r, value, &of(to)->maildrop);
}

static int read_needs(struct json_reader *r, json_t *value, void *to)
{
	return scenario_read_list(r, value, scenario_read_need, &of(to)->needs,
				  &of(to)->need_count);
}

static int read_patience(struct json_reader *r, json_t *value, void *to)
{
	return scenario_read_duration(r, value, &of(to)->patience);
}

static int read_given(struct json_reader *r, json_t *value, void *to)
{
	(void)r;
	return scenario_read_steps(to, value, &of(to)->given);
}

static int read_dialogue(struct json_reader *r, json_t *value, void *to)
{
	(void)r;
	return scenario_read_steps(to, value, &of(to)->dialogue);
}

static int read_old_id(struct json_reader *r, json_t *value, void *unused)
{
	char *id = NULL;
	int failed = scenario_read_text(r, value, &id);

	(void)unused;
	if (!failed && !scenario_is_id(slice_str(id)))
		failed = json_reader_error(r, "\"%.60s\" is no id", id);
	free(id);
	return failed;
}

static int read_was(struct json_reader *r, json_t *value, void *unused)
{
	return json_read_array(r, value, read_old_id, unused);
}

static const struct json_key head_keys[] = {
    {"title", read_title, 0},
    {"revision", read_revision, 0},
    {"requirements", read_requirements, 0},
    {"rulings", read_rulings, 0},
    {"start", read_start, 0},
    {"maildrop", read_maildrop, 0},
    {"needs", read_needs, 0},
    {"patience", read_patience, 0},
    {"given", read_given, 0},
    {"dialogue", read_dialogue, 0},
    {"note", scenario_read_note, 0},
    {"was", read_was, 0},
    {NULL, NULL, 0},
};

static int read_head(struct scenario_reader *in, json_t *root)
{
	static const char *const needed[] = {
	    "title", "revision", "requirements", "start", "dialogue", NULL};

	if (json_read_object(&in->json, root, head_keys, in))
		return -1;
	for (const char *const *key = needed; *key; key++)
		if (!json_object_get(root, *key))
			return json_reader_error(&in->json, "\"%s\" is missing",
						 *key);
	return scenario_check(in->scenario, in->json.error);
}

static struct scenario *make(struct scenario_reader *in, const char *id)
{
	struct scenario *s = calloc(1, sizeof(*s));

	if (s) {
		s->id = slice_copy(slice_str(id));
		s->file = slice_copy(slice_str(in->json.file));
	}
	if (s && s->id && s->file)
		return s;
	scenario_free(s);
	json_reader_error(&in->json, "out of memory");
	return NULL;
}

static json_t *parse_json(struct scenario_reader *in, struct slice json,
			  const char *id)
{
	if (!scenario_is_id(slice_str(id)))
		json_reader_error(&in->json,
				  "an id is made of a to z, 0 to 9, - and "
				  "single /, not \"%.60s\"",
				  id);
	else if (json.len > SCENARIO_LIMIT)
		json_reader_error(&in->json, "longer than %u octets",
				  SCENARIO_LIMIT);
	else
		return json_reader_parse(&in->json, json);
	return NULL;
}

struct scenario *scenario_parse(struct slice json, const char *id,
				const char *file, struct error *e)
{
	struct scenario_reader in = {
	    .json.file = file, .json.error = e, .times = 1};
	json_t *root = parse_json(&in, json, id);

	if (root)
		in.scenario = make(&in, id);
	if (in.scenario && !read_head(&in, root)) {
		in.scenario->octets = in.octets;
		in.scenario->parts = in.parts;
	} else if (in.scenario) {
		scenario_free(in.scenario);
		in.scenario = NULL;
	}
	json_decref(root);
	json_reader_free(&in.json);
	return in.scenario;
}

void scenario_free(struct scenario *s)
{
	if (!s)
		return;
	free(s->id);
	free(s->file);
	free(s->title);
	scenario_free_list(s->requirements, s->requirement_count);
	scenario_free_list(s->rulings, s->ruling_count);
	free(s->maildrop);
	scenario_free_list(s->needs, s->need_count);
	scenario_free_steps(&s->given);
	scenario_free_steps(&s->dialogue);
	free(s);
}
