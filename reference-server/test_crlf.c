/* SPDX-License-Identifier: MIT */
#include "crlf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct {
	const char *stored, *sent;
} cases[] = {
    {"", ""},
    {"a", "a\r\n"},
    {"a\n", "a\r\n"},
    {"a\r\n", "a\r\n"},
    {"a\r\nb\nc", "a\r\nb\r\nc\r\n"},
    {"\n\n", "\r\n\r\n"},
    {"\r\r\n", "\r\r\n"},
    {"a\rb\n", "a\rb\r\n"},
    {"a\n\rb", "a\r\n\rb\r\n"},
    {".\n..\n", ".\r\n..\r\n"},
    {"a\r", "a\r\r\n"},
    {"\r", "\r\r\n"},
};

/* Converts in pieces of at most in octets to pieces of at most out. */
static void convert(struct buf *b, struct slice stored, size_t in, size_t out)
{
	struct crlf c = CRLF_START;
	char piece[8];

	while (stored.len > 0 || !crlf_ended(&c)) {
		struct slice from =
		    stored.len ? slice_first(stored, in) : slice_str("\r\n");
		size_t given = stored.len ? from.len : 0;

		while (from.len > 0)
			buf_add(b, slice_of(piece, crlf_convert(&c, &from,
								piece, out)));
		stored = slice_from(stored, given);
	}
}

static void line_ends_become_crlf_however_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t cut = 0; cut < 16; cut++) {
			struct buf b = {0};

			convert(&b, slice_str(cases[i].stored), cut / 4 + 1,
				cut % 4 + 1);
			assert_string_equal(buf_text(&b), cases[i].sent);
			buf_free(&b);
		}
}

static void size_is_what_convert_makes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct crlf c = CRLF_START;
		struct slice stored = slice_str(cases[i].stored);
		uint64_t size = crlf_size(&c, slice_first(stored, 2));

		size += crlf_size(&c, slice_from(stored, 2));
		size += crlf_missing_end(&c);
		assert_int_equal(size, strlen(cases[i].sent));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(line_ends_become_crlf_however_cut),
	    cmocka_unit_test(size_is_what_convert_makes),
	};

	return cmocka_run_group_tests_name("crlf", tests, NULL, NULL);
}
