/* SPDX-License-Identifier: MIT */
/* CAPA is complete and true in each state; the policies that it tells of. */
#include "mrose.h"

#define VERBS                                                                  \
	"+OK Capability list follows\r\nUSER\r\nUTF8\r\nLANG\r\nTOP\r\n"       \
	"UIDL\r\n"
#define IMPLEMENTATION                                                         \
	"IMPLEMENTATION pop3spec-reference-" POP3SPEC_VERSION "\r\n"

static void log_in(struct drive *d)
{
	drive_say(d, LOGIN);
	drive_heard(d);
}

static void the_list_is_the_same_in_both_states(void **state)
{
	static const char list[] =
		VERBS "RESP-CODES\r\nPIPELINING\r\nEXPIRE NEVER\r\n"
		IMPLEMENTATION "AUTH-RESP-CODE\r\n.\r\n";
	struct drive *d = *state;

	say(d, "CAPA", list);
	reconnect(state);
	say(d, "CAPA", list);
}

static void policies_are_told(void **state)
{
	struct session_config own = config;
	struct drive *d;

	own.login_delay = 60;
	own.expire_days = 30;
	own.implementation_is_late = true;
	d = restart_with(state, &own);
	say(d, "CAPA", VERBS "RESP-CODES\r\nLOGIN-DELAY 60\r\nPIPELINING\r\n"
			     "EXPIRE 30\r\nAUTH-RESP-CODE\r\n.\r\n");
	log_in(d);
	say(d, "CAPA", VERBS "RESP-CODES\r\nLOGIN-DELAY 60\r\nPIPELINING\r\n"
			     "EXPIRE 30\r\n" IMPLEMENTATION "AUTH-RESP-CODE\r\n.\r\n");
}

/* Feed a login to d, and answer that it is right. */
static void come_to_open(struct drive *d)
{
	struct slice login = slice_str(LOGIN);

	assert_int_equal(session_feed(d->session, login), login.len);
	assert_int_equal(session_want(d->session), WANT_VERIFY);
	session_verified(d->session, true);
	assert_int_equal(session_want(d->session), WANT_OPEN);
}

static void delays_may_differ_by_user(void **state)
{
	struct session_config own = config;
	struct maildrop *m = NULL;
	struct drive *d;

	own.login_delay = 60;
	own.login_delay_differs = true;
	d = restart_with(state, &own);
	drive_say(d, "CAPA\r\n");
	assert_non_null(strstr(drive_heard(d), "\r\nLOGIN-DELAY 60 USER\r\n"));
	come_to_open(d);
	session_login_delay(d->session, 5);
	session_opened(d->session, MAILDROP_IN_USE, NULL);
	drive_say(d, "CAPA\r\n"); /* as if nobody had logged in */
	assert_non_null(strstr(drive_heard(d), "\r\nLOGIN-DELAY 60 USER\r\n"));
	come_to_open(d);
	assert_int_equal(d->store->open(d->store, slice_str("mrose"), &m, NULL),
			 MAILDROP_OPENED);
	session_login_delay(d->session, 5);
	session_opened(d->session, MAILDROP_OPENED, m);
	drive_say(d, "CAPA\r\n");
	assert_non_null(strstr(drive_heard(d), "\r\nLOGIN-DELAY 5\r\n"));
}

/* RFC 2449 section 8, RFC 3206 section 4. */
static void a_refused_maildrop_has_a_code(void **state)
{
	static const struct {
		enum maildrop_opened how;
		const char *heard;
	} cases[] = {
		{ MAILDROP_IN_USE, "-ERR [IN-USE] maildrop already locked\r\n" },
		{ MAILDROP_TOO_SOON,
		  "-ERR [LOGIN-DELAY] you logged in a moment ago\r\n" },
		{ MAILDROP_BUSY,
		  "-ERR [SYS/TEMP] maildrop cannot be opened now\r\n" },
		{ MAILDROP_BROKEN,
		  "-ERR [SYS/PERM] maildrop cannot be opened\r\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct drive *d = reconnect(state);

		come_to_open(d);
		session_opened(d->session, cases[i].how, NULL);
		drive_say(d, "");
		assert_non_null(strstr(drive_heard(d), cases[i].heard));
		drive_say(d, LOGIN);
		assert_string_equal(drive_heard(d), LOGGED_IN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(the_list_is_the_same_in_both_states),
		MROSE_TEST(policies_are_told),
		MROSE_TEST(delays_may_differ_by_user),
		MROSE_TEST(a_refused_maildrop_has_a_code),
	};

	return cmocka_run_group_tests_name("capabilities", tests, NULL, NULL);
}
