/* SPDX-License-Identifier: MIT */
/* The rows of defects.def and oddities.def are in good form. */
#include "switches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static bool is_lower(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static void assert_id(struct slice id)
{
	assert_true(id.len > 0);
	for (size_t i = 0; i < id.len; i++)
		assert_true(is_lower(id.ptr[i]));
}

/* A scenario's id, or "universal/" and the requirement of a universal check. */
static void assert_killer(struct slice killer)
{
	size_t slash = slice_find(killer, '/');

	assert_id(slice_first(killer, slash));
	if (slice_starts(killer, "universal/RFC"))
		return;
	assert_id(slice_from(killer, slash + 1));
}

/* "owner/repository#number" or "constructed: clause". */
static void assert_provenance(struct slice p)
{
	size_t number = slice_find(p, '#') + 1;

	if (slice_starts(p, "constructed: "))
		return;
	assert_in_range(slice_find(p, '/'), 1, number);
	for (size_t i = number; i < p.len; i++)
		assert_in_range(p.ptr[i], '0', '9');
	assert_true(number < p.len);
}

/* Somewhere; and why not in the other place. */
static void assert_seen(const struct seen *seen)
{
	assert_true(seen->in_memory || seen->on_wire);
	assert_int_equal(seen->why != NULL,
			 !seen->in_memory || !seen->on_wire);
	assert_true(!seen->why || seen->why[0]);
}

static void rows_are_in_good_form(void **state)
{
	struct switches switches = { 0 };

	(void)state;
	for (size_t i = 0; i < SWITCHES; i++) {
		const struct switch_row *row = &switch_rows[i];

		assert_id(slice_str(row->id));
		assert_true(row->provenance[0] && row->summary[0]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(row->id, switch_rows[j].id);
		assert_int_equal(row->killer != NULL, row->defect);
		assert_int_equal(row->class < CLASSES, row->defect);
		assert_seen(&row->seen);
		assert_true(!row->needs || row->needs[0]);
		if (!row->defect)
			continue;
		assert_killer(slice_str(row->killer));
		assert_provenance(slice_str(row->provenance));
	}
	assert_false(switch_on(&switches, "no-such-switch"));
	assert_false(switch_on(&switches, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_in_good_form),
	};

	return cmocka_run_group_tests_name("switch_rows", tests, NULL, NULL);
}
