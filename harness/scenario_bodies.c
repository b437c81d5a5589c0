/* SPDX-License-Identifier: MIT */
/* What stands behind the first line of a reply. */
#include "decimal.h"
#include "fixture.h"
#include "scenario_reader.h"

#include <stdlib.h>
#include <string.h>

#define TOP_LIMIT 1000000000u /* body lines of TOP */
#define LINES_LIMIT FIXTURE_MESSAGES_LIMIT

int scenario_read_message(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;
	const char *text = json_string_value(value);

	s->bodies++;
	s->answer->body = BODY_MESSAGE;
	if (text && !strcmp(text, ANY_OTHER))
		return json_read_string(r, value, &s->answer->message);
	return scenario_read_file_name(r, value, &s->answer->message);
}

int scenario_read_top(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	s->answer->has_top = true;
	return json_read_number(r, value, 0, TOP_LIMIT, &s->answer->top);
}

int scenario_read_octets(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	(void)r;
	return scenario_read_pattern(s->in, value, PATTERN_EXPECTED,
				     &s->answer->octets);
}

/* "{1 to 100}" in a line: one line for each of these numbers. */
struct range {
	struct slice before, behind; /* what stands around it */
	uint64_t from, to;
};

/* The part of text between its first { and the } behind it; at is where. */
static bool find_word(struct slice text, size_t *at, struct slice *word)
{
	size_t end;

	*at = slice_find(text, '{');
	if (*at == text.len)
		return false;
	*word = slice_from(text, *at + 1);
	end = slice_find(*word, '}');
	*word = slice_first(*word, end);
	return true;
}

/* Without such a word the line is one line. */
static bool find_range(struct slice text, struct range *range)
{
	const struct slice to = slice_str(" to ");
	struct slice word;
	size_t at, middle;

	if (!find_word(text, &at, &word))
		return false;
	middle = slice_search(word, to);
	*range = (struct range){
		.before = slice_first(text, at),
		.behind = slice_from(text, at + word.len + 2),
	};
	return decimal_read(slice_first(word, middle), &range->from) &&
	       decimal_read(slice_from(word, middle + to.len), &range->to);
}

static int add_line(struct step_reader *s, struct slice text)
{
	struct json_reader *r = &s->in->json;
	struct answer *a = s->answer;
	struct pattern **lines;

	if (a->line_count == LINES_LIMIT)
		return json_reader_error(r, "more than %d lines", LINES_LIMIT);
	lines = realloc(a->lines,
			(a->line_count + 1) * sizeof(struct pattern *));
	if (!lines)
		return json_reader_error(r, "out of memory");
	a->lines = lines;
	a->lines[a->line_count] = NULL;
	return scenario_read_pattern_text(s->in, text, PATTERN_EXPECTED,
					  &a->lines[a->line_count++]);
}

static int add_range(struct step_reader *s, const struct range *range)
{
	struct json_reader *r = &s->in->json;
	struct buf line = { 0 };
	int failed = 0;

	if (range->to < range->from || range->to > LINES_LIMIT)
		return json_reader_error(r, "{1 to 100} goes up, to %d at most",
					 LINES_LIMIT);
	for (uint64_t n = range->from; n <= range->to && !failed; n++) {
		buf_clear(&line);
		buf_add(&line, range->before);
		buf_printf(&line, "%llu", (unsigned long long)n);
		buf_add(&line, range->behind);
		failed = line.failed ? json_reader_error(r, "out of memory")
				     : add_line(s, buf_slice(&line));
	}
	buf_free(&line);
	return failed;
}

static int read_body_line(struct json_reader *r, json_t *value, void *to)
{
	struct slice text =
		slice_of(json_string_value(value), json_string_length(value));
	struct range range;

	if (!json_is_string(value))
		return json_reader_error(r, "must be a string");
	return find_range(text, &range) ? add_range(to, &range)
					: add_line(to, text);
}

/* A second list is told of when the whole answer is read. */
static int read_lines_as(struct json_reader *r, json_t *value,
			 struct step_reader *s, enum body body)
{
	if (s->bodies++)
		return 0;
	s->answer->body = body;
	return json_read_array(r, value, read_body_line, s);
}

int scenario_read_lines(struct json_reader *r, json_t *value, void *to)
{
	return read_lines_as(r, value, to, BODY_LINES);
}

int scenario_read_line_set(struct json_reader *r, json_t *value, void *to)
{
	return read_lines_as(r, value, to, BODY_LINE_SET);
}

int scenario_read_each_line(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	if (s->bodies++)
		return 0;
	s->answer->body = BODY_EACH_LINE;
	if (!json_is_string(value))
		return json_reader_error(r, "must be a string");
	return add_line(s, slice_of(json_string_value(value),
				    json_string_length(value)));
}

int scenario_read_all_differ(struct json_reader *r, json_t *value, void *to)
{
	struct answer *a = ((struct step_reader *)to)->answer;

	if (!json_is_string(value))
		return scenario_read_list(r, value, scenario_read_name,
					  &a->differ, &a->differ_count);
	a->differ = calloc(1, sizeof(*a->differ));
	if (!a->differ)
		return json_reader_error(r, "out of memory");
	a->differ_count = 1;
	return scenario_read_name(r, value, &a->differ[0]);
}

int scenario_read_sum(struct json_reader *r, json_t *value, void *to)
{
	return scenario_read_name(r, value,
				  &((struct step_reader *)to)->answer->total);
}

int scenario_read_addend(struct json_reader *r, json_t *value, void *to)
{
	return scenario_read_name(r, value,
				  &((struct step_reader *)to)->answer->addend);
}

static bool has_name(const struct pattern *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->tokens[i].name && !strcmp(p->tokens[i].name, name))
			return true;
	return false;
}

static int check_each_line(struct json_reader *r, const struct answer *a)
{
	if (a->body != BODY_EACH_LINE)
		return json_reader_error(r, "\"all differ\" and \"sum\" go "
					    "with \"each line\"");
	for (size_t i = 0; i < a->differ_count; i++)
		if (!has_name(a->lines[0], a->differ[i]))
			return json_reader_error(r,
						 "{%s} is not in \"each "
						 "line\"",
						 a->differ[i]);
	if (a->addend && !has_name(a->lines[0], a->addend))
		return json_reader_error(r, "{%s} is not in \"each line\"",
					 a->addend);
	return 0;
}

int scenario_check_body(struct json_reader *r, const struct answer *a)
{
	if (a->has_top && a->body != BODY_MESSAGE)
		return json_reader_error(r, "\"top\" goes with \"message\"");
	if (!a->total != !a->addend)
		return json_reader_error(r, "\"sum\" goes with \"of\"");
	if (a->differ_count || a->total)
		return check_each_line(r, a);
	return 0;
}
