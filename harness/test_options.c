/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define WORDS (OPTIONS_GLOBS + 16)

/* words end with NULL; the first is the command's name. */
static int parse(struct run_options *o, const char *const *words,
		 struct error *e)
{
	char *argv[WORDS + 1];
	int argc = 0;

	for (; words[argc]; argc++)
		argv[argc] = (char *)words[argc];
	argv[argc] = NULL;
	return options_parse(o, argc, argv, e);
}

#define PARSE(o, ...) parse(o, (const char *[]){ "run", __VA_ARGS__ }, &e)

static void assert_refused(const char *const *words, const char *text)
{
	struct run_options o;
	struct error e = { 0 };

	assert_int_equal(parse(&o, words, &e), -1);
	assert_string_equal(e.text, text);
}

#define REFUSED(text, ...)                                                    \
	assert_refused((const char *[]){ "run", __VA_ARGS__, NULL }, text)

static void nothing_said_means_the_usual(void **state)
{
	struct run_options o;
	struct error e;

	(void)state;
	assert_int_equal(PARSE(&o, NULL), 0);
	assert_null(o.target);
	assert_int_equal(o.scenarios_count, 0);
	assert_null(o.password_file);
	assert_int_equal(o.only_count + o.exclude_count + o.report_count, 0);
	assert_int_equal(o.split, SPLIT_NONE);
	assert_int_equal(o.fail_on, FAIL_ON_DEFAULT);
	assert_int_equal(o.seed, 1);
	assert_int_equal(o.min_cases, 1);
	assert_int_equal(o.confirm, 1);
	assert_int_equal(o.jobs, 0);
	assert_int_equal(o.max_time, 0);
	assert_int_equal(o.max_failures, 0);
	assert_int_equal(o.progress, 60);
	assert_false(o.slow || o.aggressive || o.dry_run || o.help);
}

static void every_option_is_read(void **state)
{
	struct run_options o;
	struct error e;

	(void)state;
	assert_int_equal(
		PARSE(&o, "--only", "a*", "--only=b", "mail.json",
		      "--exclude", "c", "--scenarios", "here", "--slow", "--aggressive",
		      "--scenarios=there.json",
		      "--report=json=x=y", "--report", "text=-", "--dry-run",
		      "--fail-on=flaky", "--min-cases=0", "--split=random",
		      "--seed=9007199254740991", "--confirm=3", "--jobs=256",
		      "--password-file", "p", "--max-time=3600",
		      "--max-failures", "2", "--progress=0", NULL),
		0);
	assert_string_equal(o.target, "mail.json");
	assert_int_equal(o.only_count, 2);
	assert_string_equal(o.only[0], "a*");
	assert_string_equal(o.only[1], "b");
	assert_string_equal(o.exclude[0], "c");
	assert_int_equal(o.scenarios_count, 2);
	assert_string_equal(o.scenarios[0], "here");
	assert_string_equal(o.scenarios[1], "there.json");
	assert_string_equal(o.password_file, "p");
	assert_int_equal(o.report_count, 2);
	assert_string_equal(o.reports[0].format, "json");
	assert_string_equal(o.reports[0].path, "x=y");
	assert_string_equal(o.reports[1].path, "-");
	assert_int_equal(o.fail_on, FAIL_ON_FLAKY);
	assert_int_equal(o.split, SPLIT_RANDOM);
	assert_int_equal(o.seed, 9007199254740991);
	assert_int_equal(o.min_cases, 0);
	assert_int_equal(o.confirm, 3);
	assert_int_equal(o.jobs, 256);
	assert_int_equal(o.max_time, 3600);
	assert_int_equal(o.max_failures, 2);
	assert_int_equal(o.progress, 0);
	assert_true(o.slow && o.aggressive && o.dry_run);
}

static void a_word_behind_two_dashes_is_no_option(void **state)
{
	struct run_options o;
	struct error e;

	(void)state;
	assert_int_equal(PARSE(&o, "--", "--only", NULL), 0);
	assert_string_equal(o.target, "--only");
}

