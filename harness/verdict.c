/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include "bytes.h"

#include <stdlib.h>

static const char *const names[OUTCOMES] = {
	[OUTCOME_PASS] = "PASS",         [OUTCOME_FAIL] = "FAIL",
	[OUTCOME_WARN] = "WARN",         [OUTCOME_INFO] = "INFO",
	[OUTCOME_SECURITY] = "SECURITY", [OUTCOME_FLAKY] = "FLAKY",
	[OUTCOME_BLOCKED] = "BLOCKED",   [OUTCOME_SKIP] = "SKIP",
	[OUTCOME_CRASH] = "CRASH",       [OUTCOME_LOST] = "LOST",
	[OUTCOME_ERROR] = "ERROR",       [OUTCOME_NOTRUN] = "NOTRUN",
};

const char *outcome_name(enum outcome o)
{
	return o < OUTCOMES ? names[o] : "UNKNOWN";
}

bool outcome_named(const char *name, enum outcome *o)
{
	for (size_t i = 0; i < OUTCOMES; i++) {
		if (slice_is_nocase(slice_str(name), names[i])) {
			*o = (enum outcome)i;
			return true;
		}
	}
	return false;
}

bool outcome_is_breach(enum outcome o)
{
	return o == OUTCOME_FAIL || o == OUTCOME_SECURITY ||
	       o == OUTCOME_CRASH || o == OUTCOME_LOST;
}

bool outcome_judges(enum outcome o)
{
	return o != OUTCOME_BLOCKED && o != OUTCOME_SKIP &&
	       o != OUTCOME_ERROR && o != OUTCOME_NOTRUN;
}

int outcome_weight(enum outcome o)
{
	if (outcome_is_breach(o))
		return 4;
	if (o == OUTCOME_WARN || o == OUTCOME_FLAKY)
		return 3;
	if (o == OUTCOME_INFO)
		return 2;
	return o != OUTCOME_PASS && o != OUTCOME_SKIP;
}

bool outcome_fails(enum outcome o, enum fail_on fail_on)
{
	bool worst = o == OUTCOME_CRASH;
	bool broken = worst || o == OUTCOME_FAIL || o == OUTCOME_LOST;

	switch (fail_on) {
	case FAIL_ON_NEVER:
		return false;
	case FAIL_ON_SECURITY:
		return worst || o == OUTCOME_SECURITY;
	case FAIL_ON_MUST:
		return broken;
	case FAIL_ON_SHOULD:
		return broken || o == OUTCOME_SECURITY || o == OUTCOME_WARN;
	case FAIL_ON_FLAKY:
		return broken || o == OUTCOME_SECURITY || o == OUTCOME_FLAKY;
	default:
		return broken || o == OUTCOME_SECURITY;
	}
}

static const char *const fail_ons[FAIL_ONS] = {
	[FAIL_ON_DEFAULT] = "default",   [FAIL_ON_MUST] = "must",
	[FAIL_ON_SHOULD] = "should",     [FAIL_ON_SECURITY] = "security",
	[FAIL_ON_FLAKY] = "flaky",       [FAIL_ON_NEVER] = "never",
};

const char *fail_on_name(enum fail_on f)
{
	return f < FAIL_ONS ? fail_ons[f] : "default";
}

enum fail_on fail_on_named(const char *name)
{
	enum fail_on f = 0;

	while (f < FAIL_ONS && !slice_is(slice_str(name), fail_ons[f]))
		f++;
	return f;
}

/* Every string of a verdict, so that none is forgotten in a copy. */
static const size_t texts[] = {
	offsetof(struct verdict, scenario),
	offsetof(struct verdict, file),
	offsetof(struct verdict, title),
	offsetof(struct verdict, transport),
	offsetof(struct verdict, requirement),
	offsetof(struct verdict, also),
	offsetof(struct verdict, unseen),
	offsetof(struct verdict, clause),
	offsetof(struct verdict, link),
	offsetof(struct verdict, level),
	offsetof(struct verdict, statement),
	offsetof(struct verdict, ruling),
	offsetof(struct verdict, label),
	offsetof(struct verdict, blocked_by),
	offsetof(struct verdict, cause),
	offsetof(struct verdict, step),
	offsetof(struct verdict, expected),
	offsetof(struct verdict, actual),
	offsetof(struct verdict, log),
};

static const size_t text_count = sizeof(texts) / sizeof(*texts);

static char **text_at(struct verdict *v, size_t i)
{
	return (char **)((char *)v + texts[i]);
}

void verdict_free(struct verdict *v)
{
	for (size_t i = 0; i < text_count; i++)
		free(*text_at(v, i));
	for (size_t i = 0; v->transcript && i < v->exchanges; i++)
		free(v->transcript[i].text);
	free(v->transcript);
	*v = (struct verdict){ 0 };
}

/* NULL stays NULL; -1 when memory ran out. */
static int copy_transcript(struct verdict *to, const struct verdict *v)
{
	bool all = true;

	to->transcript = NULL;
	to->exchanges = 0;
	if (!v->transcript || !v->exchanges)
		return 0;
	to->transcript = calloc(v->exchanges, sizeof(*to->transcript));
	if (!to->transcript)
		return -1;
	to->exchanges = v->exchanges;
	for (size_t i = 0; i < v->exchanges; i++) {
		struct exchange *x = &to->transcript[i];

		*x = v->transcript[i];
		x->text = slice_copy(slice_str(x->text));
		all = all && x->text;
	}
	return all ? 0 : -1;
}

int verdict_copy(struct verdict *to, const struct verdict *v)
{
	bool all = true;

	*to = *v;
	for (size_t i = 0; i < text_count; i++) {
		char **text = text_at(to, i);

		*text = slice_copy(slice_str(*text));
		all = all && *text;
	}
	if (!copy_transcript(to, v) && all)
		return 0;
	verdict_free(to);
	return -1;
}
