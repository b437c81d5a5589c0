/* SPDX-License-Identifier: MIT */
#include "scenario_reader.h"

#include <stdlib.h>

static int make_pieces(struct json_reader *r, struct step *step, size_t n)
{
	step->pieces = calloc(n + 1, sizeof(*step->pieces));
	return step->pieces ? 0 : json_reader_error(r, "out of memory");
}

/* True when the line end is the only LF of it. */
static bool is_one_line(const struct pattern *p)
{
	for (size_t i = 0; i < p->count; i++) {
		struct slice s = buf_slice(&p->tokens[i].literal);
		size_t lf = slice_find(s, '\n');

		if (lf < s.len && (i + 1 < p->count || lf + 1 < s.len))
			return false;
	}
	return true;
}

int scenario_read_command(struct scenario_reader *in, struct slice text,
			  unsigned client, struct step *step)
{
	struct buf line = {0};
	int failed;

	step->client = client;
	step->line = true;
	buf_add(&line, text);
	buf_add_str(&line, "{CRLF}");
	if (line.failed || make_pieces(&in->json, step, 1)) {
		buf_free(&line);
		return json_reader_error(&in->json, "out of memory");
	}
	step->piece_count = 1;
	failed = scenario_read_pattern_text(in, buf_slice(&line), PATTERN_SENT,
					    &step->pieces[0]);
	buf_free(&line);
	if (!failed && !is_one_line(step->pieces[0]))
		return json_reader_error(&in->json,
					 "more than one line; that is {\"C in "
					 "one piece\": \"...{CRLF}...\"}");
	return failed;
}

static int read_piece(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;
	struct pattern **piece = &s->step->pieces[s->step->piece_count++];

	if (scenario_read_pattern(s->in, value, PATTERN_SENT, piece))
		return -1;
	return (*piece)->count ? 0 : json_reader_error(r, "sends nothing");
}

int scenario_read_one_piece(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	if (make_pieces(r, s->step, 1))
		return -1;
	return read_piece(r, value, s);
}

int scenario_read_pieces(struct json_reader *r, json_t *value, void *to)
{
	struct step_reader *s = to;

	if (make_pieces(r, s->step, json_array_size(value)) ||
	    json_read_array(r, value, read_piece, s))
		return -1;
	return s->step->piece_count ? 0 : json_reader_error(r, "sends nothing");
}
