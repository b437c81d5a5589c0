/* SPDX-License-Identifier: MIT */
/* The player against peers that follow a script: no server, no network. */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const struct script polite = {
	.rules = { { "XYZZ", "-ERR unknown\r\n", false },
		   { "USER", "+OK\r\n", false },
		   { "PASS", "+OK\r\n", false },
		   { "NOOP", "+OK\r\n", false },
		   { "QUIT", "+OK bye\r\n", true } },
};

static void what_holds_passes(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &polite, HEAD("authorization")
		"\"dialogue\":[\"C: XYZZ\",\"S: -ERR\",\"C: QUIT\","
		"\"S: +OK\",{\"server\":\"closes\"}]}");

	(void)state;
	check(&f, OUTCOME_PASS, "");
}

static void a_breach_names_step_expected_and_actual(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &polite, HEAD("authorization")
		"\"dialogue\":[\"C: XYZZ\",\"S: +OK\"]}");

	(void)state;
	assert_string_equal(f.list[0].expected, "+OK");
	assert_string_equal(f.list[0].actual, "-ERR unknown");
	assert_string_equal(f.list[0].cause, "XYZZ is answered with -ERR");
	assert_string_equal(f.list[0].requirement, "RFC1939-3-ERR-01");
	assert_true(f.list[0].exchanges >= 3);
	check(&f, OUTCOME_FAIL, "/dialogue/1");
}

static void a_given_that_fails_blocks(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &polite, HEAD("authorization")
		"\"given\":[\"C: XYZZ\",\"S: +OK\"],"
		"\"dialogue\":[\"C: NOOP\",\"S: +OK\"]}");

	(void)state;
	assert_string_equal(f.list[0].blocked_by, "");
	check(&f, OUTCOME_BLOCKED, "/given/1");
}

/* By what a step names, or by what the command is there for. */
static void what_blocks_is_named(void **state)
{
	static const struct script deaf = {
		.rules = { { "STAT", "-ERR no\r\n", false },
			   { "DELE", "+OK\r\n", false },
			   { "RSET", NULL, false } },
	};
	static const char *const rows[][2] = {
		{ "\"C: STAT\",\"S: +OK\"", "RFC1939-5-STAT-01" },
		{ "\"C: RSET\",\"S: +OK\"", "RFC1939-5-RSET-01" },
		{ "\"C: DELE 1\",\"S: -ERR\"", "" },
		{ "\"C: STAT\",{\"S\":\"+OK\",\"requirement\":"
		  "\"RFC1939-3-TMO-05\"}", "RFC1939-3-TMO-05" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct world w = { 0 };
		struct buf json = { 0 };
		struct findings f;

		buf_printf(&json, HEAD("authorization") "\"given\":[%s],"
			   "\"dialogue\":[\"C: NOOP\",\"S: +OK\"]}",
			   rows[i][0]);
		f = play_text(&w, &deaf, buf_text(&json));
		assert_string_equal(f.list[0].blocked_by, rows[i][1]);
		check(&f, OUTCOME_BLOCKED, "/given/1");
		buf_free(&json);
	}
}

static void silence_where_a_reply_is_owed_fails(void **state)
{
	static const struct script mute = { .rules = { { NULL, NULL,
							 false } } };
	struct world w = { 0 };
	struct findings f = play_text(&w, &mute, HEAD("authorization")
		"\"dialogue\":[\"C: XYZZ\",\"S: -ERR\"]}");

	(void)state;
	assert_string_equal(f.list[0].actual, "nothing came for 30 s");
	assert_string_equal(f.list[0].cause, "No reply to XYZZ");
	assert_true(w.net.now >= 30000);
	check(&f, OUTCOME_FAIL, "/dialogue/1");
}

static void a_listed_answer_says_what_it_is_worth(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &polite, HEAD("authorization")
		"\"dialogue\":[\"C: XYZZ\",{\"one of\":["
		"{\"S\":\"+OK\",\"label\":\"known\"},"
		"{\"S\":\"-ERR\",\"label\":\"odd\",\"verdict\":\"INFO\","
		"\"then\":[\"C: NOOP\",\"S: +OK\"]}]}]}");

	(void)state;
	assert_string_equal(f.list[0].label, "odd");
	check(&f, OUTCOME_INFO, "/dialogue/1/one of/1");
}

