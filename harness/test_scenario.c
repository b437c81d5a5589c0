/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HEAD                                                                   \
	"{\"title\": \"T\", \"revision\": 1, \"start\": \"transaction\","      \
	"\"requirements\": [\"RFC1939-5-STAT-01\"], \"maildrop\": \"three\","

static struct scenario *loaded_text(const char *json)
{
	struct error e = { 0 };
	struct scenario *s =
	    scenario_parse(slice_str(json), "update/x-1", "x.json", &e);

	if (!s)
		fail_msg("%s", e.text);
	return s;
}

/* A scenario of these steps, which are the elements of "dialogue". */
static struct scenario *loaded(const char *steps)
{
	struct buf json = {0};
	struct scenario *s;

	buf_printf(&json, HEAD "\"dialogue\": [%s]}", steps);
	s = loaded_text(buf_text(&json));
	buf_free(&json);
	return s;
}

static void sends(const struct pattern *p, const char *octets)
{
	struct bindings none = {0};
	struct buf to = {0};

	assert_int_equal(pattern_expand(p, &none, &to, NULL), 0);
	assert_string_equal(buf_text(&to), octets);
	buf_free(&to);
}

static void the_head(void **state)
{
	struct scenario *s = loaded_text(
	    "{\"title\": \"A rule\", \"revision\": 3, \"note\": \"why\","
	    "\"requirements\": [\"RFC1939-5-RSET-01\", \"X-LOCK-01\","
	    "\"RFC9051-6.2.1-01\"], \"rulings\": [\"C10\", \"D3\"],"
	    "\"start\": \"connected\", \"maildrop\": \"three-distinct\","
	    "\"needs\": [\"UIDL\", \"greeting timestamp\", \"account: apop\","
	    "\"SASL SCRAM-SHA-256\"], \"patience\": \"90 s\","
	    "\"was\": [\"old/id\"], \"given\": [\"C: NOOP\", \"S: +OK\"],"
	    "\"dialogue\": [\"S: +OK\"]}");

	(void)state;
	assert_string_equal(s->id, "update/x-1");
	assert_string_equal(s->file, "x.json");
	assert_string_equal(s->title, "A rule");
	assert_int_equal(s->revision, 3);
	assert_int_equal(s->requirement_count, 3);
	assert_string_equal(s->requirements[2], "RFC9051-6.2.1-01");
	assert_int_equal(s->ruling_count, 2);
	assert_string_equal(s->rulings[0], "C10");
	assert_int_equal(s->start, STATE_CONNECTED);
	assert_string_equal(s->maildrop, "three-distinct");
	assert_int_equal(s->need_count, 4);
	assert_string_equal(s->needs[2], "account: apop");
	assert_int_equal(s->patience, 90000);
	assert_int_equal(s->given.count, 2);
	assert_string_equal(s->given.list[1].pointer, "/given/1");
	assert_int_equal(s->dialogue.count, 1);
	scenario_free(s);
}

static void lines_of_the_dialogue(void **state)
{
	struct scenario *s = loaded(
	    "\"C: NOOP x\", \"S: +OK\", \"C:\", \"S: -ERR no...\","
	    "{\"second client\": \"connects\"}, \"S2: +OK\", \"C2: QUIT\"");
	const struct step *step = s->dialogue.list;

	(void)state;
	assert_int_equal(step[0].kind, STEP_SEND);
	assert_true(step[0].line);
	assert_int_equal(step[0].piece_count, 1);
	sends(step[0].pieces[0], "NOOP x\r\n");
	assert_string_equal(step[0].pointer, "/dialogue/0");
	assert_string_equal(step[0].source, "C: NOOP x");
	assert_int_equal(step[1].kind, STEP_ANSWERS);
	assert_int_equal(step[1].answer_count, 1);
	assert_int_equal(step[1].answers[0].event, EVENT_REPLY);
	assert_int_equal(step[1].answers[0].body, BODY_UNJUDGED);
	assert_int_equal(step[1].answers[0].verdict, OUTCOME_PASS);
	assert_string_equal(step[1].answers[0].label, "");
	assert_string_equal(step[1].answers[0].pointer, "/dialogue/1");
	assert_string_equal(step[1].answers[0].source, "S: +OK");
	sends(step[2].pieces[0], "\r\n");
	assert_string_equal(step[3].answers[0].line->source, "-ERR no...");
	assert_int_equal(step[4].kind, STEP_CONNECT);
	assert_int_equal(step[4].client, 1);
	assert_int_equal(step[5].client, 1);
	assert_int_equal(step[5].answers[0].client, 1);
	assert_int_equal(step[6].client, 1);
	scenario_free(s);
}

