/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/*
 * Steps with a mistake: those of "dialogue", and what is told behind the name
 * of the file and "/dialogue/".
 */
struct mistake {
	const char *steps;
	const char *told;
};

static void are_told(const struct mistake *mistakes, size_t count,
		     const char *maildrop)
{
	for (size_t i = 0; i < count; i++) {
		struct buf json = {0}, told = {0};
		struct error e = { 0 };

		buf_printf(&json,
			   "{\"title\": \"T\", \"revision\": 1, %s \"start\": "
			   "\"connected\", \"requirements\": [\"X-A-1\"], "
			   "\"dialogue\": [%s]}",
			   maildrop, mistakes[i].steps);
		buf_printf(&told, "x.json: /dialogue/%s", mistakes[i].told);
		assert_null(
		    scenario_parse(buf_slice(&json), "a/b", "x.json", &e));
		if (strncmp(e.text, buf_text(&told), told.len) != 0)
			fail_msg("%s\n  told:     %s\n  expected: %s",
				 mistakes[i].steps, e.text, told.ptr);
		buf_free(&json);
		buf_free(&told);
	}
}

#define MAILDROP "\"maildrop\": \"three\","
#define ARE_TOLD(mistakes)                                                     \
	are_told(mistakes, sizeof(mistakes) / sizeof(*(mistakes)), MAILDROP)

static void steps_that_are_none(void **state)
{
	static const struct mistake mistakes[] = {
	    {"1", "0: a step is a string or an object"},
	    {"\"S: +OK\", null", "1: a step is a string"},
	    {"{}", "0: an empty step"},
	    {"{\"clent\": \"drops\"}", "0: \"clent\": did you mean \"client\""},
	    {"{\"note\": \"x\", \"silense\": \"1 s\"}",
	     "0: \"silense\": did you mean \"silence\"?"},
	    {"{\"xyzzy\": 1}", "0: \"xyzzy\": no step is known by this key"},
	    {"{\"client\": \"drops\", \"nott\": \"x\"}",
	     "0/nott: unknown key; did you mean \"note\"?"},
	    {"{\"client\": \"drops\", \"within\": \"1 s\"}",
	     "0/within: unknown key"},
	    {"{\"client\": \"drops\", \"requirement\": \"x\"}",
	     "0/requirement: \"x\": a requirement is named"},
	    {"{\"client\": \"drops\", \"ruling\": \"x\"}",
	     "0/ruling: \"x\": a ruling is named"},
	    {"{\"client\": \"drop\"}",
	     "0/client: \"drop\": must be one of \"drops\", \"resets\", "
	     "\"half-closes\""},
	    {"{\"client\": \"connects\"}", "0/client: \"connects\": must be"},
	    {"{\"second client\": \"hides\"}", "0/second client: \"hides\": "},
	    {"{\"silence\": \"10 minutes\"}", "0/silence: \"10 minutes\": a "},
	    {"{\"new session\": \"x\"}", "0/new session: \"x\": must be one"},
	    {"{\"maildrop\": \"has\", \"messages\": []}",
	     "0/maildrop: \"has\": must be \"holds\""},
	    {"{\"maildrop\": \"holds\"}", "0: \"maildrop\" needs \"messages\""},
	    {"{\"maildrop\": \"holds\", \"messages\": [\"a\", \"a\"]}",
	     "0/messages/1: \"a\" stands twice"},
	    {"{\"sum\": \"{x}\"}", "0: \"sum\" needs \"of\""},
	    {"{\"sum\": \"{x}\", \"of\": []}", "0: \"of\" must not be empty"},
	    {"{\"sum\": \"x\", \"of\": [\"{y}\"]}",
	     "0/sum: \"x\": a single name is written \"{total}\""},
	    {"{\"sum\": \"{x} {y}\", \"of\": [\"{y}\"]}", "0/sum: \"{x} {y}\""},
	    {"{\"sum\": \"{user}\", \"of\": [\"{y}\"]}", "0/sum: \"{user}\": "},
	    {"{\"differ\": [\"{x}\"]}", "0: one name differs from nothing"},
	    {"{\"differ\": [\"{x}\", \"{any}\"]}", "0/differ/1: \"{any}\": a"},
	    {"{\"differ\": [\"{x}\", \"{x\"]}", "0/differ/1: in \"{x\": colu"},
	    {"{\"1 times\": [\"S: +OK\"]}", "0: \"1 times\": 2 to 10000 times"},
	    {"{\"many times\": [\"S: +OK\"]}", "0: \"many times\": 2 to"},
	    {"{\"2 times\": []}", "0/2 times: has no step"},
	    {"{\"2 times\": [{\"3 times\": [\"S: +OK\"]}]}",
	     "0/2 times/0: a repetition in a repetition"},
	    {"{\"2 times\": [\"S: +OK\"], \"all differ\": \"{x}\"}",
	     "0: {x} is in no answer of the steps that are repeated"},
	};

	(void)state;
	ARE_TOLD(mistakes);
}

