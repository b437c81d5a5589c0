/* SPDX-License-Identifier: MIT */
#include "options.h"
#include "user_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define MOST 12
#define NEEDED "--maildir", "m", "--users", "u"

/* Reads the arguments; NULL ends them. Returns the exit code. */
static int read(struct options *o, struct complaints *c,
		const char *const *arguments)
{
	char *argv[MOST + 2] = { (char *)"server" };
	int argc = 1;

	for (; *arguments && argc <= MOST; arguments++)
		argv[argc++] = (char *)*arguments;
	options_init(o);
	*c = (struct complaints){ 0 };
	return options_read(o, argc, argv, c);
}

static void end(struct options *o, struct complaints *c)
{
	options_free(o);
	complaints_free(c);
}

#define READ(...) read(&o, &c, (const char *const[]){ __VA_ARGS__, NULL })

static void assert_refused(const char *message, const char *const *arguments)
{
	struct options o;
	struct complaints c;

	assert_int_equal(read(&o, &c, arguments), 2);
	assert_true(c.count > 0);
	assert_string_equal(c.list[0].text, message);
	end(&o, &c);
}

#define REFUSED(message, ...)                                                  \
	assert_refused(message, (const char *const[]){ __VA_ARGS__, NULL })

static void what_is_not_given_has_a_default(void **state)
{
	struct options o;
	struct complaints c;

	(void)state;
	assert_int_equal(READ(NEEDED), 0);
	assert_string_equal(o.maildir, "m");
	assert_string_equal(o.serve.who.users, "u");
	assert_int_equal(o.serve.listeners_count, 1);
	assert_string_equal(o.serve.listeners[0].address, "127.0.0.1");
	assert_int_equal(o.serve.listeners[0].port, 0);
	assert_int_equal(o.serve.listeners[0].tls, LISTEN_EITHER);
	assert_int_equal(o.serve.autologout, 600000);
	assert_int_equal(o.serve.max_connections, 1000);
	assert_int_equal(o.serve.clear_passwords, CLEAR_FROM_HERE);
	assert_true(apop_host_allowed(slice_str(o.serve.host)));
	end(&o, &c);
}

static void values_go_where_they_belong(void **state)
{
	struct options o;
	struct complaints c;

	(void)state;
	assert_int_equal(READ(NEEDED, "--autologout=5", "--last", "--expire=30",
			      "--language=DE", "--max-connections=7",
			      "--host=a.example", "--late-implementation",
			      "--anonymous=al"),
			 0);
	assert_int_equal(o.serve.autologout, 5000);
	assert_int_equal(o.serve.max_connections, 7);
	assert_int_equal(o.serve.policies.expire_days, 30);
	assert_int_equal(o.serve.policies.language, GERMAN);
	assert_true(o.serve.policies.legacy_last);
	assert_true(o.serve.policies.implementation_is_late);
	assert_string_equal(o.serve.host, "a.example");
	assert_string_equal(o.serve.who.anonymous, "al");
	end(&o, &c);
}

static void listeners_are_two_with_tls(void **state)
{
	struct options o;
	struct complaints c;

	(void)state;
	assert_int_equal(READ(NEEDED, "--certificate=c", "--key=k",
			      "--tls-port=995", "--port=110", "--address=::1",
			      "--no-clear-passwords"),
			 0);
	assert_int_equal(o.serve.listeners_count, 2);
	assert_string_equal(o.serve.listeners[0].address, "::1");
	assert_string_equal(o.serve.listeners[1].address, "::1");
	assert_int_equal(o.serve.listeners[0].port, 110);
	assert_int_equal(o.serve.listeners[1].port, 995);
	assert_int_equal(o.serve.listeners[1].tls, LISTEN_IMPLICIT);
	assert_int_equal(o.serve.clear_passwords, CLEAR_NEVER);
	end(&o, &c);
}

static void delays_are_all_or_one_users(void **state)
{
	struct options o;
	struct complaints c;

	(void)state;
	assert_int_equal(READ(NEEDED, "--login-delay=60", "--login-delay=al=5"),
			 0);
	assert_int_equal(policies_delay(&o.serve.policies, slice_str("al")), 5);
	assert_int_equal(policies_delay(&o.serve.policies, slice_str("bob")),
			 60);
	end(&o, &c);
}

