/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void assert_page(struct page *p, const char *text)
{
	assert_string_equal(buf_text(&p->text), text);
	buf_free(&p->text);
}

static void words_are_wrapped_at_eighty_columns(void **state)
{
	struct page p = { 0 };

	(void)state;
	page_words(&p, "rule",
		   "1234567 101234567 201234567 301234567 401234567 501234567 "
		   "6012345 end");
	assert_page(&p, "  rule      1234567 101234567 201234567 301234567 "
			"401234567 501234567 6012345\n"
			"            end\n");
}

static void a_word_that_is_too_long_stays_whole(void **state)
{
	struct page p = { 0 };
	char word[101];

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	page_words(&p, "link", word);
	assert_int_equal(p.text.len, 12 + 100 + 1);
	buf_free(&p.text);
	word[90] = ' ';
	page_words(&p, "link", word);
	assert_int_equal(p.text.len, 12 + 90 + 1 + 12 + 9 + 1);
	buf_free(&p.text);
}

static void no_words_add_nothing(void **state)
{
	struct page p = { 0 };

	(void)state;
	page_words(&p, "rule", "");
	page_words(&p, "rule", NULL);
	assert_page(&p, "");
}

static void matter_is_cut_and_the_rest_counted(void **state)
{
	struct page p = { 0 };
	char text[PAGE_LONGEST + 1 + 7];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	page_matter(&p, "actual", text);
	assert_int_equal(p.text.len,
			 12 + PAGE_LONGEST + strlen("... [7 more]\n"));
	assert_non_null(strstr(buf_text(&p.text), "... [7 more]\n"));
	buf_free(&p.text);
	text[PAGE_LONGEST] = '\0';
	page_matter(&p, "", text);
	assert_int_equal(p.text.len, 12 + PAGE_LONGEST + 1);
	buf_free(&p.text);
}

static void only_the_page_itself_colours(void **state)
{
	struct page p = { .colour = true };

	(void)state;
	page_add(&p, STYLE_BREACH, "\033[0m");
	page_add(&p, STYLE_PLAIN, "\200");
	assert_page(&p, "\033[31m{0x1B}[0m\033[0m{0x80}");
}

static void figures_are_grouped(void **state)
{
	struct buf b = { 0 };

	(void)state;
	add_thousands(&b, 0);
	buf_add_char(&b, ' ');
	add_thousands(&b, 999);
	buf_add_char(&b, ' ');
	add_thousands(&b, 1000);
	buf_add_char(&b, ' ');
	add_thousands(&b, UINT64_MAX);
	assert_string_equal(buf_text(&b),
			    "0 999 1,000 18,446,744,073,709,551,615");
	buf_free(&b);
}

static void seconds_are_as_fine_as_they_are_few(void **state)
{
	struct buf b = { 0 };

	(void)state;
	add_seconds(&b, 0.254);
	add_seconds(&b, 99.96);
	add_seconds(&b, 600);
	assert_string_equal(buf_text(&b), "0.25 s100.0 s10.0 min");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_wrapped_at_eighty_columns),
		cmocka_unit_test(a_word_that_is_too_long_stays_whole),
		cmocka_unit_test(no_words_add_nothing),
		cmocka_unit_test(matter_is_cut_and_the_rest_counted),
		cmocka_unit_test(only_the_page_itself_colours),
		cmocka_unit_test(figures_are_grouped),
		cmocka_unit_test(seconds_are_as_fine_as_they_are_few),
	};

	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
