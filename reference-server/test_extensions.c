/* SPDX-License-Identifier: MIT */
/* LANG and UTF8 (RFC 6856), and LAST (RFC 1460). */
#include "mrose.h"

#define LISTING                                                                \
	"+OK Language listing follows\r\nen English\r\nde Deutsch\r\n.\r\n"
#define NEEDS_UTF8                                                             \
	"-ERR [UTF8] this message is for clients in UTF-8 mode\r\n"

static void deliver(struct drive *d, const char *octets)
{
	assert_int_equal(
		store_memory_deliver(d->store, "mrose", slice_str(octets)), 0);
}

static void lang_lists_languages_in_both_states(void **state)
{
	struct drive *d = *state;

	say(d, "LANG", LISTING);
	say(d, "LANG en de", "-ERR LANG takes one argument or none\r\n");
	reconnect(state);
	say(d, "LANG", LISTING);
}

static void lang_chooses_what_replies_say(void **state)
{
	struct drive *d = *state;

	say(d, "LANG de-AT", "+OK de Sprache gewechselt\r\n");
	say(d, "STAT", "+OK 2 320\r\n");
	say(d, "NOOP", "+OK\r\n");
	say(d, "DELE 2", "+OK Nachricht 2 gel\xc3\xb6scht\r\n");
	say(d, "LIST", "+OK 1 Nachricht (120 Oktette)\r\n1 120\r\n.\r\n");
	say(d, "LANG", "+OK es folgen die Sprachen\r\nen English\r\n"
		       "de Deutsch\r\n.\r\n");
	say(d, "LANG x", "-ERR diese Sprache gibt es nicht\r\n");
	say(d, "LIST  1", "-ERR vor jedem Argument steht ein Leerzeichen, am "
			  "Ende keines\r\n");
	say(d, "LANG EN", "+OK en language changed\r\n");
	say(d, "RETR 2", "-ERR message 2 already deleted\r\n");
}

static void a_language_outlives_the_login(void **state)
{
	struct drive *d = reconnect(state);

	say(d, "LANG *", "+OK en language changed\r\n");
	say(d, "LANG de", "+OK de Sprache gewechselt\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(
		drive_heard(d),
		"+OK das Kennwort, bitte\r\n"
		"+OK im Postfach von mrose sind 2 Nachrichten (320 "
		"Oktette)\r\n");
	say(d, "QUIT", "+OK der POP3-Server dewey verabschiedet sich "
		       "(2 Nachrichten bleiben)\r\n");
}

/* Neither LANG nor UTF8 may stand between USER and PASS (ruling C8). */
static void pass_still_follows_user(void **state)
{
	struct drive *d = reconnect(state);

	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "LANG en", "+OK en language changed\r\n");
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "UTF8", "+OK UTF-8 mode\r\n");
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");
}

static void the_administrator_prefers_a_language(void **state)
{
	struct session_config own = config;
	struct drive *d;

	own.language = GERMAN;
	d = restart_with(state, &own);
	say(d, "FOO", "-ERR unknown command\r\n");
	say(d, "LANG *", "+OK de Sprache gewechselt\r\n");
	say(d, "FOO", "-ERR unbekannter Befehl\r\n");
}

/* One header of eight bits, one body. */
static void deliver_both(struct drive *d)
{
	deliver(d, "Subject: \xc3\xa4\n\nb\n");
	deliver(d, "Subject: b\n\n\xc3\xa4\n");
}

static void mail_that_needs_utf8_is_not_sent_without(void **state)
{
	struct drive *d = *state;

	deliver_both(d);
	reconnect(state);
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "LIST 3", "+OK 3 18\r\n");
	say(d, "RETR 3", NEEDS_UTF8);
	say(d, "TOP 3 0", NEEDS_UTF8);
	say(d, "RETR 4", "+OK 18 octets\r\nSubject: b\r\n\r\n\xc3\xa4\r\n"
			 ".\r\n");
	say(d, "UTF8", "-ERR UTF8 comes before the login\r\n");
}

static void in_utf8_mode_mail_is_sent_as_it_is(void **state)
{
	struct drive *d = *state;

	deliver_both(d);
	reconnect(state);
	say(d, "UTF8 now", "-ERR UTF8 takes no argument\r\n");
	say(d, "UTF8", "+OK UTF-8 mode\r\n");
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "RETR 3", "+OK 18 octets\r\nSubject: \xc3\xa4\r\n\r\nb\r\n.\r\n");
	say(d, "TOP 3 0", "+OK\r\nSubject: \xc3\xa4\r\n\r\n.\r\n");
}

static void add_header(struct buf *b, int lines)
{
	buf_add_str(b, "A: b\n");
	for (int i = 0; i < lines; i++)
		buf_add_str(b, "Received: by us\n");
}

/* One that is longer than what is kept of it is read twice. */
static void a_long_header_is_looked_at_too(void **state)
{
	struct drive *d = *state;
	struct buf b = { 0 };

	add_header(&b, 10000);
	buf_add_str(&b, "\n\xc3\xa4\n");
	deliver(d, buf_text(&b));
	buf_clear(&b);
	add_header(&b, 10000);
	buf_add_str(&b, "To: \xc3\xa4\n\nb\n");
	deliver(d, buf_text(&b));
	buf_clear(&b);
	add_header(&b, 1000000); /* 16 MB, and no end */
	deliver(d, buf_text(&b));
	buf_free(&b);
	reconnect(state);
	drive_say(d, LOGIN);
	drive_heard(d);
	drive_say(d, "RETR 3\r\n");
	assert_int_equal(strlen(drive_heard(d)),
			 strlen("+OK 170012 octets\r\n") + 170012 + 3);
	say(d, "RETR 4", NEEDS_UTF8);
	say(d, "TOP 4 0", NEEDS_UTF8);
	drive_say(d, "TOP 5 0\r\n");
	assert_int_equal(strlen(drive_heard(d)),
			 strlen("+OK\r\n") + 17000006 + 3);
	say(d, "NOOP", "+OK\r\n");
}

