/* SPDX-License-Identifier: MIT */
/*
 * Steps that are objects: each form is known by one key, and has a table of the
 * keys that may stand beside it.
 */
#include "decimal.h"
#include "pattern_nearest.h"
#include "scenario_reader.h"

#include <stdlib.h>
#include <string.h>

int scenario_read_step_requirement(struct json_reader *r, json_t *value,
				   void *to)
{
	struct step_reader *s = to;

	return scenario_read_requirement(r, value, &s->step->requirement);
}

int scenario_read_step_ruling(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	return scenario_read_ruling(r, value, &s->step->ruling);
}

int scenario_read_within(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	return scenario_read_duration(r, value, &s->step->duration);
}

static int read_maildrop(struct json_reader *r, json_t *value, void *to)
{
	static const char *const words[] = {"holds", NULL, 0};
	size_t found;

	(void)to;
	return scenario_read_word(r, value, words, &found);
}

static int read_client(struct json_reader *r, json_t *value, void *to)
{
	static const char *const words[] = {"drops", "resets", "half-closes",
					    NULL};
	static const enum step_kind kinds[] = {STEP_DROP, STEP_RESET,
					       STEP_HALF_CLOSE};
	struct step_reader *s = to;
	size_t found;

	if (scenario_read_word(r, value, words, &found))
		return -1;
	s->step->kind = kinds[found];
	return 0;
}

static int read_second_client(struct json_reader *r, json_t *value, void *to)
{
	static const char *const words[] = {
	    "drops", "resets", "half-closes", "connects", "logs in", NULL};
	static const enum step_kind kinds[] = {
	    STEP_DROP, STEP_RESET, STEP_HALF_CLOSE, STEP_CONNECT, STEP_LOGIN};
	struct step_reader *s = to;
	size_t found;

	s->step->client = 1;
	if (scenario_read_word(r, value, words, &found))
		return -1;
	s->step->kind = kinds[found];
	return 0;
}

static int read_silence(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	return scenario_read_duration(r, value, &s->step->duration);
}

static int read_new_session(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	return scenario_read_state(r, value, &s->step->state);
}

static int read_one_piece_2(struct json_reader *r, json_t *value, void *to)
{
	((struct step_reader *)to)->step->client = 1;
	return scenario_read_one_piece(r, value, to);
}

static int read_pieces_2(struct json_reader *r, json_t *value, void *to)
{
	((struct step_reader *)to)->step->client = 1;
	return scenario_read_pieces(r, value, to);
}

