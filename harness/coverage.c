/* SPDX-License-Identifier: MIT */
#include "coverage.h"
#include "plural.h"
#include "universal.h"

#include <stdio.h>
#include <string.h>

struct sums {
	size_t judged, named, universal, uncovered, invisible, others;
};

static bool binds_server(const struct requirement *q)
{
	return q->party == PARTY_SERVER || q->party == PARTY_BOTH;
}

static bool is_universal(const struct requirement *q)
{
	for (enum violation v = 0; v < VIOLATIONS; v++)
		if (violation_breaks(v, q->id))
			return true;
	return false;
}

/* Where s names id: 1 first, more further back, 0 nowhere. */
static size_t place_in(const struct scenario *s, const char *id)
{
	for (size_t i = 0; i < s->requirement_count; i++)
		if (!strcmp(s->requirements[i], id))
			return i + 1;
	return 0;
}

static void print_scenarios(const struct library *l,
			    const struct requirement *q, struct sums *sums)
{
	bool judged = false, named = false;

	for (size_t i = 0; i < l->count; i++) {
		size_t place = place_in(l->scenarios[i], q->id);

		if (place)
			printf("%s%s%s", named ? ", " : "",
			       l->scenarios[i]->id, place == 1 ? "" : " (also)");
		named = named || place;
		judged = judged || place == 1;
	}
	if (is_universal(q))
		printf("%suniversal check", named ? ", " : "");
	if (judged)
		sums->judged++;
	else if (is_universal(q))
		sums->universal++;
	else if (named)
		sums->named++;
	else
		sums->uncovered++;
	if (!judged && !named && !is_universal(q))
		printf("not covered");
}

static void print_coverage(const struct library *l,
			   const struct requirement *q, struct sums *sums)
{
	printf("%-22s ", q->id);
	if (!binds_server(q)) {
		sums->others++;
		printf("binds the %s", requirement_party_name(q->party));
	} else if (q->testability == NOT_TESTABLE) {
		sums->invisible++;
		printf("cannot be seen from outside");
	} else {
		print_scenarios(l, q, sums);
	}
	putchar('\n');
}

void coverage_print(const struct library *l)
{
	struct sums s = { 0 };
	size_t count = registry_count(l->registry);

	for (size_t i = 0; i < count; i++)
		print_coverage(l, registry_at(l->registry, i), &s);
	printf("\n%zu requirement%s: %zu judged by a scenario of their own, "
	       "%zu by a universal check,\n%zu by a step of another scenario, "
	       "%zu not covered; %zu cannot be seen from\noutside, %zu bind%s "
	       "no server. %zu scenario%s.\n",
	       count, plural(count), s.judged, s.universal, s.named,
	       s.uncovered, s.invisible, s.others, s.others == 1 ? "s" : "",
	       l->count, plural(l->count));
}

void requirements_print(const struct library *l)
{
	for (size_t i = 0; i < registry_count(l->registry); i++) {
		const struct requirement *q = registry_at(l->registry, i);

		printf("%-22s %-10s %-8s %s\n", q->id,
		       requirement_level_name(q->level),
		       requirement_verdict_name(q->verdict), q->says);
	}
}
