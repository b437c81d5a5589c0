/* SPDX-License-Identifier: MIT */
/*
 * The files that a stranger may write: a scenario, a register, the recipe of a
 * fixture. The input is tried as each. What is refused says where; what is
 * accepted can be walked, shown, and played to an end.
 */
#include "fixture.h"
#include "fuzz.h"
#include "registry.h"
#include "told.h"

#include <stdlib.h>
#include <string.h>

#define FILE_NAME "file.json"
#define BUDGET 100000 /* steps of a play */
#define PLAYED 65536u /* octets sent; what sends more is not played */

/* "file.json:3:14: ..." or "file.json: /dialogue/3: ..." */
static void check_refusal(const char *why)
{
	struct slice text = slice_str(why);

	fuzz_holds(slice_starts(text, FILE_NAME ":") &&
			   text.len > strlen(FILE_NAME) + 3,
		   "what is refused says where and why", text);
	for (size_t i = 0; i < text.len; i++)
		fuzz_holds(text.ptr[i] >= ' ' && text.ptr[i] <= '~',
			   "an error is visible ASCII", text);
}

static void check_registry(struct slice json)
{
	struct error e = { 0 };
	struct registry *r = registry_parse(json, FILE_NAME, &e);
	struct buf clause = { 0 };

	if (!r)
		check_refusal(e.text);
	for (size_t i = 0; r && i < registry_count(r); i++) {
		const struct requirement *q = registry_at(r, i);

		fuzz_holds(registry_find(r, q->id) == q,
			   "a requirement is found by its id",
			   slice_str(q->id));
		requirement_clause(q, &clause);
		fuzz_holds(slice_starts(buf_slice(&clause), "RFC "),
			   "a requirement has a clause", buf_slice(&clause));
		buf_clear(&clause);
	}
	buf_free(&clause);
	registry_free(r);
}

static void check_fixture(struct slice json)
{
	struct error e = { 0 };
	struct fixture f = { 0 };
	size_t octets = 0;

	if (fixture_generate(&f, json, FILE_NAME, &e))
		check_refusal(e.text);
	for (size_t i = 0; i < f.count; i++) {
		struct slice name = slice_str(f.messages[i].name);

		if (i < 100)
			fuzz_holds(fixture_find(&f, name) == &f.messages[i],
				   "a message is found by its name", name);
		octets += f.messages[i].octets.len;
	}
	fuzz_holds(octets <= FIXTURE_OCTETS_LIMIT &&
			   f.count <= FIXTURE_MESSAGES_LIMIT,
		   "a fixture is bounded", slice_of(NULL, 0));
	fixture_free(&f);
}

struct walked {
	uint64_t octets; /* sent, but for names, repetitions counted once */
};

static int walk(const struct step *step, void *with)
{
	struct walked *w = with;

	fuzz_holds(slice_starts(slice_str(step->pointer), "/"),
		   "a step has a place", slice_str(step->pointer));
	fuzz_holds(step->source && step->source[0], "a step can be shown",
		   slice_str(step->pointer));
	for (size_t i = 0; i < step->piece_count; i++)
		for (size_t j = 0; j < step->pieces[i]->count; j++)
			w->octets += step->pieces[i]->tokens[j].literal.len;
	return 0;
}

static void play_one(const struct scenario *s, const struct fixture *fixture)
{
	const struct told_secrets none = { .digest = { 0 } };
	struct registry *registry =
		registry_parse(slice_str("{\"format\":1,\"requirements\":[]}"),
			       FILE_NAME, NULL);
	struct findings f = { 0 };
	struct rig r;

	rig_open(&r, registry, &fuzz_switches);
	r.budget = BUDGET;
	rig_play(&r, s, fixture, &f);
	fuzz_holds(f.count, "what is accepted can be played",
		   slice_str(s->title));
	told_check(&f, s, &r, &none);
	findings_free(&f);
	rig_close(&r);
	registry_free(registry);
}

/* Mail for the scenario's names: a, b and c. */
static void add_mail(struct fixture *f)
{
	static const char *const names[] = { "a", "b", "c" };
	struct error e;

	for (size_t i = 0; i < 3; i++) {
		struct buf octets = { 0 };

		buf_printf(&octets, "Subject: %s\n\n.%s\n", names[i], names[i]);
		if (fixture_add(f, slice_str(names[i]), &octets, &e))
			abort();
	}
}

static void check_scenario(struct slice json)
{
	struct error e = { 0 };
	struct scenario *s = scenario_parse(json, "a/file", FILE_NAME, &e);
	struct fixture fixture = { 0 };
	struct walked w = { 0 };

	if (!s) {
		check_refusal(e.text);
		return;
	}
	scenario_walk(s, walk, &w);
	fuzz_holds(s->requirement_count, "a scenario judges a requirement",
		   slice_str(s->title));
	scenario_sends(s, "RETR");
	scenario_uses(s, "user");
	scenario_needs_facts(s);
	if (w.octets < PLAYED) {
		add_mail(&fixture);
		play_one(s, &fixture);
	}
	fixture_free(&fixture);
	scenario_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct slice json = slice_of(octets, count);

	check_registry(json);
	check_fixture(json);
	check_scenario(json);
	return 0;
}
