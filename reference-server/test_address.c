/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <cmocka.h>

static struct address read_text(const char *text, uint16_t port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET,
				  .sin_port = htons(port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
				   .sin6_port = htons(port) };
	struct address a;
	int failed;

	if (strchr(text, ':')) {
		assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
		failed = address_read(&a, (struct sockaddr *)&v6);
	} else {
		assert_int_equal(inet_pton(AF_INET, text, &v4.sin_addr), 1);
		failed = address_read(&a, (struct sockaddr *)&v4);
	}
	assert_int_equal(failed, 0);
	return a;
}

static void addresses_are_told_with_their_ports(void **state)
{
	static const struct {
		const char *text, *told;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1:1110" },
		{ "255.255.255.255", "255.255.255.255:1110" },
		{ "::ffff:192.0.2.1", "192.0.2.1:1110" },
		{ "::1", "[::1]:1110" },
		{ "2001:db8::1", "[2001:db8::1]:1110" },
		{ "1111:2222:3333:4444:5555:6666:7777:8888",
		  "[1111:2222:3333:4444:5555:6666:7777:8888]:1110" },
	};
	char text[ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct address a = read_text(rows[i].text, 1110);

		assert_string_equal(address_text(&a, text), rows[i].told);
	}
}

static void the_longest_text_has_room(void **state)
{
	struct address a;
	char text[ADDRESS_TEXT];

	(void)state;
	a = read_text("1111:2222:3333:4444:5555:6666:7777:8888", 65535);
	assert_string_equal(address_text(&a, text) + 40, "]:65535");
}

static void loopback_is_this_machine(void **state)
{
	static const struct {
		const char *text;
		bool loopback;
	} rows[] = {
		{ "127.0.0.1", true },	{ "127.255.0.9", true },
		{ "::1", true },	{ "::ffff:127.0.0.1", true },
		{ "126.0.0.1", false }, { "128.0.0.1", false },
		{ "::2", false },	{ "::ffff:10.0.0.1", false },
		{ "7f00::1", false },	{ "::127.0.0.1", false },
		{ "0.0.0.0", false },	{ "::", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct address a = read_text(rows[i].text, 1);

		print_message("%s\n", rows[i].text);
		assert_int_equal(address_is_loopback(&a), rows[i].loopback);
	}
}

static void a_place_is_an_address_or_a_64(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "192.0.2.1", "::ffff:192.0.2.1", true },
		{ "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true },
		{ "2001:db8:0:1::1", "2001:db8:0:2::1", false },
		/* Of the same /64, and yet nothing to do with each other. */
		{ "::1", "192.0.2.1", false },
		{ "::1", "::2", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct address a = read_text(rows[i].a, 1);
		struct address b = read_text(rows[i].b, 2);
		int way = address_compare_place(&a, &b);
		int back = address_compare_place(&b, &a);

		print_message("%s %s\n", rows[i].a, rows[i].b);
		assert_int_equal(way == 0, rows[i].same);
		assert_int_equal(way<0, back> 0);
		assert_int_equal(way > 0, back < 0);
	}
}

static void other_kinds_are_no_addresses(void **state)
{
	const struct sockaddr_un local = { .sun_family = AF_UNIX };
	struct address a;

	(void)state;
	assert_int_equal(address_read(&a, (const struct sockaddr *)&local), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_told_with_their_ports),
		cmocka_unit_test(the_longest_text_has_room),
		cmocka_unit_test(loopback_is_this_machine),
		cmocka_unit_test(a_place_is_an_address_or_a_64),
		cmocka_unit_test(other_kinds_are_no_addresses),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
