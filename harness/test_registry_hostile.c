/* SPDX-License-Identifier: MIT */
#include "registry_text.h"

#include <string.h>

static void a_nul_is_no_text(void **state)
{
	static const char octet[] = ONE(", \"why\": \"a\0b\"");

	(void)state;
	assert_refused(slice_of(octet, sizeof(octet) - 1), "r.json:1:");
	assert_wrong(ONE(", \"why\": \"a\\u0000b\""), "r.json:1:");
	assert_wrong(ONE(", \"why\\u0000\": \"a\""), "r.json:1:");
}

static void errors_do_not_carry_control_octets(void **state)
{
	struct error e = { 0 };

	(void)state;
	assert_null(registry_parse(slice_str("{\"\\u001b[2J\": \x1b[2J}"),
				   "r\x1b.json", &e));
	assert_null(strchr(e.text, '\x1b'));
	assert_null(registry_parse(
	    slice_str(ONE(", \"\\u001b]0;x\\u0007\": 1")), "r.json", &e));
	assert_null(strchr(e.text, '\x1b'));
	assert_non_null(strstr(e.text, "unknown key"));
}

/* n times piece, between head and tail; owned. */
static char *many(const char *head, const char *piece, size_t n,
		  const char *tail)
{
	struct buf b = {0};

	buf_add_str(&b, head);
	for (size_t i = 0; i < n; i++)
		buf_add_str(&b, piece);
	buf_add_str(&b, tail);
	return buf_steal(&b);
}

static void deep_nesting_is_refused(void **state)
{
	char *arrays = many("", "[", REGISTRY_LIMIT - 1, "");
	char *objects = many("", "{\"a\":", 150000, "");

	(void)state;
	assert_wrong(arrays, "r.json:1:");
	assert_wrong(objects, "r.json:1:");
	free(arrays);
	free(objects);
}

static void too_many_octets_are_refused_unread(void **state)
{
	size_t room = REGISTRY_LIMIT - strlen(ONE(""));
	char *fits = many(ONE(""), " ", room, "");
	char *over = many(ONE(""), " ", room + 1, "");
	struct registry *r = parse(fits);

	(void)state;
	assert_int_equal(registry_count(r), 1);
	assert_wrong(over, "r.json: more than 1048576 octets");
	registry_free(r);
	free(fits);
	free(over);
}

static void many_entries_are_all_found(void **state)
{
	struct buf json = {0};
	struct registry *r;

	(void)state;
	buf_add_str(&json, HEAD);
	for (int i = 0; i < 3000; i++)
		buf_printf(&json, "%s" ENTRY("A-%d", ""), i ? "," : "",
			   i * 7919 % 3000);
	buf_add_str(&json, "]}");
	r = parse(buf_text(&json));
	assert_int_equal(registry_count(r), 3000);
	for (size_t i = 0; i < registry_count(r); i++)
		assert_ptr_equal(registry_find(r, registry_at(r, i)->id),
				 registry_at(r, i));
	registry_free(r);
	buf_free(&json);
}

static void long_lists_are_read_or_refused(void **state)
{
	char *rulings = many(HEAD OPEN("A-1") ", \"ruling\": [\"C1\"",
			     ",\"C2\"", 150000, "]}]}");
	char *numbers = many(HEAD "7", ",7", 500000, "]}");
	struct registry *r = parse(rulings);

	(void)state;
	assert_int_equal(registry_at(r, 0)->ruling_count, 150001);
	assert_wrong(numbers, "r.json: /requirements/0: must be an object");
	registry_free(r);
	free(rulings);
	free(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_nul_is_no_text),
	    cmocka_unit_test(errors_do_not_carry_control_octets),
	    cmocka_unit_test(deep_nesting_is_refused),
	    cmocka_unit_test(too_many_octets_are_refused_unread),
	    cmocka_unit_test(many_entries_are_all_found),
	    cmocka_unit_test(long_lists_are_read_or_refused),
	};

	return cmocka_run_group_tests_name("registry_hostile", tests, NULL,
					   NULL);
}
