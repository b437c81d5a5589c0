/* SPDX-License-Identifier: MIT */
#include "crypt_form.h"

#include <crypt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char *check(const char *text)
{
	return crypt_form_check(slice_str(text));
}

/* What of these crypt(3) has here: all that it makes, but no part of that. */
static void what_crypt_makes_is_taken_whole(void **state)
{
	static const char *const methods[] = {
		"",    "_",   "$1$", "$2a$", "$2b$", "$2y$", "$3$",
		"$5$", "$6$", "$7$", "$y$",  "$gy$", "$md5", "$sha1$",
	};
	size_t known = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		char *setting = crypt_gensalt(methods[i], 0, NULL, 0);
		char *made = setting ? crypt("secret", setting) : NULL;

		if (!made || made[0] == '*')
			continue;
		known++;
		if (check(made))
			fail_msg("%s: %s", made, check(made));
		if (!check(setting))
			fail_msg("%s is taken", setting);
		made[strlen(made) - 1] = '\0';
		if (!check(made))
			fail_msg("%s is taken", made);
	}
	assert_true(known >= 3); /* {CRYPT} without them would be nothing */
}

static void what_no_password_makes_is_refused(void **state)
{
	static const char *const unknown[] = { "*0", "$9$x$y", "\xff\xff" };
	static const char *const parts[] = {
		"foo",
		"ab",
		"ab.........:",
		"$6$salt",
		"$5$salt$",
		"$1$a$b$c",
		"$1$tasty$rKga.oNr3KZxypaD.BmF6!",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_string_equal(check(unknown[i]),
				    "crypt(3) does not know this form");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!check(parts[i]))
			fail_msg("%s is taken", parts[i]);
	assert_null(check("$1$tasty$rKga.oNr3KZxypaD.BmF6."));
	assert_null(check("abJnggxhB/yWI")); /* DES of 1976 */
}

static void what_begins_like_it_is_known(void **state)
{
	static const char *const like[] = { "$6$abc$def", "$y$j9T$a$b", "$1$",
					    "$2b$10$a", "$sha1$1$a$b" };
	static const char *const not[] = { "", "$", "$6", "6$a$b", "$$$",
					   "abJnggxhB/yWI",
					   "_J9..rasmBYk8r9AiWNc" };

	(void)state;
	for (size_t i = 0; i < sizeof(like) / sizeof(like[0]); i++)
		if (!crypt_form_like(slice_str(like[i])))
			fail_msg("%s is not", like[i]);
	for (size_t i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (crypt_form_like(slice_str(not[i])))
			fail_msg("%s is", not[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_crypt_makes_is_taken_whole),
		cmocka_unit_test(what_no_password_makes_is_refused),
		cmocka_unit_test(what_begins_like_it_is_known),
	};

	return cmocka_run_group_tests_name("crypt_form", tests, NULL, NULL);
}
