/* SPDX-License-Identifier: MIT */
#include "apop.h"
#include "session.h"
#include "user_name.h"
#include "users.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void hostile_names_are_refused(void **state)
{
	static const char *const hostile[] = {
	    "",	       ".",	 "..",	  "../bob", "a/b",    "/etc",
	    ".hidden", "a\\b",	 "a b",	  "a\tb",   "a\r\nb", "b\xc3\xa9",
	    "a:b",     "%2e%2e", "~root", "a\x7f",  "*",      "$(id)",
	};
	char longest[USER_NAME_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		assert_false(user_name_allowed(slice_str(hostile[i])));
	assert_false(user_name_allowed(slice_of("a\0b", 3)));
	assert_false(user_name_allowed(slice_of("alice\0", 6)));
	memset(longest, 'a', sizeof(longest));
	assert_true(user_name_allowed(slice_of(longest, USER_NAME_MAX)));
	assert_false(user_name_allowed(slice_of(longest, USER_NAME_MAX + 1)));
	assert_true(user_name_allowed(slice_str("A.b-c_d+1@example.org")));
	assert_true(user_name_allowed(slice_str("-..")));
}

static bool logs_in(const struct users *u, const char *name,
		    const char *password)
{
	return users_verify(
	    u, &(struct credentials){.user = slice_str(name),
				     .password = slice_str(password)});
}

static void passwords_are_compared_whole(void **state)
{
	struct error e;
	struct users *u = users_parse("users",
				      slice_str("# people\n\nbob:b:o b\r\n"
						"alice:{PLAIN}{x}\n"
						"carol:secret"),
				      &e);

	(void)state;
	assert_non_null(u);
	assert_true(logs_in(u, "alice", "{x}"));
	assert_true(logs_in(u, "bob", "b:o b"));
	assert_true(logs_in(u, "carol", "secret"));
	assert_false(logs_in(u, "carol", "secre"));
	assert_false(logs_in(u, "carol", "secret "));
	assert_false(logs_in(u, "carol", ""));
	assert_false(logs_in(u, "Carol", "secret"));
	assert_false(logs_in(u, "bob", "secret"));
	assert_false(logs_in(u, "dave", "secret"));
	assert_false(logs_in(u, "", ""));
	assert_false(logs_in(u, "../alice", "{x}"));
	users_free(u);
}

static void the_place_of_a_bad_line_is_named(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
	    {"a:x\nbob\n", "f:2: no colon"},
	    {"../a:x\n", "f:1: this name cannot be"},
	    {":x\n", "f:1: this name cannot be"},
	    {"#\n\na:\n", "f:3: the password is empty"},
	    {"a:{PLAIN}\n", "f:1: the password is empty"},
	    {"a:{SHA512-CRYPT}$6$x\n", "f:1: passwords can be in clear"},
	    {"a:{plain\n", "f:1: passwords can be in clear"},
	    {"a:x\x01y\n", "f:1: a control character"},
	    {"b:1\na:2\nc:3\nb:4\n", "f:4: b again, see line 1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error e = {""};
		struct slice text = slice_str(cases[i].text);

		assert_null(users_parse("f", text, &e));
		assert_memory_equal(e.text, cases[i].error,
				    strlen(cases[i].error));
	}
	assert_null(users_parse("f", slice_of("a:x\0y\n", 6), NULL));
}

static void apop_is_the_digest_of_the_rfc(void **state)
{
	struct users *u = users_parse("f", slice_str("mrose:tanstaaf\n"), NULL);
	struct credentials c = {
	    .user = slice_str("mrose"),
	    .digest = slice_str("c4c9334bac560ecc979e58001b3e22fb"),
	    .timestamp = slice_str("<1896.697170952@dbc.mtview.ca.us>"),
	};

	(void)state;
	assert_true(apop_available());
	assert_true(users_verify(u, &c));
	c.timestamp = slice_str("<1896.697170953@dbc.mtview.ca.us>");
	assert_false(users_verify(u, &c));
	c.digest = slice_str("c4c9334bac560ecc979e58001b3e22f");
	assert_false(users_verify(u, &c));
	c.digest = slice_str("");
	assert_false(users_verify(u, &c));
	users_free(u);
}

static void timestamps_differ(void **state)
{
	char a[APOP_TIMESTAMP_ROOM], b[APOP_TIMESTAMP_ROOM];
	char host[APOP_HOST_MAX + 1];

	(void)state;
	memset(host, 'h', APOP_HOST_MAX);
	host[APOP_HOST_MAX] = '\0';
	assert_int_equal(apop_timestamp(a, host, UINT64_MAX, 1), 0);
	assert_true(slice_starts(slice_str(a), "<"));
	assert_true(slice_ends(slice_str(a), "h>"));
	assert_int_equal(apop_timestamp(a, "h", 7, 7), 0);
	assert_int_equal(apop_timestamp(b, "h", 7, 7), 0);
	assert_string_equal(a + 17, ".7.7@h>");
	assert_string_equal(b + 17, ".7.7@h>");
	assert_string_not_equal(a, b);
}

static void hosts_are_domains(void **state)
{
	char host[APOP_HOST_MAX + 1];

	(void)state;
	memset(host, 'h', sizeof(host));
	assert_true(apop_host_allowed(slice_str("mail-1.example.org")));
	assert_true(apop_host_allowed(slice_of(host, APOP_HOST_MAX)));
	assert_false(apop_host_allowed(slice_of(host, APOP_HOST_MAX + 1)));
	assert_false(apop_host_allowed(slice_str("")));
	assert_false(apop_host_allowed(slice_str(".a")));
	assert_false(apop_host_allowed(slice_str("a.")));
	assert_false(apop_host_allowed(slice_str("a..b")));
	assert_false(apop_host_allowed(slice_str("a>b")));
	assert_false(apop_host_allowed(slice_str("a b\r\n")));
}

static void files_are_read_or_the_error_names_them(void **state)
{
	char path[] = "/tmp/users-XXXXXX";
	int fd = mkstemp(path);
	struct error e;
	struct users *u;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a:x\nb:y\n", 8), 8);
	u = users_read(path, &e);
	assert_non_null(u);
	assert_true(logs_in(u, "b", "y"));
	users_free(u);
	assert_false(users_exposed(path));
	assert_int_equal(fchmod(fd, 0644), 0);
	assert_true(users_exposed(path));
	assert_int_equal(ftruncate(fd, (16 << 20) + 1), 0);
	assert_null(users_read(path, &e));
	assert_true(slice_ends(slice_str(e.text), ": more than 16 MiB"));
	close(fd);
	unlink(path);
	assert_null(users_read(path, &e));
	assert_true(slice_ends(slice_str(e.text), "No such file or directory"));
	assert_null(users_read("/tmp", &e));
	assert_string_equal(e.text, "/tmp: cannot be read");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hostile_names_are_refused),
	    cmocka_unit_test(passwords_are_compared_whole),
	    cmocka_unit_test(the_place_of_a_bad_line_is_named),
	    cmocka_unit_test(apop_is_the_digest_of_the_rfc),
	    cmocka_unit_test(timestamps_differ),
	    cmocka_unit_test(hosts_are_domains),
	    cmocka_unit_test(files_are_read_or_the_error_names_them),
	};

	return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
