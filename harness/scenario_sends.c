/* SPDX-License-Identifier: MIT */
#include "scenario_reader.h"

#include <stdlib.h>

static int make_pieces(struct json_reader *r, struct step *step, size_t n)
{
	step->pieces = calloc(n + 1, sizeof(*step->pieces));
	return step->pieces ? 0 : json_reader_error(r, "out of memory");
}

static bool has_line_end(const struct pattern *p)
{
	for (size_t i = 0; i < p->count; i++) {
		struct slice s = buf_slice(&p->tokens[i].literal);

		if (slice_find(s, '\n') < s.len)
			return true;
	}
	return false;
}

int scenario_read_command(struct scenario_reader *in, struct slice text,
			  unsigned client, struct step *step)
{
	struct json_reader *r = &in->json;
	struct error wrong;

	step->client = client;
	step->line = true;
	if (make_pieces(r, step, 1))
		return -1;
	step->piece_count = 1;
	if (scenario_read_pattern_text(in, text, PATTERN_SENT,
				       &step->pieces[0]))
		return -1;
	if (has_line_end(step->pieces[0]))
		return json_reader_error(r,
					 "more than one line; that is {\"C in "
					 "one piece\": \"...{CRLF}...\"}");
	if (pattern_append(step->pieces[0], slice_str("\r\n"), &wrong))
		return json_reader_error(r, "%s", wrong.text);
	return 0;
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
