/* SPDX-License-Identifier: MIT */
#include "pattern_text.h"

#include <string.h>
#include <time.h>

static bool matches(const char *pattern, struct slice octets,
		    struct bindings *b)
{
	struct pattern *p = parsed(pattern, PATTERN_EXPECTED);
	bool matched = pattern_match(p, octets, b);

	assert_false(b->failed);
	pattern_free(p);
	return matched;
}

/* Without any binding before. */
static bool fits(const char *pattern, const char *text)
{
	struct bindings b = {0};
	bool matched = matches(pattern, slice_str(text), &b);

	bindings_free(&b);
	return matched;
}

static void takes(const char *pattern, const char *text, const char *name,
		  const char *value)
{
	struct bindings b = {0};

	assert_true(matches(pattern, slice_str(text), &b));
	bound_to(&b, name, value);
	bindings_free(&b);
}

static void a_literal_is_itself_alone(void **state)
{
	(void)state;
	assert_true(fits("+OK 3 512", "+OK 3 512"));
	assert_false(fits("+OK 3 512", "+OK 3 5120"));
	assert_false(fits("+OK 3 512", "+OK 3 51"));
	assert_false(fits("+OK 3 512", "+ok 3 512"));
	assert_true(fits("", ""));
	assert_false(fits("", "x"));
	assert_true(fits("a{{b}{SP}{0x7e}", "a{b} ~"));
}

static void rest_is_anything(void **state)
{
	(void)state;
	assert_true(fits("+OK...", "+OK"));
	assert_true(fits("+OK...", "+OK and more"));
	assert_true(fits("+OK...", "+OKx"));
	assert_true(fits("...x...y", "..xx..yy"));
	assert_false(fits("...x...y", "yx"));
	assert_true(fits("a..b", "a..b"));
}

/* A value ends at a space: "..." behind it may not eat a part of it. */
static void rest_behind_a_value_begins_with_a_space(void **state)
{
	(void)state;
	takes("+OK {name}...", "+OK ab", "name", "ab");
	takes("+OK {name}...", "+OK ab cd", "name", "ab");
	takes("+OK {name}...", "+OK ab12.", "name", "ab12.");
	takes("{uid of a}...", "12.x 3", "uid of a", "12.x");
	assert_false(fits("+OK {name}...", "+OK ab12\t3"));
	assert_false(fits("{any uid}...", "12\t3"));
	assert_false(fits("{any}...", "12\t3"));
	assert_true(fits("{any}...", "12 \t3"));
	assert_true(fits("{any}...", "12 "));
	assert_false(fits("+OK {name}...", "+OK "));
	assert_false(fits("+OK {name}...", "+OK"));
}

static void values_are_long_and_rests_short(void **state)
{
	(void)state;
	takes("+OK ...<{stamp}>...", "+OK ready <1.2@host>", "stamp",
	      "1.2@host");
	takes("+OK ...<{stamp}>...", "+OK <1.2@host> see <x>", "stamp",
	      "1.2@host");
	takes("+OK ...<{stamp}>...", "+OK <a>b> c", "stamp", "a>b");
	assert_false(fits("+OK ...<{stamp}>...", "+OK <1 2>"));
	assert_false(fits("+OK ...<{stamp}>...", "+OK <>"));
	takes("...{last}", "a b c", "last", "c");
	takes("...{all}", "abc", "all", "abc");
	assert_false(fits("{one}x{two} ", "axbxc"));
	takes("{one}x{two}", "axbxc", "one", "axb");
	takes("{one}x{two}", "axbxc", "two", "c");
}

static void values_have_their_octets(void **state)
{
	struct bindings b = {0};
	char uid[72];

	(void)state;
	memset(uid, '~', sizeof(uid));
	uid[70] = '\0';
	assert_true(fits("1 {any uid}", "1 !"));
	assert_true(matches("{uid of a}", slice_str(uid), &b));
	bound_to(&b, "uid of a", uid);
	uid[70] = '~';
	uid[71] = '\0';
	assert_false(fits("{any uid}", uid));
	assert_true(fits("{any}", uid));
	assert_false(fits("{any}", "\x7f"));
	assert_false(fits("{any}", "\xc3\xa4"));
	assert_false(fits("{name}", "a\tb"));
	assert_false(fits("{any}", ""));
	assert_false(fits("{any number}", "-1"));
	assert_false(fits("{number of a}", "0x1"));
	assert_false(fits("{size of a}", "1.0"));
	bindings_free(&b);
}

