/* SPDX-License-Identifier: MIT */
/* A server that closes behind an error reply, and one that owes a reply. */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void a_close_instead_of_a_reply_is_lost(void **state)
{
	static const struct script rude = { .rules = { { "XYZZ", NULL,
							 false } } };
	struct world w = { 0 };
	struct findings f = play_text(&w, &rude, HEAD("authorization")
		"\"dialogue\":[\"C: XYZZ\",\"S: -ERR\"]}");

	(void)state;
	check(&f, OUTCOME_LOST, "/dialogue/1");
}

/* Rulings C9 and C39: behind an error reply a server may close. */
static void a_close_behind_an_error_is_not_held_against_the_next(void **state)
{
	static const struct script touchy = {
		.rules = { { "XYZZ", "-ERR\r\n", true },
			   { "NOOP", "-ERR first log in\r\n", false } },
	};
	struct world w = { 0 };
	struct findings f = play_text(&w, &touchy, HEAD("authorization")
		"\"dialogue\":[\"C: XYZZ\",\"S: -ERR\","
		"\"C: NOOP\",\"S: -ERR\"]}");

	(void)state;
	assert_int_equal(w.connections, 2);
	check(&f, OUTCOME_PASS, "");
}

/* Closing INSTEAD of the reply is hard even behind an earlier error. */
static void a_close_is_looked_at_twice(void **state)
{
	static const struct script crashing = {
		.rules = { { "XYZZ", "-ERR\r\n", false },
			   { "TOP", NULL, false } },
	};
	struct world w = { 0 };
	struct findings f = play_text(&w, &crashing, HEAD("authorization")
		"\"dialogue\":[\"C: XYZZ\",\"S: -ERR\","
		"\"C: TOP\",\"S: -ERR\"]}");

	(void)state;
	check(&f, OUTCOME_LOST, "/dialogue/3");
}

static const struct script open_shop = {
	.rules = { { "USER", "+OK\r\n", false },
		   { "PASS", "+OK\r\n", false },
		   { "QUIT", "+OK bye\r\n", true } },
};

#define RULES_OF_A_CLOSE                                                      \
	{ { "USER", "+OK\r\n", false },                                       \
	  { "PASS sesame", "+OK\r\n", false },                                \
	  { "PASS", "-ERR\r\n", false },                                      \
	  { "XYZZ", "-ERR\r\n", false },                                      \
	  { "NOOP", "+OK\r\n", false },                                       \
	  { "DELE", "+OK\r\n", false },                                       \
	  { "QUIT", NULL, false } }

/* QUIT is on its way when the first connection ends. */
static const struct script crossing = { .rules = RULES_OF_A_CLOSE,
					.until = 1,
					.then = &open_shop };

static const struct script rude_at_quit = { .rules = RULES_OF_A_CLOSE };

#define QUIT_BEHIND(START, COMMANDS)                                          \
	HEAD(START)                                                           \
	"\"dialogue\":[" COMMANDS ",\"C: QUIT\",\"S: +OK\","                  \
	"{\"server\":\"closes\"}]}"

#define ERROR "\"C: XYZZ\",\"S: -ERR\""
#define NO_ERROR "\"C: NOOP\",\"S: +OK\""

static void only_an_error_explains_a_close(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &crossing,
				      QUIT_BEHIND("authorization", NO_ERROR));

	(void)state;
	assert_int_equal(w.connections, 1);
	check(&f, OUTCOME_LOST, "/dialogue/3");
	w = (struct world){ 0 };
	f = play_text(&w, &crossing,
		      QUIT_BEHIND("authorization", ERROR "," NO_ERROR));
	assert_int_equal(w.connections, 1);
	check(&f, OUTCOME_LOST, "/dialogue/5");
}

/* The second -ERR was there before the command that followed was read. */
static const struct script polite = {
	.rules = { { "XYZZ", "-ERR\r\n-ERR goodbye\r\n", true },
		   { "NOOP", "+OK\r\n", false },
		   { "QUIT", "+OK bye\r\n", true } },
	.until = 1,
	.then = &open_shop,
};
static const struct script noop_shop = {
	.rules = { { "NOOP", "+OK\r\n", false } },
};
static const struct script polite_and_late = {
	.rules = { { "XYZZ", "-ERR\r\n-ERR goodbye\r\n", false } },
	.closes_at = 300,
	.until = 1,
	.then = &noop_shop,
};

static void a_farewell_is_no_reply(void **state)
{
	static const char text[] = HEAD("authorization")
		"\"dialogue\":[" ERROR "," NO_ERROR "]}";
	struct world w = { 0 };
	struct findings f = play_text(&w, &polite_and_late, text);

	(void)state;
	assert_int_equal(w.connections, 2);
	check(&f, OUTCOME_PASS, "");
	w = (struct world){ 0 };
	f = play_text(&w, &polite, QUIT_BEHIND("authorization", ERROR));
	assert_int_equal(w.connections, 2);
	check(&f, OUTCOME_PASS, "");
}

/* Of a server that stays it is a reply, and of one that had no error. */
static void an_error_that_ends_nothing_is_a_reply(void **state)
{
	static const struct script stays = {
		.rules = { { "XYZZ", "-ERR\r\n", false },
			   { "NOOP", "-ERR\r\n", false } },
	};
	static const struct script first = {
		.rules = { { "NOOP", "-ERR\r\n", true } },
	};
	struct world w = { 0 };
	struct findings f = play_text(&w, &stays, HEAD("authorization")
		"\"dialogue\":[" ERROR "," NO_ERROR "]}");

	(void)state;
	assert_int_equal(w.connections, 1);
	check(&f, OUTCOME_FAIL, "/dialogue/3");
	w = (struct world){ 0 };
	f = play_text(&w, &first, HEAD("authorization")
		"\"dialogue\":[" NO_ERROR "]}");
	assert_int_equal(w.connections, 1);
	check(&f, OUTCOME_FAIL, "/dialogue/1");
}

