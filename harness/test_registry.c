/* SPDX-License-Identifier: MIT */
#include "registry_text.h"

#include <stdio.h>
#include <string.h>
#include <jansson.h>

#define FULL                                                                   \
	", \"command\": \"RSET\", \"also\": [\"RFC 2449 section 6.6\", "       \
	"\"RFC 1939 section 4\"], \"keyword\": \"lower case\", "               \
	"\"why\": \"W\", \"strict\": true, \"slow\": true, "                   \
	"\"applies\": \"A\", \"untestable\": \"U\", \"legal\": \"L\", "        \
	"\"ruling\": [\"C22\", \"C7\"]"

static void every_key_lands_in_the_struct(void **state)
{
	struct registry *r = parse(ONE(FULL));
	const struct requirement *q = registry_at(r, 0);

	(void)state;
	assert_string_equal(q->id, "RFC1939-5-RSET-01");
	assert_int_equal(q->rfc, 1939);
	assert_string_equal(q->section, "5");
	assert_string_equal(q->command, "RSET");
	assert_int_equal(q->also_count, 2);
	assert_string_equal(q->also[1], "RFC 1939 section 4");
	assert_string_equal(q->link,
			    "https://www.rfc-editor.org/rfc/rfc1939#page-9");
	assert_string_equal(q->says, "RSET unmarks.");
	assert_int_equal(q->party, PARTY_SERVER);
	assert_int_equal(q->state, IN_TRANSACTION);
	assert_int_equal(q->level, LEVEL_MUST_NOT);
	assert_true(q->lower_case);
	assert_int_equal(q->verdict, REQUIREMENT_WARN);
	assert_string_equal(q->why, "W");
	assert_true(q->strict);
	assert_true(q->slow);
	assert_string_equal(q->applies, "A");
	assert_int_equal(q->testability, PARTLY_TESTABLE);
	assert_string_equal(q->untestable, "U");
	assert_string_equal(q->legal, "L");
	assert_int_equal(q->ruling_count, 2);
	assert_string_equal(q->rulings[0], "C22");
	assert_string_equal(q->rulings[1], "C7");
	registry_free(r);
}

static void what_is_left_out_is_empty(void **state)
{
	struct registry *r = parse(ONE(""));
	const struct requirement *q = registry_at(r, 0);

	(void)state;
	assert_string_equal(q->command, "");
	assert_string_equal(q->why, "");
	assert_string_equal(q->applies, "");
	assert_string_equal(q->untestable, "");
	assert_string_equal(q->legal, "");
	assert_false(q->lower_case || q->strict || q->slow);
	assert_int_equal(q->also_count + q->ruling_count, 0);
	registry_free(r);
}

static void one_ruling_may_stand_alone(void **state)
{
	struct registry *r = parse(ONE(", \"ruling\": \"C13\""));

	(void)state;
	assert_int_equal(registry_at(r, 0)->ruling_count, 1);
	assert_string_equal(registry_at(r, 0)->rulings[0], "C13");
	registry_free(r);
}

static void names_are_those_of_the_file(void **state)
{
	(void)state;
	assert_string_equal(requirement_party_name(PARTY_SPECIFICATION),
			    "specification");
	assert_string_equal(requirement_party_name(PARTY_BOTH), "both");
	assert_string_equal(requirement_state_name(IN_UPDATE), "UPDATE");
	assert_string_equal(requirement_level_name(LEVEL_IMPLIED), "implied");
	assert_string_equal(requirement_level_name(LEVEL_SHOULD_NOT),
			    "SHOULD NOT");
	assert_string_equal(requirement_verdict_name(REQUIREMENT_SECURITY),
			    "security");
	assert_string_equal(requirement_testability_name(NOT_TESTABLE), "no");
}

static void assert_clause(const char *more, const char *clause)
{
	struct buf text = {0}, json = {0};
	struct registry *r;

	buf_printf(&json, REGISTER(ENTRY("X-LOCK-01", "%s")), more);
	r = parse(buf_text(&json));
	requirement_clause(registry_at(r, 0), &text);
	assert_string_equal(buf_text(&text), clause);
	buf_free(&text);
	buf_free(&json);
	registry_free(r);
}

static void a_clause_names_all_that_it_stands_on(void **state)
{
	(void)state;
	assert_clause("", "RFC 1939 section 5");
	assert_clause(", \"command\": \"RSET\"", "RFC 1939 section 5, RSET");
	assert_clause(", \"also\": [\"RFC 2449 section 8.1.2\"]",
		      "RFC 1939 section 5, with RFC 2449 section 8.1.2");
	assert_clause(FULL, "RFC 1939 section 5, RSET, with RFC 2449 "
			    "section 6.6 and RFC 1939 section 4");
}

