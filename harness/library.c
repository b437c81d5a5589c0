/* SPDX-License-Identifier: MIT */
#include "library.h"
#include "catalogue.h"
#include "file.h"
#include "load_fixture.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "sha256:" and the first octets: enough to tell two registers apart. */
static void digest(struct slice octets, char *to, size_t room)
{
	unsigned char sha[EVP_MAX_MD_SIZE];
	unsigned length = 0;
	size_t at;

	at = (size_t)snprintf(to, room, "sha256:");
	if (!EVP_Digest(octets.ptr, octets.len, sha, &length, EVP_sha256(),
			NULL))
		length = 0;
	for (unsigned i = 0; i < length && at + 2 < room; i++, at += 2)
		snprintf(to + at, room - at, "%02x", sha[i]);
}

static int load_register(struct library *l, struct error *e)
{
	char *path = file_path(l->directory, "register.json");
	struct buf json = { 0 };

	if (!path)
		return error_set(e, "out of memory");
	if (!file_read(path, REGISTRY_LIMIT, &json, NULL, e)) {
		digest(buf_slice(&json), l->registered,
		       sizeof(l->registered));
		l->registry = registry_parse(buf_slice(&json), path, e);
	}
	buf_free(&json);
	free(path);
	return l->registry ? 0 : -1;
}

const struct fixture *library_fixture_named(const struct library *l,
					    const char *name)
{
	for (size_t i = 0; i < l->fixture_count; i++)
		if (!strcmp(l->fixtures[i].name, name))
			return &l->fixtures[i];
	return NULL;
}

const struct fixture *library_fixture(const struct library *l,
				      const struct scenario *s)
{
	return s->maildrop ? library_fixture_named(l, s->maildrop) : NULL;
}

static int add_fixture(struct library *l, const char *name, struct error *e)
{
	struct fixture *fixtures;

	if (library_fixture_named(l, name))
		return 0;
	fixtures = realloc(l->fixtures,
			   (l->fixture_count + 1) * sizeof(*fixtures));
	if (!fixtures)
		return error_set(e, "out of memory");
	l->fixtures = fixtures;
	fixtures[l->fixture_count] = (struct fixture){ 0 };
	return load_fixture(&fixtures[l->fixture_count++], l->directory, name,
			    e);
}

static int check_requirements(const struct library *l,
			      const struct scenario *s, struct error *e)
{
	for (size_t i = 0; i < s->requirement_count; i++)
		if (!registry_find(l->registry, s->requirements[i]))
			return error_set(e, "%s: /requirements/%zu: \"%s\" is "
					 "not in the register", s->file, i,
					 s->requirements[i]);
	return 0;
}

struct step_check {
	const struct library *library;
	const struct scenario *scenario;
	struct error *e;
};

static int check_requirement(const struct step_check *c, const char *pointer,
			     const char *id)
{
	if (!id || registry_find(c->library->registry, id))
		return 0;
	return error_set(c->e, "%s: %s/requirement: \"%s\" is not in the "
			 "register", c->scenario->file, pointer, id);
}

static int check_message(const struct step_check *c, const char *pointer,
			 const char *name)
{
	const struct fixture *f = library_fixture(c->library, c->scenario);

	if (!name || !strcmp(name, ANY_OTHER) ||
	    (f && fixture_find(f, slice_str(name))))
		return 0;
	return error_set(c->e, "%s: %s: the maildrop has no message \"%s\"",
			 c->scenario->file, pointer, name);
}

static int check_pattern(const struct step_check *c, const char *pointer,
			 const struct pattern *p)
{
	for (size_t i = 0; p && i < p->count; i++)
		if (check_message(c, pointer, p->tokens[i].message))
			return -1;
	return 0;
}