/* The octet is looked for in the header only, in all of it. */
static void the_whole_header_is_looked_at(void **state)
{
	struct drive *d = *state;
	struct buf b = { 0 };

	add_header(&b, 1000);
	buf_add_str(&b, " \xc3\xa4"); /* no blank line behind it */
	deliver(d, buf_text(&b));
	deliver(d, "\n\xc3\xa4\n");
	deliver(d, "\xff");
	buf_free(&b);
	reconnect(state);
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "TOP 3 0", NEEDS_UTF8);
	say(d, "RETR 4", "+OK 6 octets\r\n\r\n\xc3\xa4\r\n.\r\n");
	say(d, "RETR 5", NEEDS_UTF8);
}

/* Without CAPA nobody can know of UTF8: then RFC 1939 is all there is. */
static void a_server_without_capa(void **state)
{
	struct session_config own = config;
	struct drive *d = *state, second;

	deliver_both(d);
	assert_true(switch_on(&own.switches, "no-capa"));
	restart_with(state, &own);
	say(d, "LANG en", "-ERR unknown command\r\n");
	say(d, "UTF8", "-ERR unknown command\r\n");
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "RETR 3", "+OK 18 octets\r\nSubject: \xc3\xa4\r\n\r\nb\r\n.\r\n");
	assert_int_equal(drive_start(&second, &own, d->store, knows), 0);
	drive_say(&second, LOGIN);
	assert_non_null(strstr(drive_heard(&second),
			       "-ERR maildrop already locked\r\n"));
	drive_free(&second);
}

static void start_odd(void **state, const char *id)
{
	struct session_config own = config;

	assert_true(switch_on(&own.switches, id));
	restart_with(state, &own);
}

static void what_is_announced_may_be_refused(void **state)
{
	start_odd(state, "lang-refused");
	say(*state, "LANG", "-ERR no such language\r\n");
	say(*state, "LANG en", "-ERR no such language\r\n");
	start_odd(state, "utf8-refused");
	say(*state, "UTF8", "-ERR no UTF-8 mode\r\n");
	start_odd(state, "lang-tag-alone");
	say(*state, "LANG de", "+OK de\r\n");
	say(*state, "LANG x", "-ERR diese Sprache gibt es nicht\r\n");
}

static void a_surrogate_may_be_sent(void **state)
{
	struct drive *d = *state;

	deliver_both(d);
	start_odd(state, "utf8-surrogate");
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "TOP 3 0", "+OK\r\nSubject: A message that needs UTF-8 mode\r\n"
			  "\r\n.\r\n");
	say(d, "RETR 3", "+OK 18 octets\r\n"
			 "Subject: A message that needs UTF-8 mode\r\n\r\n"
			 "Your mail client cannot show it.\r\n.\r\n");
	say(d, "RETR 4", "+OK 18 octets\r\nSubject: b\r\n\r\n\xc3\xa4\r\n"
			 ".\r\n");
}

/* RFC 1460 section 5. */
static void last_tells_the_highest_number_accessed(void **state)
{
	struct session_config own = config;
	struct drive *d = *state;

	say(d, "LAST", "-ERR unknown command\r\n");
	own.legacy_last = true;
	restart_with(state, &own);
	drive_say(d, LOGIN);
	drive_heard(d);
	say(d, "LAST", "+OK 0\r\n");
	say(d, "LAST 1", "-ERR LAST takes no argument\r\n");
	drive_say(d, "TOP 2 0\r\nRETR 1\r\n");
	drive_heard(d);
	say(d, "LAST", "+OK 1\r\n");
	say(d, "DELE 2", "+OK message 2 deleted\r\n");
	say(d, "LAST", "+OK 2\r\n");
	drive_say(d, "RETR 2\r\nRETR 1\r\n");
	drive_heard(d);
	say(d, "LAST", "+OK 2\r\n");
	say(d, "RSET", "+OK maildrop has 2 messages (320 octets)\r\n");
	say(d, "LAST", "+OK 0\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(lang_lists_languages_in_both_states),
		MROSE_TEST(lang_chooses_what_replies_say),
		MROSE_TEST(a_language_outlives_the_login),
		MROSE_TEST(pass_still_follows_user),
		MROSE_TEST(the_administrator_prefers_a_language),
		MROSE_TEST(mail_that_needs_utf8_is_not_sent_without),
		MROSE_TEST(in_utf8_mode_mail_is_sent_as_it_is),
		MROSE_TEST(the_whole_header_is_looked_at),
		MROSE_TEST(a_long_header_is_looked_at_too),
		MROSE_TEST(a_server_without_capa),
		MROSE_TEST(what_is_announced_may_be_refused),
		MROSE_TEST(a_surrogate_may_be_sent),
		MROSE_TEST(last_tells_the_highest_number_accessed),
	};

	return cmocka_run_group_tests_name("extensions", tests, NULL, NULL);
}
