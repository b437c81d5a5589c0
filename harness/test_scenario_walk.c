/* SPDX-License-Identifier: MIT */
/*
 * Whole scenarios: six that need the most of the notation, and what can be
 * asked of them.
 */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HEAD(start)                                                            \
	"{\"title\": \"T\", \"revision\": 1, \"requirements\": [\"X-A-1\"],"   \
	"\"maildrop\": \"three\", \"start\": \"" start "\", \"dialogue\": ["

static const char apop[] = HEAD(
    "connected") "\"S: +OK ...<{stamp}>...\","
		 "\"C: APOP {user} {md5 of <{stamp}>{secret}}\", \"S: +OK\","
		 "\"C: STAT\", \"S: +OK {any number} {any number}...\","
		 "{\"client\": \"drops\"}, {\"new session\": \"connected\"},"
		 "\"S: +OK ...<{second stamp}>...\","
		 "{\"differ\": [\"{stamp}\", \"{second stamp}\"]},"
		 "\"C: APOP {user} {md5 of <{stamp}>{secret}}\", \"S: -ERR\"]}";

static const char uidl[] =
    HEAD("transaction") "\"C: UIDL\","
			"{\"S\": \"+OK\", \"lines in any order\": [\"{number "
			"of a} {uid of a}\","
			" \"{number of b} {uid of b}\", \"{number of c} {uid "
			"of c}\"]},"
			"{\"client\": \"drops\"}, {\"new session\": "
			"\"transaction\"},"
			"\"C: UIDL\","
			"{\"S\": \"+OK\", \"lines in any order\": [\"{number "
			"of a} {uid of a}\","
			" \"{number of b} {uid of b}\", \"{number of c} {uid "
			"of c}\"]},"
			"\"C: QUIT\", \"S: +OK\", {\"server\": \"closes\"},"
			"{\"new session\": \"transaction\"},"
			"\"C: UIDL {number of b}\", \"S: +OK {number of b} "
			"{uid of b}\"]}";

static const char sizes[] =
    HEAD("transaction") "\"C: STAT\", \"S: +OK 3 {total}...\", \"C: LIST\","
			"{\"S\": \"+OK\", \"lines in any order\": ["
			" \"{number of a} {size of a}...\", \"{number of b} "
			"{size of b}...\","
			" \"{number of c} {size of c}...\"]},"
			"{\"sum\": \"{total}\","
			" \"of\": [\"{size of a}\", \"{size of b}\", \"{size "
			"of c}\"]},"
			"\"C: RETR {number of a}\","
			"{\"S\": \"+OK\", \"message\": \"a\", \"octets\": "
			"\"{size of a}\"},"
			"\"C: RETR {number of b}\","
			"{\"S\": \"+OK\", \"message\": \"b\", \"octets\": "
			"\"{size of b}\"},"
			"\"C: RETR {number of c}\","
			"{\"S\": \"+OK\", \"message\": \"c\", \"octets\": "
			"\"{size of c}\"}]}";

static const char second_login[] = HEAD(
    "transaction") "{\"second client\": \"logs in\", \"one of\": ["
		   " {\"S2\": \"-ERR\", \"label\": \"refused\", \"verdict\": "
		   "\"PASS\","
		   "  \"then\": [\"C: RETR {number of a}\","
		   "   {\"S\": \"+OK\", \"message\": \"a\"}]},"
		   " {\"server\": \"closes\", \"to\": \"second client\","
		   "  \"label\": \"closed without a reply\", \"verdict\": "
		   "\"FAIL\","
		   "  \"requirement\": \"RFC1939-4-07\"},"
		   " {\"S2\": \"+OK\", \"then\": [\"C2: DELE {number of a}\","
		   "  \"S2: +OK\", \"C2: QUIT\", \"S2: +OK\","
		   "  \"C: RETR {number of a}\", {\"one of\": ["
		   "   {\"S\": \"+OK\", \"message\": \"a\", \"label\": "
		   "\"snapshot kept\"},"
		   "   {\"S\": \"-ERR\", \"label\": \"says it is gone\"},"
		   "   {\"server\": \"closes\", \"label\": \"session ended\"},"
		   "   {\"S\": \"+OK\", \"message\": \"any other\", "
		   "\"verdict\": \"FAIL\"}"
		   "  ]}]}]}]}";

static const char autologout[] =
    HEAD("transaction") "\"C: DELE {number of a}\", \"S: +OK\","
			"{\"silence\": \"10 min\", \"requirement\": "
			"\"RFC1939-3-TMO-02\"},"
			"{\"within\": \"35 min\", \"one of\": ["
			" {\"server\": \"closes\", \"label\": \"in silence\"},"
			" {\"S\": \"-ERR\", \"label\": \"farewell\", "
			"\"verdict\": \"WARN\","
			"  \"requirement\": \"RFC1939-3-TMO-05\","
			"  \"then\": [{\"server\": \"closes\"}]},"
			" {\"nothing\": \"happens\", \"label\": \"none\", "
			"\"verdict\": \"INFO\","
			"  \"then\": [{\"client\": \"drops\"}]}]},"
			"{\"new session\": \"transaction\"},"
			"{\"maildrop\": \"holds\", \"messages\": [\"a\", "
			"\"b\", \"c\"]}]}";

