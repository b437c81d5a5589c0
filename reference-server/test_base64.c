/* SPDX-License-Identifier: MIT */
#include "base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* RFC 4648 section 10. */
static const struct {
	const char *octets, *text;
} vectors[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
};

/* Decodes a text that ends where the memory does, or fails. */
static bool decodes(const char *text, char *to, size_t *len)
{
	size_t count = strlen(text);
	char *end = malloc(count + 1);
	bool done;

	memcpy(end, text, count);
	done = base64_decode(slice_of(end, count), to, len);
	free(end);
	return done;
}

static void the_vectors_of_the_rfc(void **state)
{
	char octets[16];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct buf b = { 0 };

		base64_encode(slice_str(vectors[i].octets), &b);
		assert_string_equal(buf_text(&b), vectors[i].text);
		buf_free(&b);
		assert_true(decodes(vectors[i].text, octets, &len));
		assert_int_equal(len, strlen(vectors[i].octets));
		assert_memory_equal(octets, vectors[i].octets, len);
	}
}

static void all_else_is_refused(void **state)
{
	static const char *const wrong[] = {
		"Z",
		"Zg",
		"Zg=",
		"Zm8",
		"Zm9vY",
		"Zg===",
		"====",
		"=",
		"==",
		"=Zg=",
		"Z===",
		"=AAA",
		"AAA=BBB",
		"AAA=BBBB",
		"Zg==Zg==",
		"Zm=v",
		"Zm9v\n",
		"Zm9v\r\n",
		"Zm9\n",
		" Zm9v",
		"Zm9v    ",
		"Zm9-",
		"Zm9_",
		"Zm9.",
		"Zm9\x80",
		"Zm9v!m9v",
		"*",
		"****",
		/* Bits that no octet needs (section 3.5). */
		"Zh==",
		"Zk==",
		"Zo==",
		"Zm9=",
		"Zm+=",
	};
	char octets[16];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(decodes(wrong[i], octets, &len));
	assert_false(base64_decode(slice_of("Zm9\0", 4), octets, &len));
}

static void what_is_encoded_is_decoded_in_its_place(void **state)
{
	char octets[256];
	struct buf b = { 0 };
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (char)(i * 7);
	for (size_t n = 0; n <= sizeof(octets); n++) {
		buf_clear(&b);
		base64_encode(slice_of(octets, n), &b);
		assert_int_equal(b.len, (n + 2) / 3 * 4);
		assert_true(base64_decode(buf_slice(&b), b.ptr, &len));
		assert_true(
			slice_equal(slice_of(b.ptr, len), slice_of(octets, n)));
	}
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_rfc),
		cmocka_unit_test(all_else_is_refused),
		cmocka_unit_test(what_is_encoded_is_decoded_in_its_place),
	};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
