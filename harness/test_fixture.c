/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static int add(struct fixture *f, const char *name, const char *text,
	       struct error *e)
{
	struct buf octets = {0};

	buf_add_str(&octets, text);
	return fixture_add(f, slice_str(name), &octets, e);
}

static void messages_are_found_by_name(void **state)
{
	struct fixture f = {0};
	struct error e;

	(void)state;
	assert_int_equal(add(&f, "a", "one", &e), 0);
	assert_int_equal(add(&f, "b-2", "two", &e), 0);
	assert_int_equal(f.count, 2);
	assert_true(slice_is(
	    buf_slice(&fixture_find(&f, slice_str("b-2"))->octets), "two"));
	assert_null(fixture_find(&f, slice_str("b")));
	fixture_free(&f);
	assert_int_equal(f.count, 0);
}

static void names_are_checked(void **state)
{
	const char *const wrong[] = {"",    "A", "a b", "../a", "a.eml",
				     "a\n", "ü", "a_b", NULL};
	struct fixture f = {0};
	struct error e;
	char big[66];

	(void)state;
	for (size_t i = 0; wrong[i]; i++)
		assert_int_equal(add(&f, wrong[i], "x", &e), -1);
	memset(big, 'a', 65);
	big[65] = '\0';
	assert_int_equal(add(&f, big, "x", &e), -1);
	assert_int_equal(add(&f, big + 1, "x", &e), 0);
	assert_int_equal(add(&f, big + 1, "x", &e), -1);
	assert_non_null(strstr(e.text, "a second message is called aaa"));
	assert_int_equal(f.count, 1);
	fixture_free(&f);
}

static void octets_are_limited(void **state)
{
	struct fixture f = {0};
	struct buf octets = {0};
	struct error e;

	(void)state;
	octets.len = FIXTURE_OCTETS_LIMIT + 1;
	assert_int_equal(fixture_add(&f, slice_str("a"), &octets, &e), -1);
	assert_string_equal(e.text, "more than 67108864 octets in all");
	assert_int_equal(f.count, 0);
	octets = (struct buf){.failed = true};
	assert_int_equal(fixture_add(&f, slice_str("a"), &octets, &e), -1);
	assert_string_equal(e.text, "no memory");
	fixture_free(&f);
}

static void assert_sent(const char *stored, enum fixture_end end,
			const char *sent)
{
	struct buf to = {0};

	fixture_as_sent(slice_str(stored), end, &to);
	assert_string_equal(buf_text(&to), sent);
	buf_free(&to);
}

static void line_ends_become_crlf(void **state)
{
	const enum fixture_end both[] = {FIXTURE_END_ADDED,
					 FIXTURE_END_AS_STORED};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_sent("a\nb\n", both[i], "a\r\nb\r\n");
		assert_sent("a\r\nb\r\n", both[i], "a\r\nb\r\n");
		assert_sent("a\rb\r\r\n\n", both[i], "a\rb\r\r\n\r\n");
		assert_sent(".\n..\n", both[i], ".\r\n..\r\n");
		assert_sent("\n", both[i], "\r\n");
	}
}

static void an_open_end_has_two_forms(void **state)
{
	(void)state;
	assert_sent("a\nb", FIXTURE_END_ADDED, "a\r\nb\r\n");
	assert_sent("a\nb", FIXTURE_END_AS_STORED, "a\r\nb");
	assert_sent("", FIXTURE_END_ADDED, "\r\n");
	assert_sent("", FIXTURE_END_AS_STORED, "");
	assert_sent("a\r", FIXTURE_END_ADDED, "a\r\r\n");
	assert_true(fixture_ends_open(slice_str("")));
	assert_true(fixture_ends_open(slice_str("a\r")));
	assert_false(fixture_ends_open(slice_str("a\n")));
}

static void assert_top(const char *stored, uint64_t lines, const char *top)
{
	assert_true(slice_is(fixture_top(slice_str(stored), lines), top));
}

static void top_cuts_behind_n_lines(void **state)
{
	const char *m = "H: 1\n\none\ntwo\nthree";

	(void)state;
	assert_top(m, 0, "H: 1\n\n");
	assert_top(m, 1, "H: 1\n\none\n");
	assert_top(m, 3, m);
	assert_top(m, UINT64_MAX, m);
	assert_top("H: 1\r\n\r\none\r\n", 0, "H: 1\r\n\r\n");
	assert_top("\none\ntwo\n", 1, "\none\n");
	assert_top("H: 1\n", 3, "H: 1\n");
	assert_top("", 3, "");
}

static int generate(struct fixture *f, const char *json, struct error *e)
{
	return fixture_generate(f, slice_str(json), "maildrop.json", e);
}

static size_t sent_octets(const struct fixture_message *m)
{
	struct buf to = {0};
	size_t n;

	fixture_as_sent(buf_slice(&m->octets), FIXTURE_END_AS_STORED, &to);
	n = to.len;
	buf_free(&to);
	return n;
}

