/* SPDX-License-Identifier: MIT */
#include "target.h"

#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

static int from_json(struct target *t, const char *json, struct error *e)
{
	return target_from_json(t, "here/t.json", slice_str(json), e);
}

static void assert_refused(const char *json, const char *message)
{
	struct target t;
	struct error e;

	assert_int_equal(from_json(&t, json, &e), -1);
	assert_string_equal(e.text, message);
	target_free(&t);
}

static void every_key_is_read(void **state)
{
	struct target t;
	struct error e;
	struct buf name = {0};

	(void)state;
	assert_int_equal(
	    from_json(&t,
		      "{ \"host\": \"127.0.0.1\", \"port\": 1110,"
		      " \"tls\": { \"port\": 1995, \"ca\": \"ca.pem\","
		      "            \"verify\": false },"
		      " \"accounts\": [ { \"user\": \"alice\","
		      "   \"password\": \"p 1\", \"secret\": \"s\","
		      "   \"traits\": [\"apop\"] },"
		      "   { \"user\": \"bob\" } ],"
		      " \"provision\": { \"maildir\": \"mail/{user}\" },"
		      " \"delivers\": \"adds headers\", \"keeps\": true,"
		      " \"autologout\": 600, \"patience\": { \"lock\": 90 },"
		      " \"start\": \"a\", \"stop\": \"b\", \"reset\": \"c\" }",
		      &e),
	    0);
	assert_string_equal(t.host, "127.0.0.1");
	assert_int_equal(t.port, 1110);
	assert_true(t.has_tls);
	assert_int_equal(t.tls.port, 1995);
	assert_string_equal(t.tls.ca, "here/ca.pem");
	assert_false(t.tls.verify);
	assert_int_equal(t.account_count, 2);
	assert_string_equal(t.accounts[0].user, "alice");
	assert_string_equal(t.accounts[0].password, "p 1");
	assert_string_equal(t.accounts[0].secret, "s");
	assert_true(target_account_has(&t.accounts[0], "apop"));
	assert_false(target_account_has(&t.accounts[1], "apop"));
	assert_null(t.accounts[1].password);
	assert_string_equal(t.maildir, "here/mail/{user}");
	assert_int_equal(t.delivers, DELIVERS_ADDING_HEADERS);
	assert_true(t.keeps);
	assert_int_equal(t.autologout, 600);
	assert_int_equal(t.patience.ms[WAIT_LOCK], 90000);
	assert_int_equal(t.patience.ms[WAIT_REPLY],
			 patience_default.ms[WAIT_REPLY]);
	assert_string_equal(t.start, "a");
	assert_string_equal(t.stop, "b");
	assert_string_equal(t.reset, "c");
	assert_string_equal(t.directory, "here");
	target_name(&t, &name);
	assert_string_equal(buf_text(&name), "127.0.0.1:1110");
	buf_free(&name);
	target_free(&t);
}

static void little_is_enough(void **state)
{
	struct target t;
	struct error e;

	(void)state;
	assert_int_equal(from_json(&t, "{\"host\": \"::1\"}", &e), 0);
	assert_int_equal(t.port, 110);
	assert_int_equal(t.account_count, 0);
	assert_null(t.maildir);
	assert_false(t.has_tls);
	assert_true(t.tls.verify);
	assert_int_equal(t.delivers, DELIVERS_EXACT);
	target_free(&t);
	assert_int_equal(from_json(&t,
				   "{\"host\": \"::1\", "
				   "\"start\": \"s {port} {port}.\"}",
				   &e),
			 0);
	assert_int_equal(t.port, 0);
	target_free(&t);
}

static void the_port_goes_into_commands(void **state)
{
	struct target t = {.port = 1110};
	char *command = target_command(&t, "s {port} -{port}{port");

	(void)state;
	assert_string_equal(command, "s 1110 -1110{port");
	free(command);
}

static void wrong_keys_are_pointed_at(void **state)
{
	(void)state;
	assert_refused("{\"host\": \"a\", }",
		       "here/t.json:1:15: string or '}' expected");
	assert_refused("{}", "here/t.json: lacks \"host\"");
	assert_refused("{\"hots\": \"a\"}",
		       "here/t.json: /hots: unknown key; did you mean "
		       "\"host\"?");
	assert_refused("{\"accounts\": [{\"usr\": \"a\"}]}",
		       "here/t.json: /accounts/0/usr: unknown key; did you "
		       "mean \"user\"?");
	assert_refused("{\"accounts\": [{\"password\": \"a\"}]}",
		       "here/t.json: /accounts/0: lacks \"user\"");
	assert_refused("{\"provision\": {\"smtp\": 1}}",
		       "here/t.json: /provision/smtp: this build cannot fill a "
		       "maildrop so; it can by \"maildir\"");
}

