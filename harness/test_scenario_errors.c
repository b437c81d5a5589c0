/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* What is told of a mistake begins with this. */
struct mistake {
	const char *text;
	const char *told;
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static void is_told(const char *json, const char *told)
{
	struct error e = { 0 };

	assert_null(scenario_parse(slice_str(json), "a/b", "x.json", &e));
	if (strncmp(e.text, told, strlen(told)) != 0)
		fail_msg("%s\n  told:     %s\n  expected: %s", json, e.text,
			 told);
}

static void mistakes_of_syntax(void **state)
{
	static const struct mistake mistakes[] = {
	    {"", "x.json:1:"},
	    {"{", "x.json:1:1: "},
	    {"{\n \"title\": \"x\",\n}", "x.json:3:1: "},
	    {"{\n \"title\": \"x\",\n \"title\": \"y\"\n}",
	     "x.json:3:8: duplicate object key"},
	    {"{\"title\": \"\\u0000\"}", "x.json:1:"},
	    {"{\"ti\\u0000tle\": 1}", "x.json:1:"},
	    {"{\"title\": \"\xff\"}", "x.json:1:"},
	    {"{} x", "x.json:1:4: "},
	    {"[]", "x.json: must be an object"},
	    {"\"C: NOOP\"", "x.json:1:"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(mistakes); i++)
		is_told(mistakes[i].text, mistakes[i].told);
}

static void missing_keys(void **state)
{
	static const char *const keys[] = {
	    "\"title\": \"T\"", "\"revision\": 1",
	    "\"requirements\": [\"X-A-1\"]", "\"start\": \"connected\"",
	    "\"dialogue\": [\"S: +OK\"]"};

	(void)state;
	for (size_t missing = 0; missing < COUNT(keys); missing++) {
		struct buf json = {0}, told = {0};
		size_t len = slice_find(slice_str(keys[missing]), ':');

		for (size_t i = 0; i < COUNT(keys); i++)
			if (i != missing)
				buf_printf(&json, "%s%s", json.len ? ", " : "{",
					   keys[i]);
		buf_add_char(&json, '}');
		buf_printf(&told, "x.json: %.*s is missing", (int)len,
			   keys[missing]);
		is_told(buf_text(&json), buf_text(&told));
		buf_free(&json);
		buf_free(&told);
	}
}

/* What is told of these stands behind the name of the file. */
static const struct mistake of_the_head[] = {
    {"\"titel\": \"x\"", "/titel: unknown key; did you mean \"title\""},
    {"\"colour\": 1", "/colour: unknown key; known are title, "},
    {"\"a/b~c\": 1", "/a~1b~0c: unknown key"},
    {"\"title\": 1", "/title: must be a string"},
    {"\"title\": \"\"", "/title: must not be empty"},
    {"\"title\": \"a\\u001b[1m\"", "/title: column 2: octet 0x1B"},
    {"\"title\": \"\\u00e4\"", "/title: column 1: octet 0xC3"},
    {"\"title\": \"\\u007f\"", "/title: column 1: octet 0x7F"},
    {"\"revision\": 0", "/revision: must be a whole number from 1"},
    {"\"revision\": \"1\"", "/revision: must be a whole number"},
    {"\"revision\": 1.0", "/revision: must be a whole number"},
    {"\"requirements\": []", "/requirements: judges nothing"},
    {"\"requirements\": \"X-A-1\"", "/requirements: must be an array"},
    {"\"requirements\": [\"X-A-1\", \"X-A-1\"]",
     "/requirements/1: \"X-A-1\" stands twice"},
    {"\"requirements\": [\"rfc1939-5\"]",
     "/requirements/0: \"rfc1939-5\": a requirement is named as "},
    {"\"requirements\": [\"RFC-5\"]", "/requirements/0: \"RFC-5\":"},
    {"\"requirements\": [\"RFC1939\"]", "/requirements/0: "},
    {"\"requirements\": [\"RFC1939-\"]", "/requirements/0: "},
    {"\"requirements\": [\"RFC1939-5--1\"]", "/requirements/0: "},
    {"\"requirements\": [\"Y-1\"]", "/requirements/0: "},
    {"\"rulings\": [\"c10\"]", "/rulings/0: \"c10\": a ruling is"},
    {"\"rulings\": [\"C\"]", "/rulings/0: "},
    {"\"rulings\": [\"C1x\"]", "/rulings/0: "},
    {"\"start\": \"loggedin\"",
     "/start: \"loggedin\": must be one of \"connected\", "
     "\"authorization\", \"transaction\""},
    {"\"maildrop\": \"../etc\"", "/maildrop: \"../etc\": a name is"},
    {"\"maildrop\": \"A\"", "/maildrop: \"A\": a name is"},
    {"\"needs\": [\"greeting time\"]", "/needs/0: \"greeting time\": "},
    {"\"needs\": [\"account: \"]", "/needs/0: \"account: \": a need"},
    {"\"needs\": [\"account: Apop\"]", "/needs/0: \"account: Apop\": a"},
    {"\"needs\": [\"uidl\"]", "/needs/0: \"uidl\": a need is"},
    {"\"patience\": 60", "/patience: must be a string"},
    {"\"patience\": \"60\"", "/patience: \"60\": a time is written"},
    {"\"patience\": \"0 s\"", "/patience: \"0 s\": a time is"},
    {"\"patience\": \"1 h\"", "/patience: \"1 h\": a time is"},
    {"\"patience\": \"86401 s\"", "/patience: \"86401 s\": a time is"},
    {"\"patience\": \"99999999999999999999 ms\"", "/patience: "},
    {"\"patience\": \"-1 s\"", "/patience: \"-1 s\": a time is"},
    {"\"patience\": \"1  s\"", "/patience: \"1  s\": a time is"},
    {"\"given\": {}", "/given: must be an array"},
    {"\"given\": []", "/given: has no step"},
    {"\"dialogue\": []", "/dialogue: has no step"},
    {"\"dialogue\": null", "/dialogue: must be an array"},
    {"\"note\": [\"x\"]", "/note: must be a string"},
    {"\"note\": \"\\u001b\"", "/note: column 1: octet 0x1B"},
    {"\"was\": \"a/b\"", "/was: must be an array"},
    {"\"was\": [\"A/b\"]", "/was/0: \"A/b\" is no id"},
};

static void mistakes_of_the_head(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(of_the_head); i++) {
		struct buf json = {0}, told = {0};

		buf_printf(&json, "{%s}", of_the_head[i].text);
		buf_printf(&told, "x.json: %s", of_the_head[i].told);
		is_told(buf_text(&json), buf_text(&told));
		buf_free(&json);
		buf_free(&told);
	}
}

static void ids_that_are_none(void **state)
{
	static const char *const ids[] = {"",  "/",   "a//b", "/a",	"a/",
					  "A", "a_b", "../a", "a.json", "a b"};
	struct error e;

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		assert_null(
		    scenario_parse(slice_str("{}"), ids[i], "x.json", &e));
		assert_non_null(strstr(e.text, "x.json: an id is made of"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mistakes_of_syntax),
	    cmocka_unit_test(missing_keys),
	    cmocka_unit_test(mistakes_of_the_head),
	    cmocka_unit_test(ids_that_are_none),
	};

	return cmocka_run_group_tests_name("scenario_errors", tests, NULL,
					   NULL);
}
