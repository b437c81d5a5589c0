/* SPDX-License-Identifier: MIT */
/* What is too much for a server on another machine, or for an account. */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define OK "\"S: +OK\""
#define WRONG "\"C: PASS {wrong password}\",\"S: -ERR\""

static struct scenario *scenario(const char *head, const char *dialogue)
{
	struct buf json = { 0 };
	struct error e = { 0 };
	struct scenario *s;

	buf_printf(&json, HEAD("authorization") "%s\"dialogue\":[%s]}", head,
		   dialogue);
	s = scenario_parse(buf_slice(&json), "a/b", "b.json", &e);
	assert_string_equal(e.text, "");
	assert_non_null(s);
	buf_free(&json);
	return s;
}

/* what: NULL, or how the reason begins. */
static void is_aggressive(const char *dialogue, const char *what)
{
	struct scenario *s = scenario("", dialogue);
	struct stage stage = { .gentle = true, .exact = true };
	struct account account = { .user = "al", .password = "secret" };
	struct buf why = { 0 };

	stage.account = &account;
	assert_int_equal(play_skips(s, &stage, &why), what != NULL);
	if (what)
		assert_string_equal(buf_text(&why), what);
	buf_clear(&why);
	stage.gentle = false;
	assert_false(play_skips(s, &stage, &why));
	buf_free(&why);
	scenario_free(s);
}

#define LONG "a line of more than 2,048 octets: played with --aggressive"
#define FLOOD "more than 100 commands at once: played with --aggressive"
#define MUCH "more than 16 KiB to read: played with --aggressive"
#define MANY "more than 20 connections: played with --aggressive"
#define GUESSES "more than one wrong password: played with --aggressive"

static void lines_and_floods(void **state)
{
	(void)state;
	is_aggressive("\"C: {2047 times A}\"," OK, NULL);
	is_aggressive("\"C: {2048 times A}\"," OK, LONG);
	is_aggressive("{\"C in pieces\":[\"{2000 times A}\",\"{49 times A}\"]},"
		      OK, LONG);
	is_aggressive("{\"C in one piece\":\"{100 times NOOP{CRLF}}\"}," OK,
		      NULL);
	is_aggressive("{\"C in one piece\":\"{101 times NOOP{CRLF}}\"}," OK,
		      FLOOD);
	is_aggressive("{\"2340 times\":[\"C: NOOP{turn}\"," OK "]}", NULL);
	is_aggressive("{\"2341 times\":[\"C: NOOP{turn}\"," OK "]}", MUCH);
	is_aggressive("{\"20 times\":[{\"new session\":\"connected\"}," OK "]}",
		      NULL);
	is_aggressive("{\"21 times\":[{\"new session\":\"connected\"}," OK "]}",
		      MANY);
}

/* One of the answers comes, so that of branches the worst counts. */
static void wrong_passwords(void **state)
{
	(void)state;
	is_aggressive(WRONG, NULL);
	is_aggressive(WRONG "," WRONG, GUESSES);
	is_aggressive(WRONG ",\"C: PASS {password}x\",\"S: -ERR\"", GUESSES);
	is_aggressive("\"C: NOOP\",{\"one of\":["
		      "{\"S\":\"+OK\",\"then\":[" WRONG "]},"
		      "{\"S\":\"-ERR\",\"then\":[" WRONG "]}]}",
		      NULL);
	is_aggressive(WRONG ",{\"one of\":[{\"S\":\"+OK\",\"then\":[" WRONG
			    "]},{\"S\":\"-ERR\"}]}",
		      GUESSES);
}

static bool suits(const char *needs, const char *dialogue, const char *password)
{
	struct account a = { .user = "al", .password = password };
	struct scenario *s = scenario(needs, dialogue);
	bool it_does = play_suits(s, &a);

	scenario_free(s);
	return it_does;
}

#define MORE "\"C: PASS {password}x\",\"S: -ERR\""
#define AND_A_WORD "{\"C in one piece\":\"PASS {password} x{CRLF}\"},\"S: -ERR\""
#define TEN "0123456789"

/* What is refused as too long says nothing of the password. */
static void a_password_with_more_behind_it(void **state)
{
	static const char needs[] =
		"\"needs\":[\"account: 40-octet-password\"],";

	(void)state;
	assert_true(suits("", MORE, TEN TEN TEN "01234567"));
	assert_false(suits("", MORE, TEN TEN TEN TEN));
	assert_false(suits("", AND_A_WORD, TEN TEN TEN "012345678"));
	assert_false(suits("", MORE, "two words"));
	assert_true(suits("", "\"C: PASS {password}\"," OK, TEN TEN TEN TEN));
	assert_true(suits("", "{\"C in one piece\":\"PASS {password}{CRLF}STAT"
			      "{CRLF}\"}," OK,
			  "two words"));
	assert_true(suits("", WRONG, TEN TEN TEN TEN));
	assert_true(suits(needs, MORE, TEN TEN TEN TEN));
	assert_false(suits(needs, MORE, TEN));
}

static void without_such_an_account_it_is_skipped(void **state)
{
	struct account a = { .user = "al", .password = TEN TEN TEN TEN };
	struct stage stage = { .account = &a, .exact = true };
	struct scenario *s = scenario("", MORE);
	struct buf why = { 0 };

	(void)state;
	assert_true(play_skips(s, &stage, &why));
	assert_non_null(strstr(buf_text(&why), "38 octets"));
	a.password = "secret";
	buf_clear(&why);
	assert_false(play_skips(s, &stage, &why));
	buf_free(&why);
	scenario_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_and_floods),
		cmocka_unit_test(wrong_passwords),
		cmocka_unit_test(a_password_with_more_behind_it),
		cmocka_unit_test(without_such_an_account_it_is_skipped),
	};

	return cmocka_run_group_tests_name("scenario_effort", tests, NULL,
					   NULL);
}
