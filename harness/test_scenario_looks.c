/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static const char text[] =
	"{\"title\":\"x\",\"revision\":1,\"start\":\"authorization\","
	"\"requirements\":[\"RFC1939-3-A-01\",\"RFC1939-3-B-01\","
	"\"RFC1939-3-C-01\",\"RFC1939-3-D-01\",\"RFC1939-3-E-01\"],"
	"\"dialogue\":[\"C: NOOP\","
	"{\"S\":\"+OK\",\"requirement\":\"RFC1939-3-B-01\"},"
	"\"C: NOOP\",{\"one of\":["
	"{\"S\":\"+OK\",\"then\":[\"C: NOOP\","
	"{\"S\":\"+OK\",\"requirement\":\"RFC1939-3-C-01\"}]},"
	"{\"S\":\"-ERR\",\"verdict\":\"WARN\",\"ruling\":\"C22\","
	"\"requirement\":\"RFC1939-3-D-01\"}]},"
	"{\"2 times\":[\"C: NOOP\","
	"{\"S\":\"+OK\",\"requirement\":\"RFC1939-3-E-01\"}]}]}";

static void what_only_a_branch_speaks_of_may_not_have_been_seen(void **state)
{
	struct error e = { 0 };
	struct scenario *s = scenario_parse(slice_str(text), "a/b", "b.json",
					    &e);

	(void)state;
	assert_string_equal(e.text, "");
	assert_true(scenario_always_looks_at(s, "RFC1939-3-A-01"));
	assert_true(scenario_always_looks_at(s, "RFC1939-3-B-01"));
	assert_false(scenario_always_looks_at(s, "RFC1939-3-C-01"));
	assert_false(scenario_always_looks_at(s, "RFC1939-3-D-01"));
	assert_true(scenario_always_looks_at(s, "RFC1939-3-E-01"));
	scenario_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_only_a_branch_speaks_of_may_not_have_been_seen),
	};

	return cmocka_run_group_tests_name("scenario_looks", tests, NULL, NULL);
}
