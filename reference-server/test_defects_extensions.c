/* SPDX-License-Identifier: MIT */
/* What LANG and UTF8 say when they go wrong. */
#include "defective.h"

#define THIRD "Subject: \xc3\xa4\r\n\r\nb\r\n"
#define NEEDS_UTF8                                                             \
	"-ERR [UTF8] this message is for clients in UTF-8 mode\r\n"

static const struct row rows[] = {
	{ "utf8-after-login", LOGIN "UTF8\r\n",
	  READY LOGGED_IN "+OK UTF-8 mode\r\n", NULL },
	{ "lang-indented", "LANG\r\n",
	  READY "+OK Language listing follows\r\n en English\r\n"
		" de Deutsch\r\n.\r\n",
	  NULL },
	{ "lang-without-tag", "LANG de\r\n", READY "+OK Sprache gewechselt\r\n",
	  NULL },
	{ "lang-unknown-accepted", "LANG x-none\r\n",
	  READY "+OK en language changed\r\n", NULL },
	{ "lang-before-login-only", "LANG en\r\n" LOGIN "LANG en\r\n",
	  READY "+OK en language changed\r\n" LOGGED_IN
		"-ERR LANG comes before the login\r\n",
	  NULL },
};

static void defects_of_both(void **state)
{
	(void)state;
	each_row(rows, LEN(rows), without_login);
}

static void utf8_sent_as_is(void **state)
{
	static const struct row row = {
		"utf8-sent-as-is", "RETR 3\r\nTOP 3 0\r\n",
		"+OK 18 octets\r\n" THIRD ".\r\n"
		"+OK\r\nSubject: \xc3\xa4\r\n\r\n.\r\n",
		THIRD
	};

	after_the_login(state, &row);
}

static void utf8_mode_is_none(void **state)
{
	struct drive *d = *state;

	store_memory_deliver(d->store, "mrose", slice_str(THIRD));
	start(d, "utf8-mode-is-none");
	drive_say(d, "UTF8\r\n" LOGIN);
	drive_heard(d);
	say(d, "RETR 3", NEEDS_UTF8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defects_of_both),
		MROSE_TEST(utf8_sent_as_is),
		MROSE_TEST(utf8_mode_is_none),
	};

	return cmocka_run_group_tests_name("defects_extensions", tests, NULL,
					   NULL);
}