static void help_is_help(void **state)
{
	struct run_options o;
	struct error e;

	(void)state;
	assert_int_equal(PARSE(&o, "--help", NULL), 0);
	assert_true(o.help);
}

static void what_is_no_option_is_refused(void **state)
{
	(void)state;
	REFUSED("no option --onyl", "--onyl");
	REFUSED("no option --onyl=x", "--onyl=x");
	REFUSED("no option -o", "-o");
	REFUSED("no option -x", "a", "-xy");
	REFUSED("no option --slow=1", "--slow=1");
	REFUSED("--only needs a value", "--only");
	REFUSED("one only, not also \"b\"", "a", "b");
}

static void what_has_no_such_value_is_refused(void **state)
{
	(void)state;
	REFUSED("--split halves: should be one of none, random, every-octet",
		"--split=halves");
	REFUSED("--fail-on all: should be one of default, must, should, "
		"security, flaky, never", "--fail-on", "all");
	REFUSED("--jobs 257: should be a number from 1 to 256", "--jobs=257");
	REFUSED("--jobs -1: should be a number from 1 to 256", "--jobs=-1");
	REFUSED("--jobs 0: should be a number from 1 to 256", "--jobs=0");
	REFUSED("--max-time 0: should be a number from 1 to 1000000",
		"--max-time=0");
	REFUSED("--max-failures 1e3: should be a number from 1 to 1000000",
		"--max-failures=1e3");
	REFUSED("--jobs : should be a number from 1 to 256", "--jobs=");
	REFUSED("--seed 9007199254740992: should be a number from 0 to "
		"9007199254740991", "--seed=9007199254740992");
	REFUSED("--confirm 1x: should be a number from 0 to 100",
		"--confirm=1x");
	REFUSED("--report json: should be FORMAT=FILE, as in json=result.json",
		"--report=json");
	REFUSED("--report json=: should be FORMAT=FILE, as in "
		"json=result.json", "--report=json=");
	REFUSED("--report =x: should be FORMAT=FILE, as in json=result.json",
		"--report==x");
	REFUSED("--report a-format-that-long=x: should be FORMAT=FILE, as in "
		"json=result.json", "--report=a-format-that-long=x");
}

static void there_is_an_end_of_patience(void **state)
{
	const char *words[WORDS] = { "run" };

	(void)state;
	for (int i = 1; i <= OPTIONS_GLOBS; i++)
		words[i] = "--only=x";
	words[OPTIONS_GLOBS + 1] = "--exclude=x";
	words[OPTIONS_GLOBS + 2] = "--only=y";
	assert_refused(words, "more than 512 globs");
	memset(words + 1, 0, sizeof(words) - sizeof(*words));
	for (int i = 1; i <= OPTIONS_REPORTS + 1; i++)
		words[i] = "--report=json=x";
	assert_refused(words, "more than 8 reports");
}

static void a_report_of_a_journal_has_one_option(void **state)
{
	char *argv[] = { (char *)"report", (char *)"journal",
			 (char *)"--report=json=x", NULL };
	char *wrong[] = { (char *)"report", (char *)"--only=x", NULL };
	struct run_options o;
	struct error e = { 0 };

	(void)state;
	assert_int_equal(options_parse_report(&o, 3, argv, &e), 0);
	assert_string_equal(o.target, "journal");
	assert_string_equal(o.reports[0].path, "x");
	assert_int_equal(options_parse_report(&o, 2, wrong, &e), -1);
	assert_string_equal(e.text, "no option --only=x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_means_the_usual),
		cmocka_unit_test(every_option_is_read),
		cmocka_unit_test(a_word_behind_two_dashes_is_no_option),
		cmocka_unit_test(help_is_help),
		cmocka_unit_test(what_is_no_option_is_refused),
		cmocka_unit_test(what_has_no_such_value_is_refused),
		cmocka_unit_test(there_is_an_end_of_patience),
		cmocka_unit_test(a_report_of_a_journal_has_one_option),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
