/* SPDX-License-Identifier: MIT */
/* STLS, and what a session is under TLS (RFC 2595 section 4). */
#include "mrose.h"

#define BEGIN "+OK begin TLS negotiation\r\n"
#define CAPABILITIES                                                           \
	"UTF8\r\nLANG\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\n"         \
	"EXPIRE NEVER\r\n"                                                     \
	"IMPLEMENTATION pop3spec-reference-" POP3SPEC_VERSION "\r\n"           \
	"AUTH-RESP-CODE\r\n.\r\n"
#define LIST_OF(first) "+OK Capability list follows\r\n" first CAPABILITIES

static const struct tls_facts facts = { .binding_type = "tls-exporter" };

/* Offers TLS, and is otherwise as config. */
static struct session_config offering(void)
{
	struct session_config c = config;

	c.tls_offered = true;
	return c;
}

/* Starts the session of a test anew, in the AUTHORIZATION state. */
static struct drive *begin(void **state, const struct session_config *c)
{
	struct drive *d = *state;
	struct maildrop_store *store = d->store;

	drive_free(d);
	assert_int_equal(drive_start(d, c, store, knows), 0);
	assert_string_equal(drive_heard(d), READY);
	return d;
}

static struct drive *begin_with(void **state, enum switch_name name)
{
	struct session_config c = offering();

	c.switches.on[name] = true;
	return begin(state, &c);
}

static void stls_is_told_while_it_works(void **state)
{
	struct session_config c = offering();
	struct drive *d = begin(state, &c);

	say(d, "CAPA", LIST_OF("USER\r\nSTLS\r\n"));
	say(d, "stls", BEGIN);
	assert_true(d->tls);
	say(d, "CAPA", LIST_OF("USER\r\n"));
	say(d, "STLS", "-ERR TLS is active already\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
	say(d, "STLS", "-ERR STLS comes before the login\r\n");
	say(d, "CAPA", LIST_OF("USER\r\n"));
}

static void stls_comes_before_the_login(void **state)
{
	struct session_config c = offering();
	struct drive *d = begin(state, &c);

	say(d, "STLS now", "-ERR STLS takes no argument\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
	say(d, "STLS", "-ERR STLS comes before the login\r\n");
	say(d, "CAPA", LIST_OF("USER\r\n"));
	assert_false(d->tls);
}

static void without_a_certificate_there_is_no_stls(void **state)
{
	struct drive *d = begin(state, &config);

	say(d, "CAPA", LIST_OF("USER\r\n"));
	say(d, "STLS", "-ERR unknown command\r\n");
}

/* RFC 2595: CAPA "MUST also be implemented". */
static void without_capa_there_is_no_stls(void **state)
{
	static const enum switch_name names[] = { ODDITY_NO_CAPA,
						  ODDITY_MINIMAL };

	for (size_t i = 0; i < 2; i++) {
		struct session_config c = offering();
		struct drive *d = *state;
		struct maildrop_store *store = d->store;

		c.switches.on[names[i]] = true;
		drive_free(d);
		assert_int_equal(drive_start(d, &c, store, knows), 0);
		drive_heard(d);
		say(d, "STLS", "-ERR unknown command\r\n");
	}
}

static void what_is_behind_stls_is_dropped(void **state)
{
	struct session_config c = offering();
	struct drive *d = begin(state, &c);

	drive_say(d, "USER mrose\r\nSTLS\r\nPASS tanstaaf\r\nCA");
	assert_string_equal(drive_heard(d), "+OK send your password\r\n" BEGIN);
	drive_say(d, "PA\r\nNOOP\r\n");
	assert_string_equal(drive_heard(d),
			    "-ERR unknown command\r\n"
			    "-ERR NOOP comes after the login\r\n");
}

/* The session itself takes nothing until the handshake is done. */
static void nothing_is_taken_behind_stls(void **state)
{
	struct session_config c = offering();
	struct drive *d = begin(state, &c);
	const char *text = "CAPA\r\nSTLS\r\nCAPA\r\n";
	struct slice rest = slice_str(text);
	size_t taken = session_feed(d->session, rest);

	while (session_output(d->session).len)
		session_sent(d->session, session_output(d->session).len);
	taken += session_feed(d->session, slice_from(rest, taken));
	assert_int_equal(taken, strlen("CAPA\r\nSTLS\r\n"));
	assert_int_equal(session_want(d->session), WANT_START_TLS);
	assert_true(slice_is(session_output(d->session), BEGIN));
	session_sent(d->session, strlen(BEGIN));
	assert_int_equal(session_feed(d->session, slice_from(rest, taken)), 0);
	assert_int_equal(session_output(d->session).len, 0);

	session_tls_started(d->session, &facts);
	assert_int_equal(session_want(d->session), WANT_INPUT);
	assert_int_equal(session_output(d->session).len, 0);
	say(d, "CAPA", LIST_OF("USER\r\n"));
}

static void what_was_said_in_clear_is_forgotten(void **state)
{
	struct session_config c = offering();
	struct drive *d = begin(state, &c);

	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "STLS", BEGIN);
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");

	/* With USER it may take its time, but not this long. */
	d = begin_with(state, ODDITY_PATIENT_PASS);
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "CAPA", LIST_OF("USER\r\nSTLS\r\n"));
	say(d, "STLS", BEGIN);
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");

	d = begin_with(state, ODDITY_USER_TELLS_NAMES);
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "STLS", BEGIN);
	say(d, "PASS tanstaaf", "-ERR send USER first\r\n");
}

