/* SPDX-License-Identifier: MIT */
#include "config_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define PATH "d/c.json" /* relative paths in it begin at d/ */
#define FULL                                                                   \
	"{\"store\":{\"maildir\":\"mail\"},\"users\":{\"file\":\"/u\","        \
	"\"anonymous\":\"al\",\"oauth_tokens\":\"t\"},\"host\":\"a.example\"," \
	"\"listeners\":[{\"port\":110},{\"address\":\"::1\",\"port\":111,"     \
	"\"tls\":\"none\"},{\"port\":995,\"tls\":\"implicit\"}],"              \
	"\"limits\":{\"max_connections\":7,\"autologout\":700,"                \
	"\"per_address\":3,\"login_time\":60,\"command_rate\":9,"              \
	"\"refusal_delay\":20,\"failures\":4,\"loopback_too\":true},"          \
	"\"log\":{\"file\":\"l\",\"any_name\":true},"                          \
	"\"tls\":{\"certificate\":\"c\",\"key\":\"../k\",\"client_ca\":\"a\"," \
	"\"clear_passwords\":false},\"policy\":{\"login_delay\":60,"           \
	"\"login_delays\":{\"al\":5,\"bob\":0},\"expire\":30,"                 \
	"\"late_implementation\":true,\"last\":false},\"language\":\"de\"}"

static void values_go_where_they_belong(void **state)
{
	struct complaints c;
	struct options o;

	(void)state;
	assert_int_equal(config_text_read(&o, &c, PATH, FULL), 0);
	assert_int_equal(options_check(&o, &c), 0);
	assert_string_equal(o.maildir, "d/mail");
	assert_string_equal(o.serve.who.users, "/u");
	assert_string_equal(o.serve.who.anonymous, "al");
	assert_string_equal(o.serve.who.oauth_tokens, "d/t");
	assert_string_equal(o.serve.host, "a.example");
	assert_int_equal(o.serve.max_connections, 7);
	assert_int_equal(o.serve.autologout, 700000);
	assert_int_equal(o.serve.limits.per_address, 3);
	assert_int_equal(o.serve.limits.login_time, 60000);
	assert_int_equal(o.serve.limits.commands, 9);
	assert_int_equal(o.serve.limits.refusal_delay, 20);
	assert_int_equal(o.serve.limits.failures, 4);
	assert_true(o.serve.limits.loopback_too);
	assert_string_equal(o.log, "d/l");
	assert_true(o.serve.log_any_name);
	assert_string_equal(o.serve.certificates.certificate, "d/c");
	assert_string_equal(o.serve.certificates.key, "d/../k");
	assert_string_equal(o.serve.certificates.client_ca, "d/a");
	assert_int_equal(o.serve.clear_passwords, CLEAR_NEVER);
	assert_int_equal(o.serve.policies.expire_days, 30);
	assert_true(o.serve.policies.implementation_is_late);
	assert_false(o.serve.policies.legacy_last);
	assert_int_equal(o.serve.policies.language, GERMAN);
	config_text_end(&o, &c);
}

static void lists_have_their_elements(void **state)
{
	struct complaints c;
	struct options o;

	(void)state;
	assert_int_equal(config_text_read(&o, &c, PATH, FULL), 0);
	assert_int_equal(o.serve.listeners_count, 3);
	assert_string_equal(o.serve.listeners[0].address, "127.0.0.1");
	assert_int_equal(o.serve.listeners[0].port, 110);
	assert_int_equal(o.serve.listeners[0].tls, LISTEN_EITHER);
	assert_string_equal(o.serve.listeners[1].address, "::1");
	assert_int_equal(o.serve.listeners[1].tls, LISTEN_CLEAR);
	assert_int_equal(o.serve.listeners[2].port, 995);
	assert_int_equal(o.serve.listeners[2].tls, LISTEN_IMPLICIT);
	assert_int_equal(policies_delay(&o.serve.policies, slice_str("al")), 5);
	assert_int_equal(policies_delay(&o.serve.policies, slice_str("bob")),
			 0);
	assert_int_equal(policies_delay(&o.serve.policies, slice_str("x")), 60);
	config_text_end(&o, &c);
}

/* Reads arguments behind a file that holds text. */
static int read_with(struct options *o, struct complaints *c, const char *text,
		     const char *const more[4])
{
	char path[] = "/tmp/pop3-config-XXXXXX";
	char *argv[] = { (char *)"server",
			 (char *)"--config",
			 path,
			 (char *)more[0],
			 (char *)more[1],
			 (char *)more[2],
			 (char *)more[3],
			 NULL };
	int argc = 3, file = mkstemp(path), code;

	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)),
			 (ssize_t)strlen(text));
	close(file);
	while (argc < 7 && argv[argc])
		argc++;
	options_init(o);
	*c = (struct complaints){ 0 };
	code = options_read(o, argc, argv, c);
	unlink(path);
	return code;
}

static void the_command_line_counts_more(void **state)
{
	struct complaints c;
	struct options o;

	(void)state;
	assert_int_equal(
		read_with(&o, &c, FULL,
			  (const char *const[4]){
				  "--autologout=0", "--users=mine",
				  "--oauth-command=c", "--login-delay=al=7" }),
		0);
	assert_int_equal(o.serve.autologout, 0);
	assert_string_equal(o.serve.who.users, "mine");
	assert_null(o.serve.who.oauth_tokens);
	assert_string_equal(o.serve.who.oauth_command, "c");
	assert_int_equal(policies_delay(&o.serve.policies, slice_str("al")), 7);
	assert_int_equal(o.serve.max_connections, 7);
	assert_int_equal(o.serve.listeners_count, 3);
	config_text_end(&o, &c);
}

static void a_port_of_the_command_line_is_the_only_one(void **state)
{
	struct complaints c;
	struct options o;

	(void)state;
	assert_int_equal(
		read_with(&o, &c, FULL, (const char *const[4]){ "--port=5" }),
		0);
	assert_int_equal(o.serve.listeners_count, 1);
	assert_int_equal(o.serve.listeners[0].port, 5);
	assert_int_equal(o.serve.listeners[0].tls, LISTEN_EITHER);
	assert_string_equal(o.serve.listeners[0].address, "127.0.0.1");
	config_text_end(&o, &c);
}

static void the_exit_code_tells_who_is_wrong(void **state)
{
	struct complaints c;
	struct options o;

	(void)state;
	assert_int_equal(read_with(&o, &c, "{\"host\":5,\"language\":\"x\"}",
				   (const char *const[4]){ 0 }),
			 1);
	assert_int_equal(c.count, 4); /* no maildir, no users */
	config_text_end(&o, &c);
	assert_int_equal(read_with(&o, &c, "{", (const char *const[4]){ 0 }),
			 1);
	assert_int_equal(c.count, 1);
	config_text_end(&o, &c);
	assert_int_equal(
		read_with(&o, &c, "{", (const char *const[4]){ "--port=x" }),
		2);
	assert_int_equal(c.count, 2);
	config_text_end(&o, &c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_go_where_they_belong),
		cmocka_unit_test(lists_have_their_elements),
		cmocka_unit_test(the_command_line_counts_more),
		cmocka_unit_test(a_port_of_the_command_line_is_the_only_one),
		cmocka_unit_test(the_exit_code_tells_who_is_wrong),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
