/* SPDX-License-Identifier: MIT */
/* How long is waited for a reply, and what a transcript keeps of it. */
#include "play_world.h"
#include "talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

struct scene {
	struct world world;
	struct transcript transcript;
	struct talk talk;
};

static const struct account alice = { .user = "alice", .password = "sesame" };

/* A talk that has read its greeting. */
static void open_scene(struct scene *s, const struct script *script)
{
	*s = (struct scene){ .world.script = script };
	s->world.stage = (struct stage){ .ops = &world_ops,
					 .account = &alice,
					 .patience = patience_default };
	s->talk = (struct talk){ .stage = &s->world.stage,
				 .transcript = &s->transcript,
				 .scenario = "test/case",
				 .step = "" };
	assert_int_equal(talk_connect(&s->talk), TALK_REPLY);
	assert_int_equal(talk_reply(&s->talk, 1000, (struct body_sink){ 0 }),
			 TALK_REPLY);
}

static void close_scene(struct scene *s)
{
	talk_free(&s->talk);
	transcript_clear(&s->transcript);
	universal_free(&s->world.stage.universal);
}

/* Ask command, wait for 30 s at most, and assert how long it took. */
static enum talk_result ask(struct scene *s, const char *command, uint64_t ms)
{
	uint64_t began = s->world.net.now;
	enum talk_result result;

	assert_int_equal(talk_send(&s->talk, slice_str(command)), TALK_REPLY);
	result = talk_reply(&s->talk, 30000, (struct body_sink){ 0 });
	assert_int_equal(s->world.net.now - began, ms);
	return result;
}

static bool says(const struct scene *s, const char *text)
{
	for (size_t i = 0; i < s->transcript.count; i++)
		if (!strcmp(s->transcript.list[i].text, text))
			return true;
	return false;
}

