/* SPDX-License-Identifier: MIT */
#include "target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void assert_url(const char *url, const char *user, const char *password,
		       const char *host, uint64_t port)
{
	struct target t;
	struct error e;

	assert_int_equal(target_load(&t, url, &e), 0);
	assert_string_equal(t.host, host);
	assert_int_equal(t.port, port);
	assert_int_equal(t.account_count, user ? 1 : 0);
	if (user)
		assert_string_equal(t.accounts[0].user, user);
	if (password)
		assert_string_equal(t.accounts[0].password, password);
	else if (user)
		assert_null(t.accounts[0].password);
	target_free(&t);
}

static void urls_are_read(void **state)
{
	(void)state;
	assert_url("pop3://alice@example.org", "alice", NULL, "example.org",
		   110);
	assert_url("pop3://alice@127.0.0.1:1110/", "alice", NULL, "127.0.0.1",
		   1110);
	assert_url("POP3://127.0.0.1:65535", NULL, NULL, "127.0.0.1", 65535);
	assert_url("pop3://al:p%3a%20:w@[::1]:1", "al", "p: :w", "::1", 1);
	assert_url("pop3://a%40b%3B%c3%bc@[fe80::1]", "a@b;\xc3\xbc", NULL,
		   "fe80::1", 110);
}

static void rfc2384_names_a_mechanism(void **state)
{
	struct target t;
	struct error e;

	(void)state;
	assert_int_equal(
	    target_load(&t, "pop://alice;auth=+APOP@mail.example.org:111", &e),
	    0);
	assert_string_equal(t.accounts[0].user, "alice");
	assert_string_equal(t.mechanism, "+APOP");
	assert_int_equal(t.port, 111);
	target_free(&t);
}

static void assert_refused(const char *url, const char *message)
{
	struct target t;
	struct error e;

	assert_int_equal(target_load(&t, url, &e), -1);
	assert_string_equal(e.text, message);
	target_free(&t);
}

static void tls_is_not_there_yet(void **state)
{
	(void)state;
	assert_refused("pop3s://alice@example.org",
		       "URL, column 1: this build has no TLS yet: only "
		       "pop3:// can be judged");
	assert_refused("imap://alice@example.org",
		       "URL, column 1: the scheme must be pop3, or pop (RFC "
		       "2384)");
	assert_refused("://a", "URL, column 1: the scheme must be pop3, or pop "
			       "(RFC 2384)");
}

static void percent_signs_are_strict(void **state)
{
	(void)state;
	assert_refused("pop3://a%4@h",
		       "URL, column 9: % needs two hexadecimal digits");
	assert_refused("pop3://a%@h",
		       "URL, column 9: % needs two hexadecimal digits");
	assert_refused("pop3://a%zz@h",
		       "URL, column 9: % needs two hexadecimal digits");
	assert_refused("pop3://a%00@h", "URL, column 9: a control character");
	assert_refused("pop3://a%0d%0aDELE@h",
		       "URL, column 9: a control character");
	assert_refused("pop3://a b@h",
		       "URL, column 9: this octet must be %-encoded");
	assert_refused("pop3://\xc3\xbc@h",
		       "URL, column 8: this octet must be %-encoded");
}

static void the_parts_are_checked(void **state)
{
	(void)state;
	assert_refused("pop3://", "URL, column 8: the host is missing");
	assert_refused("pop3://a@", "URL, column 10: the host is missing");
	assert_refused("pop3://@h", "URL, column 8: the user name is empty");
	assert_refused("pop3://:x@h", "URL, column 8: the user name is empty");
	assert_refused("pop3://a:@127.0.0.1",
		       "URL, column 10: the password is empty");
	assert_refused("pop3://a@b@h",
		       "URL, column 11: a second @ (in a name it is written "
		       "%40)");
	assert_refused("pop3://h:", "URL, column 10: a port is from 1 to "
				    "65535");
	assert_refused("pop3://h:0", "URL, column 10: a port is from 1 to "
				     "65535");
	assert_refused("pop3://h:99999999999999999999999",
		       "URL, column 10: a port is from 1 to 65535");
	assert_refused("pop3://h:1x", "URL, column 11: not a digit");
	assert_refused("pop3://h/1", "URL, column 9: nothing may follow the "
				     "server");
	assert_refused("pop3://h?x", "URL, column 9: nothing may follow the "
				     "server");
	assert_refused("pop3://[::1", "URL, column 8: [ without ]");
	assert_refused("pop3://[::1]1", "URL, column 13: expected : and a "
					"port");
	assert_refused("pop3://[h]", "URL, column 9: not an IPv6 address");
	assert_refused("pop3://[]", "URL, column 9: not an IPv6 address");
	assert_refused("pop3://h\x1b[1m",
		       "URL, column 9: not an octet of a host name");
	assert_refused("pop3://a;x@h",
		       "URL, column 10: only AUTH= may follow ; (a ; in a name "
		       "is written %3B)");
	assert_refused("pop://a;AUTH=@h", "URL, column 14: AUTH= needs a "
					  "mechanism");
}

static void a_password_stays_on_loopback(void **state)
{
	(void)state;
	assert_refused("pop3://a:hunter2@mail.example.org",
		       "URL, column 10: a password is taken here on loopback "
		       "only: give it by --password-file or "
		       "POP3SPEC_PASSWORD");
	assert_refused("pop://a:hunter2@127.0.0.1",
		       "URL, column 9: pop:// has no password (RFC 2384)");
	assert_url("pop3://a:hunter2@localhost", "a", "hunter2", "localhost",
		   110);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(urls_are_read),
	    cmocka_unit_test(rfc2384_names_a_mechanism),
	    cmocka_unit_test(tls_is_not_there_yet),
	    cmocka_unit_test(percent_signs_are_strict),
	    cmocka_unit_test(the_parts_are_checked),
	    cmocka_unit_test(a_password_stays_on_loopback),
	};

	return cmocka_run_group_tests_name("target_url", tests, NULL, NULL);
}