/* The register says warn: a scenario cannot make more of it. */
static void a_scenario_never_hardens_the_register(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &polite,
		"{\"title\":\"A rule\",\"revision\":1,\"requirements\":["
		"\"RFC1939-3-ERR-01\",\"RFC1939-3-TMO-05\"],"
		"\"start\":\"authorization\","
		"\"dialogue\":[\"C: XYZZ\",{\"one of\":[{\"S\":\"-ERR\","
		"\"label\":\"bad\",\"verdict\":\"FAIL\","
		"\"requirement\":\"RFC1939-3-TMO-05\"}]}]}");

	(void)state;
	assert_int_equal(f.count, 2);
	assert_int_equal(f.list[0].outcome, OUTCOME_WARN);
	assert_string_equal(f.list[0].requirement, "RFC1939-3-TMO-05");
	assert_int_equal(f.list[1].outcome, OUTCOME_PASS);
	findings_free(&f);
}

static void another_requirement_that_breaks_blocks_the_first(void **state)
{
	struct world w = { 0 };
	struct findings f = play_text(&w, &polite,
		"{\"title\":\"A rule\",\"revision\":1,\"requirements\":["
		"\"RFC1939-3-ERR-01\",\"RFC1939-3-ERR-05\"],"
		"\"start\":\"authorization\",\"dialogue\":[\"C: XYZZ\","
		"{\"S\":\"+OK\",\"requirement\":\"RFC1939-3-ERR-05\"}]}");

	(void)state;
	assert_int_equal(f.count, 2);
	assert_int_equal(f.list[0].outcome, OUTCOME_FAIL);
	assert_string_equal(f.list[0].requirement, "RFC1939-3-ERR-05");
	assert_int_equal(f.list[1].outcome, OUTCOME_BLOCKED);
	findings_free(&f);
}

/* A soft rule that breaks ends the scenario all the same. */
static void a_soft_breach_is_no_fail_and_the_end(void **state)
{
	static const struct script rude = { .rules = { { "XYZZ", NULL,
							 false } } };
	struct world w = { 0 };
	struct findings f = play_text(&w, &rude,
		"{\"title\":\"A rule\",\"revision\":1,\"requirements\":["
		"\"RFC1939-3-TMO-05\"],\"start\":\"authorization\","
		"\"dialogue\":[\"C: XYZZ\",\"S: -ERR\","
		"\"C: NOOP\",\"S: +OK\"]}");

	(void)state;
	check(&f, OUTCOME_WARN, "/dialogue/1");
}

static bool tells(const struct findings *f, const char *text)
{
	bool found = false;

	for (size_t i = 0; i < f->count; i++)
		for (size_t k = 0; k < f->list[i].exchanges; k++)
			found = found || strstr(f->list[i].transcript[k].text,
						text);
	return found;
}

static void a_password_is_never_told(void **state)
{
	static const struct script parrot = {
		.rules = { { "USER", "+OK\r\n", false },
			   { "PASS", "-ERR no sesame here\r\n", false } },
	};
	struct world w = { 0 };
	struct findings f = play_text(&w, &parrot, HEAD("authorization")
		"\"dialogue\":[\"C: USER {user}\",\"S: +OK\","
		"\"C: PASS {password}\",\"S: +OK\"]}");

	(void)state;
	assert_string_equal(f.list[0].actual, "-ERR no {password} here");
	assert_true(tells(&f, "PASS {password}"));
	assert_true(tells(&f, "USER alice"));
	assert_false(tells(&f, "sesame"));
	check(&f, OUTCOME_FAIL, "/dialogue/3");
}