static void entries_are_found_whatever_their_order(void **state)
{
	static const char *const absent[] = {"",    "A-0", "A-1x",
					     "A-3", "C",   "D"};
	struct registry *r = parse(REGISTER(ENTRY("C-1", "") "," ENTRY(
	    "A-1", "") "," ENTRY("B-1", "") "," ENTRY("A-2", "")));

	(void)state;
	assert_int_equal(registry_count(r), 4);
	assert_string_equal(registry_at(r, 0)->id, "C-1");
	for (size_t i = 0; i < registry_count(r); i++)
		assert_ptr_equal(registry_find(r, registry_at(r, i)->id),
				 registry_at(r, i));
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_null(registry_find(r, absent[i]));
	registry_free(r);
}

static void a_syntax_error_has_line_and_column(void **state)
{
	(void)state;
	assert_wrong("", "r.json:1:1: ");
	assert_wrong("{\"format\": 1,\n \"requirements\": [}", "r.json:2:19: ");
	assert_wrong(ONE("") "x", "r.json:1:");
	assert_wrong("{\"format\": 1, \"format\": 1}", "r.json:1:");
	assert_wrong(ONE(", \"rfc\": 1939"), "r.json:1:");
}

static void the_frame_must_be_right(void **state)
{
	(void)state;
	assert_wrong("[]", "r.json: must be an object");
	assert_wrong("{}", "r.json: the key \"format\" is missing");
	assert_wrong("{\"format\": 1}",
		     "r.json: the key \"requirements\" is missing");
	assert_wrong("{\"format\": 2}", "r.json: /format: must be 1");
	assert_wrong("{\"format\": true}", "r.json: /format: must be 1");
	assert_wrong("{\"formal\": 1}",
		     "r.json: /formal: unknown key; did you mean \"format\"?");
	assert_wrong(REGISTER(""), "r.json: /requirements: must not be empty");
	assert_wrong("{\"format\": 1, \"requirements\": {}}",
		     "r.json: /requirements: must be an array");
	assert_wrong(REGISTER("7"), "r.json: /requirements/0: must be an obj");
}

static void a_wrong_entry_is_pointed_at(void **state)
{
	(void)state;
	assert_wrong(REGISTER(ENTRY("A-1", "") ",{}"),
		     "r.json: /requirements/1: the key \"id\" is missing");
	assert_wrong(ONE(", \"rullng\": \"C1\""),
		     "r.json: /requirements/0/rullng: unknown key; did you "
		     "mean \"ruling\"?");
	assert_wrong(ONE(", \"colour\": 1"),
		     "r.json: /requirements/0/colour: unknown key");
	assert_wrong(REGISTER(ENTRY("a b", "")),
		     "r.json: /requirements/0/id: must be like "
		     "\"RFC1939-5-RSET-01\"");
	assert_wrong(REGISTER(ENTRY("", "")), "r.json: /requirements/0/id: ");
}

/* A good register whose first entry has value, which is JSON, for key. */
static char *with_key(const char *key, const char *value)
{
	json_t *root = json_loads(ONE(FULL), 0, NULL);
	json_t *entry =
	    json_array_get(json_object_get(root, "requirements"), 0);
	char *text;

	assert_int_equal(
	    json_object_set_new(entry, key,
				json_loads(value, JSON_DECODE_ANY, NULL)),
	    0);
	text = json_dumps(root, 0);
	json_decref(root);
	return text;
}

