/* SPDX-License-Identifier: MIT */
#include "scenario_reader.h"

#include <stdlib.h>
#include <string.h>

static int read_line_of(struct step_reader *s, json_t *value, unsigned client)
{
	s->events++;
	s->answer->event = EVENT_REPLY;
	s->answer->client = client;
	if (s->events > 1)
		return 0; /* told apart when the whole answer is read */
	return scenario_read_pattern(s->in, value, PATTERN_EXPECTED,
				     &s->answer->line);
}

static int read_line(struct json_reader *r, json_t *value, void *to)
{
	(void)r;
	return read_line_of(to, value, 0);
}

static int read_second_line(struct json_reader *r, json_t *value, void *to)
{
	(void)r;
	return read_line_of(to, value, 1);
}

static int read_timestamp(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	(void)r;
	return scenario_read_pattern(s->in, value, PATTERN_EXPECTED,
				     &s->answer->timestamp);
}

static int read_server(struct json_reader *r, json_t *value, void *to)
{
	static const char *const words[] = {"closes", NULL, 0};
	struct step_reader *s = to;
	size_t found;

	s->events++;
	s->answer->event = EVENT_CLOSE;
	return scenario_read_word(r, value, words, &found);
}

static int read_to(struct json_reader *r, json_t *value, void *to)
{
	static const char *const words[] = {"second client", NULL, 0};
	struct step_reader *s = to;
	size_t found;

	s->targets++;
	s->answer->client = 1;
	return scenario_read_word(r, value, words, &found);
}

static int read_nothing(struct json_reader *r, json_t *value, void *to)
{
	static const char *const words[] = {"happens", NULL, 0};
	struct step_reader *s = to;
	size_t found;

	s->events++;
	s->answer->event = EVENT_NOTHING;
	return scenario_read_word(r, value, words, &found);
}

static int read_label(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	return scenario_read_text(r, value, &s->answer->label);
}

static int read_verdict(struct json_reader *r, json_t *value, void *to)
{
	static const enum outcome outcomes[] = {OUTCOME_PASS, OUTCOME_WARN,
						OUTCOME_INFO, OUTCOME_FAIL,
						OUTCOME_SECURITY};
	static const char *const words[] = {"PASS", "WARN",	"INFO",
					    "FAIL", "SECURITY", NULL};
	struct step_reader *s = to;
	size_t found;

	if (scenario_read_word(r, value, words, &found))
		return -1;
	s->answer->verdict = outcomes[found];
	return 0;
}

static int read_requirement(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	return scenario_read_requirement(r, value, &s->answer->requirement);
}

static int read_ruling(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	return scenario_read_ruling(r, value, &s->answer->ruling);
}

static int read_then(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	(void)r;
	return scenario_read_steps(s->in, value, &s->answer->then);
}

/* clang-format off */
#define ANSWER_KEYS \
	{"S", read_line, 0}, \
	{"S2", read_second_line, 0}, \
	{"timestamp", read_timestamp, 0}, \
	{"server", read_server, 0}, \
	{"to", read_to, 0}, \
	{"nothing", read_nothing, 0}, \
	SCENARIO_BODY_KEYS
/* clang-format on */

/* Of "one of". */
static const struct json_key answer_keys[] = {
    ANSWER_KEYS,
    {"label", read_label, 0},
    {"verdict", read_verdict, 0},
    {"requirement", read_requirement, 0},
    {"ruling", read_ruling, 0},
    {"then", read_then, 0},
    {"note", scenario_read_note, 0},
    {NULL, NULL, 0},
};

/* Of a step that is an answer. */
static const struct json_key step_keys[] = {
    ANSWER_KEYS,
    {"within", scenario_read_within, 0},
    SCENARIO_STEP_KEYS,
};

/* A reply's first line, and that only +OK has a body. */
static int check_reply(struct json_reader *r, const struct step_reader *s)
{
	const struct answer *a = s->answer;
	struct error wrong;

	if (!a->line)
		return json_reader_error(r, "out of memory");
	if (pattern_check_reply(a->line, &wrong))
		return json_reader_error(r, "in \"%.60s\": %s", a->line->source,
					 wrong.text);
	if (s->bodies > 1)
		return json_reader_error(r, "only one of \"message\", "
					    "\"lines\", \"lines in any "
					    "order\" and \"each line\"");
	if ((s->bodies || a->octets) && a->line->source[0] == '-')
		return json_reader_error(r, "-ERR has no lines behind it");
	if (a->timestamp && a->line->source[0] == '-')
		return json_reader_error(r, "-ERR greets nobody, and has no "
					    "timestamp");
	return scenario_check_body(r, a);
}