static void framing_is_a_verdict_of_its_own(void **state)
{
	static const struct script sloppy = {
		.rules = { { "XYZZ", "-err unknown\n", false } },
	};
	struct registry *r;
	struct world w = { 0 };
	struct universal seen;
	struct findings f = { 0 };
	struct scenario *s;
	struct error e;

	(void)state;
	r = registry_parse(slice_str(world_register), "rows", &e);
	w.script = &sloppy;
	w.stage = (struct stage){ .ops = &world_ops, .registry = r,
				  .transport = "clear", .exact = true,
				  .patience = patience_default };
	s = scenario_parse(slice_str(HEAD("authorization")
		"\"dialogue\":[\"C: XYZZ\",\"S: -ERR\"]}"),
		"test/case", "case.json", &e);
	play(s, &w.stage, &f);
	check(&f, OUTCOME_PASS, "");
	seen = w.stage.universal;
	assert_int_equal(seen.replies, 2);
	assert_int_equal(seen.count[VIOLATION_INDICATOR_CASE], 1);
	assert_int_equal(seen.count[VIOLATION_LINE_BARE_LF], 1);
	assert_string_equal(seen.witness[VIOLATION_LINE_BARE_LF][0].scenario,
			    "test/case");
	assert_string_equal(seen.witness[VIOLATION_LINE_BARE_LF][0].step,
			    "/dialogue/1");
	scenario_free(s);
	universal_free(&w.stage.universal);
	registry_free(r);
}

static void time_passes_only_in_waiting(void **state)
{
	static const struct script sleepy = { .closes_at = 600000 };
	struct world w = { 0 };
	struct findings f = play_text(&w, &sleepy, HEAD("authorization")
		"\"dialogue\":[{\"silence\":\"10 min\"},"
		"{\"within\":\"1 min\",\"one of\":["
		"{\"server\":\"closes\",\"label\":\"closes\"},"
		"{\"nothing\":\"happens\",\"label\":\"stays\"}]}]}");

	(void)state;
	assert_string_equal(f.list[0].label, "closes");
	assert_int_equal(w.net.now, 600000);
	check(&f, OUTCOME_PASS, "");
}

/* What a name stands for counts, too: a server could make it long. */
static void there_is_an_end_to_what_is_sent(void **state)
{
	static char reply[4007] = "+OK ";
	static const struct script long_winded = {
		.rules = { { "NOOP", reply, false }, { "X", "", false } },
	};
	struct world w = { 0 };
	struct buf json = { 0 };
	struct findings f;

	(void)state;
	buf_add_str(&json, HEAD("authorization") "\"dialogue\":[\"C: NOOP\","
		    "\"S: +OK {much}\",{\"500 times\":[\"C: X");
	for (int i = 0; i < 50; i++)
		buf_add_str(&json, "{much}");
	buf_add_str(&json, "\"]}]}");
	memset(reply + 4, 'y', sizeof(reply) - 7);
	memcpy(reply + sizeof(reply) - 3, "\r\n", 3);
	f = play_text(&w, &long_winded, buf_text(&json));
	buf_free(&json);
	assert_string_equal(f.list[0].label,
			    "more than 67108864 octets to send");
	check(&f, OUTCOME_ERROR, "/dialogue/2/500 times/0");
}

