/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void refused(const char *text, enum pattern_side side,
		    const char *problem)
{
	struct error e = { 0 };

	assert_null(pattern_parse(slice_str(text), side, &e));
	if (!strstr(e.text, problem))
		fail_msg("%s: \"%s\" lacks \"%s\"", text, e.text, problem);
}

static void patterns_that_are_refused(void **state)
{
	(void)state;
	refused("DELE {numbr of a}", PATTERN_SENT,
		"column 6: {numbr of a}: did you mean {number of ...}?");
	refused("{sha1 of x}", PATTERN_SENT, "known are {number of ...}");
	refused("a {crlf}", PATTERN_SENT,
		"column 3: {crlf}: did you mean "
		"{CRLF}?");
	refused("{pasword}", PATTERN_SENT, "did you mean {password}?");
	refused("{any nubmer}", PATTERN_EXPECTED, "did you mean {any number}?");
	refused("{any}", PATTERN_SENT, "no value that could be sent");
	refused("{any number}", PATTERN_SENT, "no value that could be sent");
	refused("{md5 of x}", PATTERN_EXPECTED, "for the client to say");
	refused("{MD5 of x}", PATTERN_EXPECTED, "for the client to say");
	refused("{8 digits of md5 of x}", PATTERN_EXPECTED,
		"for the client to say");
	refused("{7 digits of md5 of x}", PATTERN_SENT, "a repetition is");
	refused("{32 digits of md5 of x}", PATTERN_SENT, "a repetition is");
	refused("{8 digits of x}", PATTERN_SENT, "a repetition is");
	refused("{password}", PATTERN_EXPECTED, "for the client to say");
	refused("{x}{y}", PATTERN_EXPECTED,
		"column 4: nothing stands between {x} and {y}");
	refused("......", PATTERN_EXPECTED, "column 4: four full stops");
	refused("...a...b...c...d...", PATTERN_EXPECTED, "more than 4");
	refused("a{", PATTERN_SENT, "column 2: no } ends this {");
	refused("a{total", PATTERN_SENT, "column 2: no } ends this {");
	refused("{md5 of {x}", PATTERN_SENT, "column 1: no } ends this {");
	refused("{3 times x", PATTERN_SENT, "column 1: no } ends this {");
	refused("{a{b}}", PATTERN_SENT, "braces stand within braces");
	refused("{}", PATTERN_SENT, "a name has letters");
	refused("{two  spaces}", PATTERN_SENT, "single spaces");
	refused("{end }", PATTERN_SENT, "single spaces");
	refused("{ begin}", PATTERN_SENT, "single spaces");
	refused("{-x}", PATTERN_SENT, "a letter first");
	refused("{a_b}", PATTERN_SENT, "a name has letters");
	refused("{number of a b}", PATTERN_SENT, "a message is named");
	refused("{number of }", PATTERN_SENT, "a message is named");
	refused("{0x1}", PATTERN_SENT, "two digits");
	refused("{0xfg}", PATTERN_SENT, "two digits");
	refused("{0x100}", PATTERN_SENT, "two digits");
	refused("{0 times A}", PATTERN_SENT, "a repetition is");
	refused("{1x times A}", PATTERN_SENT, "a repetition is");
	refused("{99999999999999999999 times A}", PATTERN_SENT,
		"a repetition is");
	refused("{3 tims A}", PATTERN_SENT, "a repetition is");
	refused("{3 times }", PATTERN_SENT, "only text and named octets");
	refused("{3 times {x}}", PATTERN_SENT, "only text and named octets");
	refused("{3 times a{x}}", PATTERN_SENT, "only text and named octets");
	refused("a\tb", PATTERN_SENT, "column 2: octet 0x09 is written {0x09}");
	refused("\xc3\xa4", PATTERN_SENT, "column 1: octet 0xC3");
}

static void nesting_and_size_have_limits(void **state)
{
	struct buf deep = {0};

	(void)state;
	refused("{67108865 times A}", PATTERN_SENT, "more than 67108864");
	refused("{40000000 times A}{x}{40000000 times A}", PATTERN_SENT,
		"more than 67108864");
	refused("{9000 times {9000 times A}}", PATTERN_SENT,
		"more than 67108864");
	for (int i = 0; i < 100000; i++)
		buf_add_str(&deep, "{2 times ");
	refused(buf_text(&deep), PATTERN_SENT, "more than 4 braces deep");
	buf_clear(&deep);
	for (int i = 0; i < 100000; i++)
		buf_add_str(&deep, "{md5 of ");
	refused(buf_text(&deep), PATTERN_SENT, "more than 4 braces deep");
	buf_clear(&deep);
	for (int i = 0; i < 100; i++)
		buf_add_str(&deep, "{x} ");
	refused(buf_text(&deep), PATTERN_EXPECTED, "more than 64 parts");
	buf_free(&deep);
}

static void broken_text_is_refused_or_read(void **state)
{
	static const char text[] = "C {md5 of <{a}>{3 times {{}}{0xFF}{b c}..";

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++) {
		struct slice s = slice_first(slice_str(text), i);

		pattern_free(pattern_parse(s, PATTERN_SENT, NULL));
		pattern_free(pattern_parse(s, PATTERN_EXPECTED, NULL));
	}
	assert_null(pattern_parse(slice_of("a\0b", 3), PATTERN_SENT, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(patterns_that_are_refused),
	    cmocka_unit_test(nesting_and_size_have_limits),
	    cmocka_unit_test(broken_text_is_refused_or_read),
	};

	return cmocka_run_group_tests_name("pattern_parse", tests, NULL, NULL);
}