static const char quit[] =
    HEAD("transaction") "\"C: DELE {number of a}\", \"S: +OK\","
			"{\"C in one piece\": \"QUIT\"}, {\"client\": "
			"\"half-closes\"},"
			"{\"one of\": [{\"server\": \"closes\", \"label\": "
			"\"in silence\"},"
			" {\"S\": \"-ERR\", \"label\": \"complains\","
			"  \"then\": [{\"server\": \"closes\"}]},"
			" {\"S\": \"+OK\", \"label\": \"end of file is CRLF\","
			"  \"verdict\": \"INFO\", \"then\": [{\"server\": "
			"\"closes\"}]}]},"
			"{\"new session\": \"transaction\"},"
			"{\"maildrop\": \"holds\", \"messages\": [\"a\", "
			"\"b\", \"c\"]}]}";

static struct scenario *loaded(const char *json)
{
	struct error e = { 0 };
	struct scenario *s = scenario_parse(slice_str(json), "a", "x.json", &e);

	if (!s)
		fail_msg("%s", e.text);
	return s;
}

static struct scenario *with_steps(const char *steps)
{
	struct buf json = {0};
	struct scenario *s;

	buf_printf(&json, HEAD("connected") "%s]}", steps);
	s = loaded(buf_text(&json));
	buf_free(&json);
	return s;
}

static int count_step(const struct step *step, void *with)
{
	(void)step;
	++*(int *)with;
	return 0;
}

static int steps_of(const char *json)
{
	struct scenario *s = loaded(json);
	int steps = 0;

	assert_int_equal(scenario_walk(s, count_step, &steps), 0);
	scenario_free(s);
	return steps;
}

static void hard_cases_are_read(void **state)
{
	(void)state;
	assert_int_equal(steps_of(apop), 11);
	assert_int_equal(steps_of(uidl), 12);
	assert_int_equal(steps_of(sizes), 11);
	assert_int_equal(steps_of(second_login), 9);
	assert_int_equal(steps_of(autologout), 8);
	assert_int_equal(steps_of(quit), 9);
}

/* A good file that breaks off at any octet is told of, with its place. */
static void no_beginning_is_a_scenario(void **state)
{
	static const char *const all[] = {apop,		uidl,	    sizes,
					  second_login, autologout, quit};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		for (size_t n = 0; n < strlen(all[i]); n++) {
			struct slice json = slice_first(slice_str(all[i]), n);
			char *copy = slice_copy(json);
			struct error e = { 0 };

			assert_non_null(copy);
			assert_null(scenario_parse(slice_of(copy, n), "a",
						   "x.json", &e));
			assert_int_equal(strncmp(e.text, "x.json:1:", 9), 0);
			free(copy);
		}
	}
}

/* Whatever a wrong octet makes of it, the answer is a scenario or an error. */
static void any_octet_may_be_wrong(void **state)
{
	static const char wrong[] = {'"', '{', '}',  'C',
				     ',', '0', '\0', '\xff'};
	size_t len = strlen(second_login), refused = 0;
	char *json = slice_copy(slice_str(second_login));

	(void)state;
	assert_non_null(json);
	for (size_t i = 0; i < len * sizeof(wrong); i++) {
		char *at = json + i / sizeof(wrong), was = *at;
		struct error e = { 0 };
		struct scenario *s;

		*at = wrong[i % sizeof(wrong)];
		s = scenario_parse(slice_of(json, len), "a", "x.json", &e);
		if (!s)
			assert_int_equal(strncmp(e.text, "x.json:", 7), 0);
		refused += !s;
		scenario_free(s);
		*at = was;
	}
	free(json);
	assert_true(refused > len);
}

static int collect(const struct step *step, void *with)
{
	buf_printf(with, "%s\n", step->pointer);
	return !strcmp(step->pointer, "/dialogue/3");
}