static void lines_that_are_none(void **state)
{
	static const struct mistake mistakes[] = {
	    {"\"X: y\"", "0: \"X: y\": a line begins with \"C: \", \"S: \""},
	    {"\"C:NOOP\"", "0: \"C:NOOP\": a line begins"},
	    {"\"C3: NOOP\"", "0: \"C3: NOOP\": a line begins"},
	    {"\"NOOP\"", "0: \"NOOP\": a line begins"},
	    {"\"\"", "0: \"\": a line begins"},
	    {"\"2: x\"", "0: \"2: x\": a line begins"},
	    {"\"S: OK\"", "0: in \"OK\": a reply begins with +OK or -ERR"},
	    {"\"S:\"", "0: in \"\": a reply begins"},
	    {"\"S: +OKx\"", "0: in \"+OKx\": behind +OK comes a space"},
	    {"\"C: NOOP{CRLF}STAT\"", "0: more than one line; that is {\"C in"},
	    {"\"C: {numbr of a}\"",
	     "0: in \"{numbr of a}\": column 1: {numbr of a}: did you mean"},
	    {"\"C: A {x\"", "0: in \"A {x\": column 3: no } ends this {"},
	    {"\"C: \\u00e4\"", "0: in \"??\": column 1: octet 0xC3"},
	    {"\"C: a\\tb\"", "0: in \"a?b\": column 2: octet 0x09"},
	    {"\"S: +OK {password}\"",
	     "0: in \"+OK {password}\": column 5: {password}: is for"},
	    {"{\"C in one piece\": \"\"}", "0/C in one piece: sends nothing"},
	    {"{\"C in one piece\": [\"x\"]}", "0/C in one piece: must be a s"},
	    {"{\"C in pieces\": []}", "0/C in pieces: sends nothing"},
	    {"{\"C in pieces\": [\"x\", \"\"]}",
	     "0/C in pieces/1: sends nothing"},
	    {"{\"C in pieces\": \"x\"}", "0/C in pieces: must be an array"},
	    {"{\"C in pieces\": [\"x\"], \"C in one piece\": \"y\"}",
	     "0/C in pieces: unknown key"},
	};

	(void)state;
	ARE_TOLD(mistakes);
}

