/* SPDX-License-Identifier: MIT */
/*
 * AUTH, with two mechanisms made for it: PLAIN, of which the client speaks
 * first, and TOY, which asks "who?", then "sure?", and ends with data.
 */
#include "base64.h"
#include "mrose.h"

#define MROSE "AG1yb3NlAHRhbnN0YWFm" /* NUL mrose NUL tanstaaf */
#define NOBODY "AG5vYm9keQB4"	     /* NUL nobody NUL x */
#define IN "+OK mrose's maildrop has 2 messages (320 octets)\r\n"
#define WRONG "-ERR [AUTH] authentication failed\r\n"
#define LONGEST 12286

static size_t longest; /* response that PLAIN heard */

static void plain(struct session *s, const struct auth_said *said)
{
	struct slice mrose = slice_of("\0mrose\0tanstaaf", 15);

	if (!said->response.ptr) {
		session_challenged(s, slice_str(""));
		return;
	}
	if (said->response.len > longest)
		longest = said->response.len;
	if (slice_equal(said->response, mrose))
		session_authenticated(s, slice_str("mrose"), slice_str(NULL));
	else if (slice_is(said->response, "later"))
		session_refused(s, REFUSED_FOR_NOW);
	else if (slice_is(said->response, "never"))
		session_refused(s, REFUSED_FOR_GOOD);
	else if (said->response.len < 2)
		session_refused(s, REFUSED_RESPONSE);
	else
		session_refused(s, REFUSED_CREDENTIALS);
}

static void toy(struct session *s, const struct auth_said *said)
{
	if (said->begins && said->response.ptr)
		session_refused(s, REFUSED_RESPONSE);
	else if (said->begins)
		session_challenged(s, slice_str("who?"));
	else if (slice_is(said->response, "sure"))
		session_authenticated(s, slice_str("mrose"), slice_str("yes"));
	else
		session_challenged(s, slice_str("sure?"));
}

static void hear(struct session *s)
{
	const struct auth_said *said = session_auth(s);

	if (slice_is(said->mechanism, "PLAIN"))
		plain(s, said);
	else
		toy(s, said);
}

static void connect_with(struct drive *d, const char *mechanisms)
{
	struct session_config offers = config;

	offers.mechanisms = mechanisms;
	assert_int_equal(drive_start(d, &offers, d->store, knows), 0);
	d->auth = hear;
	assert_string_equal(drive_heard(d), READY);
}

static struct drive *offer(void **state, const char *mechanisms)
{
	struct drive *d = *state;
	struct maildrop_store *store = d->store;

	drive_free(d);
	d->store = store;
	connect_with(d, mechanisms);
	return d;
}

static void one_response_is_enough(void **state)
{
	struct drive *d = offer(state, "PLAIN TOY");

	say(d, "AUTH PLAIN " MROSE, IN);
	say(d, "STAT", "+OK 2 320\r\n");
	say(d, "AUTH PLAIN " MROSE, "-ERR AUTH comes before the login\r\n");
	say(d, "AUTH TOY", "-ERR AUTH comes before the login\r\n");
}

static void a_response_follows_an_empty_challenge(void **state)
{
	struct drive *d = offer(state, "PLAIN TOY");

	say(d, "auth Plain", "+ \r\n");
	say(d, MROSE, IN);
}

static void data_of_a_success_wants_an_empty_line(void **state)
{
	struct drive *d = offer(state, "PLAIN TOY");

	say(d, "AUTH TOY", "+ d2hvPw==\r\n");
	say(d, "eA==", "+ c3VyZT8=\r\n");
	say(d, "", "+ c3VyZT8=\r\n");
	say(d, "c3VyZQ==", "+ eWVz\r\n");
	say(d, "", IN);
	d = offer(state, "PLAIN TOY");
	drive_say(d, "AUTH TOY\r\nc3VyZQ==\r\n");
	drive_heard(d);
	say(d, "eA==", "-ERR all was said; the response is to be empty\r\n");
	drive_say(d, "AUTH TOY\r\nc3VyZQ==\r\n");
	drive_heard(d);
	say(d, "*", "-ERR cancelled, as you wish\r\n");
	say(d, "STAT", "-ERR STAT comes after the login\r\n");
}