static void exact_octets(void **state)
{
	struct scenario *s =
	    loaded("{\"C in one piece\": \"STAT{CRLF}NOOP\"},"
		   "{\"C in pieces\": [\"NO\", \"OP{CR}\", \"{LF}\"]},"
		   "{\"second client\": \"logs in\"},"
		   "{\"C2 in one piece\": \"{3 times A}\"},"
		   "{\"C2 in pieces\": [\"{{\"]}");
	const struct step *step = s->dialogue.list;

	(void)state;
	assert_false(step[0].line);
	sends(step[0].pieces[0], "STAT\r\nNOOP");
	assert_int_equal(step[1].piece_count, 3);
	sends(step[1].pieces[1], "OP\r");
	assert_int_equal(step[2].kind, STEP_LOGIN);
	assert_int_equal(step[2].answer_count, 0);
	assert_int_equal(step[3].client, 1);
	sends(step[3].pieces[0], "AAA");
	assert_int_equal(step[4].client, 1);
	sends(step[4].pieces[0], "{");
	scenario_free(s);
}

static void bodies(void **state)
{
	struct scenario *s = loaded(
	    "{\"S\": \"+OK\", \"message\": \"a\", \"octets\": \"{size of a}\"},"
	    "{\"S\": \"+OK\", \"top\": 0, \"message\": \"b\"},"
	    "{\"S\": \"+OK\", \"lines\": [\"1 {any uid}\", \"x\"]},"
	    "{\"S\": \"+OK\", \"lines in any order\": []},"
	    "{\"S\": \"+OK\", \"each line\": \"{any number}...\","
	    " \"octets\": \"120\", \"within\": \"5 s\"},"
	    "{\"S\": \"+OK\", \"message\": \"any other\"}");
	const struct step *step = s->dialogue.list;

	(void)state;
	assert_int_equal(step[0].answers[0].body, BODY_MESSAGE);
	assert_string_equal(step[0].answers[0].message, "a");
	assert_false(step[0].answers[0].has_top);
	assert_string_equal(step[0].answers[0].octets->source, "{size of a}");
	assert_true(step[1].answers[0].has_top);
	assert_int_equal(step[1].answers[0].top, 0);
	assert_int_equal(step[2].answers[0].body, BODY_LINES);
	assert_int_equal(step[2].answers[0].line_count, 2);
	assert_string_equal(step[2].answers[0].lines[1]->source, "x");
	assert_int_equal(step[3].answers[0].body, BODY_LINE_SET);
	assert_int_equal(step[3].answers[0].line_count, 0);
	assert_int_equal(step[4].answers[0].body, BODY_EACH_LINE);
	assert_int_equal(step[4].answers[0].line_count, 1);
	assert_int_equal(step[4].duration, 5000);
	assert_string_equal(step[5].answers[0].message, ANY_OTHER);
	scenario_free(s);
}

