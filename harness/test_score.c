/* SPDX-License-Identifier: MIT */
#include "score.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define ROW(ID, PARTY, TESTABILITY)                                           \
	"{\"id\":\"RFC1939-3-" ID "\",\"rfc\":1939,\"section\":\"3\","         \
	"\"link\":\"https://www.rfc-editor.org/rfc/rfc1939#section-3\","      \
	"\"says\":\"A rule.\",\"party\":\"" PARTY "\",\"state\":\"any\","     \
	"\"level\":\"MUST\",\"verdict\":\"fail\","                            \
	"\"testability\":\"" TESTABILITY "\"}"

static const char rows[] =
	"{\"format\":1,\"requirements\":["
	ROW("A-01", "server", "yes") "," ROW("B-01", "server", "partly") ","
	ROW("C-01", "both", "yes") "," ROW("D-01", "server", "yes") ","
	ROW("E-01", "client", "yes") "," ROW("F-01", "server", "no") "]}";

static char *named[] = { (char *)"RFC1939-3-A-01", (char *)"RFC1939-3-B-01" };
static const struct scenario scenario = { .requirements = named,
					  .requirement_count = 2 };

static struct registry *open(struct score *t)
{
	struct error e = { 0 };
	struct registry *r = registry_parse(slice_str(rows), "rows", &e);

	assert_string_equal(e.text, "");
	assert_int_equal(score_open(t, r, &e), 0);
	return r;
}

static void add(struct score *t, enum outcome o, const char *requirement,
		const struct scenario *s)
{
	bool first = s && !strcmp(requirement, s->requirements[0]);
	struct verdict v = { .outcome = o, .scenario = (char *)"a/b",
			     .requirement = (char *)requirement,
			     .also = first ? s->requirements[1] : NULL };

	assert_int_equal(score_add(t, &v, s, NULL), 0);
}

/* The exit code of a run with these outcomes, ended by OUTCOMES. */
static int code_of(enum fail_on fail_on, const enum outcome *outcomes)
{
	struct score t;
	struct registry *r = open(&t);
	int code;

	for (; *outcomes != OUTCOMES; outcomes++)
		add(&t, *outcomes, named[0], &scenario);
	score_close(&t, fail_on, 1);
	code = t.summary.exit_code;
	score_free(&t);
	registry_free(r);
	return code;
}

#define CODE(FAIL_ON, ...)                                                    \
	code_of(FAIL_ON, (const enum outcome[]){ __VA_ARGS__, OUTCOMES })

static void each_outcome_has_its_code(void **state)
{
	static const int codes[OUTCOMES] = {
		[OUTCOME_PASS] = 0,    [OUTCOME_FAIL] = 1,
		[OUTCOME_WARN] = 0,    [OUTCOME_INFO] = 0,
		[OUTCOME_SECURITY] = 1, [OUTCOME_FLAKY] = 0,
		[OUTCOME_BLOCKED] = 3, [OUTCOME_SKIP] = 2,
		[OUTCOME_CRASH] = 1,   [OUTCOME_LOST] = 1,
		[OUTCOME_ERROR] = 3,   [OUTCOME_NOTRUN] = 3,
	};

	(void)state;
	for (enum outcome o = 0; o < OUTCOMES; o++)
		assert_int_equal(CODE(FAIL_ON_DEFAULT, o), codes[o]);
}

static void the_worst_code_is_that_of_the_run(void **state)
{
	(void)state;
	assert_int_equal(CODE(FAIL_ON_DEFAULT, OUTCOME_PASS, OUTCOME_FAIL), 1);
	assert_int_equal(CODE(FAIL_ON_DEFAULT, OUTCOME_PASS, OUTCOME_SKIP), 0);
	assert_int_equal(CODE(FAIL_ON_DEFAULT, OUTCOME_PASS, OUTCOME_ERROR),
			 3);
	assert_int_equal(CODE(FAIL_ON_DEFAULT, OUTCOME_ERROR, OUTCOME_FAIL),
			 1);
	assert_int_equal(CODE(FAIL_ON_DEFAULT, OUTCOME_NOTRUN, OUTCOME_CRASH),
			 1);
	assert_int_equal(CODE(FAIL_ON_DEFAULT, OUTCOME_NOTRUN, OUTCOME_SKIP),
			 3);
}