static void answers_that_are_none(void **state)
{
	static const struct mistake mistakes[] = {
	    {"{\"one of\": []}", "0/one of: must not be empty"},
	    {"{\"one of\": {}}", "0/one of: must be an array"},
	    {"{\"one of\": [\"S: +OK\"]}", "0/one of/0: must be an object"},
	    {"{\"one of\": [{\"label\": \"x\"}]}",
	     "0/one of/0: exactly one of \"S\", \"S2\", \"server\" and"},
	    {"{\"S\": \"+OK\", \"server\": \"closes\"}", "0: exactly one of"},
	    {"{\"S\": \"+OK\", \"S2\": \"+OK\"}", "0: exactly one of"},
	    {"{\"one of\": [{\"S\": \"+OK\", \"verdict\": \"pass\"}]}",
	     "0/one of/0/verdict: \"pass\": must be one of \"PASS\", \"WARN\""},
	    {"{\"one of\": [{\"S\": \"+OK\", \"verdict\": \"SKIP\"}]}",
	     "0/one of/0/verdict: \"SKIP\": must be one of"},
	    {"{\"one of\": [{\"S\": \"+OK\", \"label\": \"\"}]}",
	     "0/one of/0/label: must not be empty"},
	    {"{\"one of\": [{\"S\": \"+OK\", \"then\": []}]}",
	     "0/one of/0/then: has no step"},
	    {"{\"one of\": [{\"S\": \"+OK\", \"then\": [\"x\"]}]}",
	     "0/one of/0/then/0: \"x\": a line begins"},
	    {"{\"S\": \"+OK\", \"label\": \"x\"}", "0/label: unknown key"},
	    {"{\"S\": \"+OK\", \"then\": [\"S: +OK\"]}", "0/then: unknown key"},
	    {"{\"one of\": [{\"S\": \"+OK\", \"within\": \"1 s\"}]}",
	     "0/one of/0/within: unknown key"},
	    {"{\"nothing\": \"happens\"}", "0: \"nothing\" needs \"within\""},
	    {"{\"nothing\": \"much\"}", "0/nothing: \"much\": must be "},
	    {"{\"one of\": [{\"nothing\": \"happens\"}]}",
	     "0: \"nothing\" needs \"within\""},
	    {"{\"server\": \"sleeps\"}", "0/server: \"sleeps\": must be \"c"},
	    {"{\"server\": \"closes\", \"to\": \"me\"}", "0/to: \"me\": must "},
	    {"{\"S\": \"+OK\", \"to\": \"second client\"}",
	     "0: \"to\" goes with \"server\""},
	    {"{\"one of\": [{\"S\": \"+OK\"}, {\"S2\": \"+OK\"}]}",
	     "0: all answers must come to the same client"},
	    {"{\"second client\": \"logs in\", \"one of\": [{\"S\": \"+OK\"}]}",
	     "0: all answers must come to the same client"},
	    {"{\"second client\": \"drops\", \"one of\": [{\"S2\": \"+OK\"}]}",
	     "0: \"one of\" and \"within\" go with \"logs in\""},
	    {"{\"second client\": \"connects\", \"within\": \"1 s\"}",
	     "0: \"one of\" and \"within\" go with \"logs in\""},
	};

	(void)state;
	ARE_TOLD(mistakes);
}

static void bodies_that_are_none(void **state)
{
	static const struct mistake mistakes[] = {
	    {"{\"server\": \"closes\", \"message\": \"a\"}",
	     "0: only a reply has a body"},
	    {"{\"server\": \"closes\", \"octets\": \"1\"}", "0: only a reply"},
	    {"{\"S\": \"-ERR\", \"timestamp\": \"{any}\"}",
	     "0: -ERR greets nobody"},
	    {"{\"server\": \"closes\", \"timestamp\": \"{any}\"}",
	     "0: only a reply has a timestamp"},
	    {"{\"S\": \"-ERR\", \"octets\": \"1\"}", "0: -ERR has no lines"},
	    {"{\"S\": \"+OK\", \"top\": 1}", "0: \"top\" goes with"},
	    {"{\"S\": \"+OK\", \"message\": \"a\", \"top\": -1}",
	     "0/top: must be a whole number from 0"},
	    {"{\"S\": \"+OK\", \"message\": \"A\"}",
	     "0/message: \"A\": a name"},
	    {"{\"S\": \"+OK\", \"octets\": 12}", "0/octets: must be a string"},
	};

	(void)state;
	ARE_TOLD(mistakes);
}

