/* SPDX-License-Identifier: MIT */
#include "pattern_text.h"

#include <string.h>

static void expands_to(const char *text, const struct bindings *b,
		       const char *expected)
{
	struct pattern *p = parsed(text, PATTERN_SENT);
	struct buf to = {0};
	struct error e = { 0 };

	assert_int_equal(pattern_expand(p, b, &to, &e), 0);
	assert_string_equal(buf_text(&to), expected);
	buf_free(&to);
	pattern_free(p);
}

static void what_the_client_sends(void **state)
{
	struct bindings b = {0};

	(void)state;
	binding_set(&b, "number of a", slice_str("7"));
	binding_set(&b, "number of b", slice_str("0070"));
	binding_set(&b, "number of c", slice_str("00"));
	binding_set(&b, "user", slice_str("mrose"));
	binding_set_secret(&b, "password", slice_str("tan staaf"));
	expands_to("DELE {number of a}{CRLF}", &b, "DELE 7\r\n");
	expands_to("{number of b} {number of c}", &b, "70 0");
	expands_to("PASS {password}", &b, "PASS tan staaf");
	expands_to("USER {user} ... {{x}}", &b, "USER mrose ... {x}}");
	expands_to("{3 times a{SP}{2 times {{}}", &b, "a {{a {{a {{");
	expands_to("{user}{user}", &b, "mrosemrose");
	bindings_free(&b);
}

/* The example of RFC 1939 section 7, APOP. */
static void digest_of_the_rfc(void **state)
{
	struct bindings b = {0};

	(void)state;
	binding_set(&b, "stamp", slice_str("1896.697170952@dbc.mtview.ca.us"));
	binding_set(&b, "user", slice_str("mrose"));
	binding_set_secret(&b, "secret", slice_str("tanstaaf"));
	expands_to("APOP {user} {md5 of <{stamp}>{secret}}", &b,
		   "APOP mrose c4c9334bac560ecc979e58001b3e22fb");
	expands_to("{MD5 of <{stamp}>{secret}}", &b,
		   "C4C9334BAC560ECC979E58001B3E22FB");
	expands_to("{8 digits of md5 of <{stamp}>{secret}}-", &b, "c4c9334b-");
	expands_to("{31 digits of md5 of <{stamp}>{secret}}", &b,
		   "c4c9334bac560ecc979e58001b3e22f");
	bindings_free(&b);
}

static void a_name_without_a_value_is_not_sent(void **state)
{
	static const char *const texts[] = {"RETR {x}", "{md5 of {x}}"};
	struct bindings b = {0};
	struct error e = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pattern *p = parsed(texts[i], PATTERN_SENT);
		struct buf to = {0};

		assert_int_equal(pattern_expand(p, &b, &to, &e), -1);
		assert_string_equal(e.text, "{x} has no value yet");
		buf_free(&to);
		pattern_free(p);
	}
}

static void explained(const char *text, const struct bindings *b,
		      const char *expected)
{
	struct pattern *p = parsed(text, PATTERN_EXPECTED);
	struct buf to = {0};

	pattern_explain(p, b, &to);
	assert_string_equal(buf_text(&to), expected);
	buf_free(&to);
	pattern_free(p);
}

static void explanations_say_the_values(void **state)
{
	struct bindings b = {0};

	(void)state;
	binding_set(&b, "total", slice_str("512"));
	binding_set(&b, "odd", slice_of("\x1b[1m", 4));
	binding_set_secret(&b, "hidden", slice_str("1234"));
	explained("+OK 3 {total}...", &b,
		  "+OK 3 {total}... where {total} is "
		  "512");
	explained("{total} {odd} {total} {new}", &b,
		  "{total} {odd} {total} {new} where {total} is 512 and {odd} "
		  "is {0x1B}[1m");
	explained("{hidden}", &b, "{hidden}");
	explained("+OK", &b, "+OK");
	bindings_free(&b);
}

static void filled(const char *text, const struct bindings *b,
		   const char *expected)
{
	struct pattern *p = parsed(text, PATTERN_EXPECTED);
	struct buf to = {0};

	pattern_fill(p, b, &to);
	assert_string_equal(buf_text(&to), expected);
	buf_free(&to);
	pattern_free(p);
}

static void values_stand_in_the_place_of_names(void **state)
{
	struct bindings b = {0};

	(void)state;
	binding_set(&b, "size of a", slice_str("512"));
	binding_set(&b, "odd", slice_of("\x1b[1m", 4));
	binding_set_secret(&b, "hidden", slice_str("1234"));
	filled("{number of a} {size of a}...", &b, "{number of a} 512...");
	filled("+OK 3 {odd} {hidden} {any}", &b,
	       "+OK 3 {0x1B}[1m {hidden} {any}");
	filled("", &b, "");
	bindings_free(&b);
}

static void bindings_keep_their_order(void **state)
{
	struct bindings b = {0};

	(void)state;
	binding_set(&b, "number of a", slice_str("1"));
	binding_set(&b, "size of a", slice_str("2"));
	binding_set(&b, "number of b", slice_str("3"));
	binding_set(&b, "number", slice_str("4"));
	binding_set(&b, "size of a", slice_str("5"));
	assert_int_equal(b.count, 4);
	bound_to(&b, "size of a", "5");
	binding_unset(&b, "numb");
	assert_int_equal(b.count, 4);
	bindings_unset(&b, "number of ");
	assert_int_equal(b.count, 2);
	assert_string_equal(b.list[0].name, "size of a");
	assert_string_equal(b.list[1].name, "number");
	binding_unset(&b, "size of a");
	assert_null(binding_find(&b, "size of a"));
	bound_to(&b, "number", "4");
	assert_false(b.failed);
	bindings_free(&b);
	assert_int_equal(b.count, 0);
}

static void secrets_are_of_the_account(void **state)
{
	(void)state;
	assert_true(pattern_name_secret("password"));
	assert_true(pattern_name_secret("wrong password"));
	assert_true(pattern_name_secret("shorter password"));
	assert_true(pattern_name_secret("other password"));
	assert_false(pattern_name_wrong("password"));
	assert_true(pattern_name_secret("secret"));
	assert_false(pattern_name_secret("user"));
	assert_true(pattern_name_of_account("user"));
	assert_false(pattern_name_of_account("total"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_the_client_sends),
	    cmocka_unit_test(digest_of_the_rfc),
	    cmocka_unit_test(a_name_without_a_value_is_not_sent),
	    cmocka_unit_test(explanations_say_the_values),
	    cmocka_unit_test(values_stand_in_the_place_of_names),
	    cmocka_unit_test(bindings_keep_their_order),
	    cmocka_unit_test(secrets_are_of_the_account),
	};

	return cmocka_run_group_tests_name("pattern_expand", tests, NULL, NULL);
}