/* The exit code when "by" blocks and o was found against "found". */
static int blocked_code(const char *by, enum outcome o, const char *found)
{
	struct verdict v = { .outcome = OUTCOME_BLOCKED,
			     .scenario = (char *)"a/b",
			     .requirement = named[0],
			     .blocked_by = (char *)by };
	struct score t;
	struct registry *r = open(&t);
	int code;

	assert_int_equal(score_add(&t, &v, &scenario, NULL), 0);
	add(&t, o, found, NULL);
	add(&t, OUTCOME_PASS, named[0], &scenario);
	score_close(&t, FAIL_ON_NEVER, 1);
	code = t.summary.exit_code;
	score_free(&t);
	registry_free(r);
	return code;
}

static void what_blocks_is_explained_by_what_was_found_against_it(void **state)
{
	static const enum outcome found[] = { OUTCOME_FAIL, OUTCOME_LOST,
					      OUTCOME_WARN, OUTCOME_FLAKY };

	(void)state;
	for (size_t i = 0; i < sizeof(found) / sizeof(*found); i++) {
		assert_int_equal(blocked_code(named[1], found[i], named[1]),
				 0);
		assert_int_equal(blocked_code(named[1], found[i],
					      "RFC1939-3-C-01"), 3);
		assert_int_equal(blocked_code("", found[i], named[1]), 3);
		assert_int_equal(blocked_code(NULL, found[i], named[1]), 3);
	}
	assert_int_equal(blocked_code(named[1], OUTCOME_PASS, named[1]), 3);
	assert_int_equal(blocked_code(named[1], OUTCOME_SKIP, named[1]), 3);
	assert_int_equal(blocked_code(named[1], OUTCOME_BLOCKED, named[1]),
			 3);
}

static void what_fails_a_run_can_be_chosen(void **state)
{
	static const struct {
		enum fail_on fail_on;
		unsigned fails; /* 1u << outcome */
	} rows_of[] = {
		{ FAIL_ON_DEFAULT, 1u << OUTCOME_FAIL | 1u << OUTCOME_LOST |
				   1u << OUTCOME_CRASH |
				   1u << OUTCOME_SECURITY },
		{ FAIL_ON_MUST, 1u << OUTCOME_FAIL | 1u << OUTCOME_LOST |
				1u << OUTCOME_CRASH },
		{ FAIL_ON_SHOULD, 1u << OUTCOME_FAIL | 1u << OUTCOME_LOST |
				  1u << OUTCOME_CRASH |
				  1u << OUTCOME_SECURITY |
				  1u << OUTCOME_WARN },
		{ FAIL_ON_SECURITY, 1u << OUTCOME_CRASH |
				    1u << OUTCOME_SECURITY },
		{ FAIL_ON_FLAKY, 1u << OUTCOME_FAIL | 1u << OUTCOME_LOST |
				 1u << OUTCOME_CRASH |
				 1u << OUTCOME_SECURITY |
				 1u << OUTCOME_FLAKY },
		{ FAIL_ON_NEVER, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows_of) / sizeof(*rows_of); i++)
		for (enum outcome o = 0; o < OUTCOMES; o++)
			assert_int_equal(
				CODE(rows_of[i].fail_on, o, OUTCOME_PASS) == 1,
				rows_of[i].fails >> o & 1);
}

static void an_early_end_is_no_success(void **state)
{
	struct score t;
	struct registry *r = open(&t);

	(void)state;
	add(&t, OUTCOME_PASS, named[0], &scenario);
	t.summary.interrupted = "ended by a signal";
	score_close(&t, FAIL_ON_DEFAULT, 1);
	assert_int_equal(t.summary.exit_code, 3);
	score_free(&t);
	registry_free(r);
}

