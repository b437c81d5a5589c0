/* SPDX-License-Identifier: MIT */
#include "zoo.h"
#include "outcomes.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

struct animal {
	const char *name;
	const char *oddities[6]; /* ids of oddities.def, NULL at the end */
};

/* Each lives in the wild in some form; alone, the oddities are tried below. */
static const struct animal animals[] = {
	{ "taciturn: says no word too many",
	  { "bare-status", "minimal" } },
	{ "backwards: lists and numbers from the end",
	  { "descending-listing", "reversed-maildrop", "long-unique-ids",
	    "chatty-listing" } },
	{ "touchy: closes whenever it may",
	  { "closes-after-failed-login", "closes-after-third-error",
	    "farewell-before-autologout", "second-user-refused" } },
	{ "easy-going: takes what is nearly right",
	  { "lenient-grammar", "patient-pass", "shared-maildrop",
	    "hash-unique-ids" } },
	{ "short-spoken: few commands, fewer errors",
	  { "minimal", "closes-after-third-error" } },
	{ "thrifty: few commands, and keeps nothing that was read",
	  { "minimal", "deletes-retrieved" } },
	{ "secretive: no password goes over the wire",
	  { "no-plain-passwords", "bare-status", "no-capa",
	    "capital-digest", "closes-after-failed-login" } },
	{ "outspoken: says who is who, and no to spaces",
	  { "user-tells-names", "second-user-refused",
	    "no-spaces-in-passwords", "closes-after-third-error" } },
	{ "reluctant: announces LANG and UTF8, and wants neither",
	  { "lang-refused", "utf8-refused", "bare-status" } },
	{ "go-between: tells what it cannot send, in few words",
	  { "lang-tag-alone", "utf8-surrogate", "bare-status" } },
	{ "slow writer: one octet at a time",
	  { "one-octet-output", "no-capa" } },
};

/* A warning of what is in the way: not all can be judged then. */
static bool is_explained(const struct verdict *v, const struct findings *f)
{
	for (size_t i = 0; i < f->count && v->blocked_by; i++)
		if (f->list[i].outcome == OUTCOME_WARN &&
		    !strcmp(f->list[i].requirement, v->blocked_by))
			return true;
	return false;
}

static bool is_alarm(const struct verdict *v, const struct findings *f)
{
	if (v->outcome == OUTCOME_BLOCKED)
		return !is_explained(v, f);
	return outcome_is_breach(v->outcome) || v->outcome == OUTCOME_ERROR ||
	       v->outcome == OUTCOME_NOTRUN;
}

static size_t print_alarms(const char *animal, const struct findings *f)
{
	size_t alarms = 0;

	for (size_t i = 0; i < f->count; i++) {
		const struct verdict *v = &f->list[i];

		if (!is_alarm(v, f))
			continue;
		printf("%s: %s %s %s %s: expected %s, got %s %s\n", animal,
		       outcome_name(v->outcome), v->scenario, v->requirement,
		       v->step, v->expected, v->actual, v->label);
		alarms++;
	}
	return alarms;
}

static size_t play_on(const struct library *l, const char *name,
		      const struct switches *switches, size_t count[OUTCOMES])
{
	struct findings f = { 0 };
	struct rig r;
	size_t alarms;

	rig_open(&r, l->registry, switches);
	for (size_t i = 0; i < l->count; i++)
		rig_play(&r, l->scenarios[i],
			 library_fixture(l, l->scenarios[i]), &f);
	play_universal(&r.stage, &r.stage.universal, &f);
	rig_close(&r);
	for (size_t i = 0; i < f.count; i++)
		count[f.list[i].outcome]++;
	alarms = print_alarms(name, &f);
	findings_free(&f);
	return alarms;
}

static size_t play_animal(const struct library *l, const struct animal *a)
{
	size_t count[OUTCOMES] = { 0 };
	struct switches on = { 0 };
	size_t alarms;

	for (size_t i = 0; a->oddities[i]; i++)
		if (!switch_on(&on, a->oddities[i])) {
			printf("%s: no oddity %s\n", a->name, a->oddities[i]);
			return 1;
		}
	alarms = play_on(l, a->name, &on, count);
	printf("zoo: %-45s %zu pass, %zu warn, %zu info, %zu skip, %zu false "
	       "alarms\n", a->name, count[OUTCOME_PASS], count[OUTCOME_WARN],
	       count[OUTCOME_INFO], count[OUTCOME_SKIP], alarms);
	return alarms;
}

int zoo_play(const struct library *l, struct error *e)
{
	size_t alarms = 0;

	(void)e;
	for (size_t i = 0; i < sizeof(animals) / sizeof(*animals); i++)
		alarms += play_animal(l, &animals[i]);
	for (enum switch_name i = 0; i < SWITCHES; i++) {
		struct animal alone = { switch_rows[i].id,
					{ switch_rows[i].id } };

		if (!switch_rows[i].defect)
			alarms += play_animal(l, &alone);
	}
	return alarms ? 1 : 0;
}

static void play_split(const struct library *l, enum split split,
		       struct findings *f)
{
	struct rig r;

	rig_open(&r, l->registry, NULL);
	r.stage.split = split;
	r.stage.random = 20250101;
	for (size_t i = 0; i < l->count; i++)
		rig_play(&r, l->scenarios[i],
			 library_fixture(l, l->scenarios[i]), f);
	play_universal(&r.stage, &r.stage.universal, f);
	rig_close(&r);
}

static size_t print_differences(const char *name, const struct findings *a,
				const struct findings *b)
{
	size_t differ = a->count != b->count;

	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct verdict *x = &a->list[i], *y = &b->list[i];

		if (x->outcome == y->outcome &&
		    !strcmp(x->scenario, y->scenario))
			continue;
		printf("%s: %s %s becomes %s: %s\n", name, x->scenario,
		       outcome_name(x->outcome), outcome_name(y->outcome),
		       y->actual);
		differ++;
	}
	return differ;
}

int splits_play(const struct library *l, struct error *e)
{
	struct findings whole = { 0 }, random = { 0 }, octets = { 0 };
	size_t differ;

	(void)e;
	play_split(l, SPLIT_NONE, &whole);
	play_split(l, SPLIT_RANDOM, &random);
	play_split(l, SPLIT_EVERY_OCTET, &octets);
	differ = print_differences("random", &whole, &random) +
		 print_differences("every-octet", &whole, &octets) +
		 print_alarms("right server", &whole);
	printf("splits: %zu verdicts in one piece, random pieces and single "
	       "octets: %zu differ%s\n", whole.count, differ,
	       differ == 1 ? "s" : "");
	findings_free(&whole);
	findings_free(&random);
	findings_free(&octets);
	return differ ? 1 : 0;
}