static void every_line_belongs_to_an_open_exchange(void **state)
{
	static const char *const commands[] = {
		"NOOP", "CAPA", "QUIT", "USER mrose", "AUTH PLAIN", "*x", "**",
	};
	struct drive *d = offer(state, "PLAIN TOY");

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const char *heard;

		say(d, "AUTH PLAIN", "+ \r\n");
		drive_say(d, commands[i]);
		drive_say(d, "\r\n");
		heard = drive_heard(d);
		assert_true(slice_starts(slice_str(heard), "-ERR "));
		assert_false(d->closed);
	}
	say(d, "AUTH PLAIN " MROSE, IN);
}

static void what_fails_leaves_no_trace(void **state)
{
	static const char *const failing[] = {
		"AUTH\r\n",
		"AUTH \r\n",
		"AUTH NO-SUCH-MECHANISM\r\n",
		"AUTH PLAI\r\n",
		"AUTH PLAIN1\r\n",
		"AUTH PLAIN-TOY\r\n",
		"AUTH MECHANISM-OF-21-OCTET\r\n",
		"AUTH PLAIN  " MROSE "\r\n",
		"AUTH PLAIN " MROSE " x\r\n",
		"AUTH PLAIN *\r\n",
		"AUTH PLAIN !\r\n",
		"AUTH PLAIN AAAA=\r\n",
		"AUTH PLAIN =\r\n",
		"AUTH PLAIN ==\r\n",
		"AUTH TOY eA==\r\n",
		"AUTH TOY =\r\n",
		"AUTH PLAIN " NOBODY "\r\n",
	};
	struct drive *d = offer(state, "PLAIN TOY");

	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		say(d, "USER mrose", "+OK send your password\r\n");
		refused(d, failing[i]);
		say(d, "PASS tanstaaf", IN);
		d = offer(state, "PLAIN TOY");
	}
	say(d, "AUTH PLAIN", "+ \r\n");
	say(d, NOBODY, WRONG);
	refused(d, "PASS tanstaaf\r\n");
	say(d, "AUTH PLAIN " MROSE, IN);
}

static void the_code_says_whose_fault_it_is(void **state)
{
	struct drive *d = offer(state, "PLAIN TOY");

	say(d, "AUTH PLAIN " NOBODY, WRONG);
	say(d, "AUTH PLAIN bGF0ZXI=", "-ERR [SYS/TEMP] try again later\r\n");
	say(d, "AUTH PLAIN bmV2ZXI=",
	    "-ERR [SYS/PERM] this server is not set up for it\r\n");
	say(d, "AUTH PLAIN eA==", "-ERR not what PLAIN asks for\r\n");
	say(d, "AUTH PLAIN", "+ \r\n");
	say(d, "*", "-ERR cancelled, as you wish\r\n");
}

static void responses_are_strict_base64(void **state)
{
	static const char *const wrong[] = {
		MROSE "\n",
		" " MROSE,
		MROSE " ",
		"AG1yb3NlAHRhbnN0YWF",
		"AG1yb3NlAHRhbnN0YWF-",
		"AG1yb3Nl=HRhbnN0YWFm",
		"=AAA",
		"AG1yb3NlAHRhbnN0YWFm====",
		"eB==",
		"=",
		"AG1yb3Nl\tAHRhbnN0YWFm",
	};
	struct drive *d = offer(state, "PLAIN TOY");

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		say(d, "AUTH PLAIN", "+ \r\n");
		say(d, wrong[i], "-ERR a response is base64\r\n");
	}
	say(d, "AUTH PLAIN", "+ \r\n");
	drive_send(d, slice_of("AG1y\0\r\n", 7));
	assert_string_equal(drive_heard(d), "-ERR a response is base64\r\n");
}

/* RFC 5034 section 4: as long as a mechanism's responses may be. */
static void long_responses_are_heard_and_endless_ones_are_not(void **state)
{
	struct drive *d = offer(state, "PLAIN TOY");
	char *line = malloc(LONGEST + 3);

	memset(line, 'A', LONGEST + 2);
	memcpy(line + LONGEST - LONGEST % 4, "\r\n", 3);
	say(d, "AUTH PLAIN", "+ \r\n");
	longest = 0;
	drive_say(d, line);
	assert_string_equal(drive_heard(d), WRONG);
	assert_int_equal(longest, LONGEST / 4 * 3);
	memset(line, 'A', LONGEST + 1);
	memcpy(line + LONGEST + 1, "", 1);
	say(d, "AUTH PLAIN", "+ \r\n");
	for (int i = 0; i < 100; i++)
		drive_say(d, line);
	assert_string_equal(drive_heard(d), "");
	say(d, "", "-ERR a response has at most 12288 octets\r\n");
	say(d, "AUTH PLAIN", "+ \r\n");
	drive_say(d, line);
	say(d, "", "-ERR a response has at most 12288 octets\r\n");
	say(d, "AUTH PLAIN " MROSE, IN);
	free(line);
}

