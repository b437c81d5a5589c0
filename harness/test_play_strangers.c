/* SPDX-License-Identifier: MIT */
/* What of a stranger's scenario is not played, or only with patience. */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct scenario *stranger(const char *dialogue)
{
	struct buf json = { 0 };
	struct error e = { 0 };
	struct scenario *s;

	buf_printf(&json, HEAD("authorization") "\"dialogue\":[%s]}",
		   dialogue);
	s = scenario_parse(buf_slice(&json), "foreign/a", "a.json", &e);
	assert_string_equal(e.text, "");
	assert_non_null(s);
	s->foreign = true;
	buf_free(&json);
	return s;
}

static bool skips(const char *dialogue, bool foreign, bool exposed)
{
	struct account account = { .user = "al", .password = "secret" };
	struct stage stage = { .account = &account,
			       .exact = true,
			       .exposed = exposed };
	struct scenario *s = stranger(dialogue);
	struct buf why = { 0 };
	bool skipped;

	s->foreign = foreign;
	skipped = play_skips(s, &stage, &why);
	if (skipped)
		assert_non_null(strstr(buf_text(&why), "in clear"));
	buf_free(&why);
	scenario_free(s);
	return skipped;
}

static void a_password_is_not_given_away(void **state)
{
	static const char *const giving[] = {
		"\"C: USER {user}\",\"S: +OK\",\"C: PASS {password}\"",
		"\"C: NOOP {md5 of {password}}\"",
		"{\"one of\":[{\"S\":\"+OK\",\"then\":[\"C: PASS {password}\"]}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(giving) / sizeof(*giving); i++) {
		assert_true(skips(giving[i], true, true));
		assert_false(skips(giving[i], false, true));
		assert_false(skips(giving[i], true, false));
	}
	assert_false(skips("\"C: PASS {wrong password}\",\"S: -ERR\"", true,
			   true));
	assert_false(skips("\"C: NOOP\",\"S: +OK\"", true, true));
}

static uint64_t waits(const char *dialogue)
{
	struct scenario *s = stranger(dialogue);
	uint64_t ms = scenario_waits(s);

	scenario_free(s);
	return ms;
}

/* Of branches the longest counts, of repetitions each. */
static void its_waits_add_up(void **state)
{
	(void)state;
	assert_int_equal(waits("\"C: NOOP\",\"S: +OK\""), 0);
	assert_int_equal(waits("{\"silence\":\"2 s\"},{\"silence\":\"5 ms\"}"),
			 2005);
	assert_int_equal(waits("{\"3 times\":[{\"silence\":\"1 min\"}]}"),
			 180000);
	assert_int_equal(
		waits("{\"within\":\"1 s\",\"one of\":["
		      "{\"S\":\"+OK\",\"then\":[{\"silence\":\"2 s\"}]},"
		      "{\"S\":\"-ERR\",\"then\":[{\"silence\":\"3 s\"}]},"
		      "{\"nothing\":\"happens\"}]}"), 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_is_not_given_away),
		cmocka_unit_test(its_waits_add_up),
	};

	return cmocka_run_group_tests_name("strangers", tests, NULL, NULL);
}