static void listings_that_are_none(void **state)
{
	static const struct mistake mistakes[] = {
	    {"{\"S\": \"-ERR\", \"lines\": []}", "0: -ERR has no lines behind"},
	    {"{\"S\": \"+OK\", \"lines\": [], \"message\": \"a\"}",
	     "0: only one of \"message\", \"lines\""},
	    {"{\"S\": \"+OK\", \"lines\": [], \"each line\": \"x\"}",
	     "0: only one of"},
	    {"{\"S\": \"+OK\", \"lines\": \"x\"}", "0/lines: must be an array"},
	    {"{\"S\": \"+OK\", \"lines\": [1]}", "0/lines/0: must be a string"},
	    {"{\"S\": \"+OK\", \"lines\": [\"a\", \"{\"]}",
	     "0/lines/1: in \"{\": column 1: no } ends this {"},
	    {"{\"S\": \"+OK\", \"each line\": [\"x\"]}", "0/each line: must"},
	    {"{\"S\": \"+OK\", \"lines\": [\"{2 to 1} x\"]}",
	     "0/lines/0: {1 to 100} goes up"},
	    {"{\"S\": \"+OK\", \"lines\": [\"{1 to 10001}\"]}",
	     "0/lines/0: {1 to 100} goes up, to 10000 at most"},
	    {"{\"S\": \"+OK\", \"lines\": [\"{1 to 10000}\", \"x\"]}",
	     "0/lines/1: more than 10000 lines"},
	    {"{\"S\": \"+OK\", \"lines\": [\"{1 to x}\"]}",
	     "0/lines/0: in \"{1 to x}\": column 1: {1 to x}: a repetition"},
	    {"\"S: +OK {1 to 9}\"", "0: in \"+OK {1 to 9}\": column 5:"},
	    {"{\"S\": \"+OK\", \"lines\": [\"{x}\"], \"all differ\": "
	     "\"{x}\"}",
	     "0: \"all differ\" and \"sum\" go with \"each line\""},
	    {"{\"S\": \"+OK\", \"all differ\": \"{x}\"}", "0: \"all differ\""},
	    {"{\"S\": \"+OK\", \"each line\": \"{x}\", \"all differ\": "
	     "[\"{x}\", \"{y}\"]}",
	     "0: {y} is not in \"each line\""},
	    {"{\"S\": \"+OK\", \"each line\": \"{x}\", \"sum\": \"{t}\"}",
	     "0: \"sum\" goes with \"of\""},
	    {"{\"S\": \"+OK\", \"each line\": \"{x}\", \"of\": \"{x}\"}",
	     "0: \"sum\" goes with \"of\""},
	    {"{\"S\": \"+OK\", \"each line\": \"{x}\", \"of\": \"{y}\","
	     " \"sum\": \"{t}\"}",
	     "0: {y} is not in \"each line\""},
	    {"{\"server\": \"closes\", \"all differ\": \"{x}\"}",
	     "0: only a reply has a body"},
	    {"{\"S\": \"+OK\", \"line\": [\"x\"]}",
	     "0/line: unknown key; did you mean \"lines\"?"},
	};

	(void)state;
	ARE_TOLD(mistakes);
}

static void names_that_check_nothing(void **state)
{
	static const struct mistake mistakes[] = {
	    {"\"C: STAT\", \"S: +OK {x} {any}\"", "1: {x} is used once only"},
	    {"\"C: RETR {x}\"", "0: {x} has no value here"},
	    {"\"C: RETR {x}\", \"S: +OK {x}\"", "0: {x} has no value here"},
	    {"\"C: {md5 of {x}}\", \"S: +OK {x}\"", "0: {x} has no value"},
	    {"\"C: X {uid of a}\"", "0: {uid of a} has no value here"},
	    {"{\"differ\": [\"{x}\", \"{y}\"]}, \"S: +OK {x} {y}\"",
	     "0: {x} has no value here"},
	    {"{\"sum\": \"{x}\", \"of\": [\"{size of a}\"]}", "0: {x} has no"},
	    {"{\"S\": \"+OK\", \"each line\": \"{x}\", \"sum\": \"{t}\", "
	     "\"of\": \"{x}\"}",
	     "0: {t} has no value here"},
	    {"{\"S\": \"+OK\", \"each line\": \"{x}\"}", "0: {x} is used once"},
	    {"\"C: DELE {turn}\"", "0: {turn} is the number of a turn, within"},
	    {"{\"2 times\": [\"C: DELE {turn}\", \"S: +OK\"]}, "
	     "\"C: DELE {turn}\"",
	     "1: {turn} is the number of a turn"},
	};

	(void)state;
	ARE_TOLD(mistakes);
}