/* Who is between may have chosen the language (RFC 6856 section 7). */
static void modes_of_the_clear_session_are_forgotten(void **state)
{
	struct session_config c = offering();
	struct drive *d;

	store_memory_deliver(((struct drive *)*state)->store, "mrose",
			     slice_str("Subject: \xc3\xa4\r\n\r\nb\r\n"));
	d = begin(state, &c);
	say(d, "UTF8", "+OK UTF-8 mode\r\n");
	say(d, "LANG de", "+OK de Sprache gewechselt\r\n");
	say(d, "STLS", "+OK TLS beginnt\r\n");
	say(d, "NOOP", "-ERR NOOP comes after the login\r\n");
	drive_say(d, LOGIN);
	drive_heard(d);
	refused(d, "RETR 3\r\n");
}

/* Who guesses passwords does not begin anew. */
static void failures_are_not_forgotten(void **state)
{
	struct drive *d = begin_with(state, ODDITY_CLOSES_AFTER_THIRD_ERROR);

	refused(d, "NOOP\r\n");
	refused(d, "NOOP\r\n");
	say(d, "STLS", BEGIN);
	refused(d, "NOOP\r\n");
	assert_true(d->closed);
}

static void the_timestamp_stays(void **state)
{
	struct session_config c = offering();
	struct drive *d = begin(state, &c);

	say(d, "STLS", BEGIN);
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

static void implicit_tls_needs_no_stls(void **state)
{
	struct session_config c = offering();
	struct drive *d;

	c.tls = &facts;
	c.secrets_need_tls = true;
	d = begin(state, &c);
	say(d, "CAPA", LIST_OF("USER\r\n"));
	say(d, "STLS", "-ERR TLS is active already\r\n");
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
}

#define NOT_IN_CLEAR "-ERR no passwords in clear, send STLS first\r\n"

static void passwords_can_be_kept_from_clear(void **state)
{
	struct session_config c = offering();
	struct drive *d;

	c.secrets_need_tls = true;
	d = begin(state, &c);
	say(d, "CAPA", LIST_OF("STLS\r\n"));
	say(d, "USER mrose", NOT_IN_CLEAR);
	say(d, "PASS tanstaaf", NOT_IN_CLEAR);
	say(d, "USER", NOT_IN_CLEAR);
	say(d, "STLS", BEGIN);
	say(d, "CAPA", LIST_OF("USER\r\n"));
	drive_say(d, LOGIN);
	assert_string_equal(drive_heard(d), LOGGED_IN);
}

/* So is AUTH PLAIN. */
static void plain_is_refused_as_user_is(void **state)
{
	struct session_config c = offering();
	struct drive *d;

	c.secrets_need_tls = true;
	c.mechanisms = "CRAM-MD5";
	d = begin(state, &c);
	say(d, "AUTH plain", NOT_IN_CLEAR);
	say(d, "AUTH PLAIN AG1yb3NlAHg=", NOT_IN_CLEAR);
	say(d, "AUTH LOGIN",
	    "-ERR no mechanism of that name; CAPA lists them\r\n");
}

/* APOP sends none. */
static void apop_is_allowed_where_passwords_are_not(void **state)
{
	struct session_config c = offering();
	struct drive *d;

	c.secrets_need_tls = true;
	c.tls_offered = false;
	d = begin(state, &c);
	say(d, "CAPA", LIST_OF(""));
	say(d, "USER mrose", "-ERR no passwords in clear\r\n");
	say(d, "APOP mrose c4c9334bac560ecc979e58001b3e22fb",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
	say(d, "CAPA", LIST_OF(""));
	say(d, "USER mrose", "-ERR USER comes before the login\r\n");
}

/* Feeds "STLS", and answers nothing. */
static struct session *shaking_hands(struct drive *d)
{
	struct slice stls = slice_str("STLS\r\n");

	assert_int_equal(session_feed(d->session, stls), stls.len);
	session_sent(d->session, session_output(d->session).len);
	assert_int_equal(session_want(d->session), WANT_START_TLS);
	return d->session;
}

static void a_handshake_is_not_for_ever(void **state)
{
	struct session_config c = offering();
	struct session *s = shaking_hands(begin(state, &c));

	assert_int_equal(session_deadline(s), TEN_MINUTES);
	session_tick(s, TEN_MINUTES);
	assert_int_equal(session_want(s), WANT_CLOSE);
	assert_int_equal(session_output(s).len, 0);
	session_tls_started(s, &facts);
	assert_int_equal(session_want(s), WANT_CLOSE);
}

static void a_handshake_is_a_sign_of_life(void **state)
{
	struct session_config c = offering();
	struct session *s = shaking_hands(begin(state, &c));

	session_tick(s, TEN_MINUTES - 1);
	session_tls_started(s, &facts);
	assert_int_equal(session_deadline(s), 2 * TEN_MINUTES - 1);
}

static void a_client_may_end_in_a_handshake(void **state)
{
	struct session_config c = offering();
	struct session *s = shaking_hands(begin(state, &c));

	session_end_of_input(s);
	assert_int_equal(session_want(s), WANT_START_TLS);
	session_tls_started(s, &facts);
	assert_int_equal(session_want(s), WANT_CLOSE);
}

static void a_handshake_that_nobody_asked_for_is_none(void **state)
{
	struct session_config c = offering();
	struct drive *d = begin(state, &c);

	say(d, "USER mrose", "+OK send your password\r\n");
	session_tls_started(d->session, &facts);
	say(d, "PASS tanstaaf",
	    "+OK mrose's maildrop has 2 messages (320 octets)\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(stls_is_told_while_it_works),
		MROSE_TEST(stls_comes_before_the_login),
		MROSE_TEST(without_a_certificate_there_is_no_stls),
		MROSE_TEST(without_capa_there_is_no_stls),
		MROSE_TEST(what_is_behind_stls_is_dropped),
		MROSE_TEST(nothing_is_taken_behind_stls),
		MROSE_TEST(what_was_said_in_clear_is_forgotten),
		MROSE_TEST(modes_of_the_clear_session_are_forgotten),
		MROSE_TEST(failures_are_not_forgotten),
		MROSE_TEST(the_timestamp_stays),
		MROSE_TEST(implicit_tls_needs_no_stls),
		MROSE_TEST(passwords_can_be_kept_from_clear),
		MROSE_TEST(plain_is_refused_as_user_is),
		MROSE_TEST(apop_is_allowed_where_passwords_are_not),
		MROSE_TEST(a_handshake_is_not_for_ever),
		MROSE_TEST(a_handshake_is_a_sign_of_life),
		MROSE_TEST(a_client_may_end_in_a_handshake),
		MROSE_TEST(a_handshake_that_nobody_asked_for_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
