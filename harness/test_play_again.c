/* SPDX-License-Identifier: MIT */
/* What passes by itself is no finding: locks, and sessions that never began. */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const struct script open_shop = {
	.rules = { { "USER", "+OK\r\n", false }, { "PASS", "+OK\r\n", false } },
};

static const struct script crowded = {
	.greeting = "-ERR too many connections\r\n",
};

static const struct script crowded_once = {
	.greeting = "-ERR too many connections\r\n",
	.until = 1,
	.then = &open_shop,
};

static const struct script slammed_once = {
	.closes_at_once = true,
	.until = 1,
	.then = &open_shop,
};

static const struct script in_use = {
	.rules = { { "USER", "+OK\r\n", false },
		   { "PASS", "-ERR [IN-USE] locked\r\n", true } },
};

static const struct script in_use_twice = {
	.rules = { { "USER", "+OK\r\n", false },
		   { "PASS", "-ERR [IN-USE] locked\r\n", true } },
	.until = 2,
	.then = &open_shop,
};

static const struct script refuses = {
	.rules = { { "USER", "+OK\r\n", false },
		   { "PASS", "-ERR no\r\n", false } },
};

/* The first connection is not the one that logs in. */
static const struct script refuses_once = {
	.rules = { { "USER", "+OK\r\n", false },
		   { "PASS", "-ERR no\r\n", false } },
	.until = 2,
	.then = &open_shop,
};

static const struct script glued = { .greeting = "+OK[SYS] ready\r\n" };

#define LOGIN                                                                 \
	HEAD("connected")                                                     \
	"\"dialogue\":[\"S: +OK\",\"C: USER {user}\",\"S: +OK\","             \
	"\"C: PASS {password}\",\"S: +OK\"]}"

static void a_lingering_lock_is_waited_for(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &in_use_twice, LOGIN);

	(void)state;
	assert_int_equal(w.connections, 3);
	check(&f, OUTCOME_PASS, "");
}

#define LOGIN_OR_NOT                                                          \
	HEAD("connected")                                                     \
	"\"dialogue\":[\"S: +OK\",\"C: USER {user}\",\"S: +OK\","             \
	"\"C: PASS {password}\",{\"one of\":[{\"S\":\"+OK\"},"               \
	"{\"S\":\"-ERR\",\"label\":\"shut\",\"verdict\":\"INFO\"}]}]}"

/* Also where a refusal would be legal: it is not that one. */
static void a_lingering_lock_is_no_refusal(void **state)
{
	struct world once = { 0 }, always = { 0 };
	struct findings f = play_text(&once, &in_use_twice, LOGIN_OR_NOT);

	(void)state;
	assert_int_equal(once.connections, 3);
	check(&f, OUTCOME_PASS, "");
	f = play_text(&always, &in_use, LOGIN_OR_NOT);
	assert_true(always.net.now >= 60000 && always.net.now < 70000);
	check(&f, OUTCOME_INFO, "/dialogue/4/one of/1");
}

static void a_lock_that_stays_blocks(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &in_use, LOGIN);

	(void)state;
	assert_true(w.net.now >= 60000 && w.net.now < 70000);
	check(&f, OUTCOME_BLOCKED, "/dialogue/4");
}

static void a_login_that_fails_blocks(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &refuses, HEAD("transaction")
		"\"dialogue\":[\"C: NOOP\",\"S: +OK\"]}");

	(void)state;
	assert_non_null(strstr(f.list[0].label, "RFC1939-7-PASS-02"));
	check(&f, OUTCOME_BLOCKED, "");
}

#define SECOND_LOGIN(ANSWERS)                                                 \
	HEAD("authorization")                                                 \
	"\"dialogue\":[{\"client\":\"drops\"},"                               \
	"{\"second client\":\"logs in\"" ANSWERS "}]}"

/* As one of a new session is; with answers, what comes first is the answer. */
static void a_second_login_is_patient(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &refuses_once, SECOND_LOGIN(""));

	(void)state;
	assert_int_equal(w.connections, 3);
	check(&f, OUTCOME_PASS, "");
	w = (struct world){ 0 };
	f = play_text(&w, &refuses_once,
		      SECOND_LOGIN(",\"one of\":[{\"S2\":\"-ERR\"}]"));
	assert_int_equal(w.connections, 2);
	check(&f, OUTCOME_PASS, "");
}

static void a_second_login_that_stays_refused_blocks(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &refuses, SECOND_LOGIN(""));

	(void)state;
	assert_true(w.net.now >= 4000 && w.net.now < 10000);
	assert_string_equal(f.list[0].blocked_by, "RFC1939-7-PASS-02");
	check(&f, OUTCOME_BLOCKED, "/dialogue/1");
}

static void a_right_password_refused_is_a_finding(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &refuses, LOGIN);

	(void)state;
	assert_true(w.net.now >= 5000 && w.net.now < 10000);
	check(&f, OUTCOME_FAIL, "/dialogue/4");
}

static void a_session_not_begun_is_begun_again(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &crowded_once, LOGIN);

	(void)state;
	check(&f, OUTCOME_PASS, "");
	w = (struct world){ 0 };
	f = play_text(&w, &slammed_once, LOGIN);
	check(&f, OUTCOME_PASS, "");
	w = (struct world){ 0 };
	f = play_text(&w, &slammed_once, HEAD("transaction")
		"\"dialogue\":[{\"silence\":\"1 s\"}]}");
	check(&f, OUTCOME_PASS, "");
}

static void a_session_never_begun_judges_nobody(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &crowded, LOGIN);

	(void)state;
	check(&f, OUTCOME_ERROR, "/dialogue/0");
	w = (struct world){ 0 };
	f = play_text(&w, &crowded, HEAD("authorization")
		"\"dialogue\":[\"C: NOOP\",\"S: -ERR\"]}");
	check(&f, OUTCOME_ERROR, "");
}

static void a_greeting_needs_no_space(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &glued, HEAD("connected")
		"\"dialogue\":[\"S: +OK\"]}");

	(void)state;
	assert_int_equal(w.seen, 0);
	check(&f, OUTCOME_PASS, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lingering_lock_is_waited_for),
		cmocka_unit_test(a_lingering_lock_is_no_refusal),
		cmocka_unit_test(a_lock_that_stays_blocks),
		cmocka_unit_test(a_login_that_fails_blocks),
		cmocka_unit_test(a_second_login_is_patient),
		cmocka_unit_test(a_second_login_that_stays_refused_blocks),
		cmocka_unit_test(a_right_password_refused_is_a_finding),
		cmocka_unit_test(a_session_not_begun_is_begun_again),
		cmocka_unit_test(a_session_never_begun_judges_nobody),
		cmocka_unit_test(a_greeting_needs_no_space),
	};

	return cmocka_run_group_tests_name("play_again", tests, NULL, NULL);
}