static void a_farewell_closes(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &polite_and_late,
		HEAD("authorization") "\"dialogue\":[" ERROR ","
		"{\"within\":\"200 ms\",\"one of\":["
		"{\"nothing\":\"happens\"},{\"server\":\"closes\"}]}]}");

	(void)state;
	assert_int_equal(w.connections, 1);
	check(&f, OUTCOME_PASS, "");
}

/* Ignores QUIT, and closes a little later: first 300 ms, then 400 ms. */
static const struct script late_again = {
	.rules = { { "XYZZ", "-ERR\r\n", false },
		   { "QUIT", "+OK bye\r\n", true } },
	.closes_at = 700,
};
static const struct script late = { .rules = { { "XYZZ", "-ERR\r\n", false } },
				    .closes_at = 300,
				    .until = 1,
				    .then = &late_again };

static void a_late_close_is_not_held_against_quit(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &late,
				      QUIT_BEHIND("authorization", ERROR));

	(void)state;
	assert_int_equal(w.connections, 3);
	check(&f, OUTCOME_PASS, "");
	assert_int_equal(w.net.now, 700);
}

static void a_close_behind_quit_is_lost(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &rude_at_quit,
				      QUIT_BEHIND("authorization", ERROR));

	(void)state;
	assert_int_equal(w.connections, 2);
	check(&f, OUTCOME_LOST, "/dialogue/3");
	assert_in_range(w.net.now, 1000, 1100);
}

/* What is not answered may have removed messages, or not. */
static void a_close_with_marks_is_lost(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(
		&w, &rude_at_quit,
		QUIT_BEHIND("transaction",
			    "\"C: DELE 1\",\"S: +OK\"," ERROR));

	(void)state;
	assert_int_equal(w.connections, 2);
	check(&f, OUTCOME_LOST, "/dialogue/5");
}

/* A command in the same piece has its reply: the close is one instead. */
static void a_quit_in_one_piece_is_not_sent_again(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &rude_at_quit, HEAD("authorization")
		"\"dialogue\":[" ERROR ",{\"C in one piece\":"
		"\"XYZZ{CRLF}QUIT{CRLF}\"},\"S: -ERR\",\"S: +OK\"]}");

	(void)state;
	assert_int_equal(w.connections, 2);
	check(&f, OUTCOME_LOST, "/dialogue/4");
}

#define GREETS_WITH(STAMP)                                                    \
	.greeting = "+OK " STAMP " mail <fun>\r\n",                           \
	.rules = { { "XYZZ", "-ERR\r\n", true },                              \
		   { "APOP alice 5a7bfbc2ce163dbb2545f95e2d3e6f87",           \
		     "+OK\r\n", false },                                      \
		   { "APOP", "-ERR\r\n", false } }

static const struct script greets_again = { GREETS_WITH("<2@h>") };
static const struct script greets = { GREETS_WITH("<1@h>"),
				      .until = 1,
				      .then = &greets_again };

#define JUDGES_A_TIMESTAMP(BEHIND)                                            \
	HEAD("connected")                                                     \
	"\"dialogue\":[{\"S\":\"+OK\",\"timestamp\":\"{stamp}\"}," BEHIND "]}"

/* The digest is that of <2@h>, and of "sesame". */
static void a_new_greeting_has_a_new_timestamp(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(
		&w, &greets,
		JUDGES_A_TIMESTAMP("\"C: XYZZ\",\"S: -ERR\",\"C: APOP {user} "
				   "{md5 of {stamp}sesame}\",\"S: +OK\""));

	(void)state;
	assert_int_equal(w.connections, 2);
	check(&f, OUTCOME_PASS, "");
}

static void another_timestamp_is_told(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(
		&w, &greets,
		JUDGES_A_TIMESTAMP("{\"new session\":\"connected\"},{\"S\":"
				   "\"+OK\",\"timestamp\":\"{stamp}\"}"));

	(void)state;
	assert_string_equal(f.list[0].expected, "+OK, the timestamp {stamp} "
						"where {stamp} is <1@h>");
	assert_non_null(strstr(f.list[0].actual, "its timestamp is another"));
	check(&f, OUTCOME_FAIL, "/dialogue/2");
	w = (struct world){ 0 };
	f = play_text(&w, &open_shop,
		      JUDGES_A_TIMESTAMP("\"C: NOOP {stamp}\",\"S: -ERR\""));
	assert_non_null(strstr(f.list[0].actual, "it has no timestamp"));
	check(&f, OUTCOME_FAIL, "/dialogue/0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_greeting_has_a_new_timestamp),
		cmocka_unit_test(another_timestamp_is_told),
		cmocka_unit_test(a_close_instead_of_a_reply_is_lost),
		cmocka_unit_test(
			a_close_behind_an_error_is_not_held_against_the_next),
		cmocka_unit_test(a_close_is_looked_at_twice),
		cmocka_unit_test(a_farewell_is_no_reply),
		cmocka_unit_test(an_error_that_ends_nothing_is_a_reply),
		cmocka_unit_test(a_farewell_closes),
		cmocka_unit_test(a_late_close_is_not_held_against_quit),
		cmocka_unit_test(a_close_behind_quit_is_lost),
		cmocka_unit_test(only_an_error_explains_a_close),
		cmocka_unit_test(a_close_with_marks_is_lost),
		cmocka_unit_test(a_quit_in_one_piece_is_not_sent_again),
	};

	return cmocka_run_group_tests_name("play_revive", tests, NULL, NULL);
}
