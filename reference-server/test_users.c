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
	struct users *u = users_parse("users",
				      slice_str("# people\n\nbob:b:o b\r\n"
						"alice:{PLAIN}{x}\n"
						"carol:secret"),
				      NULL);

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
		{ "a:x\nbob\n", "f:2:1: no colon" },
		{ "../a:x\n", "f:1:1: this name cannot be" },
		{ ":x\n", "f:1:1: this name cannot be" },
		{ "#\n\na:\n", "f:3:3: the password is empty" },
		{ "a:{PLAIN}\n", "f:1:10: the password is empty" },
		{ "a:{SHA512-CRYPT}$6$x\n", "f:1:3: the scheme is none of" },
		{ "a:{plain\n", "f:1:3: the scheme is none of" },
		{ "a:x\x01y\n", "f:1:4: a control character" },
		{ "ab:{CRYPT}$6$\x7f\n", "f:1:14: a control character" },
		{ "b:1\na:2\nc:3\nb:4\n", "f:4:1: b again, see line 1" },
		{ "a:{CRYPT}$9$x$y\n", "f:1:10: crypt(3) does not know" },
		{ "a:{CRYPT}*0\n", "f:1:10: crypt(3) does not know" },
		{ "a:{CRYPT}foo\n", "f:1:10: nothing that crypt(3) makes" },
		{ "a:{CRYPT}$6$x$short\n", "f:1:10: nothing that crypt(3)" },
		{ "a:{SCRAM-SHA-1}x\n", "f:1:16: iterations are a number" },
		{ "a:{SCRAM-SHA-1}0,YWFh,YWFh,YWFh\n", "f:1:16: iterations" },
		{ "a:{SCRAM-SHA-1}10000001,YWFh\n", "f:1:16: iterations" },
		{ "a:{SCRAM-SHA-1}4096,YWF,YWFh\n", "f:1:21: the salt" },
		{ "a:{SCRAM-SHA-1}4096,YWFh,YWFh,YWFh\n",
		  "f:1:26: the stored" },
		{ "a:{SCRAM-SHA-1}1,YWFh,b3eOzHYefvac8eU6bvoukX2dGHc=,YWFh\n",
		  "f:1:52: the server key" },
		{ "a:{SCRAM-SHA-256}1,YWFh,b3eOzHYefvac8eU6bvoukX2dGHc=,YWFh\n",
		  "f:1:25: the stored key" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct complaints c = { 0 };
		struct slice text = slice_str(cases[i].text);

		assert_null(users_parse("f", text, &c));
		assert_int_equal(c.count, 1);
		assert_memory_equal(complaints_text(&c, 0), cases[i].error,
				    strlen(cases[i].error));
		complaints_free(&c);
	}
	assert_null(users_parse("f", slice_of("a:x\0y\n", 6), NULL));
}

/* But not so many that other files have no room. */
static void all_bad_lines_are_told(void **state)
{
	static const char *const told[] = {
		"f:1:1: no colon", "f:2:3: the password is empty",
		"f:4:1: no colon", "f:7:1: b again, see line 5",
		"f:8:1: b again, see line 7",
	};
	struct complaints c = { 0 };

	(void)state;
	assert_null(users_parse(
		"f", slice_str("x\na:\n#\ny\nb:1\nc:1\nb:2\nb:3\n"), &c));
	assert_int_equal(c.count, sizeof(told) / sizeof(told[0]));
	for (size_t i = 0; i < c.count; i++)
		assert_memory_equal(complaints_text(&c, i), told[i],
				    strlen(told[i]));
	complaints_free(&c);
	assert_null(users_parse("f", slice_str("1\n2\n3\n4\n5\n6\n7\n8\n"),
				&c));
	assert_int_equal(c.count, 7);
	assert_string_equal(complaints_text(&c, 6),
			    "f: 2 more lines are wrong");
	complaints_free(&c);
	assert_null(users_parse("f", slice_str("1\n2\n3\n4\n5\n6\n7\n"), &c));
	assert_int_equal(c.count, 7);
	assert_string_equal(complaints_text(&c, 6), "f: 1 more line is wrong");
	complaints_free(&c);
}

/* As doveadm pw writes them. */
#define SECRETS                                                                \
	"plain:secret\n"                                                       \
	"blowfish:{CRYPT}$2y$05$2AVQDOhNb2FgBJKdCKrAB.94ai3/U/"                \
	"VEHQhyVQHZo.b2ux23y6lkq\n"                                            \
	"sha512:{CRYPT}$6$tku8CXwsZQd62Zez$uinTRjZOlz66l8pY5vuMyucQ3xeNJ3Yg"   \
	"u/8rnwvf/f31HTP6E5JWhmpvwgQQe4f/vNGnwQjD5aJdHAaKqDI9T1\n"             \
	"scram1:{SCRAM-SHA-1}4096,fPHGmNjUu7A2jnXGxj+eLw==,"                   \
	"b3eOzHYefvac8eU6bvoukX2dGHc=,lphYqwwXAXZunb93FJwNKTM9wbE=\n"          \
	"scram256:{scram-sha-256}4096,bbNYOV8HQOKmyZUjlU5Yww==,"               \
	"uCFgAyjdhY1E2ZK6pox9kIKZGnaTjs3MnL6/578YtCc=,"                        \
	"ZERJ3yhvyzdsa3lLGrtNMtrpJCbo/KR6Gq3a4LV4f8w=\n"

static void a_password_fits_its_secret_in_any_scheme(void **state)
{
	static const char *const names[] = { "plain", "blowfish", "sha512",
					     "scram1", "scram256" };
	struct users *u = users_parse("f", slice_str(SECRETS), NULL);

	(void)state;
	assert_non_null(u);
	assert_int_equal(users_schemes(u), 15);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(logs_in(u, names[i], "secret"));
		assert_false(logs_in(u, names[i], "secret "));
		assert_false(logs_in(u, names[i], "Secret"));
		assert_false(logs_in(u, names[i], ""));
	}
	users_free(u);
}