/* Section 3, and RFC 2449 section 5: also when no more AUTH may be given. */
static void capa_lists_the_mechanisms_in_both_states(void **state)
{
	struct drive *d = offer(state, "PLAIN TOY");
	const char *heard;

	for (int i = 0; i < 2; i++) {
		drive_say(d, "CAPA\r\n");
		heard = drive_heard(d);
		assert_non_null(strstr(heard, "\r\nSASL PLAIN TOY\r\n"));
		assert_non_null(strstr(heard, "\r\nAUTH-RESP-CODE\r\n"));
		drive_say(d, "AUTH PLAIN " MROSE "\r\n");
		drive_heard(d);
	}
	for (int i = 0; i < 2; i++) {
		d = offer(state, i ? "" : NULL);
		drive_say(d, "CAPA\r\n");
		assert_null(strstr(drive_heard(d), "SASL"));
		say(d, "AUTH PLAIN", "-ERR unknown command\r\n");
	}
}

static void a_busy_maildrop_fails_the_exchange(void **state)
{
	struct drive first = { .store = ((struct drive *)*state)->store };
	struct drive *d = offer(state, "PLAIN TOY");

	connect_with(&first, "PLAIN");
	say(&first, "AUTH PLAIN " MROSE, IN);
	say(d, "USER mrose", "+OK send your password\r\n");
	say(d, "AUTH PLAIN " MROSE,
	    "-ERR [IN-USE] maildrop already locked\r\n");
	drive_free(&first);
	say(d, "PASS tanstaaf", IN);
}

static void an_exchange_ends_with_its_session(void **state)
{
	struct drive *d = offer(state, "PLAIN TOY");

	say(d, "AUTH PLAIN", "+ \r\n");
	drive_wait(d, TEN_MINUTES - 1);
	say(d, "*", "-ERR cancelled, as you wish\r\n");
	say(d, "AUTH PLAIN", "+ \r\n");
	drive_wait(d, TEN_MINUTES);
	assert_true(d->closed);
	d = offer(state, "PLAIN TOY");
	say(d, "AUTH TOY", "+ d2hvPw==\r\n");
	drive_say(d, "c3Vy");
	drive_end(d);
	assert_true(d->closed);
	assert_string_equal(drive_heard(d), "");
}

static void any_split_gives_the_same(void **state)
{
	static const char said[] = "USER x\r\nAUTH PLAIN\r\n" NOBODY
				   "\r\nAUTH TOY\r\neA==\r\n*\r\n"
				   "AUTH PLAIN\r\n!\r\nAUTH "
				   "TOY\r\nc3VyZQ==\r\n\r\nSTAT\r\nQUIT\r\n";
	static const char expected[] =
		"+OK send your password\r\n+ \r\n" WRONG
		"+ d2hvPw==\r\n+ c3VyZT8=\r\n-ERR cancelled, as you wish\r\n"
		"+ \r\n-ERR a response is base64\r\n"
		"+ d2hvPw==\r\n+ eWVz\r\n" IN
		"+OK 2 320\r\n+OK dewey POP3 server signing off (2 messages "
		"left)\r\n";
	size_t len = sizeof(said) - 1;

	for (size_t cut = 0; cut <= len; cut++) {
		struct drive *d = offer(state, "PLAIN TOY");

		drive_send(d, slice_of(said, cut));
		drive_send(d, slice_of(said + cut, len - cut));
		assert_string_equal(drive_heard(d), expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MROSE_TEST(one_response_is_enough),
		MROSE_TEST(a_response_follows_an_empty_challenge),
		MROSE_TEST(data_of_a_success_wants_an_empty_line),
		MROSE_TEST(every_line_belongs_to_an_open_exchange),
		MROSE_TEST(what_fails_leaves_no_trace),
		MROSE_TEST(the_code_says_whose_fault_it_is),
		MROSE_TEST(responses_are_strict_base64),
		MROSE_TEST(long_responses_are_heard_and_endless_ones_are_not),
		MROSE_TEST(capa_lists_the_mechanisms_in_both_states),
		MROSE_TEST(a_busy_maildrop_fails_the_exchange),
		MROSE_TEST(an_exchange_ends_with_its_session),
		MROSE_TEST(any_split_gives_the_same),
	};

	return cmocka_run_group_tests_name("auth", tests, NULL, NULL);
}
