/* SPDX-License-Identifier: MIT */
#include "abilities.h"
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct scene {
	struct world world;
	struct abilities abilities;
	struct obstacle obstacle;
};

static const struct account alice = { .user = "alice", .password = "sesame",
				      .secret = "tanstaaf" };

static void open_scene(struct scene *s, const struct script *script)
{
	*s = (struct scene){ .world.script = script };
	s->world.stage = (struct stage){ .ops = &world_ops,
					 .account = &alice,
					 .patience = patience_default };
}

static int learn(struct scene *s)
{
	return abilities_learn(&s->world.stage, &s->abilities, &s->obstacle);
}

static void close_scene(struct scene *s)
{
	abilities_free(&s->abilities);
	obstacle_free(&s->obstacle);
	universal_free(&s->world.stage.universal);
}

#define LOGS_IN { "USER", "+OK\r\n", false }, { "PASS", "+OK\r\n", false }
#define LOCKS_OUT { "USER", "+OK\r\n", false }, \
		  { "PASS", "-ERR not sesame\r\n", false }

static void what_is_announced_is_known(void **state)
{
	static const struct script rich = {
		.greeting = "+OK <1.2@a.example> ready\r\n",
		.rules = { { "CAPA", "+OK\r\nTOP\r\nuidl\r\n"
				     "SASL PLAIN LOGIN\r\n.\r\n", false },
			   LOGS_IN,
			   { "TOP", "+OK\r\n\r\n.\r\n", false },
			   { "UIDL", "+OK\r\n1 a\r\n.\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &rich);
	assert_int_equal(learn(&s), 0);
	assert_ptr_equal(s.world.stage.abilities, &s.abilities);
	assert_true(s.abilities.timestamp);
	assert_true(s.abilities.capa);
	assert_true(s.abilities.top);
	assert_true(s.abilities.uidl);
	assert_true(ability_announced(&s.abilities, "UIDL"));
	assert_true(ability_announced(&s.abilities, "SASL LOGIN"));
	assert_false(ability_announced(&s.abilities, "SASL CRAM-MD5"));
	assert_false(ability_announced(&s.abilities, "STLS"));
	close_scene(&s);
}

/* CAPA came later than RFC 1939: TOP and UIDL are tried. */
static void what_works_is_known_unannounced(void **state)
{
	static const struct script poor = {
		.rules = { { "CAPA", "-ERR what?\r\n", false },
			   LOGS_IN,
			   { "TOP", "-ERR what?\r\n", false },
			   { "UIDL", "+OK\r\n.\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &poor);
	assert_int_equal(learn(&s), 0);
	assert_false(s.abilities.timestamp);
	assert_false(s.abilities.capa);
	assert_false(s.abilities.top);
	assert_true(s.abilities.uidl);
	assert_false(ability_announced(&s.abilities, "UIDL"));
	close_scene(&s);
}

static void silence_is_waited_out_once(void **state)
{
	static const struct script deaf = {
		.rules = { { "CAPA", "", false }, LOGS_IN,
			   { "TOP", "", false }, { "UIDL", "", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &deaf);
	assert_int_equal(learn(&s), 0);
	assert_false(s.abilities.capa || s.abilities.top || s.abilities.uidl);
	assert_true(s.world.stage.patience.spent[WAIT_REPLY]);
	assert_in_range(s.world.net.now, 30000, 100000);
	close_scene(&s);
}

/* What is there but broken has to be judged; what never ends, for both times. */
static void a_body_without_an_end_is_offered(void **state)
{
	static const struct script endless = {
		.rules = { { "CAPA", "+OK\r\nUSER\r\nUI", false }, LOGS_IN,
			   { "TOP", "+OK\r\n", false },
			   { "UIDL", "+OK\r\n1 a\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &endless);
	assert_int_equal(learn(&s), 0);
	assert_true(s.abilities.capa && s.abilities.top && s.abilities.uidl);
	assert_false(s.abilities.top_works);
	assert_true(ability_announced(&s.abilities, "USER"));
	assert_int_equal(s.world.stage.universal.count[VIOLATION_TERMINATOR],
			 1);
	assert_string_equal(
		s.world.stage.universal.witness[VIOLATION_TERMINATOR][0].octets,
		"a reply of which 13 octets came, no end, and then "
		"nothing for 30 s: +OK");
	close_scene(&s);
}

static void a_body_that_ended_the_other_time_is_no_breach(void **state)
{
	static const struct script once = {
		.rules = { { "CAPA", "+OK\r\n.\r\n", false }, LOGS_IN,
			   { "TOP", "+OK\r\n\r\n.\r\n", false },
			   { "UIDL", "+OK\r\n1 a\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &once);
	assert_int_equal(learn(&s), 0);
	assert_true(s.abilities.uidl && s.abilities.top_works);
	assert_int_equal(s.world.stage.universal.count[VIOLATION_TERMINATOR],
			 0);
	close_scene(&s);
}

static void without_an_account_the_outside_is_learnt(void **state)
{
	static const struct script any = {
		.rules = { { "CAPA", "+OK\r\nTOP\r\n.\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &any);
	s.world.stage.account = NULL;
	assert_int_equal(learn(&s), 0);
	assert_true(s.abilities.capa);
	assert_false(s.abilities.top);
	assert_int_equal(s.world.connections, 1);
	close_scene(&s);
}

static void where_pass_is_refused_apop_may_do(void **state)
{
	static const struct script apop = {
		.greeting = "+OK <1.2@a.example>\r\n",
		.rules = { { "CAPA", "-ERR\r\n", false },
			   { "USER", "-ERR\r\n", false },
			   { "APOP alice 7a0c1f46e62dc5baf9b3a2d809962c9b",
			     "+OK\r\n", false },
			   { "APOP", "-ERR\r\n", false },
			   { "TOP", "-ERR\r\n", false },
			   { "UIDL", "-ERR\r\n", false } } };
	struct scene s;

	(void)state;
	open_scene(&s, &apop);
	assert_int_equal(learn(&s), 0);
	assert_int_equal(s.world.stage.login, LOGIN_BY_APOP);
	close_scene(&s);
}

/* A refusal is tried once: an account may be locked for too many. */
static void a_refusal_is_told_without_the_password(void **state)
{
	static const struct script wrong = {
		.rules = { { "CAPA", "-ERR\r\n", false }, LOCKS_OUT } };
	struct scene s;

	(void)state;
	open_scene(&s, &wrong);
	assert_int_equal(learn(&s), -1);
	assert_string_equal(buf_text(&s.obstacle.why),
			    "cannot log in as alice: -ERR not {password}");
	assert_string_equal(s.obstacle.requirement, "RFC1939-7-PASS-02");
	assert_int_equal(s.world.connections, 2);
	close_scene(&s);
}

static enum sanity look(const struct script *script)
{
	struct scene s;
	enum sanity sanity;

	open_scene(&s, script);
	sanity = sanity_check(&s.world.stage, &s.obstacle);
	assert_int_equal(s.world.connections, 1);
	close_scene(&s);
	return sanity;
}

static void who_answers_is_well(void **state)
{
	static const struct script good = { .rules = {
		{ "QUIT", "+OK\r\n", true } } };
	static const struct script stubborn = { .rules = {
		{ "QUIT", "-ERR no\r\n", false } } };
	static const struct script busy = { .greeting = "-ERR busy\r\n" };

	(void)state;
	assert_int_equal(look(&good), SANITY_WELL);
	assert_int_equal(look(&stubborn), SANITY_WELL);
	assert_int_equal(look(&busy), SANITY_WELL);
}

static void who_does_not_is_not(void **state)
{
	static const struct script closes = { .closes_at_once = true };
	static const struct script silent = { .greeting = "" };
	static const struct script other = { .greeting = "220 smtp\r\n" };

	(void)state;
	assert_int_equal(look(&closes), SANITY_REFUSES);
	assert_int_equal(look(&silent), SANITY_GONE);
	assert_int_equal(look(&other), SANITY_REFUSES);
}

static void check_tls(const char *answer, const char *said)
{
	struct script script = { .greeting = answer };
	struct scene s;

	open_scene(&s, &script);
	ask_for_tls(&s.world.stage, &s.obstacle);
	assert_string_equal(buf_text(&s.obstacle.why), said);
	close_scene(&s);
}

static void who_answers_in_tls_is_known(void **state)
{
	static const char tls[] = "; this looks like TLS: pop3spec speaks to a "
				  "port in clear";
	static const char silence[] = "; nor for 10 s more, when we began as a "
				      "client of TLS does";

	(void)state;
	check_tls("\x15\x03\x03\x01\x02\x02\x32", tls);
	check_tls("\x16\x03\x01\x01\n", tls);
	check_tls("\x15\x02\x03", "");
	check_tls("\x15", "");
	check_tls("", silence);
	check_tls("+OK ready\r\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_announced_is_known),
		cmocka_unit_test(what_works_is_known_unannounced),
		cmocka_unit_test(silence_is_waited_out_once),
		cmocka_unit_test(a_body_without_an_end_is_offered),
		cmocka_unit_test(a_body_that_ended_the_other_time_is_no_breach),
		cmocka_unit_test(who_answers_in_tls_is_known),
		cmocka_unit_test(without_an_account_the_outside_is_learnt),
		cmocka_unit_test(where_pass_is_refused_apop_may_do),
		cmocka_unit_test(a_refusal_is_told_without_the_password),
		cmocka_unit_test(who_answers_is_well),
		cmocka_unit_test(who_does_not_is_not),
	};

	return cmocka_run_group_tests_name("abilities", tests, NULL, NULL);
}
