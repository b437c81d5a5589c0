/* SPDX-License-Identifier: MIT */
/* Files of --config that are broken: each is told in one line. */
#include "config_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define PATH "c.json"
#define KNOWN                                                                  \
	"unknown key; known are store, users, host, user, group, listeners, "  \
	"limits, log, tls, policy, language"

/* The first complaint about a text, of which there are no more than one. */
struct wrong {
	const char *text, *message;
};

static void assert_each_is_refused(const struct wrong *w, size_t count)
{
	struct complaints c;
	struct options o;

	for (size_t i = 0; i < count; i++) {
		if (config_text_read(&o, &c, PATH, w[i].text) == 0)
			fail_msg("%s is taken", w[i].text);
		assert_string_equal(c.list[0].text, w[i].message);
		assert_int_equal(c.count, 1);
		config_text_end(&o, &c);
	}
}

#define EACH(list)                                                             \
	assert_each_is_refused(list, sizeof(list) / sizeof((list)[0]))

static void what_is_no_json_is_told_with_its_place(void **state)
{
	static const struct wrong list[] = {
		{ "", PATH ":1:1: '[' or '{' expected near end of file" },
		{ "[]", PATH ":1:1: not an object: {...}" },
		{ "5", PATH ":1:1: '[' or '{' expected near '5'" },
		{ "{\n\"host\":", PATH ":2:7: unexpected token near end of "
				       "file" },
		{ "{\n \"host\": \"a\",\n \"host\": \"b\"\n}",
		  PATH ":3:7: duplicate object key near '\"host\"'" },
		{ "{\"host\":\"a\"} x", PATH ":1:14: end of file expected near "
					     "'x'" },
		{ "{\"host\":\"\x1b[2J\"}",
		  PATH ":1:9: control character 0x1b near '\"'" },
		{ "{\"host\":\"\xff\"}",
		  PATH ":1:9: unable to decode byte 0xff near '\"'" },
		{ "{\x1b[2J}", PATH ":1:2: string or '}' expected near '?'" },
		{ "{\"limits\":{\"autologout\":99999999999999999999}}",
		  PATH ":1:44: too big integer near '99999999999999999999'" },
		{ "{\"host\":\"a\\u0000b\"}",
		  PATH ":1:18: no string may have a NUL" },
	};

	(void)state;
	EACH(list);
}

static void wrong_values_are_told_with_their_place(void **state)
{
	static const struct wrong list[] = {
		{ "{\"host\":5}", PATH ": /host: 5: not a string: \"...\"" },
		{ "{\"host\":\"\"}",
		  PATH ": /host: \"\": empty; one octet at least is wanted" },
		{ "{\"host\":\"a\\u001b[2J\"}",
		  PATH ": /host: \"a\\u001B[2J\": not a domain of at most 200 "
		       "octets" },
		{ "{\"host\":{\"a\":1}}",
		  PATH ": /host: {...}: not a string: \"...\"" },
		{ "{\"store\":{\"maildir\":null}}",
		  PATH ": /store/maildir: null: not a string: \"...\"" },
		{ "{\"store\":\"mail\"}",
		  PATH ": /store: \"...\": not an object: {...}" },
		{ "{\"limits\":{\"autologout\":\"ten\"}}",
		  PATH ": /limits/autologout: \"ten\": not a number from 0 to "
		       "4294967295" },
		{ "{\"limits\":{\"autologout\":-1}}",
		  PATH ": /limits/autologout: -1: not a number from 0 to "
		       "4294967295" },
		{ "{\"limits\":{\"autologout\":4294967296}}",
		  PATH ": /limits/autologout: 4294967296: not a number from 0 "
		       "to 4294967295" },
		{ "{\"limits\":{\"autologout\":1.5}}",
		  PATH ": /limits/autologout: 1.5: not a number from 0 to "
		       "4294967295" },
		{ "{\"policy\":{\"last\":1}}",
		  PATH ": /policy/last: 1: not true or false" },
		{ "{\"policy\":{\"expire\":0}}",
		  PATH ": /policy/expire: 0: not a number from 1 to "
		       "1000000000" },
		{ "{\"policy\":{\"login_delays\":[]}}",
		  PATH ": /policy/login_delays: [...]: not an object: {...}" },
		{ "{\"policy\":{\"login_delays\":{\"a/~b\":1}}}", PATH
		  ": /policy/login_delays/a~1~0b: 1: not a name, which is "
		  "1 to 64 of A-Z a-z 0-9 . _ @ + -, not starting with ." },
		{ "{\"policy\":{\"login_delays\":{\"al\":{}}}}",
		  PATH ": /policy/login_delays/al: {...}: not a number from 0 "
		       "to 1000000000" },
		{ "{\"language\":\"fr\"}",
		  PATH ": /language: \"fr\": not one of those that LANG lists: "
		       "en or de" },
	};

	(void)state;
	EACH(list);
}