static int check_answer(const struct step_check *c, const struct answer *a)
{
	if (check_requirement(c, a->pointer, a->requirement) ||
	    check_pattern(c, a->pointer, a->line) ||
	    check_pattern(c, a->pointer, a->octets) ||
	    check_message(c, a->pointer, a->message))
		return -1;
	for (size_t i = 0; i < a->line_count; i++)
		if (check_pattern(c, a->pointer, a->lines[i]))
			return -1;
	return 0;
}

static int check_step(const struct step *step, void *with)
{
	const struct step_check *c = with;

	if (check_requirement(c, step->pointer, step->requirement))
		return -1;
	for (size_t i = 0; i < step->piece_count; i++)
		if (check_pattern(c, step->pointer, step->pieces[i]))
			return -1;
	for (size_t i = 0; i < step->answer_count; i++)
		if (check_answer(c, &step->answers[i]))
			return -1;
	for (size_t i = 0; scenario_names_messages(step) &&
			   i < step->name_count; i++)
		if (check_message(c, step->pointer, step->names[i]))
			return -1;
	return 0;
}

static int check(struct library *l, const struct scenario *s,
		 struct error *e)
{
	struct step_check c = { l, s, e };

	if (check_requirements(l, s, e))
		return -1;
	if (s->maildrop && add_fixture(l, s->maildrop, e)) {
		error_prefix(e, "/maildrop");
		return error_prefix(e, s->file);
	}
	return scenario_walk(s, check_step, &c) ? -1 : 0;
}

static struct scenario *load(struct library *l,
			     const struct catalogue_entry *entry,
			     struct error *e)
{
	struct buf json = { 0 };
	struct scenario *s = NULL;

	if (!catalogue_read(entry, &json, e))
		s = scenario_parse(buf_slice(&json), entry->id, entry->path,
				   e);
	buf_free(&json);
	if (!s || !check(l, s, e))
		return s;
	scenario_free(s);
	return NULL;
}

static int load_scenario(struct library *l,
			 const struct catalogue_entry *entry, struct error *e)
{
	l->scenarios[l->count] = load(l, entry, e);
	if (!l->scenarios[l->count])
		return -1;
	l->count++;
	return 0;
}

static int load_scenarios(struct library *l, struct error *e)
{
	struct catalogue c = { 0 };
	int result = catalogue_add(&c, l->directory, "", e);

	if (!result) {
		l->scenarios = calloc(c.count + 1, sizeof(*l->scenarios));
		if (!l->scenarios)
			result = error_set(e, "out of memory");
	}
	for (size_t i = 0; i < c.count && !result; i++)
		result = load_scenario(l, &c.entries[i], e);
	catalogue_free(&c);
	return result;
}

int library_load(struct library *l, const char *directory, struct error *e)
{
	*l = (struct library){ 0 };
	l->directory = catalogue_directory(directory, e);
	if (!l->directory || load_register(l, e) || load_scenarios(l, e))
		return -1;
	return add_fixture(l, "one", e);
}

int library_check(struct library *l, const char *path, struct error *e)
{
	struct catalogue c = { 0 };
	int result = catalogue_add(&c, path, "", e);

	if (!result && !c.count)
		result = error_set(e, "%s: no scenario there", path);
	for (size_t i = 0; i < c.count && !result; i++) {
		struct scenario *s = load(l, &c.entries[i], e);

		result = s ? 0 : -1;
		scenario_free(s);
	}
	catalogue_free(&c);
	return result;
}

const struct scenario *library_find(const struct library *l, const char *id)
{
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->scenarios[i]->id, id))
			return l->scenarios[i];
	return NULL;
}

void library_free(struct library *l)
{
	for (size_t i = 0; i < l->count; i++)
		scenario_free(l->scenarios[i]);
	for (size_t i = 0; i < l->fixture_count; i++)
		fixture_free(&l->fixtures[i]);
	free(l->scenarios);
	free(l->fixtures);
	registry_free(l->registry);
	free(l->directory);
	*l = (struct library){ 0 };
}
