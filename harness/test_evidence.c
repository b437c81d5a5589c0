/* SPDX-License-Identifier: MIT */
#include "evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void assert_slice(struct slice s, const char *text)
{
	assert_int_equal(s.len, strlen(text));
	assert_memory_equal(s.len ? s.ptr : "", text, s.len);
}

/* What is kept of text, read in pieces of so many octets. */
static void check(const char *text, size_t piece, const char *fault,
		  const char *tail)
{
	struct slice rest = slice_str(text);
	struct reply_reader r = { 0 };
	struct evidence e = { 0 };

	reply_start(&r, REPLY_MULTI_LINE, (struct body_sink){ NULL, NULL });
	while (rest.len) {
		uint64_t start = r.reply.wire_octets;
		struct slice now = slice_first(rest, piece);
		size_t taken;

		reply_feed(&r, now, &taken);
		evidence_add(&e, &r.reply, start, slice_first(now, taken));
		rest = slice_from(rest, now.len);
	}
	assert_slice(evidence_fault(&e), fault);
	assert_slice(evidence_tail(&e), tail);
	reply_free(&r);
}

static void the_first_fault_is_kept_in_any_pieces(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < 80; piece++) {
		check("+OK\r\nno fault\r\n.\r\n", piece, "",
		      "+OK\r\nno fault\r\n.\r\n");
		check("+OK\r\na\nb\nc\r\n.\r\n", piece, "+OK\r\na\n",
		      "+OK\r\na\nb\nc\r\n.\r\n");
		check("+OK\r\n.\nx\r\n.\r\n", piece, "+OK\r\n.\n",
		      "+OK\r\n.\nx\r\n.\r\n");
		check("+OK 0123456789\r\n0123456789012345678901234567890\n"
		      "behind it there is more\r\n.\r\n",
		      piece, "0123456789012345678901234567890\n",
		      "890\nbehind it there is more\r\n.\r\n");
	}
}

static void a_bad_end_is_in_the_tail(void **state)
{
	(void)state;
	check("+OK\r\nx\n.\r\n", 3, "+OK\r\nx\n", "+OK\r\nx\n.\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_fault_is_kept_in_any_pieces),
		cmocka_unit_test(a_bad_end_is_in_the_tail),
	};

	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
