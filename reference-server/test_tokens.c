/* SPDX-License-Identifier: MIT */
/* Bearer tokens, and OAUTHBEARER (RFC 7628). */
#include "auth.h"
#include "base64.h"
#include "sasl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define A "\x01"

static void a_token_is_what_rfc_6750_allows(void **state)
{
	(void)state;
	assert_true(token_allowed(slice_str("a")));
	assert_true(token_allowed(slice_str("aZ0-._~+/==")));
	assert_false(token_allowed(slice_str("")));
	assert_false(token_allowed(slice_str("=")));
	assert_false(token_allowed(slice_str("a=b")));
	assert_false(token_allowed(slice_str("a b")));
	assert_false(token_allowed(slice_of("a\0", 2)));
	assert_false(token_allowed(slice_str("a:b")));
}

static void the_place_of_a_bad_line_is_named(void **state)
{
	static const char *const cases[][2] = {
		{ "mrose", "f:1:1: no colon" },
		{ "#\n\nmrose:", "f:3:7: a token is" },
		{ "mrose:a b", "f:1:7: a token is" },
		{ "../x:a", "f:1:1: this name cannot be" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct complaints c = { 0 };

		assert_null(tokens_parse("f", slice_str(cases[i][0]), &c));
		assert_int_equal(c.count, 1);
		assert_true(slice_starts(slice_str(complaints_text(&c, 0)),
					 cases[i][1]));
		complaints_free(&c);
	}
	assert_null(tokens_read("/no/such/file", NULL, NULL));
}

/* Octets of the shortest response that has a token of so many. */
static size_t response_with(size_t token)
{
	static char octets[TOKEN_MAX + 1];
	struct buf request = { 0 }, text = { 0 };
	size_t len;

	memset(octets, 'x', sizeof(octets));
	buf_add_str(&request, "n,," A "auth=Bearer ");
	buf_add(&request, slice_of(octets, token));
	buf_add_str(&request, A A);
	base64_encode(buf_slice(&request), &text);
	len = text.len + strlen("\r\n");
	buf_free(&request);
	buf_free(&text);
	return len;
}

static void a_token_that_no_response_has_room_for_is_refused(void **state)
{
	char line[TOKEN_MAX + 10] = "#\nal:";
	struct complaints c = { 0 };
	struct tokens *t;

	(void)state;
	assert_true(response_with(TOKEN_MAX) <= AUTH_OCTETS);
	assert_true(response_with(TOKEN_MAX + 1) > AUTH_OCTETS);
	memset(line + 5, 'x', TOKEN_MAX + 1);
	t = tokens_parse("f", slice_of(line, 5 + TOKEN_MAX), NULL);
	assert_non_null(t);
	tokens_free(t);
	assert_null(tokens_parse("f", slice_of(line, 5 + TOKEN_MAX + 1), &c));
	assert_string_equal(complaints_text(&c, 0),
			    "f:2:4: a token has at most 9195 octets, "
			    "as many as AUTH has room for");
	complaints_free(&c);
}

/* ------------------------------------------------------------------------- */

static const struct tls_facts tls;

struct world {
	struct users *users;
	struct tokens *tokens;
	struct sasl_config config;
	struct sasl *sasl;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct error e;

	w->users = users_parse("f", slice_str("mrose:x\n"), NULL);
	w->tokens = tokens_parse(
		"t", slice_str("mrose:vF9dft4qmT\ntim:tim=="), NULL);
	w->config =
		(struct sasl_config){ .users = w->users, .tokens = w->tokens };
	w->sasl = sasl_new(&w->config, &e);
	assert_true(w->users && w->tokens && w->sasl);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	sasl_free(w->sasl);
	tokens_free(w->tokens);
	users_free(w->users);
	free(w);
	return 0;
}

static struct sasl_exchange *begin(struct world *w)
{
	struct sasl_exchange *x =
		sasl_begin(w->sasl, &tls, slice_str("OAUTHBEARER"));

	assert_non_null(x);
	return x;
}

static void a_token_lets_its_holder_in(void **state)
{
	static const char *const right[] = {
		"n,," A "auth=Bearer vF9dft4qmT" A A,
		"y,a=mrose," A "auth=bearer  vF9dft4qmT" A A,
		"n,a=mrose," A "host=dewey" A "port=110" A
		"auth=Bearer vF9dft4qmT" A "foo=bar" A A,
	};

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct sasl_exchange *x = begin(*state);
		struct sasl_answer a = sasl_step(x, slice_str(right[i]));

		assert_int_equal(a.what, SASL_SUCCESS);
		assert_true(slice_is(a.user, "mrose"));
		assert_null(a.octets.ptr);
		sasl_end(x);
	}
}

