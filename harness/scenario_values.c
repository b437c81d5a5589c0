/* SPDX-License-Identifier: MIT */
#include "decimal.h"
#include "scenario_reader.h"
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000u
#define ID_LIMIT 128

int scenario_read_text(struct json_reader *r, json_t *value, char **to)
{
	if (json_read_string(r, value, to))
		return -1;
	if (!**to)
		return json_reader_error(r, "must not be empty");
	for (const char *c = *to; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			return json_reader_error(
			    r,
			    "column %zu: octet 0x%02X: a scenario is "
			    "written in visible ASCII",
			    (size_t)(c - *to) + 1, (unsigned char)*c);
	return 0;
}

int scenario_read_note(struct json_reader *r, json_t *value, void *unused)
{
	char *note = NULL;
	int failed = scenario_read_text(r, value, &note);

	(void)unused;
	free(note);
	return failed;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static size_t count_digits(struct slice s)
{
	size_t n = 0;

	while (n < s.len && is_digit(s.ptr[n]))
		n++;
	return n;
}

/* RFC1939-5-RSET-01: "RFC" and a number, or "X", and parts behind a '-'. */
static bool is_requirement(struct slice s)
{
	size_t digits =
	    slice_starts(s, "RFC") ? count_digits(slice_from(s, 3)) : 0;
	size_t source = digits ? 3 + digits : slice_starts(s, "X");
	char last = '-';

	if (!source || source == s.len || s.ptr[source] != '-')
		return false;
	for (size_t i = source + 1; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == '-' ? last == '-'
			     : !is_upper(c) && !is_digit(c) && c != '.')
			return false;
		last = c;
	}
	return last != '-' && s.len <= ID_LIMIT;
}

static bool is_ruling(struct slice s)
{
	struct slice number = slice_from(s, 1);

	return number.len && is_upper(s.ptr[0]) && s.len <= ID_LIMIT &&
	       count_digits(number) == number.len;
}

static bool is_file_name(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_lower(s.ptr[i]) && !is_digit(s.ptr[i]) &&
		    s.ptr[i] != '-')
			return false;
	return s.len && s.len <= ID_LIMIT;
}

bool scenario_is_id(struct slice s)
{
	while (s.len) {
		size_t slash = slice_find(s, '/');

		if (!is_file_name(slice_first(s, slash)))
			return false;
		if (slash == s.len)
			return true;
		s = slice_from(s, slash + 1);
	}
	return false;
}

static int read_shaped(struct json_reader *r, json_t *value, char **to,
		       bool (*is)(struct slice s), const char *what)
{
	if (scenario_read_text(r, value, to))
		return -1;
	if (is(slice_str(*to)))
		return 0;
	return json_reader_error(r, "\"%.60s\": %s", *to, what);
}

int scenario_read_requirement(struct json_reader *r, json_t *value, char **to)
{
	return read_shaped(r, value, to, is_requirement,
			   "a requirement is named as RFC1939-5-RSET-01");
}

int scenario_read_ruling(struct json_reader *r, json_t *value, char **to)
{
	return read_shaped(r, value, to, is_ruling, "a ruling is named as C10");
}

int scenario_read_file_name(struct json_reader *r, json_t *value, char **to)
{
	return read_shaped(r, value, to, is_file_name,
			   "a name is made of a to z, 0 to 9 and -");
}

/* A capability: "UIDL", "SASL SCRAM-SHA-256". */
static bool is_capability(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!is_upper(c) && !is_digit(c) && c != '-' && c != ' ')
			return false;
	}
	return s.len && is_upper(s.ptr[0]) && s.len <= ID_LIMIT;
}

static bool is_need(struct slice s)
{
	const char *trait = "account: ";

	return slice_is(s, "greeting timestamp") || is_capability(s) ||
	       (slice_starts(s, trait) &&
		trait_is_known(slice_from(s, strlen(trait))));
}

int scenario_read_need(struct json_reader *r, json_t *value, char **to)
{
	return read_shaped(r, value, to, is_need,
			   "a need is a capability in upper case, \"greeting "
			   "timestamp\" or \"account: TRAIT\", with apop, "
			   "40-octet-password or space-in-password");
}

static uint64_t unit_ms(struct slice unit)
{
	if (slice_is(unit, "ms"))
		return 1;
	if (slice_is(unit, "s"))
		return 1000;
	return slice_is(unit, "min") ? 60000 : 0;
}

int scenario_read_duration(struct json_reader *r, json_t *value, uint64_t *ms)
{
	char *text = NULL;
	struct slice s;
	size_t space;
	uint64_t n = 0, unit;
	int failed = scenario_read_text(r, value, &text);

	s = slice_str(text);
	space = slice_find(s, ' ');
	unit = unit_ms(slice_from(s, space + 1));
	if (!failed && (!decimal_read(slice_first(s, space), &n) || !n ||
			!unit || n > DAY_MS / unit))
		failed = json_reader_error(
		    r,
		    "\"%.40s\": a time is written \"10 min\", \"60 s\" "
		    "or \"500 ms\", and is a day at most",
		    text);
	*ms = n * unit;
	free(text);
	return failed;
}

