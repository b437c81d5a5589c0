/* SPDX-License-Identifier: MIT */
#include "nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* Offers the words, of which NULL is the last. */
static const char *best_of(const char *wrong, const char *const *words)
{
	struct nearest n = { .wrong = wrong };

	for (; *words; words++)
		nearest_offer(&n, *words);
	return n.best;
}

static void a_slip_is_understood(void **state)
{
	static const char *const words[] = { "certificate", "key", "keys",
					     "client_ca", NULL };

	(void)state;
	assert_string_equal(best_of("certifcate", words), "certificate");
	assert_string_equal(best_of("Client-ca", words), "client_ca");
	assert_string_equal(best_of("kez", words), "key");
	assert_string_equal(best_of("keys", words), "keys");
}

static void what_is_far_off_is_not(void **state)
{
	static const char *const words[] = { "certificate", "key", "a", NULL };

	(void)state;
	assert_null(best_of("colour", words));
	assert_null(best_of("", words));
	assert_null(best_of("b", words));
}

static void long_words_are_left_alone(void **state)
{
	char wrong[NEAREST_MAX + 2], known[NEAREST_MAX + 2];
	const char *const words[] = { known, NULL };

	(void)state;
	memset(wrong, 'x', sizeof(wrong));
	memset(known, 'x', sizeof(known));
	wrong[NEAREST_MAX + 1] = known[NEAREST_MAX + 1] = '\0';
	assert_null(best_of(wrong, words));
	wrong[NEAREST_MAX] = '\0';
	assert_null(best_of(wrong, words));
	known[NEAREST_MAX] = '\0';
	assert_ptr_equal(best_of(wrong, words), known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slip_is_understood),
		cmocka_unit_test(what_is_far_off_is_not),
		cmocka_unit_test(long_words_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
