/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void add(struct tally *t, const char *requirement, enum outcome o)
{
	struct verdict v = { .requirement = (char *)requirement,
			     .outcome = o };

	assert_int_equal(tally_add(t, &v, NULL), 0);
}

static void a_requirement_counts_once_and_judged_beats_skipped(void **state)
{
	struct tally t = { 0 };
	struct run_summary s = { 0 };

	(void)state;
	add(&t, "A", OUTCOME_SKIP);
	add(&t, "A", OUTCOME_PASS);
	add(&t, "A", OUTCOME_FAIL);
	add(&t, "A", OUTCOME_BLOCKED);
	add(&t, "B", OUTCOME_SKIP);
	add(&t, "B", OUTCOME_NOTRUN);
	add(&t, "C", OUTCOME_ERROR);
	add(&t, "D", OUTCOME_FLAKY);
	add(&t, NULL, OUTCOME_ERROR);
	tally_fill(&t, 10, &s);
	assert_int_equal(s.judged, 2);
	assert_int_equal(s.skipped, 2);
	assert_int_equal(s.not_covered, 6);
	assert_int_equal(s.requirements, 10);
	assert_int_equal(s.count[OUTCOME_SKIP], 2);
	assert_int_equal(s.count[OUTCOME_ERROR], 2);
	assert_int_equal(s.count[OUTCOME_WARN], 0);
	assert_string_equal(s.longest, "");
	tally_free(&t);
}

/* A pass saw hold what its scenario always looks at; nothing else judges it. */
static void what_a_scenario_looks_at_besides_counts(void **state)
{
	struct verdict v = { .requirement = (char *)"A",
			     .also = (char *)"B C", .unseen = (char *)"D" };
	struct tally t = { 0 };
	struct run_summary s = { 0 };

	(void)state;
	v.outcome = OUTCOME_FAIL;
	assert_int_equal(tally_add(&t, &v, NULL), 0);
	tally_fill(&t, 10, &s);
	assert_int_equal(s.judged, 1);
	assert_int_equal(s.skipped, 3);
	v.outcome = OUTCOME_PASS;
	assert_int_equal(tally_add(&t, &v, NULL), 0);
	tally_fill(&t, 10, &s);
	assert_int_equal(s.judged, 3);
	assert_int_equal(s.skipped, 1);
	assert_int_equal(s.not_covered, 6);
	tally_free(&t);
}

static void more_requirements_than_registered_do_not_wrap(void **state)
{
	struct tally t = { 0 };
	struct run_summary s = { 0 };

	(void)state;
	add(&t, "A", OUTCOME_PASS);
	add(&t, "B\xff", OUTCOME_PASS);
	tally_fill(&t, 1, &s);
	assert_int_equal(s.not_covered, 0);
	assert_int_equal(s.requirements, 2);
	tally_free(&t);
}

static void the_longest_scenario_is_remembered(void **state)
{
	struct verdict quick = { .scenario = (char *)"a/quick",
				 .seconds = 0.5 };
	struct verdict slow = { .scenario = (char *)"a/slow", .seconds = 2 };
	struct tally t = { 0 };
	struct run_summary s = { 0 };

	(void)state;
	assert_int_equal(tally_add(&t, &quick, NULL), 0);
	assert_int_equal(tally_add(&t, &slow, NULL), 0);
	assert_int_equal(tally_add(&t, &quick, NULL), 0);
	tally_fill(&t, 1, &s);
	assert_string_equal(s.longest, "a/slow");
	assert_true(s.longest_seconds > 1.9 && s.longest_seconds < 2.1);
	tally_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_requirement_counts_once_and_judged_beats_skipped),
		cmocka_unit_test(what_a_scenario_looks_at_besides_counts),
		cmocka_unit_test(
			more_requirements_than_registered_do_not_wrap),
		cmocka_unit_test(the_longest_scenario_is_remembered),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
