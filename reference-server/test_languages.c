/* SPDX-License-Identifier: MIT */
#include "texts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void texts_have_translations(void **state)
{
	(void)state;
	assert_string_equal(text_in(GERMAN, "unknown command"),
			    "unbekannter Befehl");
	assert_string_equal(text_in(ENGLISH, "unknown command"),
			    "unknown command");
	assert_null(text_in(GERMAN, "unknown"));
	assert_null(text_in(GERMAN, ""));
}

static void ranges_are_looked_up(void **state)
{
	static const struct {
		const char *range;
		int language; /* or -1 */
	} cases[] = {
		{ "en", ENGLISH },     { "de", GERMAN },
		{ "DE", GERMAN },      { "de-CH", GERMAN },
		{ "de-CH-1996", GERMAN }, { "En-us", ENGLISH },
		{ "de-x-dialect", GERMAN }, { "de-a-b-c", GERMAN },
		{ "d", -1 },	       { "deu", -1 },
		{ "mul", -1 },	       { "x-de", -1 },
		{ "i-default", -1 },   { "", -1 },
		{ "-", -1 },	       { "-de", -1 },
		{ "de-", -1 },	       { "--", -1 },
		{ "de--CH", -1 },      { "de-!!", -1 },
		{ "de-\xc3\xa4", -1 },  { "de-123456789", -1 },
		{ "de-12345678", GERMAN }, { "d1", -1 },
		{ "en_US", -1 },       { "*", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum language found = LANGUAGES;
		bool there =
			language_lookup(slice_str(cases[i].range), &found);

		if (there != (cases[i].language >= 0) ||
		    (there && (int)found != cases[i].language))
			fail_msg("%s: %d", cases[i].range, (int)found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_have_translations),
		cmocka_unit_test(ranges_are_looked_up),
	};

	return cmocka_run_group_tests_name("languages", tests, NULL, NULL);
}