static void wrong_values_are_refused(void **state)
{
	static const struct {
		const char *key, *value, *expected;
	} cases[] = {
	    {"id", "7", ": must be a string"},
	    {"rfc", "0", ": must be a whole number"},
	    {"rfc", "-1", ": must be a whole number"},
	    {"rfc", "4294969235", ": must be a whole number"},
	    {"rfc", "1939.0", ": must be a whole number"},
	    {"rfc", "\"1939\"", ": must be a whole number"},
	    {"section", "5", ": must be a string"},
	    {"section", "\"five\"", ": must be like \"8.1.2\""},
	    {"command", "\"rset\"", ": must be like \"RSET\""},
	    {"also", "{}", ": must be an array"},
	    {"also", "[[]]", "/0: must be a string"},
	    {"link", "\"javascript:alert(1)\"", ": must be a link"},
	    {"link", "\"https://a b\"", ": must be a link"},
	    {"link", "[]", ": must be a string"},
	    {"says", "\"\"", ": must be printable ASCII"},
	    {"says", "\"\\u001b[2J\"", ": must be printable ASCII"},
	    {"says", "\"caf\\u00e9\"", ": must be printable ASCII"},
	    {"says", "null", ": must be a string"},
	    {"party", "\"judge\"", ": must be one of \"server\", \"client\""},
	    {"state", "1", ": must be one of \"any\""},
	    {"level", "\"must\"", ": must be one of \"MUST\", \"MUST NOT\""},
	    {"verdict", "\"pass\"", ": must be one of \"fail\", \"warn\""},
	    {"testability", "true", ": must be one of \"yes\""},
	    {"keyword", "true", ": must be one of \"lower case\""},
	    {"strict", "\"true\"", ": must be true or false"},
	    {"slow", "1", ": must be true or false"},
	    {"legal", "[]", ": must be a string"},
	    {"ruling", "\"13\"", ": must be like \"C13\""},
	    {"ruling", "\"C\"", ": must be like \"C13\""},
	    {"ruling", "\"C1x\"", ": must be like \"C13\""},
	    {"also", "[\"RFC \"]", "/0: must be like \"RFC 2449"},
	    {"ruling", "[\"C1\", 2]", "/1: must be a string"},
	};
	char message[200];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = with_key(cases[i].key, cases[i].value);

		snprintf(message, sizeof(message),
			 "r.json: /requirements/0/%s%s", cases[i].key,
			 cases[i].expected);
		assert_wrong(text, message);
		free(text);
	}
}

static void every_key_that_must_be_there_is_missed(void **state)
{
	static const char *const keys[] = {
	    "id",    "rfc",   "section", "link",    "says",
	    "party", "state", "level",	 "verdict", "testability"};
	char message[200];

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *root = json_loads(ONE(FULL), 0, NULL);
		json_t *list = json_object_get(root, "requirements");
		char *text;

		json_object_del(json_array_get(list, 0), keys[i]);
		text = json_dumps(root, 0);
		snprintf(message, sizeof(message),
			 "r.json: /requirements/0: the key \"%s\" is missing",
			 keys[i]);
		assert_wrong(text, message);
		free(text);
		json_decref(root);
	}
}

static void an_id_stands_once(void **state)
{
	(void)state;
	assert_wrong(REGISTER(ENTRY("B-1", "") "," ENTRY("A-1", "") "," ENTRY(
			 "B-1", "")),
		     "r.json: /requirements/2/id: B-1 is the id of "
		     "/requirements/0 already");
}

static char *read_file(const char *path)
{
	struct buf b = {0};
	FILE *f = fopen(path, "rb");
	size_t n = 1;

	assert_non_null(f);
	while (n) {
		char *at = buf_reserve(&b, 4096);

		assert_non_null(at);
		n = fread(at, 1, 4096, f);
		b.len += n;
	}
	assert_false(ferror(f));
	fclose(f);
	return buf_steal(&b);
}

static void the_register_of_this_project_is_read(void **state)
{
	char *text = read_file("scenarios/register.json");
	struct registry *r = parse(text);
	const struct requirement *q = registry_find(r, "RFC1939-5-RSET-01");
	struct buf clause = {0};

	(void)state;
	assert_non_null(q);
	requirement_clause(q, &clause);
	assert_string_equal(buf_text(&clause), "RFC 1939 section 5, RSET");
	assert_int_equal(q->verdict, REQUIREMENT_FAIL);
	assert_non_null(registry_find(r, "X-LOCK-01"));
	buf_free(&clause);
	registry_free(r);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_key_lands_in_the_struct),
	    cmocka_unit_test(what_is_left_out_is_empty),
	    cmocka_unit_test(one_ruling_may_stand_alone),
	    cmocka_unit_test(names_are_those_of_the_file),
	    cmocka_unit_test(a_clause_names_all_that_it_stands_on),
	    cmocka_unit_test(entries_are_found_whatever_their_order),
	    cmocka_unit_test(a_syntax_error_has_line_and_column),
	    cmocka_unit_test(the_frame_must_be_right),
	    cmocka_unit_test(a_wrong_entry_is_pointed_at),
	    cmocka_unit_test(wrong_values_are_refused),
	    cmocka_unit_test(every_key_that_must_be_there_is_missed),
	    cmocka_unit_test(an_id_stands_once),
	    cmocka_unit_test(the_register_of_this_project_is_read),
	};

	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