static void secrets_in_the_wrong_place(void **state)
{
	static const struct mistake mistakes[] = {
	    {"\"C: USER {password}\"",
	     "0: {password} stands in the argument of PASS or in {md5 of"},
	    {"\"C: PASS{password}\"", "0: {password} stands"},
	    {"\"C: PASSX {wrong password}\"", "0: {wrong password} stands"},
	    {"\"C: NOOP PASS {secret}\"", "0: {secret} stands"},
	    {"\"C: {user} PASS {secret}\"", "0: {secret} stands"},
	    {"\"C: {password}\"", "0: {password} stands"},
	    {"{\"C in one piece\": \"PASS {password}{CRLF}X {password}\"}",
	     "0: {password} stands"},
	    {"{\"C in pieces\": [\"PA\", \"S {password}\"]}", "0: {password}"},
	    {"{\"C in one piece\": \"X\"}, \"C: PASS {password}\"",
	     "1: {password} stands"},
	    {"{\"C in one piece\": \"PASS \"}, {\"C in one piece\": "
	     "\"{password}{CRLF}\"}", "1: {password} stands"},
	};

	(void)state;
	ARE_TOLD(mistakes);
}

static void what_has_to_be_there_first(void **state)
{
	static const struct mistake mistakes[] = {
	    {"\"C2: NOOP\"", "0: no second client yet; first: "},
	    {"\"S2: +OK\"", "0: no second client yet"},
	    {"{\"second client\": \"drops\"}", "0: no second client yet"},
	    {"{\"server\": \"closes\", \"to\": \"second client\"}",
	     "0: no second client yet"},
	};
	static const struct mistake without_maildrop[] = {
	    {"\"C: RETR {number of a}\"", "0: {number of a} needs a \"maild"},
	    {"\"S: +OK {uid of a}\"", "0: {uid of a} needs a \"maildrop\""},
	    {"{\"maildrop\": \"holds\", \"messages\": []}",
	     "0: messages need a \"maildrop\""},
	    {"{\"S\": \"+OK\", \"message\": \"a\"}", "0: messages need a"},
	};

	(void)state;
	ARE_TOLD(mistakes);
	are_told(without_maildrop,
		 sizeof(without_maildrop) / sizeof(*without_maildrop), "");
}

static void deliveries_that_are_none(void **state)
{
	static const struct mistake mistakes[] = {
	    {"{\"delivered\": []}", "0/delivered: must be a string"},
	    {"{\"delivered\": \"B\"}", "0/delivered: \"B\": a name"},
	    {"{\"deliver\": \"b\"}", "0: \"deliver\": did you mean \"deliv"},
	    {"{\"delivered\": \"b\", \"messages\": []}", "0/messages: unkn"},
	    {"{\"delivered\": \"b\"}, {\"delivered\": \"b\"}",
	     "1: \"b\" is delivered twice"},
	    {"{\"2 times\": [{\"delivered\": \"b\"}]}",
	     "0: a message is delivered once"},
	    {"\"C: RETR {number of b}\", {\"delivered\": \"b\"}",
	     "0: \"b\" is not there before it is delivered"},
	    {"{\"S\": \"+OK\", \"message\": \"b\"}, {\"delivered\": \"b\"}",
	     "0: \"b\" is not there before"},
	    {"{\"maildrop\": \"holds\", \"messages\": [\"b\"]}, "
	     "{\"delivered\": \"b\"}",
	     "0: \"b\" is not there before"},
	};
	static const struct mistake without_maildrop[] = {
	    {"{\"delivered\": \"b\"}", "0: messages need a \"maildrop\""},
	};

	(void)state;
	ARE_TOLD(mistakes);
	are_told(without_maildrop, 1, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(steps_that_are_none),
	    cmocka_unit_test(lines_that_are_none),
	    cmocka_unit_test(answers_that_are_none),
	    cmocka_unit_test(bodies_that_are_none),
	    cmocka_unit_test(listings_that_are_none),
	    cmocka_unit_test(names_that_check_nothing),
	    cmocka_unit_test(secrets_in_the_wrong_place),
	    cmocka_unit_test(what_has_to_be_there_first),
	    cmocka_unit_test(deliveries_that_are_none),
	};

	return cmocka_run_group_tests_name("scenario_steps", tests, NULL, NULL);
}
