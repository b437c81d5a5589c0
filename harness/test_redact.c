/* SPDX-License-Identifier: MIT */
#include "redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void bind_all(struct bindings *b, const char *user,
		     const char *password, const char *secret)
{
	struct account a = { .user = user, .password = password,
			     .secret = secret };

	*b = (struct bindings){ 0 };
	account_bind(b, &a);
	assert_false(b->failed);
}

static void assert_redacted(const struct bindings *b, struct slice octets,
			    const char *shown)
{
	struct buf to = { 0 };

	redacted_add(&to, octets, b);
	assert_string_equal(buf_text(&to), shown);
	buf_free(&to);
}

static void assert_text_redacted(const struct bindings *b, const char *text,
				 const char *shown)
{
	struct buf to = { 0 };

	buf_add_str(&to, text);
	redact(&to, b);
	assert_string_equal(buf_text(&to), shown);
	buf_free(&to);
}

static void an_account_has_four_names(void **state)
{
	struct bindings b;

	(void)state;
	bind_all(&b, "alice", "sesame", "tanstaaf");
	assert_string_equal(buf_text(&b.list[0].value), "alice");
	assert_false(b.list[0].secret);
	assert_true(binding_find(&b, "password")->secret);
	assert_true(binding_find(&b, "wrong password")->secret);
	assert_true(binding_find(&b, "secret")->secret);
	assert_false(slice_is(
		buf_slice(&binding_find(&b, "wrong password")->value),
		"sesame"));
	bindings_free(&b);
	bind_all(&b, "alice", "xesame", NULL);
	assert_null(binding_find(&b, "secret"));
	assert_false(slice_is(
		buf_slice(&binding_find(&b, "wrong password")->value),
		"xesame"));
	bindings_free(&b);
	account_bind(&b, NULL);
	assert_int_equal(b.count, 0);
}

static void wrong_passwords_are_as_secret(void **state)
{
	struct account a = { .user = "alice", .password = "sesame",
			     .other_password = "sesame-of-bob" };
	struct bindings b = { 0 };

	(void)state;
	account_bind(&b, &a);
	assert_redacted(&b, slice_str("sesame-of-bob sesame-of-bo sesam"),
			"{other password} {password}-of-bo {shorter password}");
	assert_text_redacted(&b, "not sesame-of-bob", "not {other password}");
	bindings_free(&b);
	a.password = "abc";
	a.other_password = NULL;
	account_bind(&b, &a);
	assert_null(binding_find(&b, "shorter password"));
	assert_null(binding_find(&b, "other password"));
	bindings_free(&b);
	a.password = "two words";
	assert_false(account_can_be_shorter(&a));
}

static void secrets_stand_under_their_names(void **state)
{
	struct bindings b;

	(void)state;
	bind_all(&b, "alice", "sesame", "tanstaaf");
	assert_redacted(&b, slice_str("PASS sesame"), "PASS {password}");
	assert_redacted(&b, slice_str("PASS sesam"), "PASS {shorter password}");
	assert_redacted(&b, slice_str("sesamesesame!"),
			"{password}{password}!");
	assert_redacted(&b, slice_str("xesame tanstaaf alice"),
			"{wrong password} {secret} alice");
	assert_redacted(&b, slice_str("sesa e\r\nsesame{\x1b"),
			"sesa e{CRLF}{password}{{{0x1B}");
	assert_redacted(&b, slice_of("a\0sesame", 8), "a{NUL}{password}");
	assert_redacted(&b, slice_str(""), "");
	assert_redacted(NULL, slice_str("sesame\n"), "sesame{LF}");
	bindings_free(&b);
}

/* It is visible already, and made no more visible. */
static void text_is_redacted_as_it_looks(void **state)
{
	struct bindings b;

	(void)state;
	bind_all(&b, "alice", "se{me\xff", "tanstaaf");
	assert_text_redacted(&b, "got se{{me{0xFF}, {CRLF}",
			     "got {password}, {CRLF}");
	assert_text_redacted(&b, "no secret: se{me", "no secret: se{me");
	assert_text_redacted(&b, "", "");
	assert_text_redacted(NULL, "se{{me{0xFF}", "se{{me{0xFF}");
	bindings_free(&b);
}

/* What stands for a secret is not looked into again. */
static void a_name_may_look_like_a_secret(void **state)
{
	struct bindings b;

	(void)state;
	bind_all(&b, "alice", "password", "secret");
	assert_redacted(&b, slice_str("password secret"),
			"{password} {secret}");
	assert_text_redacted(&b, "password secret", "{password} {secret}");
	bindings_free(&b);
}

static void an_empty_secret_hides_nothing(void **state)
{
	struct bindings b = { 0 };

	(void)state;
	binding_set_secret(&b, "password", slice_str(""));
	assert_redacted(&b, slice_str("abc"), "abc");
	assert_text_redacted(&b, "abc", "abc");
	bindings_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_has_four_names),
		cmocka_unit_test(wrong_passwords_are_as_secret),
		cmocka_unit_test(secrets_stand_under_their_names),
		cmocka_unit_test(text_is_redacted_as_it_looks),
		cmocka_unit_test(a_name_may_look_like_a_secret),
		cmocka_unit_test(an_empty_secret_hides_nothing),
	};

	return cmocka_run_group_tests_name("redact", tests, NULL, NULL);
}
