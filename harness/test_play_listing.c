/* SPDX-License-Identifier: MIT */
/* Listings: lines for a range of numbers, values that differ or add up. */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ASKS(JSON)                                                             \
	HEAD("authorization")                                                  \
	"\"given\":[\"C: NOOP\",\"S: +OK {total}\"],"                          \
	"\"dialogue\":[\"C: LIST\",{\"S\":\"+OK\"," JSON "}]}"

static struct findings list(const char *lines, const char *json)
{
	static char reply[100];
	struct script script = {
		.rules = { { "NOOP", "+OK 60\r\n", false },
			   { "LIST", reply, false } },
	};
	struct world w = { 0 };

	assert_true(strlen(lines) < 80);
	strcpy(reply, "+OK\r\n");
	strcat(reply, lines);
	strcat(reply, ".\r\n");
	return play_text(&w, &script, json);
}

static void holds(const char *lines, const char *json)
{
	struct findings f = list(lines, json);

	check(&f, OUTCOME_PASS, "");
}

static void breaks(const char *lines, const char *json, const char *why)
{
	struct findings f = list(lines, json);

	if (!strstr(f.list[0].actual, why))
		fail_msg("%s is not %s", f.list[0].actual, why);
	check(&f, OUTCOME_FAIL, "/dialogue/1");
}

static void a_range_is_a_line_for_each_number(void **state)
{
	const char *set = ASKS("\"lines in any order\":[\"{9 to 11} "
			       "{any number}...\",\"x {total}\"]");
	const char *row = ASKS("\"lines\":[\"{9 to 11} {any}\",\"x {total}\"]");

	(void)state;
	holds("9 1\r\n10 2\r\n11 3\r\nx 60\r\n", set);
	holds("x 60\r\n11 1\r\n10 2\r\n9 3\r\n", set);
	holds("10 1\r\nx 60\r\n9 2 a\r\n11 3\r\n", set);
	breaks("9 1\r\n10 2\r\nx 60\r\n", set, "3 lines instead of 4");
	breaks("9 1\r\n10 2\r\n10 3\r\nx 60\r\n", set,
	       "no line is \"11 {any number}...\"");
	holds("9 1\r\n10 2\r\n11 3\r\nx 60\r\n", row);
	breaks("10 1\r\n9 2\r\n11 3\r\nx 60\r\n", row,
	       "not \"9 {any}\"");
}

/* What is told of a body that is wrong, whatever came. */
static void tells(const char *json, const char *expected)
{
	struct findings f = list("1 2\r\n", json);

	assert_string_equal(f.list[0].expected, expected);
	assert_string_equal(f.list[0].cause, "What LIST sends");
	check(&f, OUTCOME_FAIL, "/dialogue/1");
}

static void what_was_expected_says_the_values(void **state)
{
	(void)state;
	tells(ASKS("\"lines in any order\":[\"{1 to 2} {any}\",\"x {total}\"]"),
	      "+OK, then in any order \"1 {any}\", \"2 {any}\", \"x 60\"");
	tells(ASKS("\"lines\":[\"{1 to 9} {total}\"]"),
	      "+OK, then \"1 60\", \"2 60\", \"3 60\", \"4 60\", \"5 60\", "
	      "\"6 60\" and so on, 9 in all");
	tells(ASKS("\"octets\":\"{total}\""),
	      "+OK, then 60 octets, which is {total}");
	tells(ASKS("\"each line\":\"{any number} {total}\""),
	      "+OK, then only lines like \"{any number} 60\"");
}

static void a_value_must_not_come_twice(void **state)
{
	const char *json = ASKS("\"each line\":\"{n} {id} {total}\","
				"\"all differ\":[\"{n}\",\"{id}\"]");

	(void)state;
	holds("", json);
	holds("1 a 60\r\n2 b 60\r\n3 ab 60\r\n10 aa 60\r\n", json);
	breaks("1 a 60\r\n2 b 60\r\n3 a 60\r\n", json, "{id} is a in two");
	breaks("1 a 60\r\n2 b 60\r\n1 c 60\r\n", json, "{n} is 1 in two");
	breaks("1 a 60\r\n2 b 61\r\n", json, "line 2 is \"2 b 61\", not");
}

static void sizes_must_add_up(void **state)
{
	const char *json = ASKS("\"each line\":\"{any} {size}...\","
				"\"sum\":\"{total}\",\"of\":\"{size}\"");

	(void)state;
	holds("1 10\r\n2 20 x\r\n3 030\r\n", json);
	holds("1 60\r\n", json);
	breaks("1 10\r\n2 20\r\n3 20\r\n", json,
	       "{total} is 60, the sum of {size} is 50");
	breaks("", json, "the sum of {size} is 0");
	breaks("1 10\r\n2 x\r\n", json, "{size} does not add up in 64 bits");
	breaks("1 18446744073709551615\r\n2 61\r\n", json, "in 64 bits");
}

static void a_turn_has_its_number(void **state)
{
	static const struct script counts = {
		.rules = { { "DELE 1\r", "+OK 1\r\n", false },
			   { "DELE 2\r", "+OK 2\r\n", false },
			   { "DELE 3\r", "+OK 4\r\n", false } },
	};
	struct world w = { 0 };
	struct findings f =
		play_text(&w, &counts,
			  HEAD("authorization") "\"dialogue\":[{\"2 "
						"times\":[\"C: DELE {turn}\","
						"\"S: +OK {turn}\"]},{\"3 "
						"times\":[\"C: DELE {turn}\","
						"\"S: +OK {turn}\"]}]}");

	(void)state;
	assert_string_equal(f.list[0].actual, "+OK 4");
	assert_non_null(strstr(f.list[0].cause, " is answered with +OK"));
	assert_non_null(strstr(f.list[0].expected, "{turn} is 3"));
	check(&f, OUTCOME_FAIL, "/dialogue/1/3 times/1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_is_a_line_for_each_number),
		cmocka_unit_test(what_was_expected_says_the_values),
		cmocka_unit_test(a_value_must_not_come_twice),
		cmocka_unit_test(sizes_must_add_up),
		cmocka_unit_test(a_turn_has_its_number),
	};

	return cmocka_run_group_tests_name("play_listing", tests, NULL, NULL);
}