static void what_was_asked_for_is_known(void **state)
{
	struct options o;
	struct complaints c;

	(void)state;
	assert_int_equal(READ("--help", "--port=x"), 0);
	assert_int_equal(o.asked, ASKED_FOR_HELP);
	assert_int_equal(READ("--hash", "CRYPT"), 0);
	assert_int_equal(o.asked, ASKED_FOR_HASH);
	assert_string_equal(o.hash, "CRYPT");
	assert_int_equal(READ("--list-oddities"), 0);
	assert_int_equal(o.asked, ASKED_FOR_ODDITIES);
}

static void what_is_no_value_is_refused(void **state)
{
	static const char *const numbers[] = { "x",	"-1", "+1", "1x",
					       "65536", " 1", "0x1" };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		char message[64];

		snprintf(message, sizeof(message),
			 "--port %s: not a number from 0 to 65535", numbers[i]);
		REFUSED(message, "--port", numbers[i]);
	}
	REFUSED("--port : not a number from 0 to 65535", "--port", "");
	REFUSED("--port 99999999999999999999: not a number from 0 to 65535",
		"--port=99999999999999999999");
	REFUSED("--address localhost: not an IPv4 or IPv6 address in numbers",
		"--address=localhost");
	REFUSED("--host a?b: not a domain of at most 200 octets",
		"--host=a\nb");
	REFUSED("--login-delay a/b=1: not a name, which is " USER_NAME_RULE,
		"--login-delay=a/b=1");
	REFUSED("--login-delay al=: not a number from 0 to 1000000000",
		"--login-delay=al=");
	REFUSED("--login-delay x: not a number from 0 to 1000000000",
		"--login-delay=x");
	REFUSED("--users : empty; one octet at least is wanted", "--users", "");
	REFUSED("x: not an option; see --help", NEEDED, "x");
}

static void what_several_begin_with_is_ambiguous(void **state)
{
	(void)state;
	REFUSED("--max=5: ambiguous: --max-connections --max-per-address "
		"--max-failures; see --help",
		NEEDED, "--max=5");
	REFUSED("--tls-port: without its argument; see --help", NEEDED, "--tl");
	REFUSED("--=5: not an option; see --help", NEEDED, "--=5");
	REFUSED("--maxi: not an option; see --help", NEEDED, "--maxi");
}

static void what_belongs_together_is_missed(void **state)
{
	(void)state;
	REFUSED("--maildir: missing; see --help", "--users=u");
	REFUSED("--users: missing; see --help", "--maildir=m");
	REFUSED("--key: missing: it goes with the certificate", NEEDED,
		"--certificate=c");
	REFUSED("--certificate: missing: it goes with the key", NEEDED,
		"--key=k");
	REFUSED("--tls-port: without a certificate there is no TLS", NEEDED,
		"--tls-port=0");
	REFUSED("--client-ca: without a certificate there is no TLS", NEEDED,
		"--client-ca=c");
	REFUSED("--oauth-command: not beside a file of tokens: one of them",
		NEEDED, "--oauth-tokens=t", "--oauth-command=c");
	REFUSED("--tls-port: that of --port, too", NEEDED, "--certificate=c",
		"--key=k", "--port=110", "--tls-port=110");
}

static void all_is_told_at_once(void **state)
{
	struct options o;
	struct complaints c;

	(void)state;
	assert_int_equal(READ("--port=x", "--expire=0", "--language=fr"), 2);
	assert_int_equal(c.count, 3);
	end(&o, &c);
}

static void each_row_is_whole(void **state)
{
	(void)state;
	for (const struct setting *s = settings; s < settings + settings_count;
	     s++) {
		assert_true(s->flag || s->pointer);
		if (s->flag)
			assert_ptr_equal(setting_of_flag(s->flag), s);
		if (s->pointer)
			assert_ptr_equal(setting_at(s->pointer), s);
		assert_true(!s->flag || !setting_has_argument(s) ||
			    s->argument);
		assert_true(s->size > 0 || s->put || s->kind == SETTING_NAMES ||
			    s->kind == SETTING_ASK);
		if (s->kind == SETTING_NUMBER && s->size > 0)
			assert_true(s->size == 4 || s->size == 8);
	}
	assert_null(setting_of_flag("nope"));
	assert_null(setting_at("/nope"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_given_has_a_default),
		cmocka_unit_test(values_go_where_they_belong),
		cmocka_unit_test(listeners_are_two_with_tls),
		cmocka_unit_test(delays_are_all_or_one_users),
		cmocka_unit_test(what_was_asked_for_is_known),
		cmocka_unit_test(what_is_no_value_is_refused),
		cmocka_unit_test(what_several_begin_with_is_ambiguous),
		cmocka_unit_test(what_belongs_together_is_missed),
		cmocka_unit_test(all_is_told_at_once),
		cmocka_unit_test(each_row_is_whole),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