static void what_is_made_of_a_password_fits_it(void **state)
{
	static const char *const schemes[] = { "PLAIN", "CRYPT", "SCRAM-SHA-1",
					       "SCRAM-SHA-256" };
	struct buf again = { 0 };
	struct error e;

	(void)state;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		struct buf b = { 0 };
		struct users *u;

		buf_add_str(&b, "a:");
		assert_int_equal(
			secret_make(schemes[i], slice_str("{x} y"), &b, &e), 0);
		u = users_parse("f", buf_slice(&b), NULL);
		assert_non_null(u);
		assert_true(logs_in(u, "a", "{x} y"));
		assert_false(logs_in(u, "a", "{x} z"));
		users_free(u);
		buf_clear(&again);
		buf_add_str(&again, "a:");
		secret_make(schemes[i], slice_str("{x} y"), &again, &e);
		assert_int_equal(slice_equal(buf_slice(&b), buf_slice(&again)),
				 i == 0);
		buf_free(&b);
	}
	buf_free(&again);
	assert_int_equal(secret_make("MD5", slice_str("x"), &again, &e), -1);
	assert_int_equal(secret_make("PLAIN", slice_str(""), &again, &e), -1);
	assert_int_equal(secret_make("CRYPT", slice_str("\n"), &again, &e), -1);
	buf_free(&again);
}

/* Nobody learns from an answer, nor from its time, that a name is not known. */
static void another_stands_in_for_a_name_that_is_not_known(void **state)
{
	struct users *u = users_parse("f", slice_str(SECRETS), NULL);
	char salt[USERS_SALT], again[USERS_SALT];
	const struct secret *s;
	bool known;

	(void)state;
	s = users_secret(u, slice_str("nobody"), SCHEME_SCRAM_SHA_1, &known);
	assert_false(known);
	assert_int_equal(s->scheme, SCHEME_SCRAM_SHA_1);
	s = users_secret(u, slice_str("sha512"), SCHEME_PLAIN, &known);
	assert_false(known);
	assert_int_equal(s->scheme, SCHEME_PLAIN);
	s = users_secret(u, slice_str("sha512"), SCHEME_CRYPT, &known);
	assert_true(known);
	assert_true(slice_starts(s->text, "$6$tku8"));
	s = users_secret(u, slice_str("a\nb"), ~0u, &known);
	assert_false(known);
	assert_ptr_equal(users_secret(u, slice_str("a\nb"), ~0u, &known), s);
	assert_false(logs_in(u, "nobody", "secret"));
	users_salt(u, slice_str("nobody"), salt);
	users_salt(u, slice_str("nobody"), again);
	assert_string_equal(salt, again);
	assert_int_equal(strlen(salt), 24);
	users_salt(u, slice_str("nobody2"), again);
	assert_string_not_equal(salt, again);
	users_free(u);
	u = users_parse("f", slice_str("# nobody\n"), NULL);
	assert_null(users_secret(u, slice_str("nobody"), ~0u, &known));
	assert_false(logs_in(u, "nobody", "secret"));
	users_free(u);
}

static void apop_needs_a_password_in_clear(void **state)
{
	struct users *u = users_parse("f", slice_str(SECRETS), NULL);
	struct credentials c = {
		.user = slice_str("plain"),
		.digest = slice_str("5ebe2294ecd0e0f08eab7690d2a6ee69"),
		.timestamp = slice_str(""), /* so it is the MD5 of the secret */
	};

	(void)state;
	assert_true(users_verify(u, &c));
	c.user = slice_str("scram1");
	assert_false(users_verify(u, &c));
	c.user = slice_str("nobody");
	assert_false(users_verify(u, &c));
	users_free(u);
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
	struct complaints c = { 0 };
	struct users *u;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a:x\nb:y\n", 8), 8);
	u = users_read(path, NULL, NULL);
	assert_non_null(u);
	assert_true(logs_in(u, "b", "y"));
	assert_int_equal(users_count(u), 2);
	assert_true(slice_is(users_name(u, 1), "b"));
	assert_true(users_know(u, slice_str("a")));
	assert_false(users_know(u, slice_str("c")));
	users_free(u);
	assert_int_equal(ftruncate(fd, (16 << 20) + 1), 0);
	assert_null(users_read(path, NULL, &c));
	assert_true(slice_ends(slice_str(complaints_text(&c, 0)),
			       ": more than 16 MiB"));
	close(fd);
	unlink(path);
	assert_null(users_read(path, NULL, &c));
	assert_true(slice_ends(slice_str(complaints_text(&c, 1)),
			       "No such file or directory"));
	assert_null(users_read("/tmp", "--users", &c));
	assert_string_equal(complaints_text(&c, 2),
			    "--users: /tmp: not a file");
	complaints_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_names_are_refused),
		cmocka_unit_test(passwords_are_compared_whole),
		cmocka_unit_test(the_place_of_a_bad_line_is_named),
		cmocka_unit_test(all_bad_lines_are_told),
		cmocka_unit_test(a_password_fits_its_secret_in_any_scheme),
		cmocka_unit_test(what_is_made_of_a_password_fits_it),
		cmocka_unit_test(
			another_stands_in_for_a_name_that_is_not_known),
		cmocka_unit_test(apop_needs_a_password_in_clear),
		cmocka_unit_test(apop_is_the_digest_of_the_rfc),
		cmocka_unit_test(timestamps_differ),
		cmocka_unit_test(hosts_are_domains),
		cmocka_unit_test(files_are_read_or_the_error_names_them),
	};

	return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