static void a_whole_reply_takes_no_waiting(void **state)
{
	static const struct script good = { .rules = {
		{ "LIST", "+OK\r\n1 5\r\n.\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &good);
	assert_int_equal(ask(&s, "LIST\r\n", 0), TALK_REPLY);
	assert_true(says(&s, "1 5"));
	assert_true(says(&s, "."));
	assert_false(s.world.stage.patience.settled);
	close_scene(&s);
}

static void a_body_without_its_end_is_waited_for(void **state)
{
	static const struct script endless = { .rules = {
		{ "LIST", "+OK\r\n1 5\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &endless);
	assert_int_equal(ask(&s, "LIST\r\n", 30000), TALK_STALLED);
	assert_true(talk_gave_up(TALK_STALLED));
	assert_true(says(&s, "1 5"));
	assert_false(says(&s, "."));
	close_scene(&s);
}

/* What waits already when we ask is no answer; a farewell may come any time. */
static void an_answer_before_the_question_is_unasked(void **state)
{
	static const struct script ahead = { .greeting =
		"+OK ready\r\n+OK ahead\r\n", .rules = {
		{ "NOOP", "+OK\r\n", false } } };
	static const struct script farewell = { .greeting =
		"+OK ready\r\n-ERR too late\r\n", .rules = {
		{ "NOOP", "+OK\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &ahead);
	assert_int_equal(ask(&s, "NOOP\r\n", 0), TALK_REPLY);
	assert_int_equal(s.world.stage.universal.count[VIOLATION_UNASKED], 1);
	assert_string_equal(
		s.world.stage.universal.witness[VIOLATION_UNASKED][0].octets,
		"+OK ahead{CRLF}");
	close_scene(&s);
	open_scene(&s, &farewell);
	assert_int_equal(ask(&s, "NOOP\r\n", 0), TALK_REPLY);
	assert_int_equal(s.world.stage.universal.count[VIOLATION_UNASKED], 0);
	close_scene(&s);
}

/* Ruling C22: who takes LF for the end of a line owes a reply to each. */
static void a_stray_line_end_may_have_its_reply(void **state)
{
	static const struct script twice = { .rules = {
		{ "NOOP\nXYZZ", "-ERR\r\n-ERR\r\n", false },
		{ "NOOP\n", "-ERR\r\n-ERR\r\n+OK\r\n+OK\r\n", false },
		{ "NOOP", "+OK\r\n", false } } };
	static const struct {
		const char *command;
		unsigned unasked;
	} cases[] = { { "NOOP\nXYZZ\r\n", 0 }, { "NOOP\nBAD\r\n", 2 } };
	struct scene s;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		open_scene(&s, &twice);
		ask(&s, cases[i].command, 0);
		ask(&s, "NOOP\r\n", 0);
		for (size_t more = 0; more < 3; more++)
			talk_reply(&s.talk, 10, (struct body_sink){ 0 });
		assert_int_equal(
			s.world.stage.universal.count[VIOLATION_UNASKED],
			cases[i].unasked);
		close_scene(&s);
	}
}

/* A server that ends all its lines so must not cost half a minute for each. */
static void an_end_with_lf_is_soon_believed(void **state)
{
	static const struct script lf = { .rules = {
		{ "LIST", "+OK\n1 5\n.\n", false },
		{ "UIDL", "+OK\r\n1 a\r\n.\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &lf);
	assert_int_equal(ask(&s, "LIST\r\n", 1000), TALK_REPLY);
	assert_true(says(&s, "."));
	assert_false(s.world.stage.hurried);
	assert_int_equal(ask(&s, "UIDL\r\n", 100), TALK_REPLY);
	assert_true(s.world.stage.hurried);
	close_scene(&s);
}

/* Behind CR its LF may be under way: nothing is wrong with that yet. */
static void an_end_with_cr_is_believed_late(void **state)
{
	static const struct script cr = { .rules = {
		{ "LIST", "+OK\r\n1 5\r\n.\r", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &cr);
	assert_int_equal(ask(&s, "LIST\r\n", 30000), TALK_REPLY);
	assert_int_equal(ask(&s, "LIST\r\n", 3000), TALK_REPLY);
	close_scene(&s);
}

static void silence_is_no_reply(void **state)
{
	static const struct script silent = { .rules = { { "NOOP", "",
							   false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &silent);
	assert_int_equal(ask(&s, "NOOP\r\n", 30000), TALK_TIMEOUT);
	assert_int_equal(s.talk.waited, 30000);
	close_scene(&s);
}

static void what_comes_before_a_login_is_no_mail(void **state)
{
	static const struct script odd = { .rules = {
		{ "NOOP", "Garbage\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &odd);
	s.world.stage.look_only = true;
	assert_int_equal(ask(&s, "NOOP\r\n", 0), TALK_REPLY);
	assert_true(says(&s, "Garbage"));
	close_scene(&s);
}

/* A finding that says nothing came, when an empty line did, misleads. */
static void an_empty_line_is_told_in_words(void **state)
{
	static const struct script empty = { .rules = { { "NOOP", "\r\n",
							  false } } };
	struct scene s;
	struct buf told = { 0 };

	(void)state;
	open_scene(&s, &empty);
	assert_int_equal(ask(&s, "NOOP\r\n", 0), TALK_REPLY);
	talk_result_explain(&s.talk, TALK_REPLY, 0, &told);
	assert_string_equal(buf_text(&told), "an empty line");
	buf_free(&told);
	close_scene(&s);
}

/* ... and no text that came out of step, either. */
static void nothing_of_somebodys_mail_is_kept(void **state)
{
	static const struct script mail = { .rules = {
		{ "RETR", "+OK\r\nabc\r\n.\r\nConfidential\r\n", false },
		{ "NOOP", "+OK fine\r\n", false } } };
	struct scene s;
	struct buf line = { 0 };

	(void)state;
	open_scene(&s, &mail);
	s.world.stage.look_only = true;
	assert_int_equal(ask(&s, "RETR 1\r\n", 0), TALK_REPLY);
	assert_int_equal(ask(&s, "NOOP\r\n", 0), TALK_REPLY);
	talk_line_add(&s.talk, &line);
	assert_true(slice_starts(buf_slice(&line), "12 octets, SHA-256 "));
	assert_true(says(&s, "a body of 5 octets, SHA-256 "
			 "552bab6864c7a7b69a502ed1854b9245"
			 "c0e1a30f008aaa0b281da62585fdb025"));
	assert_false(says(&s, "abc"));
	for (size_t i = 0; i < s.transcript.count; i++)
		assert_null(strstr(s.transcript.list[i].text, "onfid"));
	buf_free(&line);
	close_scene(&s);
}

static void what_would_harm_is_not_sent(void **state)
{
	static const struct script mail = { .rules = {
		{ "RETR", "+OK\r\nabc\r\n.\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &mail);
	s.world.stage.look_only = true;
	assert_int_equal(talk_send(&s.talk, slice_str("DE")), TALK_REPLY);
	assert_int_equal(talk_send(&s.talk, slice_str("LE 1\r\n")),
			 TALK_FORBIDDEN);
	assert_int_equal(talk_connect(&s.talk), TALK_REPLY);
	assert_int_equal(talk_send(&s.talk, slice_str("RETR 1\r\n")),
			 TALK_REPLY);
	assert_int_equal(talk_send(&s.talk, slice_str("QUIT\r\n")),
			 TALK_FORBIDDEN);
	assert_string_equal(s.talk.error.text, "look-only: a site may delete "
			    "what was retrieved");
	close_scene(&s);
}

/* The timestamp that is taken from a greeting. */
static void takes(const char *greeting, const char *timestamp)
{
	const struct script script = { .greeting = greeting };
	struct scene s;

	open_scene(&s, &script);
	assert_string_equal(s.talk.timestamp, timestamp);
	close_scene(&s);
}

static void a_timestamp_has_an_at(void **state)
{
	(void)state;
	takes("+OK <1.2@a.example> ready\r\n", "<1.2@a.example>");
	takes("+OK <1.2@h> mail <fun>\r\n", "<1.2@h>");
	takes("+OK <at last> ready <1.2@h>\r\n", "<1.2@h>");
	takes("+OK <1@h> <2@h> mail <fun>\r\n", "<2@h>");
	takes("+OK <at last> ready <1.2>\r\n", "<1.2>");
	takes("+OK a@b <1.2> c@d\r\n", "<1.2>");
	takes("+OK <a@b <1.2>\r\n", "<1.2>");
	takes("+OK ready <1.2@h\r\n", "");
	takes("+OK 1 > 0 < 2\r\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_reply_takes_no_waiting),
		cmocka_unit_test(a_body_without_its_end_is_waited_for),
		cmocka_unit_test(an_answer_before_the_question_is_unasked),
		cmocka_unit_test(a_stray_line_end_may_have_its_reply),
		cmocka_unit_test(an_end_with_lf_is_soon_believed),
		cmocka_unit_test(an_end_with_cr_is_believed_late),
		cmocka_unit_test(silence_is_no_reply),
		cmocka_unit_test(what_comes_before_a_login_is_no_mail),
		cmocka_unit_test(an_empty_line_is_told_in_words),
		cmocka_unit_test(nothing_of_somebodys_mail_is_kept),
		cmocka_unit_test(what_would_harm_is_not_sent),
		cmocka_unit_test(a_timestamp_has_an_at),
	};

	return cmocka_run_group_tests_name("talk", tests, NULL, NULL);
}