static void wrong_values_are_pointed_at(void **state)
{
	(void)state;
	assert_refused("{\"host\": \"\"}",
		       "here/t.json: /host: must not be empty");
	assert_refused("{\"host\": \"a:1 b\"}",
		       "here/t.json: /host: must be a name or an address, such "
		       "as 127.0.0.1 or ::1; the port is a key of its own");
	assert_refused("{\"port\": \"110\"}",
		       "here/t.json: /port: must be a whole number from 1 to "
		       "65535");
	assert_refused("{\"port\": 65536}",
		       "here/t.json: /port: must be a whole number from 1 to "
		       "65535");
	assert_refused("{\"accounts\": [{\"user\": \"a\\r\\nDELE 1\"}]}",
		       "here/t.json: /accounts/0/user: must not hold control "
		       "characters");
	assert_refused("{\"accounts\": [{\"user\": \"a\"}, "
		       "{\"user\": \"b\"}, {\"user\": \"a\"}]}",
		       "here/t.json: /accounts/2: the user of /accounts/0 "
		       "again");
	assert_refused("{\"accounts\": [{\"user\": \"a\", \"traits\": [1]}]}",
		       "here/t.json: /accounts/0/traits/0: must be a string: "
		       "\"...\"");
	assert_refused("{\"accounts\": [{\"user\": \"a\", "
		       "\"traits\": [\"apop\", \"Apop\"]}]}",
		       "here/t.json: /accounts/0/traits/1: \"Apop\": no such "
		       "trait; there is \"apop\"");
	assert_refused("{\"accounts\": [{\"user\": \"a\", "
		       "\"traits\": [\"space-in-password\"]}]}",
		       "here/t.json: /accounts/0/traits/0: "
		       "\"space-in-password\" is seen from the password, and "
		       "not written down; a trait is \"apop\"");
	assert_refused("{\"delivers\": \"exactly\"}",
		       "here/t.json: /delivers: must be \"exact\", \"adds "
		       "headers\" or \"rewrites\"");
	assert_refused("{\"delivers\": 1}",
		       "here/t.json: /delivers: must be \"exact\", \"adds "
		       "headers\" or \"rewrites\"");
	assert_refused("{\"autologout\": 0}",
		       "here/t.json: /autologout: must be a whole number from "
		       "1 to 86400");
	assert_refused("{\"host\": \"a\", \"patience\": {\"lock\": 59}}",
		       "here/t.json: /patience/lock: must be a whole number "
		       "from 60 to 3600, because the server is on another "
		       "machine");
	assert_refused("{\"patience\": {\"lock\": 0}}",
		       "here/t.json: /patience/lock: must be a whole number "
		       "from 1 to 3600");
	assert_refused("{\"host\": \"a\", \"accounts\": [{\"user\": \"a\"}, "
		       "{\"user\": \"b\"}], \"provision\": "
		       "{\"maildir\": \"m\"}}",
		       "here/t.json: /provision/maildir: must hold {user}, "
		       "because there is more than one account");
}

static void a_wrong_password_is_not_shown(void **state)
{
	const char *const files[] = {
	    "{\"accounts\": [{\"user\": \"a\", \"password\": \"hunter2\\n\"}]}",
	    "{\"accounts\": [{\"user\": \"a\", \"password\": hunter2}]}",
	    "{\"accounts\": [{\"user\": \"a\", \"password\": \"hunter2}]}",
	    "{\"accounts\": [{\"user\": \"a\", \"password\": [\"hunter2\"]}]}",
	    NULL,
	};
	struct target t;
	struct error e;

	(void)state;
	for (size_t i = 0; files[i]; i++) {
		assert_int_equal(from_json(&t, files[i], &e), -1);
		assert_null(strstr(e.text, "hunter2"));
		target_free(&t);
	}
}

static int load(const struct scratch *s, const char *name, mode_t mode,
		struct error *e)
{
	char *path = scratch_path(s, name);
	struct target t;
	int failed;

	scratch_write(s, name, "{\"host\": \"127.0.0.1\"}");
	assert_int_equal(chmod(path, mode), 0);
	failed = target_load(&t, path, e);
	target_free(&t);
	free(path);
	return failed;
}

static void a_file_that_others_may_write_is_refused(void **state)
{
	struct scratch s;
	struct error e;

	(void)state;
	scratch_open(&s);
	assert_int_equal(load(&s, "a.json", 0644, &e), 0);
	assert_int_equal(load(&s, "b.json", 0646, &e), -1);
	assert_non_null(strstr(e.text, "b.json: others may write to it"));
	assert_int_equal(load(&s, "c.json", 0664, &e), -1);
	scratch_close(&s);
}

static void what_is_no_target_is_not_echoed(void **state)
{
	struct target t;
	struct error e;

	(void)state;
	assert_int_equal(target_load(&t, "me:hunter2@host", &e), -1);
	assert_null(strstr(e.text, "hunter2"));
	target_free(&t);
	assert_int_equal(target_load(&t, "/nowhere/t.json", &e), -1);
	assert_string_equal(e.text,
			    "/nowhere/t.json: No such file or directory");
	target_free(&t);
}

static void loopback_is_known(void **state)
{
	const char *const near[] = {"localhost", "LocalHost", "127.0.0.1",
				    "127.9.9.9", "::1",	      NULL};
	const char *const far[] = {"localhost.example.org", "128.0.0.1",
				   "127.0.0.1.example.org", "::2", NULL};
	struct target t = {0};

	(void)state;
	for (size_t i = 0; near[i]; i++) {
		t.host = (char *)(uintptr_t)near[i];
		assert_true(target_is_loopback(&t));
	}
	for (size_t i = 0; far[i]; i++) {
		t.host = (char *)(uintptr_t)far[i];
		assert_false(target_is_loopback(&t));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_key_is_read),
	    cmocka_unit_test(little_is_enough),
	    cmocka_unit_test(the_port_goes_into_commands),
	    cmocka_unit_test(wrong_keys_are_pointed_at),
	    cmocka_unit_test(wrong_values_are_pointed_at),
	    cmocka_unit_test(a_wrong_password_is_not_shown),
	    cmocka_unit_test(a_file_that_others_may_write_is_refused),
	    cmocka_unit_test(what_is_no_target_is_not_echoed),
	    cmocka_unit_test(loopback_is_known),
	};

	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
