/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROOM 500

struct talk {
	struct exchange list[ROOM];
	char texts[ROOM][24];
	size_t lines;
};

static void say(struct talk *t, char who, const char *text, uint64_t octets)
{
	struct exchange *x = &t->list[t->lines];

	assert_true(t->lines < ROOM);
	snprintf(t->texts[t->lines], sizeof(t->texts[0]), "%s", text);
	*x = (struct exchange){ .who = who, .client = 1, .octets = octets,
				.text = t->texts[t->lines] };
	t->lines++;
}

/* RETR and a body of so many lines, "NAME 1" and so on. */
static void retrieve(struct talk *t, const char *name, unsigned lines)
{
	char text[24];

	say(t, 'C', "RETR 1", 8);
	say(t, 'S', "+OK", 5);
	for (unsigned i = 1; i <= lines; i++) {
		snprintf(text, sizeof(text), "%s %u.", name, i);
		say(t, 'S', text, i == 1 ? 1000 : 0);
	}
	say(t, 'S', ".", 1);
}

static char *shown(const struct talk *t)
{
	struct page p = { .text = { 0 } };
	char *text;

	dialogue_add(&p, "dialogue", t->list, t->lines);
	text = buf_steal(&p.text);
	assert_non_null(text);
	return text;
}

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void a_short_one_is_whole(void **state)
{
	struct talk t = { .lines = 0 };
	char *text;

	(void)state;
	for (int i = 0; i < DIALOGUE_LINES / 2; i++) {
		say(&t, 'C', "NOOP", 6);
		say(&t, 'S', "+OK", 5);
	}
	text = shown(&t);
	assert_int_equal(count_lines(text), DIALOGUE_LINES);
	assert_null(strstr(text, "left out"));
	free(text);
}

static void of_bodies_the_middle_is_left_out_less_of_the_last(void **state)
{
	struct talk t = { .lines = 0 };
	char *text;

	(void)state;
	retrieve(&t, "one", 30);
	retrieve(&t, "two", 30);
	text = shown(&t);
	assert_non_null(strstr(text, "one 5."));
	assert_null(strstr(text, "one 6."));
	assert_null(strstr(text, "one 26."));
	assert_non_null(strstr(text, "one 27."));
	assert_non_null(strstr(text, "[21 lines left out]"));
	assert_non_null(strstr(text, "two 9."));
	assert_null(strstr(text, "two 10."));
	assert_null(strstr(text, "two 22."));
	assert_non_null(strstr(text, "two 23."));
	assert_non_null(strstr(text, "[13 lines left out]"));
	free(text);
}

static void listings_are_whole(void **state)
{
	struct talk t = { .lines = 0 };
	char *text;

	(void)state;
	retrieve(&t, "one", 10);
	retrieve(&t, "two", 18);
	text = shown(&t);
	assert_null(strstr(text, "left out"));
	free(text);
}

static void of_many_sessions_the_last_one_is_whole(void **state)
{
	struct talk t = { .lines = 0 };
	char *text;

	(void)state;
	for (int session = 0; session < 10; session++) {
		say(&t, '*', "connects", 0);
		for (int i = 0; i < 10; i++)
			say(&t, 'C', session == 9 ? "last" : "before", 6);
	}
	text = shown(&t);
	assert_int_equal(count_lines(text), 12);
	assert_null(strstr(text, "before"));
	assert_non_null(strstr(text, "dialogue  [99 lines left out]"));
	free(text);
}

static void of_a_long_session_beginning_and_end_are_shown(void **state)
{
	struct talk t = { .lines = 0 };
	char *text, word[24];

	(void)state;
	say(&t, '*', "connects", 0);
	for (int i = 1; i < 400; i++) {
		snprintf(word, sizeof(word), "NOOP %d.", i);
		say(&t, 'C', word, 6);
	}
	text = shown(&t);
	assert_int_equal(count_lines(text), DIALOGUE_LINES + 1);
	assert_non_null(strstr(text, "connects"));
	assert_non_null(strstr(text, "NOOP 7."));
	assert_null(strstr(text, "NOOP 8."));
	assert_null(strstr(text, "NOOP 347."));
	assert_non_null(strstr(text, "NOOP 348."));
	assert_non_null(strstr(text, "NOOP 399."));
	assert_non_null(strstr(text, "[340 lines left out]"));
	free(text);
}

static void nothing_is_nothing(void **state)
{
	struct talk t = { .lines = 0 };
	char *text = shown(&t);

	(void)state;
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_one_is_whole),
		cmocka_unit_test(
			of_bodies_the_middle_is_left_out_less_of_the_last),
		cmocka_unit_test(listings_are_whole),
		cmocka_unit_test(of_many_sessions_the_last_one_is_whole),
		cmocka_unit_test(of_a_long_session_beginning_and_end_are_shown),
		cmocka_unit_test(nothing_is_nothing),
	};

	return cmocka_run_group_tests_name("dialogue", tests, NULL, NULL);
}
