/* SPDX-License-Identifier: MIT */
/* Which verdict stays, when a scenario finds more than one thing. */
#include "play_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define FIRST "RFC1939-3-ERR-01"
#define OTHER "RFC1939-3-ERR-05"

static uint64_t now(struct stage *s)
{
	(void)s;
	return 0;
}

static const struct stage_ops ops = { .now = now };

struct table {
	struct stage stage;
	struct scenario scenario;
	char *requirements[2];
	struct findings out;
	struct play play;
};

static void lay(struct table *t)
{
	*t = (struct table){ .stage = { .ops = &ops, .transport = "clear" },
			     .requirements = { (char *)FIRST, (char *)OTHER } };
	t->scenario.id = (char *)"test/case";
	t->scenario.requirements = t->requirements;
	t->scenario.requirement_count = 2;
	t->play.scenario = &t->scenario;
	t->play.stage = &t->stage;
	t->play.out = &t->out;
}

/* As the player comes to it: by a broken rule, or by something in its way. */
static void find(struct table *t, enum outcome o, const char *requirement)
{
	struct breach b = { .as = o,
			    .requirement = requirement,
			    .pointer = "/dialogue/1",
			    .listed = true };

	if (outcome_weight(o) > 1)
		play_breach(&t->play, &b);
	else
		play_ends(&t->play, o, NULL, "/dialogue/1", "in the way");
}

static void assert_stays(enum outcome first, enum outcome second,
			 enum outcome stays)
{
	struct table t;

	lay(&t);
	find(&t, first, FIRST);
	find(&t, second, FIRST);
	assert_int_equal(t.out.count, 1);
	assert_string_equal(outcome_name(t.out.list[0].outcome),
			    outcome_name(stays));
	findings_free(&t.out);
}

static void the_worse_of_two_stays(void **state)
{
	static const enum outcome rising[] = { OUTCOME_INFO, OUTCOME_WARN,
					       OUTCOME_FAIL };

	(void)state;
	for (int mild = 0; mild < 3; mild++)
		for (int hard = mild; hard < 3; hard++) {
			assert_stays(rising[mild], rising[hard], rising[hard]);
			assert_stays(rising[hard], rising[mild], rising[hard]);
		}
	assert_stays(OUTCOME_WARN, OUTCOME_LOST, OUTCOME_LOST);
	assert_stays(OUTCOME_FAIL, OUTCOME_LOST, OUTCOME_FAIL);
}

static void what_was_seen_outweighs_what_could_not_be(void **state)
{
	static const enum outcome seen[] = { OUTCOME_INFO, OUTCOME_WARN,
					     OUTCOME_FAIL, OUTCOME_LOST };
	static const enum outcome unseen[] = { OUTCOME_BLOCKED, OUTCOME_ERROR,
					       OUTCOME_NOTRUN, OUTCOME_SKIP };

	(void)state;
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 4; k++)
			assert_stays(seen[i], unseen[k], seen[i]);
}

static void each_requirement_has_its_own(void **state)
{
	struct table t;

	(void)state;
	lay(&t);
	find(&t, OUTCOME_INFO, FIRST);
	find(&t, OUTCOME_WARN, OTHER);
	find(&t, OUTCOME_INFO, OTHER);
	assert_int_equal(t.out.count, 2);
	assert_int_equal(t.out.list[0].outcome, OUTCOME_INFO);
	assert_int_equal(t.out.list[1].outcome, OUTCOME_WARN);
	assert_string_equal(t.out.list[1].requirement, OTHER);
	findings_free(&t.out);
}

static void what_another_scenario_found_is_left_alone(void **state)
{
	struct table t;

	(void)state;
	lay(&t);
	find(&t, OUTCOME_WARN, FIRST);
	t.play.out_start = t.out.count;
	find(&t, OUTCOME_ERROR, FIRST);
	assert_int_equal(t.out.count, 2);
	assert_int_equal(t.out.list[0].outcome, OUTCOME_WARN);
	assert_int_equal(t.out.list[1].outcome, OUTCOME_ERROR);
	findings_free(&t.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worse_of_two_stays),
		cmocka_unit_test(what_was_seen_outweighs_what_could_not_be),
		cmocka_unit_test(each_requirement_has_its_own),
		cmocka_unit_test(what_another_scenario_found_is_left_alone),
	};

	return cmocka_run_group_tests_name("play_findings", tests, NULL, NULL);
}
