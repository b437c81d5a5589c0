/* SPDX-License-Identifier: MIT */
/* ANONYMOUS (RFC 4505). */
#include "sasl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct sasl_config config = { .anonymous = "tim" };

static int set_up(void **state)
{
	struct error e;

	config.users = users_parse("f", slice_str("tim:x\n"), NULL);
	*state = sasl_new(&config, &e);
	return config.users && *state ? 0 : -1;
}

static int tear_down(void **state)
{
	sasl_free(*state);
	users_free((struct users *)config.users);
	return 0;
}

static bool gets_in(const struct sasl *s, struct slice trace)
{
	struct sasl_exchange *x =
		sasl_begin(s, NULL, slice_str("ANONYMOUS"));
	struct sasl_answer a = sasl_step(x, trace);
	bool in = a.what == SASL_SUCCESS;

	if (in)
		assert_true(slice_is(a.user, "tim"));
	else
		assert_int_equal(a.why, REFUSED_RESPONSE);
	sasl_end(x);
	return in;
}

#define SAYS(text) slice_of("" text, sizeof(text) - 1)

static void anonymous_is_anybody(void **state)
{
	char long_trace[600];

	assert_true(gets_in(*state, SAYS("sirhc")));
	assert_true(gets_in(*state, SAYS("")));
	assert_true(gets_in(*state, SAYS("\xce\xa3@\xf0\x9f\x93\xac")));
	memset(long_trace, 'x', sizeof(long_trace));
	assert_true(gets_in(*state, slice_of(long_trace, 255)));
	assert_false(gets_in(*state, slice_of(long_trace, 256)));
	assert_false(gets_in(*state, SAYS("a\0")));
	assert_false(gets_in(*state, SAYS("a\x7f")));
	assert_false(gets_in(*state, SAYS("\xce")));
	assert_false(gets_in(*state, SAYS("\xff")));
}

/* RFC 4505 section 2: UTF-8 by its ABNF, and "@" in an address only. */
static void a_trace_is_a_word_or_an_address(void **state)
{
	static const char *const right[] = {
		"a@b", "a.b@c.example", "\"a@b \\\" c\"@[192.0.2.1]", "a b",
		"\xed\x9f\xbf", "\xc2\xa0",
		"\xf0\x90\x80\x80", "\"\"@b",
	};
	static const char *const wrong[] = {
		/* Not UTF-8: surrogates, longer than needed, beyond the end. */
		"\xed\xa0\x80", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xf4\x9f\xbf\xbf", "\xf4\x90\x80\x80", "\xf0\x8f\xbf\xbf",
		"\xc0\x80", "\xc1\xbf", "\xf5\x80\x80\x80", "\xe1\x80",
		"\xe1\x80\x41", "\xe1\x80\xc0", "\x80",
		/* Prohibited by the profile: C1 and other controls ... */
		"\xc2\x80", "\xc2\x9b", "\xc2\x9f", "\xe2\x80\xa8",
		"\xe2\x80\xae", "\xee\x80\x80", "\xef\xbf\xbf",
		"\xf0\x9f\xbf\xbe", "\xf3\xa0\x80\x81", "\xef\xbb\xbf",
		/* No addr-spec. */
		"@", "a@", "@b", "a@b@c", "a b@c", "a..b@c", ".a@c", "a.@c",
		"a@b.", "a@b c", "\"a@b", "\"a\"b\"@c", "\"a\\\"@c", "a@[b",
		"a@[b[c]", "<a@b>", "a@\"b\"", "\"@b",
	};

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		assert_true(gets_in(*state, slice_str(right[i])));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(gets_in(*state, slice_str(wrong[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anonymous_is_anybody),
		cmocka_unit_test(a_trace_is_a_word_or_an_address),
	};

	return cmocka_run_group_tests_name("anonymous", tests, set_up,
					   tear_down);
}