static void names_compare_once_they_are_bound(void **state)
{
	struct bindings b = {0};

	(void)state;
	assert_true(
	    matches("{number of a} {uid of a}", slice_str("2 abc"), &b));
	bound_to(&b, "number of a", "2");
	bound_to(&b, "uid of a", "abc");
	assert_true(matches("+OK {number of a} {uid of a}",
			    slice_str("+OK 2 abc"), &b));
	assert_false(matches("+OK {number of a} {uid of a}",
			     slice_str("+OK 2 abd"), &b));
	assert_false(
	    matches("+OK {number of a} {uid of a}", slice_str("+OK 2 ab"), &b));
	assert_false(matches("{number of a}...", slice_str("22"), &b));
	assert_true(matches("{number of a}...", slice_str("2 2"), &b));
	assert_int_equal(b.count, 2);
	bindings_free(&b);
}

static void what_does_not_match_binds_nothing(void **state)
{
	struct bindings b = {0};

	(void)state;
	binding_set(&b, "old", slice_str("1"));
	assert_false(matches("{old} {new} x", slice_str("1 2 y"), &b));
	assert_int_equal(b.count, 1);
	assert_true(matches("{old} {new} x", slice_str("1 2 x"), &b));
	bound_to(&b, "new", "2");
	bindings_free(&b);
}

static void a_name_twice_in_a_line_is_equal(void **state)
{
	(void)state;
	takes("{x} {x}", "ab ab", "x", "ab");
	assert_false(fits("{x} {x}", "ab ac"));
	takes("{x}-{x}", "a-b-a-b", "x", "a-b");
	takes("{x}...{x}", "ab ab", "x", "ab");
	assert_false(fits("{x}...{x}|", "ab|a|"));
	takes("{x}...{x}|", "ab b ab|", "x", "ab");
	takes("<{x}>{x}<", "<aa>aa<", "x", "aa");
	assert_false(fits("<{x}>{x}<", "<aa>a<"));
}

static void octets_may_be_anything(void **state)
{
	struct bindings b = {0};

	(void)state;
	assert_true(
	    matches("a{NUL}{0xff}{CRLF}", slice_of("a\0\xff\r\n", 5), &b));
	assert_true(matches("a...", slice_of("a\0\xff\r\n", 5), &b));
	assert_false(matches("a", slice_of("a\0", 2), &b));
	assert_true(matches("...", slice_of(NULL, 0), &b));
	bindings_free(&b);
}

/* Of this process: no other can slow this clock down. */
static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void a_hostile_line_costs_little(void **state)
{
	static const char *const patterns[] = {
	    "...{a}<{b}...<{c}...<{d}...>x", "...x...x...x...y",
	    "{a}x{b}x{c}x{d}x{e}y",	     "{a}x{b}x{a}x{b}x{a}y{b}x",
	    "...{a}x{a}x...{b}x{a}x{b}y",    "...<{a}>...<{a}>...!",
	};
	static const char fills[] = {'x', '<', '>', ' ', 'y', '.', '1'};
	char line[4096];
	double begin = seconds();

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		for (size_t f = 0; f < sizeof(fills); f++) {
			struct bindings b = {0};

			for (size_t n = 0; n < sizeof(line); n++)
				line[n] = n % 7 ? 'x' : fills[f];
			line[sizeof(line) - 1] = '=';
			assert_false(matches(patterns[i],
					     slice_of(line, sizeof(line)), &b));
			assert_int_equal(b.count, 0);
			bindings_free(&b);
		}
	}
	assert_true(seconds() - begin < 30);
}

/* What a line of this length may be is found without a search. */
static void a_long_line_is_matched(void **state)
{
	struct buf line = {0};
	struct bindings b = {0};

	(void)state;
	for (size_t i = 0; i < 50000; i++)
		buf_add_str(&line, "x<y>");
	buf_add_str(&line, " <stamp> end");
	assert_true(matches("...{a}<{b}> <{stamp}>...d", buf_slice(&line), &b));
	bound_to(&b, "stamp", "stamp");
	bound_to(&b, "b", "y");
	bindings_free(&b);
	buf_free(&line);
}