static int check_answer(struct json_reader *r, const struct step_reader *s)
{
	const struct answer *a = s->answer;

	if (s->events != 1)
		return json_reader_error(r, "exactly one of \"S\", \"S2\", "
					    "\"server\" and \"nothing\" says "
					    "what comes");
	if (s->targets && a->event != EVENT_CLOSE)
		return json_reader_error(r, "\"to\" goes with \"server\"");
	if (a->event == EVENT_REPLY)
		return check_reply(r, s);
	if (a->timestamp)
		return json_reader_error(r, "only a reply has a timestamp");
	if (s->bodies || a->has_top || a->octets || a->differ_count || a->total)
		return json_reader_error(r, "only a reply has a body");
	return 0;
}

static int finish_answer(struct step_reader *s, json_t *value)
{
	struct json_reader *r = &s->in->json;
	struct answer *a = s->answer;

	if (check_answer(r, s) || scenario_read_source(r, value, &a->source))
		return -1;
	if (!a->label)
		a->label = slice_copy(slice_str(""));
	a->pointer = slice_copy(buf_slice(&r->pointer));
	if (!a->label || !a->pointer)
		return json_reader_error(r, "out of memory");
	return 0;
}

static int read_listed_answer(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader s = {0};

	s.in = ((struct step_reader *)to)->in;
	s.step = ((struct step_reader *)to)->step;
	s.answer = &s.step->answers[s.step->answer_count++];
	if (json_read_object(r, value, answer_keys, &s))
		return -1;
	return finish_answer(&s, value);
}

static int make_answers(struct json_reader *r, struct step *step, size_t n)
{
	step->answers = calloc(n + 1, sizeof(*step->answers));
	return step->answers ? 0 : json_reader_error(r, "out of memory");
}

int scenario_read_one_of(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;
	struct scenario_reader *in = s->in;

	if (in->depth == SCENARIO_DEPTH_LIMIT)
		return json_reader_error(r, "more than %d deep",
					 SCENARIO_DEPTH_LIMIT);
	if (make_answers(r, s->step, json_array_size(value)))
		return -1;
	in->depth++;
	if (json_read_array(r, value, read_listed_answer, s))
		return -1;
	in->depth--;
	if (!s->step->answer_count)
		return json_reader_error(r, "must not be empty");
	return 0;
}

int scenario_read_answer(struct scenario_reader *in, json_t *object,
			 struct step *step)
{
	struct step_reader s = {.in = in, .step = step};

	if (make_answers(&in->json, step, 1))
		return -1;
	s.answer = &step->answers[step->answer_count++];
	if (json_read_object(&in->json, object, step_keys, &s))
		return -1;
	return finish_answer(&s, object);
}

int scenario_read_reply(struct scenario_reader *in, json_t *value,
			struct slice line, unsigned client, struct step *step)
{
	struct step_reader s = {.in = in, .step = step};

	if (make_answers(&in->json, step, 1))
		return -1;
	s.answer = &step->answers[step->answer_count++];
	s.events = 1;
	s.answer->event = EVENT_REPLY;
	s.answer->client = client;
	if (scenario_read_pattern_text(in, line, PATTERN_EXPECTED,
				       &s.answer->line))
		return -1;
	return finish_answer(&s, value);
}

int scenario_check_answers(struct json_reader *r, struct step *step)
{
	bool first = step->kind != STEP_LOGIN;

	for (size_t i = 0; i < step->answer_count; i++) {
		const struct answer *a = &step->answers[i];

		if (a->event == EVENT_NOTHING) {
			if (!step->duration)
				return json_reader_error(
				    r, "\"nothing\" needs \"within\"");
			continue;
		}
		if (!first && a->client != step->client)
			return json_reader_error(r, "all answers must come to "
						    "the same client");
		step->client = a->client;
		first = false;
	}
	return 0;
}

static void free_answer(struct answer *a)
{
	pattern_free(a->line);
	pattern_free(a->timestamp);
	for (size_t i = 0; i < a->line_count; i++)
		pattern_free(a->lines[i]);
	free(a->lines);
	free(a->message);
	pattern_free(a->octets);
	scenario_free_list(a->differ, a->differ_count);
	free(a->total);
	free(a->addend);
	free(a->label);
	free(a->requirement);
	free(a->ruling);
	scenario_free_steps(&a->then);
	free(a->pointer);
	free(a->source);
}

void scenario_free_answers(struct step *step)
{
	for (size_t i = 0; i < step->answer_count; i++)
		free_answer(&step->answers[i]);
	free(step->answers);
}
