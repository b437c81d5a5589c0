/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void every_outcome_has_a_name_of_its_own(void **state)
{
	enum outcome found = OUTCOMES;

	(void)state;
	for (int i = 0; i < OUTCOMES; i++) {
		assert_true(outcome_named(outcome_name((enum outcome)i),
					  &found));
		assert_int_equal(found, i);
	}
	assert_string_equal(outcome_name(OUTCOME_NOTRUN), "NOTRUN");
	assert_string_equal(outcome_name(OUTCOMES), "UNKNOWN");
}

static void names_are_found_in_either_case_or_not_at_all(void **state)
{
	enum outcome found = OUTCOMES;

	(void)state;
	assert_true(outcome_named("security", &found));
	assert_int_equal(found, OUTCOME_SECURITY);
	assert_false(outcome_named("secure", &found));
	assert_false(outcome_named("", &found));
	assert_false(outcome_named(NULL, &found));
	assert_false(outcome_named("UNKNOWN", &found));
	assert_int_equal(found, OUTCOME_SECURITY);
}

static void four_outcomes_are_breaches(void **state)
{
	size_t breaches = 0;

	(void)state;
	for (int i = 0; i < OUTCOMES; i++)
		breaches += outcome_is_breach((enum outcome)i);
	assert_int_equal(breaches, 4);
	assert_true(outcome_is_breach(OUTCOME_FAIL));
	assert_true(outcome_is_breach(OUTCOME_SECURITY));
	assert_true(outcome_is_breach(OUTCOME_CRASH));
	assert_true(outcome_is_breach(OUTCOME_LOST));
}

static void four_outcomes_judge_nothing(void **state)
{
	size_t judging = 0;

	(void)state;
	for (int i = 0; i < OUTCOMES; i++)
		judging += outcome_judges((enum outcome)i);
	assert_int_equal(judging, OUTCOMES - 4);
	assert_false(outcome_judges(OUTCOME_BLOCKED));
	assert_false(outcome_judges(OUTCOME_SKIP));
	assert_false(outcome_judges(OUTCOME_ERROR));
	assert_false(outcome_judges(OUTCOME_NOTRUN));
}

/* From the mildest to the worst; those in one row weigh the same. */
static void outcomes_have_an_order(void **state)
{
	static const enum outcome rows[][4] = {
		{ OUTCOME_PASS, OUTCOME_SKIP, OUTCOME_PASS, OUTCOME_SKIP },
		{ OUTCOME_BLOCKED, OUTCOME_ERROR, OUTCOME_NOTRUN,
		  OUTCOME_ERROR },
		{ OUTCOME_INFO, OUTCOME_INFO, OUTCOME_INFO, OUTCOME_INFO },
		{ OUTCOME_WARN, OUTCOME_FLAKY, OUTCOME_WARN, OUTCOME_FLAKY },
		{ OUTCOME_FAIL, OUTCOME_SECURITY, OUTCOME_CRASH, OUTCOME_LOST },
	};

	(void)state;
	for (int row = 0; row < 5; row++)
		for (int i = 0; i < 4; i++)
			assert_int_equal(outcome_weight(rows[row][i]), row);
}

static struct exchange lines[] = {
	{ 'C', 1, 0, (char *)"NOOP", 6, 2 },
	{ 'S', 1, 2, (char *)"+OK", 5, 2 },
	{ '*', 2, 9, NULL, 0, 2 },
};

static void a_copy_shares_nothing(void **state)
{
	char scenario[] = "update/quit", log[] = "ABORTING";
	struct verdict v = {
		.scenario = scenario,
		.outcome = OUTCOME_FAIL,
		.log = log,
		.seconds = 0.5,
		.count = 3,
		.transcript = lines,
		.exchanges = 3,
	};
	struct verdict copy;

	(void)state;
	assert_int_equal(verdict_copy(&copy, &v), 0);
	memset(scenario, 'x', sizeof(scenario) - 1);
	log[0] = 'x';
	assert_string_equal(copy.scenario, "update/quit");
	assert_string_equal(copy.log, "ABORTING");
	assert_string_equal(copy.actual, "");
	assert_int_equal(copy.outcome, OUTCOME_FAIL);
	assert_int_equal(copy.count, 3);
	assert_int_equal(copy.exchanges, 3);
	assert_ptr_not_equal(copy.transcript, lines);
	assert_string_equal(copy.transcript[1].text, "+OK");
	assert_ptr_not_equal(copy.transcript[1].text, lines[1].text);
	assert_string_equal(copy.transcript[2].text, "");
	assert_int_equal(copy.transcript[2].at, 9);
	assert_int_equal(copy.transcript[2].run, 2);
	verdict_free(&copy);
	assert_null(copy.scenario);
	assert_int_equal(copy.exchanges, 0);
}

static void a_verdict_without_transcript_copies_to_one_without(void **state)
{
	struct verdict v = { .outcome = OUTCOME_PASS, .exchanges = 7 };
	struct verdict copy;

	(void)state;
	assert_int_equal(verdict_copy(&copy, &v), 0);
	assert_null(copy.transcript);
	assert_int_equal(copy.exchanges, 0);
	assert_string_equal(copy.link, "");
	verdict_free(&copy);
	verdict_free(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_has_a_name_of_its_own),
		cmocka_unit_test(names_are_found_in_either_case_or_not_at_all),
		cmocka_unit_test(four_outcomes_are_breaches),
		cmocka_unit_test(four_outcomes_judge_nothing),
		cmocka_unit_test(outcomes_have_an_order),
		cmocka_unit_test(a_copy_shares_nothing),
		cmocka_unit_test(
			a_verdict_without_transcript_copies_to_one_without),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
