/* SPDX-License-Identifier: MIT */
/*
 * How a scenario is read: scenario.c the head, scenario_steps.c the steps,
 * scenario_forms.c those of them that are objects, scenario_sends.c what the
 * client says, scenario_answers.c what the server may do, scenario_bodies.c
 * what stands behind its first line, scenario_names.c what is compared,
 * scenario_values.c single values. scenario_checks.c looks at the whole.
 */
#ifndef JUDGE_SCENARIO_READER_H
#define JUDGE_SCENARIO_READER_H

#include "json_reader.h"
#include "scenario.h"

#define NAMES_LIMIT 256 /* names of a scenario; messages in one list */

struct scenario_reader {
	struct json_reader json;
	struct scenario *scenario;
	unsigned depth; /* of "one of" */
	uint64_t times; /* that the steps we are at are repeated; else 1 */
	uint64_t steps; /* so far, repeats counted */
	size_t octets;	/* of all patterns so far, repeats counted */
	size_t parts;	/* steps, patterns and what these are made of */
};

/* What the readers of a step's members get. */
struct step_reader {
	struct scenario_reader *in;
	struct step *step;
	struct answer *answer; /* of a step that is an answer, else NULL */
	unsigned events, bodies, targets; /* members that say what comes */
};

/* Values: all of them 0, or -1 and the error with its place. */

/* Visible ASCII, not empty; *to becomes owned. */
int scenario_read_text(struct json_reader *r, json_t *value, char **to);
int scenario_read_note(struct json_reader *r, json_t *value, void *unused);
/* "RFC1939-5-RSET-01", "C10", "three-distinct" */
int scenario_read_requirement(struct json_reader *r, json_t *value, char **to);
int scenario_read_ruling(struct json_reader *r, json_t *value, char **to);
int scenario_read_file_name(struct json_reader *r, json_t *value, char **to);
/* "update/rset-unmarks": what a scenario may be called */
bool scenario_is_id(struct slice s);
/* "10 min", "60 s", "500 ms": a day at most */
int scenario_read_duration(struct json_reader *r, json_t *value, uint64_t *ms);

/* One of words (NULL ends them); *found is its number. */
int scenario_read_word(struct json_reader *r, json_t *value,
		       const char *const *words, size_t *found);

/* "UIDL", "SASL PLAIN", "greeting timestamp", "account: apop" */
int scenario_read_need(struct json_reader *r, json_t *value, char **to);

/* A list of at most NAMES_LIMIT strings, no two equal. */
typedef int scenario_read_item(struct json_reader *r, json_t *value, char **to);
int scenario_read_list(struct json_reader *r, json_t *value,
		       scenario_read_item *item, char ***list, size_t *count);
void scenario_free_list(char **list, size_t count);

/* A pattern from value, or from text in it; its octets are counted. */
int scenario_read_pattern(struct scenario_reader *in, json_t *value,
			  enum pattern_side side, struct pattern **to);
int scenario_read_pattern_text(struct scenario_reader *in, struct slice text,
			       enum pattern_side side, struct pattern **to);

/* As written, on one line, without notes and what follows upon an answer. */
int scenario_read_source(struct json_reader *r, json_t *value, char **to);

/* "connected", "authorization" or "transaction" */
int scenario_read_state(struct json_reader *r, json_t *value,
			enum state *state);

/* What a client sends: a line, or exact octets. to is a struct step_reader. */
int scenario_read_command(struct scenario_reader *in, struct slice text,
			  unsigned client, struct step *step);
int scenario_read_one_piece(struct json_reader *r, json_t *value, void *to);
int scenario_read_pieces(struct json_reader *r, json_t *value, void *to);

/*
 * Fixture messages, or one; binding names, one or a list; the first of the
 * names.
 */