static void listings(void **state)
{
	struct scenario *s = loaded(
	    "\"C: STAT\", \"S: +OK 3 {total}...\","
	    "{\"S\": \"+OK\", \"lines in any order\":"
	    " [\"{8 to 11} {any number}...\", \"{5 to 5}\", \"x {{1 to 2}\"]},"
	    "{\"S\": \"+OK\", \"each line\": \"{number} {size}...\","
	    " \"all differ\": [\"{number}\"], \"sum\": \"{total}\","
	    " \"of\": \"{size}\"}");
	const struct answer *set = &s->dialogue.list[2].answers[0];
	const struct answer *each = &s->dialogue.list[3].answers[0];

	(void)state;
	assert_int_equal(set->line_count, 6);
	assert_string_equal(set->lines[0]->source, "8 {any number}...");
	assert_string_equal(set->lines[3]->source, "11 {any number}...");
	assert_string_equal(set->lines[4]->source, "5");
	assert_string_equal(set->lines[5]->source, "x {{1 to 2}");
	assert_int_equal(each->differ_count, 1);
	assert_string_equal(each->differ[0], "number");
	assert_string_equal(each->total, "total");
	assert_string_equal(each->addend, "size");
	scenario_free(s);
}

static void several_answers(void **state)
{
	struct scenario *s = loaded(
	    "{\"one of\": [{\"S\": \"+OK\", \"label\": \"fine\","
	    "  \"then\": [\"C: NOOP\", {\"one of\": [{\"S\": \"-ERR\"}]}]},"
	    " {\"server\": \"closes\", \"verdict\": \"SECURITY\","
	    "  \"requirement\": \"X-LOCK-01\", \"ruling\": \"C9\","
	    "  \"note\": \"why\"},"
	    " {\"nothing\": \"happens\", \"verdict\": \"INFO\"}],"
	    " \"within\": \"35 min\", \"ruling\": \"C17\","
	    " \"requirement\": \"RFC1939-3-TMO-02\"}");
	const struct step *step = s->dialogue.list;
	const struct answer *a = step->answers;

	(void)state;
	assert_int_equal(step->kind, STEP_ANSWERS);
	assert_int_equal(step->duration, 35 * 60000);
	assert_string_equal(step->requirement, "RFC1939-3-TMO-02");
	assert_string_equal(step->ruling, "C17");
	assert_int_equal(step->answer_count, 3);
	assert_string_equal(a[0].label, "fine");
	assert_string_equal(a[0].source,
			    "{\"S\": \"+OK\", \"label\": \"fine\"}");
	assert_int_equal(a[0].then.count, 2);
	assert_string_equal(a[0].then.list[1].answers[0].pointer,
			    "/dialogue/0/one of/0/then/1/one of/0");
	assert_int_equal(a[1].event, EVENT_CLOSE);
	assert_int_equal(a[1].verdict, OUTCOME_SECURITY);
	assert_string_equal(a[1].requirement, "X-LOCK-01");
	assert_string_equal(a[1].ruling, "C9");
	assert_int_equal(a[2].event, EVENT_NOTHING);
	assert_int_equal(a[2].verdict, OUTCOME_INFO);
	scenario_free(s);
}

static void the_verdicts(void **state)
{
	struct scenario *s =
	    loaded("{\"one of\": [{\"S\": \"+OK\", \"verdict\": \"PASS\"},"
		   "{\"S\": \"+OK\", \"verdict\": \"WARN\"},"
		   "{\"S\": \"+OK\", \"verdict\": \"INFO\"},"
		   "{\"S\": \"+OK\", \"verdict\": \"FAIL\"}]}");
	const struct answer *a = s->dialogue.list[0].answers;

	(void)state;
	assert_int_equal(a[0].verdict, OUTCOME_PASS);
	assert_int_equal(a[1].verdict, OUTCOME_WARN);
	assert_int_equal(a[2].verdict, OUTCOME_INFO);
	assert_int_equal(a[3].verdict, OUTCOME_FAIL);
	scenario_free(s);
}

