/* SPDX-License-Identifier: MIT */
/* Mail that a scenario has delivered while a session is open. */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define A "Message-ID: <a@x>\r\n\r\nThe first.\r\n"
#define B "Message-ID: <b@x>\r\n\r\nThe other.\r\n"

#define LOGIN { "USER", "+OK\r\n", false }, { "PASS", "+OK\r\n", false }
#define REST                                                                  \
	{ "NOOP", "+OK\r\n", false }, { "QUIT", "+OK\r\n", true }
#define RETR_A { "RETR 1", "+OK\r\n" A ".\r\n", false }
#define RETR_B { "RETR 2", "+OK\r\n" B ".\r\n", false }

static const struct script both = {
	.rules = { LOGIN, REST, { "STAT", "+OK 2 62\r\n", false },
		   { "LIST 2", "+OK 2 31\r\n", false }, RETR_A, RETR_B },
};

static const struct script until_one_more = {
	.rules = { LOGIN, REST, { "STAT", "+OK 1 31\r\n", false }, RETR_A },
	.until = 1,
	.then = &both,
};

static const struct script until_late = {
	.rules = { LOGIN, REST, { "STAT", "+OK 1 31\r\n", false },
		   { "LIST", "+OK\r\n1 31\r\n.\r\n", false }, RETR_A },
	.until = 4,
	.then = &both,
};

static const struct script never_more = {
	.rules = { LOGIN, REST, { "STAT", "+OK 1 31\r\n", false },
		   { "LIST", "+OK\r\n1 31\r\n.\r\n", false }, RETR_A },
};

static size_t filled;
static char delivered[8];
static bool delivery_fails;

static int fill(struct stage *s, struct error *e)
{
	(void)e;
	filled = s->fixture->count;
	return 0;
}

static int deliver(struct stage *s, const struct fixture_message *m,
		   struct error *e)
{
	(void)s;
	if (delivery_fails)
		return error_set(e, "the disk is full");
	strcpy(delivered, m->name);
	return 0;
}

static struct fixture two_messages(void)
{
	struct fixture f = { 0 };
	struct buf a = { 0 }, b = { 0 };
	struct error e;

	buf_add_str(&a, A);
	buf_add_str(&b, B);
	assert_int_equal(fixture_add(&f, slice_str("b"), &b, &e), 0);
	assert_int_equal(fixture_add(&f, slice_str("a"), &a, &e), 0);
	return f;
}

/* Play steps, which follow the delivery of b, behind that of script. */
static struct findings play_delivery(struct world *w,
				     const struct script *script,
				     const char *steps)
{
	struct stage_ops ops = world_ops;
	struct fixture f = two_messages();
	struct findings found;
	struct buf json = { 0 };

	filled = 0;
	delivered[0] = '\0';
	ops.fill = fill;
	ops.deliver = deliver;
	w->ops = &ops;
	w->fixture = &f;
	buf_printf(&json, "%s\"maildrop\":\"two\",\"dialogue\":["
		   "{\"delivered\":\"b\"},%s]}", HEAD("transaction"), steps);
	found = play_text(w, script, buf_text(&json));
	assert_ptr_equal(w->stage.fixture, &f);
	buf_free(&json);
	fixture_free(&f);
	return found;
}

#define LATER "\"C: NOOP\",\"S: +OK\",{\"new session\":\"transaction\"},"
#define HOLDS_BOTH "{\"maildrop\":\"holds\",\"messages\":[\"a\",\"b\"]}"

static void it_is_not_there_before_and_is_there_then(void **state)
{
	struct world w = { .delivers = true };
	struct findings f = play_delivery(&w, &until_one_more,
		LATER HOLDS_BOTH ",\"C: LIST {number of b}\",\"S: +OK 2 31\"");

	(void)state;
	assert_int_equal(filled, 1);
	assert_string_equal(delivered, "b");
	check(&f, OUTCOME_PASS, "");
}