static void nobody_to_log_in_is_no_success(void **state)
{
	struct score t;
	struct registry *r = open(&t);

	(void)state;
	add(&t, OUTCOME_PASS, named[0], &scenario);
	t.no_account = true;
	score_close(&t, FAIL_ON_DEFAULT, 1);
	assert_int_equal(t.summary.exit_code, 3);
	score_free(&t);
	registry_free(r);
}

/* A universal check is no case, and two verdicts of one scenario are one. */
static void scenarios_that_were_judged_are_cases(void **state)
{
	struct score t;
	struct registry *r = open(&t);

	(void)state;
	add(&t, OUTCOME_PASS, named[0], NULL);
	add(&t, OUTCOME_SKIP, named[0], &scenario);
	add(&t, OUTCOME_BLOCKED, named[0], &scenario);
	assert_int_equal(t.cases, 0);
	add(&t, OUTCOME_WARN, named[1], &scenario);
	add(&t, OUTCOME_PASS, named[0], &scenario);
	assert_int_equal(t.cases, 1);
	score_free(&t);
	registry_free(r);
}

static void check_sums(enum outcome first, enum outcome second, size_t judged,
		       size_t skipped, size_t not_covered)
{
	struct score t;
	struct registry *r = open(&t);

	add(&t, first, named[0], &scenario);
	add(&t, second, named[0], &scenario);
	score_close(&t, FAIL_ON_DEFAULT, 1);
	assert_int_equal(t.summary.judged, judged);
	assert_int_equal(t.summary.skipped, skipped);
	assert_int_equal(t.summary.not_covered, not_covered);
	assert_int_equal(t.summary.requirements, 4);
	score_free(&t);
	registry_free(r);
}

/* Of the six, one binds the client, and one cannot be seen. */
static void requirements_are_counted(void **state)
{
	struct score t;
	struct registry *r = open(&t);

	(void)state;
	assert_int_equal(score_requirements(r), 4);
	score_free(&t);
	registry_free(r);
	check_sums(OUTCOME_PASS, OUTCOME_PASS, 2, 0, 2);
	check_sums(OUTCOME_FAIL, OUTCOME_FAIL, 1, 1, 2);
	check_sums(OUTCOME_FAIL, OUTCOME_PASS, 2, 0, 2);
	check_sums(OUTCOME_PASS, OUTCOME_SKIP, 2, 0, 2);
	check_sums(OUTCOME_BLOCKED, OUTCOME_SKIP, 0, 2, 2);
	check_sums(OUTCOME_NOTRUN, OUTCOME_FLAKY, 1, 1, 2);
}

static void outcomes_are_counted(void **state)
{
	struct score t;
	struct registry *r = open(&t);
	struct verdict slow = { .outcome = OUTCOME_PASS,
				.scenario = (char *)"slow/one",
				.requirement = named[0], .seconds = 2.5 };
	struct verdict quick = { .outcome = OUTCOME_PASS,
				 .scenario = (char *)"quick/one",
				 .requirement = named[0], .seconds = 0.5 };

	(void)state;
	assert_int_equal(score_add(&t, &slow, &scenario, NULL), 0);
	assert_int_equal(score_add(&t, &quick, &scenario, NULL), 0);
	add(&t, OUTCOME_FLAKY, named[0], &scenario);
	score_close(&t, FAIL_ON_DEFAULT, 2);
	assert_int_equal(t.summary.count[OUTCOME_PASS], 2);
	assert_int_equal(t.summary.count[OUTCOME_FLAKY], 1);
	assert_int_equal(t.summary.exit_code, 0);
	assert_string_equal(t.summary.longest, "slow/one");
	score_free(&t);
	registry_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_outcome_has_its_code),
		cmocka_unit_test(the_worst_code_is_that_of_the_run),
		cmocka_unit_test(
			what_blocks_is_explained_by_what_was_found_against_it),
		cmocka_unit_test(what_fails_a_run_can_be_chosen),
		cmocka_unit_test(an_early_end_is_no_success),
		cmocka_unit_test(nobody_to_log_in_is_no_success),
		cmocka_unit_test(scenarios_that_were_judged_are_cases),
		cmocka_unit_test(requirements_are_counted),
		cmocka_unit_test(outcomes_are_counted),
	};

	return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