int scenario_read_word(struct json_reader *r, json_t *value,
		       const char *const *words, size_t *found)
{
	char *text = NULL;
	struct buf known = {0};
	int failed = scenario_read_text(r, value, &text);

	*found = 0;
	while (!failed && words[*found] && strcmp(words[*found], text))
		++*found;
	if (!failed && !words[*found]) {
		for (size_t i = 0; words[i]; i++)
			buf_printf(&known, "%s\"%s\"", i ? ", " : "", words[i]);
		failed = json_reader_error(r, "\"%.40s\": must be %s%s", text,
					   words[1] ? "one of " : "",
					   buf_text(&known) ? known.ptr : "?");
	}
	buf_free(&known);
	free(text);
	return failed;
}

int scenario_read_state(struct json_reader *r, json_t *value, enum state *state)
{
	static const enum state states[] = {
	    STATE_CONNECTED, STATE_AUTHORIZATION, STATE_TRANSACTION};
	static const char *const words[] = {"connected", "authorization",
					    "transaction", NULL};
	size_t found;

	if (scenario_read_word(r, value, words, &found))
		return -1;
	*state = states[found];
	return 0;
}

struct list_reader {
	scenario_read_item *item;
	char **list;
	size_t count;
};

static int read_item(struct json_reader *r, json_t *value, void *to)
{
	struct list_reader *l = to;
	char *item = NULL;

	if (l->item(r, value, &item)) {
		free(item);
		return -1;
	}
	l->list[l->count++] = item;
	for (size_t i = 0; i + 1 < l->count; i++)
		if (!strcmp(l->list[i], item))
			return json_reader_error(r, "\"%.60s\" stands twice",
						 item);
	return 0;
}

int scenario_read_list(struct json_reader *r, json_t *value,
		       scenario_read_item *item, char ***list, size_t *count)
{
	struct list_reader l = {.item = item};
	int failed;

	if (json_array_size(value) > NAMES_LIMIT)
		return json_reader_error(r, "more than %d", NAMES_LIMIT);
	l.list = calloc(json_array_size(value) + 1, sizeof(*l.list));
	if (!l.list)
		return json_reader_error(r, "out of memory");
	failed = json_read_array(r, value, read_item, &l);
	*list = l.list;
	*count = l.count;
	return failed;
}

void scenario_free_list(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

static size_t literal_octets(const struct pattern *p)
{
	size_t octets = 0;

	for (size_t i = 0; i < p->count; i++) {
		octets += p->tokens[i].literal.len;
		if (p->tokens[i].inner)
			octets += literal_octets(p->tokens[i].inner);
	}
	return octets;
}

/* It, its tokens, and those inside of them. */
static size_t parts(const struct pattern *p)
{
	size_t n = 1 + p->count;

	for (size_t i = 0; i < p->count; i++)
		if (p->tokens[i].inner)
			n += parts(p->tokens[i].inner);
	return n;
}

int scenario_read_pattern_text(struct scenario_reader *in, struct slice text,
			       enum pattern_side side, struct pattern **to)
{
	struct error wrong;
	size_t octets;

	*to = pattern_parse(text, side, &wrong);
	if (!*to)
		return json_reader_error(&in->json, "in \"%.*s\": %s",
					 (int)slice_first(text, 60).len,
					 text.ptr, wrong.text);
	octets = literal_octets(*to);
	if (octets > (SCENARIO_SENT_LIMIT - in->octets) / in->times)
		return json_reader_error(&in->json,
					 "more than %u octets in "
					 "all, repeats counted",
					 SCENARIO_SENT_LIMIT);
	in->octets += octets * in->times;
	in->parts += parts(*to);
	return 0;
}

int scenario_read_pattern(struct scenario_reader *in, json_t *value,
			  enum pattern_side side, struct pattern **to)
{
	if (!json_is_string(value))
		return json_reader_error(&in->json, "must be a string");
	return scenario_read_pattern_text(
	    in, slice_of(json_string_value(value), json_string_length(value)),
	    side, to);
}

/* A copy without the members that are steps of their own or for authors. */
static json_t *trimmed(json_t *object)
{
	json_t *copy = json_copy(object);

	if (json_is_object(copy)) {
		json_object_del(copy, "then");
		json_object_del(copy, "note");
	}
	return copy;
}

/* Owned, or NULL without memory. */
static json_t *without_branches(json_t *step)
{
	json_t *copy = trimmed(step), *answers = json_array();
	json_t *all = json_object_get(copy, "one of");
	int failed = !copy || !answers;

	for (size_t i = 0; !failed && i < json_array_size(all); i++)
		failed = json_array_append_new(answers,
					       trimmed(json_array_get(all, i)));
	if (!failed && all)
		failed = json_object_set(copy, "one of", answers);
	json_decref(answers);
	if (!failed)
		return copy;
	json_decref(copy);
	return NULL;
}

int scenario_read_source(struct json_reader *r, json_t *value, char **to)
{
	json_t *copy;

	if (json_is_string(value)) {
		*to = slice_copy(slice_str(json_string_value(value)));
	} else {
		copy = without_branches(value);
		*to = copy ? json_dumps(copy, JSON_ENSURE_ASCII) : NULL;
		json_decref(copy);
	}
	return *to ? 0 : json_reader_error(r, "out of memory");
}
