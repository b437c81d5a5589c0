/* SPDX-License-Identifier: MIT */
#include "saslprep.h"
#include "session.h"
#include "users.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static void prepares(const char *text, enum saslprep as, const char *expected)
{
	struct buf b = { 0 };

	assert_int_equal(saslprep(slice_str(text), as, &b), expected ? 0 : -1);
	if (expected)
		assert_true(slice_is(buf_slice(&b), expected));
	assert_true(expected || !b.len);
	buf_free(&b);
}

/* RFC 4013 section 3, and what RFC 3454 says of kept and asked strings. */
static void it_is_what_rfc_4013_says(void **state)
{
	(void)state;
	prepares("I\xc2\xadX", SASLPREP_STORED, "IX");
	prepares("user", SASLPREP_STORED, "user");
	prepares("USER", SASLPREP_STORED, "USER");
	prepares("\xc2\xaa", SASLPREP_STORED, "a");
	prepares("\xe2\x85\xa8", SASLPREP_STORED, "IX");
	prepares("\xd8\xa7\x31", SASLPREP_STORED, NULL);
	prepares("\xc3\xa9\x07", SASLPREP_STORED, NULL);
	prepares("a\xc8\xa1", SASLPREP_STORED, NULL); /* not in Unicode 3.2 */
	prepares("a\xc8\xa1", SASLPREP_QUERY, "a\xc8\xa1");
	prepares("\xc2\xad", SASLPREP_QUERY, NULL);
	prepares("\xff", SASLPREP_QUERY, NULL);
	prepares("\xed\xa0\x80", SASLPREP_QUERY, NULL);
	prepares("", SASLPREP_QUERY, NULL);
}

static void ascii_stays_as_it_is(void **state)
{
	char all[0x80];
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	assert_int_equal(saslprep(slice_of(all + 1, sizeof(all) - 1),
				  SASLPREP_STORED, &b),
			 0);
	assert_true(slice_equal(buf_slice(&b),
				slice_of(all + 1, sizeof(all) - 1)));
	assert_int_equal(saslprep(slice_of(all, 2), SASLPREP_QUERY, &b), -1);
	buf_free(&b);
}

static bool logs_in(const struct users *u, const char *name,
		    const char *password)
{
	return users_verify(
		u, &(struct credentials){ .user = slice_str(name),
					  .password = slice_str(password) });
}

/* crypt(3) and SCRAM of a password that somebody else did not prepare. */
#define UNPREPARED                                                             \
	"crypt:{CRYPT}$5$x$qj5n/GNeoZyoM70kJ31D1q9qlLNw0LNb.BLtIqQ3/K7\n"      \
	"scram:{SCRAM-SHA-1}16,fPHGmNjUu7A2jnXGxj+eLw==,"                      \
	"vW+InZ8c+GfDs+07Wnsivvhnidg=,jhKq1T1JaG2/OIC+N/IAj0ZXav8=\n"

static void what_others_made_unprepared_fits_as_it_was(void **state)
{
	struct users *u = users_parse("f", slice_str(UNPREPARED), NULL);

	(void)state;
	assert_non_null(u);
	assert_true(logs_in(u, "crypt", "\xe2\x85\xa8"));
	assert_true(logs_in(u, "scram", "\xe2\x85\xa8"));
	assert_false(logs_in(u, "crypt", "IX"));
	assert_false(logs_in(u, "scram", "\xe2\x85\xa7"));
	users_free(u);
}

/* What is kept in clear is what PASS and PLAIN say, however they write it. */
static void a_password_fits_however_it_is_written(void **state)
{
	struct users *u = users_parse("f", slice_str("a:u\xcc\x88\n"), NULL);
	bool known;

	(void)state;
	assert_non_null(u);
	assert_true(logs_in(u, "a", "u\xcc\x88"));
	assert_true(logs_in(u, "a", "\xc3\xbc"));
	assert_true(logs_in(u, "a", "\xc2\xad\xc3\xbc"));
	assert_false(logs_in(u, "a", "u"));
	assert_false(logs_in(u, "a", "\xfc"));
	assert_false(logs_in(u, "a", "\xc2\xad"));
	assert_true(slice_is(
		users_secret(u, slice_str("a"), SCHEME_PLAIN, &known)->text,
		"\xc3\xbc"));
	users_free(u);
}

/* U+FDFA is 18 characters: 33 octets for its 3. */
static void what_grows_too_long_is_refused(void **state)
{
	struct buf b = { 0 }, made = { 0 };
	struct complaints c = { 0 };
	struct error e;

	(void)state;
	buf_add_str(&b, "a:");
	for (int i = 0; i < 40; i++)
		buf_add_str(&b, "\xef\xb7\xba");
	assert_null(users_parse("f", buf_slice(&b), &c));
	assert_string_equal(complaints_text(&c, 0),
			    "f:1:3: the password is longer than 1024 octets");
	complaints_free(&c);
	assert_int_equal(secret_make("CRYPT", slice_from(buf_slice(&b), 2),
				     &made, &e),
			 -1);
	assert_string_equal(e.text, "a password has 1 to 1024 octets");
	assert_int_equal(made.len, 0);
	buf_free(&b);
	buf_free(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_what_rfc_4013_says),
		cmocka_unit_test(ascii_stays_as_it_is),
		cmocka_unit_test(what_others_made_unprepared_fits_as_it_was),
		cmocka_unit_test(a_password_fits_however_it_is_written),
		cmocka_unit_test(what_grows_too_long_is_refused),
	};

	return cmocka_run_group_tests_name("saslprep", tests, NULL, NULL);
}