static bool replies(const char *pattern, enum reply_status status,
		    const char *line)
{
	struct pattern *p = parsed(pattern, PATTERN_EXPECTED);
	struct bindings b = {0};
	struct error e = { 0 };
	bool matched;

	assert_int_equal(pattern_check_reply(p, &e), 0);
	matched = pattern_match_reply(p, status, slice_str(line), &b);
	bindings_free(&b);
	pattern_free(p);
	return matched;
}

static void an_indicator_alone_takes_any_text(void **state)
{
	(void)state;
	assert_true(replies("+OK", STATUS_OK, "+OK"));
	assert_true(replies("+OK", STATUS_OK, "+OK  what \x01 ever"));
	assert_true(replies("+OK", STATUS_OK, "+OKwhatever"));
	assert_true(replies("-ERR", STATUS_ERR, "-ERR no"));
	assert_false(replies("-ERR", STATUS_OK, "+OK"));
	assert_false(replies("+OK", STATUS_ERR, "-ERR"));
	assert_false(replies("+OK", STATUS_OTHER, "* OK"));
	assert_false(replies("+OK", STATUS_NONE, ""));
}

/* Case and space are the business of the universal checks. */
static void the_status_stands_for_the_indicator(void **state)
{
	(void)state;
	assert_true(replies("+OK 3 {any number}...", STATUS_OK, "+OK 3 512"));
	assert_true(replies("+OK 3 {any number}...", STATUS_OK, "+ok 3 512"));
	assert_true(replies("+OK 3 {any number}...", STATUS_OK, "+OK3 512"));
	assert_false(replies("+OK 3 {any number}...", STATUS_OK, "+OK  3 512"));
	assert_false(replies("+OK 3 {any number}...", STATUS_ERR, "-ERR 3 5"));
	assert_true(replies("+OK...", STATUS_OK, "+OK"));
	assert_true(replies("+OK ...", STATUS_OK, "+OK"));
	assert_true(replies("-ERR [IN-USE]...", STATUS_ERR, "-err [IN-USE] x"));
	assert_false(replies("-ERR [IN-USE]...", STATUS_ERR, "-ERR in use"));
	assert_true(replies("+OK {any}", STATUS_OK, "+OK 1"));
	assert_false(replies("+OK {any}", STATUS_OK, "+OK"));
	assert_false(replies("+OK {any}", STATUS_OK, "+O"));
}

static void a_reply_begins_with_an_indicator(void **state)
{
	static const char *const wrong[] = {
	    "",	     "OK", "+ok",   "+OKx",    "...", "+OK{x} {x}",
	    "{any}", "+",  "-ERR.", "+ERR no", " +OK"};
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct pattern *p = parsed(wrong[i], PATTERN_EXPECTED);
		struct bindings b = {0};

		assert_int_equal(pattern_check_reply(p, &e), -1);
		pattern_match_reply(p, STATUS_OK, slice_str("+OK x"), &b);
		bindings_free(&b);
		pattern_free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_literal_is_itself_alone),
	    cmocka_unit_test(rest_is_anything),
	    cmocka_unit_test(rest_behind_a_value_begins_with_a_space),
	    cmocka_unit_test(values_are_long_and_rests_short),
	    cmocka_unit_test(values_have_their_octets),
	    cmocka_unit_test(names_compare_once_they_are_bound),
	    cmocka_unit_test(what_does_not_match_binds_nothing),
	    cmocka_unit_test(a_name_twice_in_a_line_is_equal),
	    cmocka_unit_test(octets_may_be_anything),
	    cmocka_unit_test(a_hostile_line_costs_little),
	    cmocka_unit_test(a_long_line_is_matched),
	    cmocka_unit_test(an_indicator_alone_takes_any_text),
	    cmocka_unit_test(the_status_stands_for_the_indicator),
	    cmocka_unit_test(a_reply_begins_with_an_indicator),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