static void connections(void **state)
{
	static const enum step_kind kinds[] = {
	    STEP_DROP,	  STEP_RESET,  STEP_HALF_CLOSE, STEP_NEW_SESSION,
	    STEP_LOGIN,	  STEP_DROP,   STEP_RESET,	STEP_HALF_CLOSE,
	    STEP_ANSWERS, STEP_SILENCE};
	struct scenario *s = loaded(
	    "{\"client\": \"drops\"}, {\"client\": \"resets\"},"
	    "{\"client\": \"half-closes\"},"
	    "{\"new session\": \"authorization\"},"
	    "{\"second client\": \"logs in\", \"one of\": ["
	    " {\"S2\": \"+OK\"},"
	    " {\"server\": \"closes\", \"to\": \"second client\"}]},"
	    "{\"second client\": \"drops\"}, {\"second client\": \"resets\"},"
	    "{\"second client\": \"half-closes\"},"
	    "{\"server\": \"closes\", \"to\": \"second client\"},"
	    "{\"silence\": \"10 min\"}");
	const struct step *step = s->dialogue.list;

	(void)state;
	assert_int_equal(s->dialogue.count, 10);
	for (size_t i = 0; i < 10; i++) {
		assert_int_equal(step[i].kind, kinds[i]);
		assert_int_equal(step[i].client, i >= 4 && i <= 8);
	}
	assert_int_equal(step[3].state, STATE_AUTHORIZATION);
	assert_int_equal(step[4].answer_count, 2);
	assert_int_equal(step[9].duration, 600000);
	scenario_free(s);
}

static void what_is_compared(void **state)
{
	struct scenario *s = loaded(
	    "\"S: +OK 3 {total} {size of a} {size of b} {uid of c}\","
	    "{\"maildrop\": \"holds\", \"messages\": [\"a\", \"b-2\"]},"
	    "{\"maildrop\": \"holds\", \"messages\": []},"
	    "{\"of\": [\"{size of a}\", \"{size of b}\"],"
	    " \"sum\": \"{total}\"},"
	    "{\"differ\": [\"{uid of c}\", \"{total}\"], \"note\": \"n\"},"
	    "{\"50 times\": [\"C: X\", \"S: +OK {stamp}\"],"
	    " \"all differ\": \"{stamp}\"},"
	    "{\"2 times\": [\"S: +OK {p} {q}\"],"
	    " \"all differ\": [\"{p}\", \"{q}\"]}");
	const struct step *step = s->dialogue.list;

	(void)state;
	assert_int_equal(step[1].kind, STEP_MAILDROP);
	assert_int_equal(step[1].name_count, 2);
	assert_string_equal(step[1].names[1], "b-2");
	assert_int_equal(step[2].name_count, 0);
	assert_int_equal(step[3].kind, STEP_SUM);
	assert_int_equal(step[3].name_count, 3);
	assert_string_equal(step[3].names[0], "total");
	assert_string_equal(step[3].names[1], "size of a");
	assert_string_equal(step[3].names[2], "size of b");
	assert_int_equal(step[4].kind, STEP_DIFFER);
	assert_string_equal(step[4].names[0], "uid of c");
	assert_string_equal(step[4].source,
			    "{\"differ\": [\"{uid of c}\", \"{total}\"]}");
	assert_int_equal(step[5].kind, STEP_REPEAT);
	assert_int_equal(step[5].times, 50);
	assert_int_equal(step[5].body.count, 2);
	assert_string_equal(step[5].body.list[1].pointer,
			    "/dialogue/5/50 times/1");
	assert_string_equal(step[5].names[0], "stamp");
	assert_int_equal(step[6].name_count, 2);
	scenario_free(s);
}

static void times_of_waiting(void **state)
{
	struct scenario *s = loaded("{\"silence\": \"1 ms\"},"
				    "{\"silence\": \"86400 s\"}");

	(void)state;
	assert_int_equal(s->dialogue.list[0].duration, 1);
	assert_int_equal(s->dialogue.list[1].duration, 86400000);
	scenario_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_head),
	    cmocka_unit_test(lines_of_the_dialogue),
	    cmocka_unit_test(exact_octets),
	    cmocka_unit_test(bodies),
	    cmocka_unit_test(listings),
	    cmocka_unit_test(several_answers),
	    cmocka_unit_test(the_verdicts),
	    cmocka_unit_test(connections),
	    cmocka_unit_test(what_is_compared),
	    cmocka_unit_test(times_of_waiting),
	};

	return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