/* Only a step that waits for a timer waits for the one there is. */
static void a_timer_that_is_known_is_waited_for(void **state)
{
	static const struct script slow = { .closes_at = 4800000 };
	static const struct {
		uint64_t autologout;
		const char *within, *label;
	} rows[] = {
		{ 4800000, "35 min", "closes" }, { 0, "35 min", "stays" },
		{ 3600000, "35 min", "stays" },  { 600000, "80 min", "closes" },
		{ 4800000, "9 min", "stays" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct world w = { .autologout = rows[i].autologout };
		struct buf json = { 0 };
		struct findings f;

		buf_printf(&json, HEAD("authorization")
			   "\"dialogue\":[{\"within\":\"%s\",\"one of\":["
			   "{\"server\":\"closes\",\"label\":\"closes\"},"
			   "{\"nothing\":\"happens\",\"label\":\"stays\"}]}]}",
			   rows[i].within);
		f = play_text(&w, &slow, buf_text(&json));
		assert_string_equal(f.list[0].label, rows[i].label);
		check(&f, OUTCOME_PASS, "");
		buf_free(&json);
	}
}

static void an_early_close_breaks_a_silence(void **state)
{
	static const struct script hasty = { .closes_at = 60000 };
	struct world w = { 0 };
	struct findings f = play_text(&w, &hasty, HEAD("authorization")
		"\"dialogue\":[{\"silence\":\"10 min\"}]}");

	(void)state;
	assert_string_equal(f.list[0].actual, "the server closed");
	check(&f, OUTCOME_FAIL, "/dialogue/0");
}

static void what_comes_twice_does_not_differ(void **state)
{
	static const struct script stuck = { .greeting = "+OK <1@x>\r\n" };
	struct world w = { 0 };
	struct findings f = play_text(&w, &stuck, HEAD("authorization")
		"\"dialogue\":[{\"3 times\":[{\"new session\":\"connected\"},"
		"\"S: +OK <{stamp}>\"],\"all differ\":\"{stamp}\"}]}");

	(void)state;
	assert_string_equal(f.list[0].actual, "1@x came twice");
	check(&f, OUTCOME_FAIL, "/dialogue/0");
}

static void look_only_sends_nothing_that_could_delete(void **state)
{
	struct world w = { 0 };
	struct findings f = { 0 };
	struct scenario *s;
	struct buf why = { 0 };
	struct error e;

	(void)state;
	w.script = &polite;
	w.account = (struct account){ .user = "alice",
					 .password = "sesame" };
	w.stage = (struct stage){ .ops = &world_ops, .transport = "clear",
				  .account = &w.account, .exact = true,
				  .look_only = true,
				  .patience = patience_default };
	s = scenario_parse(slice_str(HEAD("transaction")
		"\"dialogue\":[\"C: DELE 1\",\"S: +OK\"]}"),
		"test/case", "case.json", &e);
	assert_true(play_skips(s, &w.stage, &why));
	play(s, &w.stage, &f);
	check(&f, OUTCOME_SKIP, "/dialogue/0");
	buf_free(&why);
	scenario_free(s);
	universal_free(&w.stage.universal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_holds_passes),
		cmocka_unit_test(a_breach_names_step_expected_and_actual),
		cmocka_unit_test(a_given_that_fails_blocks),
		cmocka_unit_test(what_blocks_is_named),
		cmocka_unit_test(silence_where_a_reply_is_owed_fails),
		cmocka_unit_test(a_listed_answer_says_what_it_is_worth),
		cmocka_unit_test(a_scenario_never_hardens_the_register),
		cmocka_unit_test(
			another_requirement_that_breaks_blocks_the_first),
		cmocka_unit_test(a_soft_breach_is_no_fail_and_the_end),
		cmocka_unit_test(a_password_is_never_told),
		cmocka_unit_test(framing_is_a_verdict_of_its_own),
		cmocka_unit_test(time_passes_only_in_waiting),
		cmocka_unit_test(a_timer_that_is_known_is_waited_for),
		cmocka_unit_test(there_is_an_end_to_what_is_sent),
		cmocka_unit_test(an_early_close_breaks_a_silence),
		cmocka_unit_test(what_comes_twice_does_not_differ),
		cmocka_unit_test(look_only_sends_nothing_that_could_delete),
	};

	return cmocka_run_group_tests_name("play", tests, NULL, NULL);
}