static const struct json_key one_piece_keys[] = {
    {"C in one piece", scenario_read_one_piece, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key pieces_keys[] = {
    {"C in pieces", scenario_read_pieces, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key one_piece_2_keys[] = {
    {"C2 in one piece", read_one_piece_2, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key pieces_2_keys[] = {
    {"C2 in pieces", read_pieces_2, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key client_keys[] = {
    {"client", read_client, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key second_client_keys[] = {
    {"second client", read_second_client, 0},
    {"one of", scenario_read_one_of, 0},
    {"within", scenario_read_within, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key one_of_keys[] = {
    {"one of", scenario_read_one_of, 0},
    {"within", scenario_read_within, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key silence_keys[] = {
    {"silence", read_silence, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key new_session_keys[] = {
    {"new session", read_new_session, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key delivered_keys[] = {
    {"delivered", scenario_read_delivered, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key maildrop_keys[] = {
    {"maildrop", read_maildrop, 0},
    {"messages", scenario_read_messages, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key sum_keys[] = {
    {"sum", scenario_read_total, 0},
    {"of", scenario_read_names, 0},
    SCENARIO_STEP_KEYS,
};
static const struct json_key differ_keys[] = {
    {"differ", scenario_read_names, 0},
    SCENARIO_STEP_KEYS,
};

/* In the order in which they are looked for. */
static const struct form {
	const char *key;
	const struct json_key *keys; /* NULL: an answer */
	enum step_kind kind;
	const char *needs; /* besides key, or NULL */
} forms[] = {
    {"C in one piece", one_piece_keys, STEP_SEND, NULL},
    {"C in pieces", pieces_keys, STEP_SEND, NULL},
    {"C2 in one piece", one_piece_2_keys, STEP_SEND, NULL},
    {"C2 in pieces", pieces_2_keys, STEP_SEND, NULL},
    {"S", NULL, STEP_ANSWERS, NULL},
    {"S2", NULL, STEP_ANSWERS, NULL},
    {"server", NULL, STEP_ANSWERS, NULL},
    {"nothing", NULL, STEP_ANSWERS, NULL},
    {"second client", second_client_keys, STEP_CONNECT, NULL},
    {"one of", one_of_keys, STEP_ANSWERS, NULL},
    {"client", client_keys, STEP_DROP, NULL},
    {"silence", silence_keys, STEP_SILENCE, NULL},
    {"new session", new_session_keys, STEP_NEW_SESSION, NULL},
    {"delivered", delivered_keys, STEP_DELIVERED, NULL},
    {"maildrop", maildrop_keys, STEP_MAILDROP, "messages"},
    {"sum", sum_keys, STEP_SUM, "of"},
    {"differ", differ_keys, STEP_DIFFER, NULL},
};

#define FORMS (sizeof(forms) / sizeof(*forms))

static int check_form(struct json_reader *r, const struct step *step)
{
	if (step->kind == STEP_DIFFER && step->name_count < 2)
		return json_reader_error(r, "one name differs from nothing");
	if (step->kind == STEP_SUM && step->name_count < 2)
		return json_reader_error(r, "\"of\" must not be empty");
	if (step->client && step->kind != STEP_LOGIN &&
	    (step->answer_count || step->duration) &&
	    step->kind != STEP_ANSWERS)
		return json_reader_error(r, "\"one of\" and \"within\" go with "
					    "\"logs in\"");
	return 0;
}

static int read_form(struct step_reader *s, json_t *object,
		     const struct form *form)
{
	struct json_reader *r = &s->in->json;

	s->step->kind = form->kind;
	if (form->needs && !json_object_get(object, form->needs))
		return json_reader_error(r, "\"%s\" needs \"%s\"", form->key,
					 form->needs);
	if (form->keys ? json_read_object(r, object, form->keys, s)
		       : scenario_read_answer(s->in, object, s->step))
		return -1;
	if (s->step->answer_count && scenario_check_answers(r, s->step))
		return -1;
	return check_form(r, s->step);
}

static int read_body(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;
	struct scenario_reader *in = s->in;

	(void)r;
	in->times = s->step->times;
	if (scenario_read_steps(in, value, &s->step->body))
		return -1;
	in->times = 1;
	return 0;
}

/* {"50 times": [...]}: the key holds the number. */
static int read_repeat(struct step_reader *s, json_t *object, const char *key)
{
	const struct json_key keys[] = {
	    {key, read_body, 0},
	    {"all differ", scenario_read_names, 0},
	    SCENARIO_STEP_KEYS,
	};
	struct json_reader *r = &s->in->json;
	struct slice times =
	    slice_first(slice_str(key), strlen(key) - strlen(" times"));

	s->step->kind = STEP_REPEAT;
	if (s->in->times > 1)
		return json_reader_error(r, "a repetition in a repetition");
	if (!decimal_read(times, &s->step->times) || s->step->times < 2 ||
	    s->step->times > SCENARIO_STEPS_LIMIT)
		return json_reader_error(r, "\"%.40s\": 2 to %d times", key,
					 SCENARIO_STEPS_LIMIT);
	return json_read_object(r, object, keys, s);
}

static int unknown_form(struct json_reader *r, json_t *object)
{
	const char *words[FORMS + 1] = {NULL}, *key = NULL, *meant = NULL;
	void *member = json_object_iter(object);

	for (size_t i = 0; i < FORMS; i++)
		words[i] = forms[i].key;
	for (; member && !meant;
	     member = json_object_iter_next(object, member)) {
		key = json_object_iter_key(member);
		meant = nearest_word(slice_str(key), words);
	}
	if (!key)
		return json_reader_error(r, "an empty step");
	if (meant)
		return json_reader_error(r, "\"%.40s\": did you mean \"%s\"?",
					 key, meant);
	return json_reader_error(r, "\"%.40s\": no step is known by this key",
				 key);
}

/* The key of a repetition, or NULL. */
static const char *repeat_key(json_t *object)
{
	void *member = json_object_iter(object);

	for (; member; member = json_object_iter_next(object, member)) {
		const char *key = json_object_iter_key(member);

		if (slice_ends(slice_str(key), " times"))
			return key;
	}
	return NULL;
}

int scenario_read_form(struct step_reader *s, json_t *object)
{
	const char *key = repeat_key(object);

	for (size_t i = 0; i < FORMS; i++)
		if (json_object_get(object, forms[i].key))
			return read_form(s, object, &forms[i]);
	return key ? read_repeat(s, object, key)
		   : unknown_form(&s->in->json, object);
}
