/* SPDX-License-Identifier: MIT */
#include "replay_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void check(const struct run_options *o, const char *command)
{
	struct buf b = { 0 };

	replay_command(o, &b);
	assert_string_equal(buf_text(&b), command);
	buf_free(&b);
}

static void it_has_what_decides_how_a_scenario_is_played(void **state)
{
	struct run_options o = { .target = "mail.json" };

	(void)state;
	check(&o, "pop3spec run mail.json --only");
	o = (struct run_options){ .slow = true, .split = SPLIT_RANDOM,
				  .seed = 7, .jobs = 3,
				  .password_file = "word",
				  .scenarios = { "./mine", "it's.json" },
				  .scenarios_count = 2 };
	check(&o, "pop3spec run --scenarios ./mine "
		  "--scenarios 'it'\\''s.json' --password-file word --slow "
		  "--split random --seed 7 --only");
}

static void a_shell_takes_it_as_it_is(void **state)
{
	struct run_options o = { .target = "/my mail/it's $HOME.json" };

	(void)state;
	check(&o, "pop3spec run '/my mail/it'\\''s $HOME.json' --only");
	o.target = "pop3://alice;AUTH=+APOP@mail.example";
	check(&o, "pop3spec run 'pop3://alice;AUTH=+APOP@mail.example' "
		  "--only");
}

static void a_password_is_left_out(void **state)
{
	struct run_options o = { .target = "pop3://al:se@cret@127.0.0.1:110" };

	(void)state;
	check(&o, "pop3spec run TARGET --only");
	o.target = "pop3://127.0.0.1:110";
	check(&o, "pop3spec run pop3://127.0.0.1:110 --only");
	o.target = "pop3://al@127.0.0.1:110";
	check(&o, "pop3spec run pop3://al@127.0.0.1:110 --only");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_what_decides_how_a_scenario_is_played),
		cmocka_unit_test(a_shell_takes_it_as_it_is),
		cmocka_unit_test(a_password_is_left_out),
	};

	return cmocka_run_group_tests_name("replay_command", tests, NULL, NULL);
}