static void wrong_listeners_are_told_with_their_place(void **state)
{
	static const struct wrong list[] = {
		{ "{\"listeners\":{}}",
		  PATH ": /listeners: {...}: not a list: [...]" },
		{ "{\"listeners\":[{},{},{},{},{},{},{},{},{}]}",
		  PATH ": /listeners: [...]: more than 8" },
		{ "{\"listeners\":[110]}",
		  PATH ": /listeners/0: 110: not an object: {...}" },
		{ "{\"listeners\":[{\"port\":1},{\"address\":\"::1\"}]}",
		  PATH ": /listeners/1/port: missing; it is a number from 0 "
		       "to 65535" },
		{ "{\"listeners\":[{\"port\":65536}]}",
		  PATH ": /listeners/0/port: 65536: not a number from 0 to "
		       "65535" },
		{ "{\"listeners\":[{\"port\":1,\"address\":\"localhost\"}]}",
		  PATH ": /listeners/0/address: \"localhost\": not an IPv4 or "
		       "IPv6 address in numbers" },
		{ "{\"listeners\":[{\"port\":1,\"tls\":\"maybe\"}]}",
		  PATH ": /listeners/0/tls: \"maybe\": not \"none\", "
		       "\"starttls\" or \"implicit\"" },
		{ "{\"listeners\":[{\"port\":1,\"prot\":1}]}",
		  PATH ": /listeners/0/prot: unknown key; did you mean "
		       "\"port\"?" },
	};

	(void)state;
	EACH(list);
}

static void unknown_keys_are_told_with_the_known(void **state)
{
	static const struct wrong list[] = {
		{ "{\"limits\":{\"autologut\":1}}",
		  PATH ": /limits/autologut: unknown key; did you mean "
		       "\"autologout\"?" },
		{ "{\"tls\":{\"colour\":[{}]}}",
		  PATH ": /tls/colour: unknown key; known are certificate, "
		       "key, client_ca, clear_passwords" },
		{ "{\"a/b~\":1}", PATH ": /a~1b~0: " KNOWN },
		{ "{\"limits/autologout\":1}",
		  PATH ": /limits~1autologout: " KNOWN },
		{ "{\"\\u001b[2J\":1}", PATH ": /?[2J: " KNOWN },
		{ "{\"#\":1}", PATH ": /#: " KNOWN },
		{ "{\"policy\":{\"*\":1}}",
		  PATH ": /policy/*: unknown key; known are login_delay, "
		       "login_delays, expire, late_implementation, last" },
		{ "{\"defect\":\"x\"}", PATH ": /defect: " KNOWN },
	};

	(void)state;
	EACH(list);
}

/* By options_check(), behind a file that is right in itself. */
static void what_belongs_together_is_missed(void **state)
{
	static const struct wrong list[] = {
		{ "{\"users\":{\"file\":\"u\"}}",
		  PATH ": /store/maildir: missing" },
		{ "{\"store\":{\"maildir\":\"m\"}}",
		  PATH ": /users/file: missing" },
		{ "{\"store\":{\"maildir\":\"m\"},\"users\":{\"file\":\"u\"},"
		  "\"tls\":{\"key\":\"k\"}}",
		  PATH ": /tls/certificate: missing: it goes with the key" },
		{ "{\"store\":{\"maildir\":\"m\"},\"users\":{\"file\":\"u\"},"
		  "\"tls\":{\"clear_passwords\":false}}",
		  PATH ": /tls/clear_passwords: without a certificate there is "
		       "no TLS" },
		{ "{\"store\":{\"maildir\":\"m\"},\"users\":{\"file\":\"u\"},"
		  "\"listeners\":[{\"port\":0},{\"port\":0,\"tls\":"
		  "\"starttls\"}]}",
		  PATH ": /listeners/1/tls: without a certificate there is no "
		       "TLS" },
		{ "{\"store\":{\"maildir\":\"m\"},\"users\":{\"file\":\"u\"},"
		  "\"listeners\":[]}",
		  PATH ": /listeners: empty; one at least is wanted" },
		{ "{\"store\":{\"maildir\":\"m\"},\"users\":{\"file\":\"u\"},"
		  "\"listeners\":[{\"port\":1},{\"port\":2},{\"port\":1}]}",
		  PATH ": /listeners/2: that of /listeners/0 again" },
		{ "{\"store\":{\"maildir\":\"m\"},\"users\":{\"file\":\"u\","
		  "\"oauth_tokens\":\"t\",\"oauth_command\":\"c\"}}",
		  PATH ": /users/oauth_command: not beside a file of tokens: "
		       "one of them" },
	};
	struct complaints c;
	struct options o;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		assert_int_equal(config_text_read(&o, &c, PATH, list[i].text),
				 0);
		assert_int_equal(options_check(&o, &c), 1);
		assert_int_equal(c.count, 1);
		assert_string_equal(c.list[0].text, list[i].message);
		config_text_end(&o, &c);
	}
}

