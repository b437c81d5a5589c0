/* SPDX-License-Identifier: MIT */
#include "json_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct thing {
	char *name;
	uint64_t size;
	bool open;
	size_t parts;
};

static int read_size(struct json_reader *r, json_t *value, void *to)
{
	return json_read_number(r, value, 2, 9, to);
}

static int read_part(struct json_reader *r, json_t *value, void *to)
{
	uint64_t size;

	++*(size_t *)to;
	return read_size(r, value, &size);
}

static int read_parts(struct json_reader *r, json_t *value, void *to)
{
	return json_read_array(r, value, read_part, to);
}

static const struct json_key keys[] = {
    {"name", json_read_string, offsetof(struct thing, name)},
    {"size", read_size, offsetof(struct thing, size)},
    {"open", json_read_bool, offsetof(struct thing, open)},
    {"a/b~c", read_size, offsetof(struct thing, size)},
    {"parts", read_parts, offsetof(struct thing, parts)},
    {NULL, NULL, 0},
};

static int read_thing(const char *text, struct thing *to, struct error *e)
{
	struct json_reader r = {.file = "f.json", .error = e};
	json_t *root = json_reader_parse(&r, slice_str(text));
	int failed = root ? json_read_object(&r, root, keys, to) : -1;

	json_decref(root);
	json_reader_free(&r);
	return failed;
}

static void assert_wrong(const char *text, const char *message)
{
	struct thing thing = {0};
	struct error e;

	assert_int_equal(read_thing(text, &thing, &e), -1);
	assert_string_equal(e.text, message);
	free(thing.name);
}

static void values_land_in_the_struct(void **state)
{
	struct thing thing = {0};
	struct error e;

	(void)state;
	assert_int_equal(read_thing("{\"name\": \"x\", \"size\": 9, "
				    "\"open\": true, \"parts\": [2, 3]}",
				    &thing, &e),
			 0);
	assert_string_equal(thing.name, "x");
	assert_int_equal(thing.size, 9);
	assert_true(thing.open);
	assert_int_equal(thing.parts, 2);
	free(thing.name);
}

static void a_syntax_error_has_line_and_column(void **state)
{
	(void)state;
	assert_wrong("", "f.json:1:1: '[' or '{' expected");
	assert_wrong("{\n  \"name\" \"x\" }", "f.json:2:12: ':' expected");
	assert_wrong("{\"size\": 2, \"size\": 3}",
		     "f.json:1:18: duplicate object key");
	assert_wrong("{\"name\": \"a\\u0000b\"}",
		     "f.json:1:19: \\u0000 is not allowed without "
		     "JSON_ALLOW_NUL");
}

static void a_syntax_error_keeps_a_secret(void **state)
{
	struct thing thing = {0};
	struct error e;

	(void)state;
	assert_int_equal(read_thing("{\"name\": \"hunter2", &thing, &e), -1);
	assert_null(strstr(e.text, "hunter2"));
	assert_int_equal(read_thing("{\"name\": 'hunter2'}", &thing, &e), -1);
	assert_null(strstr(e.text, "hunter2"));
}

static void a_wrong_value_is_pointed_at(void **state)
{
	(void)state;
	assert_wrong("[]", "f.json: must be an object: { ... }");
	assert_wrong("{\"name\": 1}",
		     "f.json: /name: must be a string: \"...\"");
	assert_wrong("{\"size\": 1}",
		     "f.json: /size: must be a whole number from 2 to 9");
	assert_wrong("{\"size\": -3}",
		     "f.json: /size: must be a whole number from 2 to 9");
	assert_wrong("{\"size\": 3.0}",
		     "f.json: /size: must be a whole number from 2 to 9");
	assert_wrong("{\"open\": 1}", "f.json: /open: must be true or false");
	assert_wrong("{\"parts\": 1}",
		     "f.json: /parts: must be an array: [ ... ]");
	assert_wrong("{\"parts\": [2, 2, \"\"]}",
		     "f.json: /parts/2: must be a whole number from 2 to 9");
	assert_wrong("{\"a/b~c\": 1}",
		     "f.json: /a~1b~0c: must be a whole number from 2 to 9");
}

static void an_unknown_key_suggests_the_nearest(void **state)
{
	(void)state;
	assert_wrong("{\"nmae\": 1}",
		     "f.json: /nmae: unknown key; did you mean \"name\"?");
	assert_wrong("{\"Size\": 1}",
		     "f.json: /Size: unknown key; did you mean \"size\"?");
	assert_wrong("{\"colour\": 1}", "f.json: /colour: unknown key; known "
					"are name, size, open, a/b~c, parts");
	assert_wrong("{\"\": 1}", "f.json: /: unknown key; known "
				  "are name, size, open, a/b~c, parts");
	assert_wrong("{\"\\u001b[1m\": 1}",
		     "f.json: /?[1m: unknown key; known "
		     "are name, size, open, a/b~c, parts");
}

static void a_huge_key_is_cut(void **state)
{
	struct buf text = {0};
	struct thing thing = {0};
	struct error e;

	(void)state;
	buf_add_str(&text, "{\"");
	for (int i = 0; i < 100000; i++)
		buf_add_char(&text, 'n');
	buf_add_str(&text, "\": 1}");
	assert_int_equal(read_thing(buf_text(&text), &thing, &e), -1);
	assert_true(strlen(e.text) < sizeof(e.text));
	buf_free(&text);
}

static void deep_nesting_is_an_error(void **state)
{
	struct buf text = {0};
	struct thing thing = {0};
	struct error e;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_add_char(&text, '[');
	assert_int_equal(read_thing(buf_text(&text), &thing, &e), -1);
	assert_non_null(strstr(e.text, "maximum parsing depth"));
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_land_in_the_struct),
	    cmocka_unit_test(a_syntax_error_has_line_and_column),
	    cmocka_unit_test(a_syntax_error_keeps_a_secret),
	    cmocka_unit_test(a_wrong_value_is_pointed_at),
	    cmocka_unit_test(an_unknown_key_suggests_the_nearest),
	    cmocka_unit_test(a_huge_key_is_cut),
	    cmocka_unit_test(deep_nesting_is_an_error),
	};

	return cmocka_run_group_tests_name("json_reader", tests, NULL, NULL);
}
