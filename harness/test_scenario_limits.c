/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HEAD                                                                   \
	"{\"title\": \"T\", \"revision\": 1, \"requirements\": [\"X-A-1\"],"   \
	"\"start\": \"connected\", \"dialogue\": ["

/* Parse json, which is freed. told is NULL for a good one. */
static void becomes(struct buf *json, const char *told)
{
	struct error e = { 0 };
	struct scenario *s;

	assert_false(json->failed);
	s = scenario_parse(buf_slice(json), "a", "x.json", &e);
	if (!s != !!told || (told && !strstr(e.text, told)))
		fail_msg("\"%s\" instead of \"%s\"", e.text,
			 told ? told : "a scenario");
	scenario_free(s);
	buf_free(json);
}

static void repeat(struct buf *b, size_t times, const char *text)
{
	while (times--)
		buf_add_str(b, text);
}

static void a_file_has_a_size(void **state)
{
	struct buf json = {0};

	(void)state;
	buf_add_str(&json, HEAD "\"S: +OK\"]}");
	repeat(&json, SCENARIO_LIMIT - json.len, " ");
	becomes(&json, NULL);
	buf_add_str(&json, HEAD "\"S: +OK\"]}");
	repeat(&json, SCENARIO_LIMIT - json.len + 1, " ");
	becomes(&json, "x.json: longer than 1048576 octets");
}

static void a_scenario_has_ten_thousand_steps(void **state)
{
	struct buf json = {0};

	(void)state;
	buf_add_str(&json, HEAD);
	repeat(&json, SCENARIO_STEPS_LIMIT - 1, "\"S: +OK\",");
	buf_add_str(&json, "\"S: +OK\"]}");
	becomes(&json, NULL);
	buf_add_str(&json, HEAD);
	repeat(&json, SCENARIO_STEPS_LIMIT, "\"S: +OK\",");
	buf_add_str(&json, "\"S: +OK\"]}");
	becomes(&json, "x.json: /dialogue/10000: more than 10000 steps");
}

static void repeated_steps_are_counted(void **state)
{
	struct buf json = {0};

	(void)state;
	buf_add_str(&json, HEAD "{\"9999 times\": [\"S: +OK\"]}]}");
	becomes(&json, NULL);
	buf_add_str(&json, HEAD "{\"9999 times\": [\"S: +OK\", \"C: X\"]}]}");
	becomes(&json, "/dialogue/0/9999 times/1: more than 10000 steps");
	buf_add_str(&json, HEAD "{\"5000 times\": [\"S: +OK\"]},"
				"{\"5000 times\": [\"S: +OK\"]}]}");
	becomes(&json, "/dialogue/1/5000 times/0: more than 10000 steps");
}

static void sent_octets_are_counted(void **state)
{
	struct buf json = {0};

	(void)state;
	buf_add_str(&json, HEAD "\"C: {67108864 times A}\"]}");
	becomes(&json, NULL);
	buf_add_str(&json, HEAD "\"C: {67108865 times A}\"]}");
	becomes(&json, "/dialogue/0: in \"{67108865 times A}\": column 1: more "
		       "than 67108864 octets");
	buf_add_str(&json, HEAD "\"C: {40000000 times A}\","
				"\"C: {40000000 times A}\"]}");
	becomes(&json, "/dialogue/1: more than 67108864 octets in all");
	buf_add_str(&json, HEAD "{\"1000 times\": [\"C: {70000 times A}\"]}]}");
	becomes(&json, "/dialogue/0/1000 times/0: more than 67108864 octets");
	buf_add_str(&json, HEAD "\"S: +OK {40000000 times A}\","
				"\"S: +OK {40000000 times A}\"]}");
	becomes(&json, "/dialogue/1: more than 67108864 octets in all");
}

/* Answers in "then" of answers, so many deep. */
static void nest(struct buf *json, size_t deep)
{
	buf_add_str(json, HEAD);
	repeat(json, deep, "{\"one of\": [{\"S\": \"+OK\", \"then\": [");
	buf_add_str(json, "\"C: X\"");
	repeat(json, deep, "]}]}");
	buf_add_str(json, "]}");
}

static void answers_go_three_deep(void **state)
{
	struct buf json = {0};

	(void)state;
	nest(&json, 3);
	becomes(&json, NULL);
	nest(&json, 4);
	becomes(&json, "/one of/0/then/0/one of: more than 3 deep");
	nest(&json, 500);
	becomes(&json, "/one of/0/then/0/one of: more than 3 deep");
	nest(&json, 5000);
	becomes(&json, "x.json:1:");
}

static void json_may_be_deep(void **state)
{
	static const char *const opens[] = {"[", "{\"a\":", "[{\"a\":"};
	struct buf json = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(opens) / sizeof(*opens); i++) {
		repeat(&json, 100000, opens[i]);
		becomes(&json, "x.json:1:");
		buf_add_str(&json, "{\"dialogue\":");
		repeat(&json, 1000, "[");
		repeat(&json, 1000, "]");
		buf_add_str(&json, "}");
		becomes(&json, "x.json: /dialogue/0: a step is a string or");
	}
}

static void lists_have_a_length(void **state)
{
	struct buf json = {0};

	(void)state;
	buf_add_str(&json, "{\"needs\": [\"A0\"");
	for (int i = 1; i < 257; i++)
		buf_printf(&json, ", \"A%d\"", i);
	buf_add_str(&json, "]}");
	becomes(&json, "x.json: /needs: more than 256");
}

static void names_have_a_number(void **state)
{
	struct buf json = {0};

	(void)state;
	for (int names = 256; names <= 257; names++) {
		buf_add_str(&json, HEAD);
		for (int i = 0; i < names; i++)
			buf_printf(&json, "\"S: +OK {x%d} {x%d}\",", i, i);
		buf_add_str(&json, "\"S: +OK\"]}");
		becomes(&json, names == 256
				   ? NULL
				   : "/dialogue/256: {x256} is one name too "
				     "many");
	}
}

static void errors_are_printable_and_short(void **state)
{
	struct buf json = {0};
	struct error e = { 0 };

	(void)state;
	buf_add_str(&json, "{\"\\u001b[2J");
	repeat(&json, 100000, "x");
	buf_add_str(&json, "\": 1}");
	assert_null(scenario_parse(buf_slice(&json), "a", "x.json", &e));
	assert_int_equal(strncmp(e.text, "x.json: /?[2Jxxx", 16), 0);
	assert_true(strlen(e.text) < sizeof(e.text));
	assert_null(scenario_parse(buf_slice(&json), "a", "x.json", NULL));
	buf_free(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_has_a_size),
	    cmocka_unit_test(a_scenario_has_ten_thousand_steps),
	    cmocka_unit_test(repeated_steps_are_counted),
	    cmocka_unit_test(sent_octets_are_counted),
	    cmocka_unit_test(answers_go_three_deep),
	    cmocka_unit_test(json_may_be_deep),
	    cmocka_unit_test(lists_have_a_length),
	    cmocka_unit_test(names_have_a_number),
	    cmocka_unit_test(errors_are_printable_and_short),
	};

	return cmocka_run_group_tests_name("scenario_limits", tests, NULL,
					   NULL);
}