int scenario_read_messages(struct json_reader *r, json_t *value, void *to);
int scenario_read_delivered(struct json_reader *r, json_t *value, void *to);
int scenario_read_names(struct json_reader *r, json_t *value, void *to);
int scenario_read_total(struct json_reader *r, json_t *value, void *to);
/* "{total}", without its braces. */
int scenario_read_name(struct json_reader *r, json_t *value, char **to);

/* A step that is an object. */
int scenario_read_form(struct step_reader *s, json_t *object);

/* Steps; at least one. */
int scenario_read_steps(struct scenario_reader *in, json_t *value,
			struct steps *to);
void scenario_free_steps(struct steps *steps);

/* "one of"; and a step that is an answer itself. to is a struct step_reader. */
int scenario_read_one_of(struct json_reader *r, json_t *value, void *to);
int scenario_read_answer(struct scenario_reader *in, json_t *object,
			 struct step *step);
/* The string value is "S: line", of the first or the second client. */
int scenario_read_reply(struct scenario_reader *in, json_t *value,
			struct slice line, unsigned client, struct step *step);
/* Of a step with answers that has been read: they must fit together. */
int scenario_check_answers(struct json_reader *r, struct step *step);
void scenario_free_answers(struct step *step);

/*
 * Members that say what body a reply has; to is a struct step_reader. A second
 * one that describes it is told of by scenario_read_answer().
 */
int scenario_read_message(struct json_reader *r, json_t *value, void *to);
int scenario_read_top(struct json_reader *r, json_t *value, void *to);
int scenario_read_octets(struct json_reader *r, json_t *value, void *to);
int scenario_read_lines(struct json_reader *r, json_t *value, void *to);
int scenario_read_line_set(struct json_reader *r, json_t *value, void *to);
int scenario_read_each_line(struct json_reader *r, json_t *value, void *to);
int scenario_read_all_differ(struct json_reader *r, json_t *value, void *to);
int scenario_read_sum(struct json_reader *r, json_t *value, void *to);
int scenario_read_addend(struct json_reader *r, json_t *value, void *to);
/* What goes with what. */
int scenario_check_body(struct json_reader *r, const struct answer *a);

/* clang-format off */
#define SCENARIO_BODY_KEYS \
	{"message", scenario_read_message, 0}, \
	{"top", scenario_read_top, 0}, \
	{"octets", scenario_read_octets, 0}, \
	{"lines", scenario_read_lines, 0}, \
	{"lines in any order", scenario_read_line_set, 0}, \
	{"each line", scenario_read_each_line, 0}, \
	{"all differ", scenario_read_all_differ, 0}, \
	{"sum", scenario_read_sum, 0}, \
	{"of", scenario_read_addend, 0}
/* clang-format on */

/* Members that every step may have, and "within". */
int scenario_read_step_requirement(struct json_reader *r, json_t *value,
				   void *to);
int scenario_read_step_ruling(struct json_reader *r, json_t *value, void *to);
int scenario_read_within(struct json_reader *r, json_t *value, void *to);

/* The rows of those members, and the end of a table. */
/* clang-format off */
#define SCENARIO_STEP_KEYS \
	{"requirement", scenario_read_step_requirement, 0}, \
	{"ruling", scenario_read_step_ruling, 0}, \
	{"note", scenario_read_note, 0}, \
	{NULL, NULL, 0}
/* clang-format on */

/* As scenario_walk(), of some steps; and all tokens of one step. */
int scenario_walk_steps(const struct steps *steps,
			int (*visit)(const struct step *step, void *with),
			void *with);
int scenario_walk_tokens(const struct step *step,
			 int (*visit)(const struct token *t, void *with),
			 void *with);

/* scenario_lengthens_password() of one step. */
bool scenario_step_lengthens_password(const struct step *step);

/* Names used once, secrets outside PASS, a second client that is not there. */
int scenario_check(const struct scenario *s, struct error *e);

/* Messages that are delivered twice, or spoken of before they are. */
int scenario_check_deliveries(const struct scenario *s, struct error *e);

#endif