/* Section 3.2.2: an error in JSON, an answer of %x01, and that is all. */
static void a_failure_is_told_in_json(void **state)
{
	static const char *const wrong[][2] = {
		{ "n,," A "auth=Bearer vF9dft4qm" A A,
		  "{\"status\":\"invalid_token\"}" },
		{ "n,a=tim," A "auth=Bearer vF9dft4qmT" A A,
		  "{\"status\":\"insufficient_scope\"}" },
		{ "n,," A "auth=Basic vF9dft4qmT" A A,
		  "{\"status\":\"invalid_request\"}" },
		{ "n,," A "auth=" A A, "{\"status\":\"invalid_request\"}" },
		{ "n,," A "host=x" A A, "{\"status\":\"invalid_request\"}" },
		{ "n,," A A, "{\"status\":\"invalid_request\"}" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		for (int dummy = 0; dummy < 2; dummy++) {
			struct sasl_exchange *x = begin(*state);
			struct sasl_answer a =
				sasl_step(x, slice_str(wrong[i][0]));

			assert_int_equal(a.what, SASL_CHALLENGE);
			assert_true(slice_is(a.octets, wrong[i][1]));
			assert_true(sasl_failed(&a));
			a = sasl_step(x,
				      slice_str(dummy ? A
						      : "n,," A "auth=Bearer "
							"vF9dft4qmT" A A));
			assert_int_equal(a.what, SASL_REFUSED);
			assert_int_equal(a.why, REFUSED_CREDENTIALS);
			assert_false(sasl_failed(&a)); /* again */
			sasl_end(x);
		}
}

static void what_is_no_request_is_refused(void **state)
{
	static const char whole[] = "n,a=mrose," A "auth=Bearer vF9dft4qmT" A A;
	static const char *const wrong[] = {
		"p=tls-unique,," A "auth=Bearer vF9dft4qmT" A A,
		"x,," A "auth=Bearer vF9dft4qmT" A A,
		"n,a=," A "auth=Bearer vF9dft4qmT" A A,
		"n,b=mrose," A "auth=Bearer vF9dft4qmT" A A,
		"n,,x" A "auth=Bearer vF9dft4qmT" A A,
		"n,," A "auth=Bearer vF9dft4qmT" A A A,
		"n,," A "auth=Bearer vF9dft4qmT" A A "x",
		"n,," A "auth" A A,
		"n,," A "=x" A A,
		"n,," A "a1=x" A A,
		"n,," A "auth=Bearer \xc3\xa4" A A,
		"",
		"n",
		A,
	};
	struct sasl_exchange *x;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct sasl_answer a;

		x = begin(*state);
		a = sasl_step(x, slice_str(wrong[i] ? wrong[i] : ""));
		assert_int_equal(a.what, SASL_REFUSED);
		assert_int_equal(a.why, REFUSED_RESPONSE);
		sasl_end(x);
	}
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		x = begin(*state);
		assert_int_equal(sasl_step(x, slice_of(whole, len)).what,
				 SASL_REFUSED);
		sasl_end(x);
	}
}

static void a_command_in_trouble_is_our_fault(void **state)
{
	struct world *w = *state;
	struct askers one = { .most = 1 };
	struct tokens *t = tokens_command("exit 7", 20, &one);
	struct sasl_exchange *x;
	struct sasl_answer a;

	w->config.tokens = t;
	x = begin(w);
	a = sasl_step(x, slice_str("n,," A "auth=Bearer vF9dft4qmT" A A));
	assert_int_equal(a.what, SASL_REFUSED);
	assert_int_equal(a.why, REFUSED_FOR_NOW);
	assert_string_equal(sasl_trouble(x)->text,
			    "OAUTHBEARER's command: exit status 7");
	sasl_end(x);
	tokens_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		cmocka_unit_test(a_token_is_what_rfc_6750_allows),
		cmocka_unit_test(the_place_of_a_bad_line_is_named),
		cmocka_unit_test(
			a_token_that_no_response_has_room_for_is_refused),
		TEST(a_token_lets_its_holder_in),
		TEST(a_failure_is_told_in_json),
		TEST(what_is_no_request_is_refused),
		TEST(a_command_in_trouble_is_our_fault),
	};

	return cmocka_run_group_tests_name("tokens", tests, NULL, NULL);
}