static void a_walk_goes_in_the_order_of_the_file(void **state)
{
	struct scenario *s = loaded(
	    "{\"title\": \"T\", \"revision\": 1, \"start\": \"connected\","
	    "\"requirements\": [\"X-A-1\"], \"given\": [\"S: +OK\"],"
	    "\"dialogue\": [{\"one of\": [{\"S\": \"+OK\", \"then\": ["
	    "\"C: A\", \"S: +OK\"]}, {\"S\": \"-ERR\", \"then\": [\"C: B\"]}]},"
	    "{\"2 times\": [\"C: C\"]}, \"C: D\", \"C: E\", \"C: F\"]}");
	struct buf places = {0};

	(void)state;
	assert_int_equal(scenario_walk(s, collect, &places), 1);
	assert_string_equal(buf_text(&places), "/given/0\n"
					       "/dialogue/0\n"
					       "/dialogue/0/one of/0/then/0\n"
					       "/dialogue/0/one of/0/then/1\n"
					       "/dialogue/0/one of/1/then/0\n"
					       "/dialogue/1\n"
					       "/dialogue/1/2 times/0\n"
					       "/dialogue/2\n"
					       "/dialogue/3\n");
	buf_free(&places);
	scenario_free(s);
}

static bool sends(const char *steps, const char *keyword)
{
	struct scenario *s = with_steps(steps);
	bool sent = scenario_sends(s, keyword);

	scenario_free(s);
	return sent;
}

static void commands_that_are_sent(void **state)
{
	(void)state;
	assert_true(sends("\"C: DELE 1\"", "DELE"));
	assert_true(sends("\"C: dElE 1\"", "DELE"));
	assert_true(sends("\"C: QUIT\"", "QUIT"));
	assert_true(sends("\"C: DELE{SP}1\"", "DELE"));
	assert_true(sends("\"C: DELE{number of a}\"", "DELE"));
	assert_false(sends("\"C: DELETE 1\"", "DELE"));
	assert_false(sends("\"C: NOOP DELE\"", "DELE"));
	assert_false(sends("\"C: DEL\"", "DELE"));
	assert_false(sends("\"C: {user}DELE 1\"", "DELE"));
	assert_false(sends("\"S: +OK\"", "DELE"));
	assert_true(sends("{\"C in one piece\": \"DELE\"}", "DELE"));
	assert_true(
	    sends("{\"C in one piece\": \"A{LF}DELE 1{CRLF}B\"}", "DELE"));
	assert_true(
	    sends("{\"C in pieces\": [\"D\", \"EL\", \"E\", \" 1\"]}", "DELE"));
	assert_false(
	    sends("{\"C in one piece\": \"A{CR}DELE 1{CRLF}\"}", "DELE"));
	assert_true(sends("{\"2 times\": [\"C: DELE 1\"]}", "DELE"));
	assert_true(sends("{\"one of\": [{\"S\": \"+OK\", \"then\": "
			  "[\"C: DELE 1\"]}]}",
			  "DELE"));
}

/* The second step goes on with the line, or begins one in a new session. */
static void a_command_may_be_cut_by_steps(void **state)
{
	(void)state;
	assert_true(sends("{\"C in one piece\": \"DE\"},"
			  "{\"C in one piece\": \"LE 1{CRLF}\"}",
			  "DELE"));
	assert_true(
	    sends("{\"C in one piece\": \"DE\"}, \"C: DELE 1\"", "DELE"));
	assert_false(sends("{\"C in one piece\": \"DE\"},"
			   "{\"second client\": \"connects\"},"
			   "{\"C2 in one piece\": \"LE 1{CRLF}\"}",
			   "DELE"));
}

static void passwords_belong_to_pass(void **state)
{
	(void)state;
	assert_true(sends("\"C: PASS {password}\"", "PASS"));
	assert_true(sends("\"C: pass {wrong password} x\"", "PASS"));
	assert_true(sends("\"C: PASS x{secret}\"", "PASS"));
	assert_true(sends("{\"C in pieces\": [\"USER {user}{CRLF}PA\","
			  "\"SS \", \"{password}{CRLF}\"]}",
			  "PASS"));
}

static void names_that_are_used(void **state)
{
	struct scenario *s = loaded(sizes);
	struct scenario *a = loaded(apop);

	(void)state;
	assert_true(scenario_uses(s, "total"));
	assert_true(scenario_uses(s, "size of c"));
	assert_false(scenario_uses(s, "a"));
	assert_false(scenario_uses(s, "user"));
	assert_true(scenario_uses(a, "user"));
	assert_true(scenario_uses(a, "secret"));
	assert_true(scenario_uses(a, "second stamp"));
	assert_true(scenario_needs_facts(s));
	assert_false(scenario_needs_facts(a));
	scenario_free(s);
	scenario_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hard_cases_are_read),
	    cmocka_unit_test(no_beginning_is_a_scenario),
	    cmocka_unit_test(any_octet_may_be_wrong),
	    cmocka_unit_test(a_walk_goes_in_the_order_of_the_file),
	    cmocka_unit_test(commands_that_are_sent),
	    cmocka_unit_test(a_command_may_be_cut_by_steps),
	    cmocka_unit_test(passwords_belong_to_pass),
	    cmocka_unit_test(names_that_are_used),
	};

	return cmocka_run_group_tests_name("scenario_walk", tests, NULL, NULL);
}
