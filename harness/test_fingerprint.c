/* SPDX-License-Identifier: MIT */
#include "fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* The examples of FIPS 180-2. */
static const char abc[] = "3 octets, SHA-256 ba7816bf8f01cfea414140de5dae2223"
			  "b00361a396177a9cb410ff61f20015ad";
static const char million[] =
	"1000000 octets, SHA-256 cdc76e5c9914fb9281a1c7e284d73e67"
	"f1809a48a497200e046d39ccc7112cd0";

static void assert_ends(struct fingerprint *f, const char *text)
{
	struct buf to = { 0 };

	fingerprint_end(f, &to);
	assert_string_equal(buf_text(&to), text);
	assert_int_equal(f->octets, 0);
	assert_null(f->digest);
	buf_free(&to);
}

static void pieces_are_one_message(void **state)
{
	struct fingerprint f = { 0 };
	char a[1000];

	(void)state;
	fingerprint_add(&f, slice_str("abc"));
	assert_ends(&f, abc);
	fingerprint_add(&f, slice_str(""));
	fingerprint_add(&f, slice_str("a"));
	fingerprint_add(&f, slice_str(""));
	fingerprint_add(&f, slice_str("bc"));
	assert_ends(&f, abc);
	memset(a, 'a', sizeof(a));
	for (int i = 0; i < 1000; i++)
		fingerprint_add(&f, slice_of(a, sizeof(a)));
	assert_ends(&f, million);
}

static void nothing_has_no_digest(void **state)
{
	struct fingerprint f = { 0 };

	(void)state;
	assert_ends(&f, "0 octets");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_one_message),
		cmocka_unit_test(nothing_has_no_digest),
	};

	return cmocka_run_group_tests_name("fingerprint", tests, NULL, NULL);
}
