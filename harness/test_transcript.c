/* SPDX-License-Identifier: MIT */
#include "transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void add(struct transcript *t, char who, const char *text)
{
	transcript_add(t, who, 0, 7, slice_str(text), strlen(text));
}

static void assert_line(const struct transcript *t, size_t i, char who,
			const char *text, uint64_t octets)
{
	assert_in_range(i, 0, t->count - 1);
	assert_int_equal(t->list[i].who, who);
	assert_string_equal(t->list[i].text, text);
	assert_int_equal(t->list[i].octets, octets);
	assert_int_equal(t->list[i].client, 1);
	assert_int_equal(t->list[i].at, 7);
}

static void a_line_is_a_line(void **state)
{
	struct transcript t = { 0 };

	(void)state;
	add(&t, 'C', "STAT\r\n");
	add(&t, 'S', "+OK 0 0");
	assert_int_equal(t.count, 2);
	assert_line(&t, 0, 'C', "STAT", 6);
	assert_line(&t, 1, 'S', "+OK 0 0", 7);
	transcript_clear(&t);
	assert_int_equal(t.count, 0);
	assert_null(t.list);
}

static void several_are_several(void **state)
{
	struct transcript t = { 0 };

	(void)state;
	add(&t, 'C', "STAT\r\nNOOP\r\n\r\n");
	assert_int_equal(t.count, 3);
	assert_line(&t, 0, 'C', "STAT", 14);
	assert_line(&t, 1, 'C', "NOOP", 0);
	assert_line(&t, 2, 'C', "", 0);
	transcript_clear(&t);
}

static void a_command_without_its_end_says_so(void **state)
{
	struct transcript t = { 0 };

	(void)state;
	add(&t, 'C', "NO");
	add(&t, 'C', "OP\r");
	add(&t, 'C', "\n");
	add(&t, 'S', "no end is shown of a reply");
	assert_line(&t, 0, 'C', "NO{no line end}", 2);
	assert_line(&t, 1, 'C', "OP{CR}{no line end}", 3);
	assert_line(&t, 2, 'C', "{LF}{no line end}", 1);
	assert_line(&t, 3, 'S', "no end is shown of a reply", 26);
	transcript_clear(&t);
}

static void no_octet_is_raw(void **state)
{
	struct transcript t = { 0 };
	char all[256];

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	transcript_add(&t, 'S', 0, 7, slice_of(all, 256), 256);
	assert_int_equal(t.count, 1);
	for (const char *c = t.list[0].text; *c; c++)
		assert_in_range(*c, ' ', '~');
	assert_non_null(strstr(t.list[0].text, "{NUL}{0x01}"));
	assert_non_null(strstr(t.list[0].text, "{LF}{0x0B}{0x0C}{CR}{0x0E}"));
	assert_non_null(strstr(t.list[0].text, "z{{|}~{0x7F}{0x80}"));
	transcript_clear(&t);
}

static void secrets_are_named_both_ways(void **state)
{
	struct bindings secrets = { 0 };
	struct transcript t = { .secrets = &secrets };

	(void)state;
	binding_set_secret(&secrets, "password", slice_str("open sesame"));
	binding_set(&secrets, "user", slice_str("alice"));
	add(&t, 'C', "USER alice\r\nPASS open sesame\r\n");
	add(&t, 'S', "-ERR alice's password is not open sesame");
	assert_line(&t, 1, 'C', "PASS {password}", 0);
	assert_line(&t, 2, 'S', "-ERR alice's password is not {password}",
		    40);
	transcript_clear(&t);
	bindings_free(&secrets);
}

static void what_is_long_is_cut_and_counted(void **state)
{
	struct transcript t = { 0 };
	char body[TRANSCRIPT_KEPT + 100];

	(void)state;
	memset(body, 'x', sizeof(body));
	transcript_add(&t, 'S', 0, 7, slice_of(body, sizeof(body)), 1000000);
	assert_int_equal(t.count, 2);
	assert_int_equal(strlen(t.list[0].text), TRANSCRIPT_KEPT);
	assert_int_equal(t.list[0].octets, 1000000);
	assert_line(&t, 1, '*', "995904 octets more", 0);
	transcript_clear(&t);
}

static void what_was_cut_before_is_counted_too(void **state)
{
	struct transcript t = { 0 };

	(void)state;
	transcript_add(&t, 'S', 0, 7, slice_str("abc"), 10);
	assert_line(&t, 0, 'S', "abc", 10);
	assert_line(&t, 1, '*', "7 octets more", 0);
	transcript_clear(&t);
}

static void the_oldest_lines_are_left_out(void **state)
{
	struct transcript t = { 0 };
	char line[24];

	(void)state;
	for (int i = 0; i < TRANSCRIPT_LINES + 3; i++) {
		snprintf(line, sizeof(line), "NOOP %d\r\n", i);
		add(&t, 'C', line);
	}
	assert_int_equal(t.count, TRANSCRIPT_LINES);
	assert_int_equal(t.left_out, 3);
	assert_string_equal(t.list[0].text, "NOOP 3");
	assert_string_equal(t.list[t.count - 1].text, "NOOP 2002");
	transcript_clear(&t);
}

static void clients_and_notes_are_told_apart(void **state)
{
	struct transcript t = { 0 };

	(void)state;
	transcript_add(&t, 'C', 1, 3, slice_str("NOOP\r\n"), 6);
	transcript_note(&t, 1, 4, "the server closes");
	assert_int_equal(t.list[0].client, 2);
	assert_int_equal(t.list[1].client, 2);
	assert_int_equal(t.list[1].who, '*');
	assert_int_equal(t.list[1].at, 4);
	assert_string_equal(t.list[1].text, "the server closes");
	assert_false(t.failed);
	transcript_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_a_line),
		cmocka_unit_test(several_are_several),
		cmocka_unit_test(a_command_without_its_end_says_so),
		cmocka_unit_test(no_octet_is_raw),
		cmocka_unit_test(secrets_are_named_both_ways),
		cmocka_unit_test(what_is_long_is_cut_and_counted),
		cmocka_unit_test(what_was_cut_before_is_counted_too),
		cmocka_unit_test(the_oldest_lines_are_left_out),
		cmocka_unit_test(clients_and_notes_are_told_apart),
	};

	return cmocka_run_group_tests_name("transcript", tests, NULL, NULL);
}