static void every_size_can_be_made(void **state)
{
	struct error e;

	(void)state;
	for (unsigned size = 144; size < 400; size++) {
		struct fixture f = {0};
		char json[99];

		snprintf(json, sizeof(json),
			 "{\"messages\": [{\"name\": \"a\", \"size\": %u, "
			 "\"line\": %u}]}",
			 size, size % 7 + 1);
		assert_int_equal(generate(&f, json, &e), 0);
		assert_int_equal(sent_octets(&f.messages[0]), size);
		fixture_free(&f);
	}
}

static void many_messages_differ(void **state)
{
	struct fixture f = {0};
	struct error e;

	(void)state;
	assert_int_equal(generate(&f,
				  "{\"messages\": [{\"name\": \"bulk\", "
				  "\"count\": 100, \"size\": 600}]}",
				  &e),
			 0);
	assert_int_equal(f.count, 100);
	assert_string_equal(f.messages[0].name, "bulk-1");
	assert_string_equal(f.messages[99].name, "bulk-100");
	for (size_t i = 0; i < 100; i++) {
		assert_int_equal(sent_octets(&f.messages[i]), 600);
		for (size_t j = 0; j < i; j++)
			assert_false(
			    slice_equal(buf_slice(&f.messages[i].octets),
					buf_slice(&f.messages[j].octets)));
	}
	fixture_free(&f);
}

static void lines_are_as_long_as_said(void **state)
{
	struct fixture f = {0};
	struct slice body;
	struct error e;

	(void)state;
	assert_int_equal(generate(&f,
				  "{\"messages\": [{\"name\": \"a\", \"line\": "
				  "100000, \"pattern\": \". x\"}]}",
				  &e),
			 0);
	body = buf_slice(&f.messages[0].octets);
	body = slice_from(body, fixture_top(body, 0).len);
	assert_int_equal(slice_find(body, '\n'), 100000);
	assert_int_equal(body.len, 100001);
	assert_true(slice_starts(body, ". x. x"));
	fixture_free(&f);
}

static void an_empty_maildrop_is_fine(void **state)
{
	struct fixture f = {0};
	struct error e;

	(void)state;
	assert_int_equal(generate(&f, "{\"messages\": []}", &e), 0);
	assert_int_equal(f.count, 0);
}

static void assert_refused(const char *json, const char *message)
{
	struct fixture f = {0};
	struct error e;

	assert_int_equal(generate(&f, json, &e), -1);
	assert_string_equal(e.text, message);
	fixture_free(&f);
}

static void recipes_are_checked(void **state)
{
	(void)state;
	assert_refused("{}", "maildrop.json: lacks \"messages\": [ ... ]");
	assert_refused("[]", "maildrop.json: lacks \"messages\": [ ... ]");
	assert_refused("{\"messages\": [{}]}",
		       "maildrop.json: /messages/0: lacks \"name\"");
	assert_refused("{\"messages\": [{\"name\": \"../a\"}]}",
		       "maildrop.json: /messages/0/name: must be 1 to 64 of "
		       "a to z, 0 to 9 and -");
	assert_refused("{\"messages\": [{\"name\": \"a\", \"size\": 20}]}",
		       "maildrop.json: /messages/0: size 20 cannot be: the "
		       "header takes 142, the body nothing or at least 2");
	assert_refused("{\"messages\": [{\"name\": \"a\", \"size\": 143}]}",
		       "maildrop.json: /messages/0: size 143 cannot be: the "
		       "header takes 142, the body nothing or at least 2");
	assert_refused("{\"messages\": [{\"name\": \"a\", \"count\": 0}]}",
		       "maildrop.json: /messages/0/count: must be a whole "
		       "number from 1 to 10000");
	assert_refused("{\"messages\": [{\"name\": \"a\", \"pattern\": \"\"}]}",
		       "maildrop.json: /messages/0/pattern: must not be empty");
	assert_refused("{\"messages\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}",
		       "maildrop.json: /messages/1: a second message is called "
		       "a");
}

static void a_bomb_is_defused(void **state)
{
	(void)state;
	assert_refused("{\"messages\": [{\"name\": \"a\", \"count\": 10000, "
		       "\"line\": 20000000}]}",
		       "maildrop.json: /messages/0: more than 67108864 octets "
		       "in all");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_are_found_by_name),
	    cmocka_unit_test(names_are_checked),
	    cmocka_unit_test(octets_are_limited),
	    cmocka_unit_test(line_ends_become_crlf),
	    cmocka_unit_test(an_open_end_has_two_forms),
	    cmocka_unit_test(top_cuts_behind_n_lines),
	    cmocka_unit_test(every_size_can_be_made),
	    cmocka_unit_test(many_messages_differ),
	    cmocka_unit_test(lines_are_as_long_as_said),
	    cmocka_unit_test(an_empty_maildrop_is_fine),
	    cmocka_unit_test(recipes_are_checked),
	    cmocka_unit_test(a_bomb_is_defused),
	};

	return cmocka_run_group_tests_name("fixture", tests, NULL, NULL);
}
