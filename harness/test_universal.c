/* SPDX-License-Identifier: MIT */
#include "universal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define BARE_LF (1u << VIOLATION_LINE_BARE_LF)

static void note_at(struct universal *u, unsigned violations,
		    const char *line, const char *step)
{
	struct reply r = { .violations = violations };
	struct sighting s = { .scenario = "a/b", .step = step,
			      .command = "RETR", .line = line,
			      .fault = "x{LF}", .tail = "{LF}." };

	universal_note(u, &r, &s);
}

static void note(struct universal *u, unsigned violations, const char *line)
{
	note_at(u, violations, line, line);
}

static void each_violation_breaks_a_rule(void **state)
{
	(void)state;
	for (enum violation v = 0; v < VIOLATIONS; v++)
		assert_non_null(violation_requirement(v));
}

static void good_replies_are_counted(void **state)
{
	struct universal u = { 0 };

	(void)state;
	note(&u, 0, "+OK");
	note(&u, 0, "+OK");
	assert_int_equal(u.replies, 2);
	for (enum violation v = 0; v < VIOLATIONS; v++) {
		assert_int_equal(u.count[v], 0);
		assert_null(u.witness[v][0].scenario);
	}
	universal_free(&u);
}

static void a_violation_has_three_witnesses(void **state)
{
	struct universal u = { 0 };
	char line[8];

	(void)state;
	for (int i = 0; i < 5; i++) {
		snprintf(line, sizeof(line), "+OK %d", i);
		note(&u, BARE_LF | 1u << VIOLATION_NO_SPACE, line);
	}
	assert_int_equal(u.replies, 5);
	assert_int_equal(u.count[VIOLATION_LINE_BARE_LF], 5);
	assert_int_equal(u.count[VIOLATION_NO_SPACE], 5);
	assert_int_equal(u.count[VIOLATION_TERMINATOR], 0);
	for (int i = 0; i < UNIVERSAL_WITNESSES; i++) {
		const struct witness *w = &u.witness[VIOLATION_NO_SPACE][i];

		snprintf(line, sizeof(line), "+OK %d", i);
		assert_string_equal(w->octets, line);
		assert_string_equal(w->scenario, "a/b");
		assert_string_equal(w->step, line);
		assert_string_equal(w->command, "RETR");
	}
	universal_free(&u);
	assert_int_equal(u.replies, 0);
}

static void each_witness_is_from_another_step(void **state)
{
	struct universal u = { 0 }, lane = { 0 };

	(void)state;
	note_at(&u, BARE_LF, "first", "/dialogue/1");
	note_at(&u, BARE_LF, "second", "/dialogue/1");
	note_at(&u, BARE_LF, "third", NULL);
	note_at(&lane, BARE_LF, "fourth", "/dialogue/1");
	note_at(&lane, BARE_LF, "fifth", NULL);
	universal_merge(&u, &lane);
	assert_int_equal(u.count[VIOLATION_LINE_BARE_LF], 5);
	assert_string_equal(u.witness[VIOLATION_LINE_BARE_LF][0].octets,
			    "first");
	assert_string_equal(u.witness[VIOLATION_LINE_BARE_LF][1].octets,
			    "third");
	assert_null(u.witness[VIOLATION_LINE_BARE_LF][2].scenario);
	universal_free(&u);
}

static void a_scenario_is_a_better_witness_than_the_harness(void **state)
{
	struct reply r = { .violations = BARE_LF };
	struct sighting s = { .scenario = "(sanity)", .step = "" };
	struct universal u = { 0 };

	(void)state;
	universal_note(&u, &r, &s);
	s.step = "x";
	universal_note(&u, &r, &s);
	note(&u, BARE_LF, "first");
	note(&u, BARE_LF, "second");
	note(&u, BARE_LF, "third");
	note(&u, BARE_LF, "fourth");
	universal_note(&u, &r, &s);
	assert_int_equal(u.count[VIOLATION_LINE_BARE_LF], 7);
	for (int i = 0; i < UNIVERSAL_WITNESSES; i++)
		assert_string_equal(
			u.witness[VIOLATION_LINE_BARE_LF][i].scenario, "a/b");
	universal_free(&u);
}

static void a_witness_shows_where_the_fault_is(void **state)
{
	struct universal u = { 0 };

	(void)state;
	note(&u, BARE_LF | 1u << VIOLATION_TERMINATOR |
		     1u << VIOLATION_BODY_BARE_LF, "+OK{LF}");
	assert_string_equal(u.witness[VIOLATION_LINE_BARE_LF][0].octets,
			    "+OK{LF}");
	assert_string_equal(u.witness[VIOLATION_BODY_BARE_LF][0].octets,
			    "x{LF}");
	assert_string_equal(u.witness[VIOLATION_TERMINATOR][0].octets,
			    "{LF}.");
	universal_free(&u);
}

static void what_lanes_saw_is_one(void **state)
{
	struct universal all = { 0 }, lane = { 0 };

	(void)state;
	note(&all, BARE_LF, "first");
	note(&all, BARE_LF, "second");
	note(&lane, BARE_LF, "third");
	note(&lane, BARE_LF, "fourth");
	note(&lane, 1u << VIOLATION_TERMINATOR, "fifth");
	universal_merge(&all, &lane);
	assert_int_equal(all.replies, 5);
	assert_int_equal(all.count[VIOLATION_LINE_BARE_LF], 4);
	assert_int_equal(all.count[VIOLATION_TERMINATOR], 1);
	assert_string_equal(all.witness[VIOLATION_LINE_BARE_LF][2].octets,
			    "third");
	assert_string_equal(all.witness[VIOLATION_TERMINATOR][0].octets,
			    "{LF}.");
	assert_int_equal(lane.replies, 0);
	assert_int_equal(lane.count[VIOLATION_LINE_BARE_LF], 0);
	for (enum violation v = 0; v < VIOLATIONS; v++)
		for (int i = 0; i < UNIVERSAL_WITNESSES; i++)
			assert_null(lane.witness[v][i].scenario);
	universal_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_violation_breaks_a_rule),
		cmocka_unit_test(good_replies_are_counted),
		cmocka_unit_test(a_violation_has_three_witnesses),
		cmocka_unit_test(each_witness_is_from_another_step),
		cmocka_unit_test(
			a_scenario_is_a_better_witness_than_the_harness),
		cmocka_unit_test(a_witness_shows_where_the_fault_is),
		cmocka_unit_test(what_lanes_saw_is_one),
	};

	return cmocka_run_group_tests_name("universal", tests, NULL, NULL);
}
