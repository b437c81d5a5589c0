/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void every_sample_reads_as_its_golden_file(void **state)
{
	char *path = folder_path(state, "r.xml");

	for (size_t i = 0; samples[i]; i++) {
		char name[64];

		sample_report(samples[i], "junit", path);
		snprintf(name, sizeof(name), "%s.xml", samples[i]->name);
		assert_golden(path, name);
	}
	free(path);
}

static char *reported(void **state, const struct sample *s)
{
	char *path = folder_path(state, "r.xml");
	char *text;

	sample_report(s, "junit", path);
	text = slurp(path);
	assert_non_null(text);
	free(path);
	return text;
}

static void no_octet_is_one_that_xml_forbids(void **state)
{
	char *text = reported(state, &sample_hostile);

	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= 0x20 && *c <= 0x7e));
	assert_null(strstr(text, "]]>"));
	assert_null(strstr(text, "<!"));
	free(text);
}

/* What a server could send to be taken for something else. */
static void markup_is_text(void **state)
{
	struct verdict v = {
		.outcome = OUTCOME_FAIL, .scenario = (char *)"a\"b/<c>",
		.requirement = (char *)"&amp;", .expected = (char *)"]]>",
		.actual = (char *)"</failure><!-- \" '\xff\n",
	};
	struct sample s = { .verdicts = &v, .count = 1,
			    .summary = { .count = { [OUTCOME_FAIL] = 1 },
					 .exit_code = 1, .interrupted = "" } };
	char *text = reported(state, &s);

	assert_non_null(strstr(text, "a&quot;b/&lt;c&gt; &amp;amp;"));
	assert_non_null(strstr(text, "expected ]]&gt;, got "
				     "&lt;/failure&gt;&lt;!-- &quot; '{0xFF}"));
	assert_null(strstr(strstr(text, "</failure>") + 1, "</failure>"));
	free(text);
}

/* How often part stands in the report of one verdict. */
static size_t times(void **state, enum outcome o, enum fail_on f, int code,
		    const char *part)
{
	struct verdict v = { .outcome = o, .scenario = (char *)"a/b" };
	struct sample s = { .run = { .fail_on = fail_on_name(f) },
			    .verdicts = &v, .count = 1,
			    .summary = { .exit_code = code,
					 .interrupted = "" } };
	char *text;
	size_t n = 0;

	s.summary.count[o] = 1;
	text = reported(state, &s);
	for (char *at = text; (at = strstr(at, part)); at++)
		n++;
	free(text);
	return n;
}

static void a_failure_is_what_makes_the_run_fail(void **state)
{
	for (enum fail_on f = 0; f < FAIL_ONS; f++)
		for (enum outcome o = 0; o < OUTCOMES; o++) {
			int code = outcome_fails(o, f);

			assert_int_equal(times(state, o, f, code, "<failure "),
					 code);
			assert_int_equal(times(state, o, f, code, "<error "),
					 o == OUTCOME_ERROR);
		}
}

/* Exit codes that no verdict explains are a test case of their own. */
static void a_build_is_red_when_the_exit_code_is(void **state)
{
	static const enum outcome mild[] = { OUTCOME_PASS, OUTCOME_BLOCKED,
					     OUTCOME_NOTRUN, OUTCOME_SKIP };

	for (size_t i = 0; i < sizeof(mild) / sizeof(*mild); i++) {
		enum outcome o = mild[i];

		assert_int_equal(times(state, o, 0, 0, "<testcase "), 1);
		assert_int_equal(times(state, o, 0, 3, "<testcase "), 2);
		assert_int_equal(times(state, o, 0, 3, "errors=\"1\""), 2);
		assert_int_equal(times(state, o, 0, 2, "\"exit code 2\""), 1);
		assert_int_equal(times(state, o, 0, 1, "<failure "), 1);
		assert_int_equal(times(state, o, 0, 1, "failures=\"1\""), 2);
	}
	assert_int_equal(times(state, OUTCOME_ERROR, 0, 3, "<error "), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(every_sample_reads_as_its_golden_file),
		IN_FOLDER(no_octet_is_one_that_xml_forbids),
		IN_FOLDER(markup_is_text),
		IN_FOLDER(a_failure_is_what_makes_the_run_fail),
		IN_FOLDER(a_build_is_red_when_the_exit_code_is),
	};

	return cmocka_run_group_tests_name("junit", tests, NULL, NULL);
}