static void all_is_told_at_once_and_has_an_end(void **state)
{
	struct buf text = { 0 };
	struct complaints c;
	struct options o;

	(void)state;
	buf_add_str(&text, "{\"users\":{");
	for (int i = 0; i < 1000; i++)
		buf_printf(&text, "%s\"key number %d\":1", i ? "," : "", i);
	buf_add_str(&text, "}}");
	assert_int_equal(config_text_read(&o, &c, PATH, buf_text(&text)), -1);
	assert_int_equal(c.count, 1000);
	assert_true(slice_starts(slice_str(c.list[COMPLAINTS_KEPT - 1].text),
				 PATH ": /users/key number 19: unknown key"));
	buf_free(&text);
	config_text_end(&o, &c);
}

/* A place that is deep is told, and nothing overflows. */
static void depth_has_an_end(void **state)
{
	struct buf text = { 0 };
	struct complaints c;
	struct options o;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_add_str(&text, "{\"a\":");
	assert_int_equal(config_text_read(&o, &c, PATH, buf_text(&text)), -1);
	assert_int_equal(c.count, 1);
	assert_string_equal(c.list[0].text, PATH ":1:10241: maximum parsing "
						 "depth reached near '{'");
	buf_free(&text);
	config_text_end(&o, &c);
}

static void long_texts_are_cut(void **state)
{
	struct buf text = { 0 };
	struct complaints c;
	struct options o;

	(void)state;
	buf_add_str(&text, "{\"host\":\"");
	for (int i = 0; i < 1000; i++)
		buf_add_char(&text, 'x');
	buf_add_str(&text, "\"}");
	assert_int_equal(config_text_read(&o, &c, PATH, buf_text(&text)), -1);
	assert_true(strlen(c.list[0].text) < 150);
	assert_true(slice_ends(slice_str(c.list[0].text),
			       "xxx...: not a domain of at most 200 octets"));
	buf_free(&text);
	config_text_end(&o, &c);
}

static void files_that_cannot_be_are_told(void **state)
{
	static const struct wrong list[] = {
		{ "/nowhere/c.json",
		  "--config: /nowhere/c.json: No such file or "
		  "directory" },
		{ "/tmp", "--config: /tmp: not a file" },
		{ "/dev/zero", "--config: /dev/zero: not a file" },
	};
	char path[] = "/tmp/pop3-config-XXXXXX";
	struct complaints c = { 0 };
	struct options o;
	int file = mkstemp(path);

	(void)state;
	options_init(&o);
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		assert_int_equal(config_read(&o, list[i].text, &c), -1);
		assert_string_equal(c.list[i].text, list[i].message);
	}
	assert_int_equal(fchmod(file, 0606), 0);
	assert_int_equal(config_read(&o, path, &c), -1);
	assert_true(slice_ends(slice_str(c.list[3].text),
			       ": everybody may write to it: it is not used"));
	assert_int_equal(fchmod(file, 0600), 0);
	assert_int_equal(ftruncate(file, (1 << 20) + 1), 0);
	assert_int_equal(config_read(&o, path, &c), -1);
	assert_true(slice_ends(slice_str(c.list[4].text), ": more than 1 MiB"));
	close(file);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0); /* that nobody writes to */
	assert_int_equal(config_read(&o, path, &c), -1);
	assert_true(slice_ends(slice_str(c.list[5].text), ": not a file"));
	unlink(path);
	config_text_end(&o, &c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_json_is_told_with_its_place),
		cmocka_unit_test(wrong_values_are_told_with_their_place),
		cmocka_unit_test(wrong_listeners_are_told_with_their_place),
		cmocka_unit_test(unknown_keys_are_told_with_the_known),
		cmocka_unit_test(what_belongs_together_is_missed),
		cmocka_unit_test(all_is_told_at_once_and_has_an_end),
		cmocka_unit_test(depth_has_an_end),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(files_that_cannot_be_are_told),
	};

	return cmocka_run_group_tests_name("config_errors", tests, NULL, NULL);
}
