/* SPDX-License-Identifier: MIT */
#include "scenario_reader.h"

#include <stdlib.h>

/* "C", "C2", "S" or "S2" before the colon of "C: LIST 1"; or NUL. */
static char speaker(struct slice who, unsigned *client)
{
	bool second = slice_ends(who, "2");
	struct slice letter = slice_first(who, who.len - second);

	*client = second;
	if (slice_is(letter, "C") || slice_is(letter, "S"))
		return letter.ptr[0];
	return '\0';
}

static int read_line(struct step_reader *s, json_t *value)
{
	struct slice line =
	    slice_of(json_string_value(value), json_string_length(value));
	size_t colon = slice_find(line, ':');
	struct slice text = slice_from(line, colon + 1);
	unsigned client;
	char who = speaker(slice_first(line, colon), &client);

	if (!who || colon == line.len || (text.len && !slice_starts(text, " ")))
		return json_reader_error(&s->in->json,
					 "\"%.*s\": a line begins with "
					 "\"C: \", \"S: \", \"C2: \" or "
					 "\"S2: \"",
					 (int)slice_first(line, 40).len,
					 line.ptr);
	text = slice_from(text, 1);
	s->step->kind = who == 'C' ? STEP_SEND : STEP_ANSWERS;
	if (who == 'C')
		return scenario_read_command(s->in, text, client, s->step);
	if (scenario_read_reply(s->in, value, text, client, s->step))
		return -1;
	return scenario_check_answers(&s->in->json, s->step);
}

static int count_step(struct scenario_reader *in)
{
	in->steps += in->times;
	in->parts++;
	if (in->steps <= SCENARIO_STEPS_LIMIT)
		return 0;
	return json_reader_error(&in->json,
				 "more than %d steps, repeats counted",
				 SCENARIO_STEPS_LIMIT);
}

static int read_step(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;
	int failed;

	if (count_step(s->in))
		return -1;
	if (json_is_string(value))
		failed = read_line(s, value);
	else if (json_is_object(value))
		failed = scenario_read_form(s, value);
	else
		failed = json_reader_error(r, "a step is a string or an "
					      "object");
	if (failed || scenario_read_source(r, value, &s->step->source))
		return -1;
	s->step->pointer = slice_copy(buf_slice(&r->pointer));
	return s->step->pointer ? 0 : json_reader_error(r, "out of memory");
}

struct steps_reader {
	struct scenario_reader *in;
	struct steps *steps;
};

static int read_next_step(struct json_reader *r, json_t *value, void *to)
{
	const struct steps_reader *all = to;
	struct step_reader s = {.in = all->in};

	s.step = &all->steps->list[all->steps->count++];
	return read_step(r, value, &s);
}

int scenario_read_steps(struct scenario_reader *in, json_t *value,
			struct steps *to)
{
	struct steps_reader all = {in, to};

	to->list = calloc(json_array_size(value) + 1, sizeof(*to->list));
	if (!to->list)
		return json_reader_error(&in->json, "out of memory");
	if (json_read_array(&in->json, value, read_next_step, &all))
		return -1;
	return to->count ? 0 : json_reader_error(&in->json, "has no step");
}

static void free_step(struct step *step)
{
	for (size_t i = 0; i < step->piece_count; i++)
		pattern_free(step->pieces[i]);
	free(step->pieces);
	scenario_free_answers(step);
	scenario_free_list(step->names, step->name_count);
	scenario_free_steps(&step->body);
	free(step->requirement);
	free(step->ruling);
	free(step->pointer);
	free(step->source);
}

void scenario_free_steps(struct steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		free_step(&steps->list[i]);
	free(steps->list);
}