static void a_store_may_show_it_late(void **state)
{
	struct world w = { .delivers = true };
	struct findings f = play_delivery(&w, &until_late, LATER HOLDS_BOTH);

	(void)state;
	assert_int_equal(w.connections, 5);
	check(&f, OUTCOME_PASS, "");
}

static void mail_that_never_comes_is_lost(void **state)
{
	struct world w = { .delivers = true };
	struct findings f = play_delivery(&w, &never_more, LATER HOLDS_BOTH);

	(void)state;
	assert_string_equal(f.list[0].actual, "gone: b");
	assert_string_equal(f.list[0].cause, "What is in the maildrop");
	assert_non_null(strstr(f.list[0].expected, "the maildrop holds "));
	assert_true(w.net.now >= patience_default.ms[WAIT_UPDATE]);
	check(&f, OUTCOME_FAIL, "/dialogue/4");
}

static void the_transcript_tells_of_it(void **state)
{
	struct world w = { .delivers = true };
	struct findings f = play_delivery(&w, &until_one_more,
					  "\"C: NOOP\",\"S: -ERR\"");
	const struct verdict *v = &f.list[0];
	bool told = false;

	(void)state;
	for (size_t i = 0; i < v->exchanges; i++)
		told = told || !strcmp(v->transcript[i].text,
				       "message b is delivered");
	assert_true(told);
	check(&f, OUTCOME_FAIL, "/dialogue/2");
}

static void a_delivery_that_fails_is_no_finding(void **state)
{
	struct world w = { .delivers = true };
	struct findings f;

	(void)state;
	delivery_fails = true;
	f = play_delivery(&w, &until_one_more, LATER HOLDS_BOTH);
	delivery_fails = false;
	assert_string_equal(f.list[0].label, "the disk is full");
	check(&f, OUTCOME_ERROR, "/dialogue/0");
}

static void who_cannot_deliver_skips(void **state)
{
	struct world w = { .delivers = false };
	struct findings f =
		play_delivery(&w, &until_one_more, LATER HOLDS_BOTH);

	(void)state;
	assert_string_equal(delivered, "");
	check(&f, OUTCOME_SKIP, "/dialogue/0");
}

/* What a run asks before it plays. */
static void such_a_scenario_is_skipped_beforehand(void **state)
{
	struct stage stage = { .account = &(struct account){ .user = "x" },
			       .exact = true };
	struct error e = { 0 };
	struct scenario *s = scenario_parse(slice_str(HEAD("transaction")
		"\"maildrop\":\"two\",\"dialogue\":[{\"delivered\":\"b\"}]}"),
		"test/case", "case.json", &e);
	struct buf why = { 0 };

	(void)state;
	assert_string_equal(e.text, "");
	assert_true(play_skips(s, &stage, &why));
	assert_non_null(strstr(buf_text(&why), "mid-session"));
	stage.delivers = true;
	assert_false(play_skips(s, &stage, &why));
	stage.look_only = true;
	assert_true(play_skips(s, &stage, &why));
	scenario_free(s);
	buf_free(&why);
}

/* Only later, but it does: a lane without an account cannot play it. */
static void who_logs_in_later_wants_an_account(void **state)
{
	struct error e = { 0 };
	struct scenario *s = scenario_parse(slice_str(HEAD("authorization")
		"\"dialogue\":[{\"new session\":\"transaction\"}]}"),
		"test/case", "case.json", &e);

	(void)state;
	assert_string_equal(e.text, "");
	assert_true(play_wants_account(s));
	scenario_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_not_there_before_and_is_there_then),
		cmocka_unit_test(a_store_may_show_it_late),
		cmocka_unit_test(mail_that_never_comes_is_lost),
		cmocka_unit_test(the_transcript_tells_of_it),
		cmocka_unit_test(a_delivery_that_fails_is_no_finding),
		cmocka_unit_test(who_cannot_deliver_skips),
		cmocka_unit_test(such_a_scenario_is_skipped_beforehand),
		cmocka_unit_test(who_logs_in_later_wants_an_account),
	};

	return cmocka_run_group_tests_name("play_deliveries", tests, NULL,
					   NULL);
}
