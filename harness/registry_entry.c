/* SPDX-License-Identifier: MIT */
#include "registry_entry.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const parties[] = {
    [PARTY_SERVER] = "server",	   [PARTY_CLIENT] = "client",
    [PARTY_OPERATOR] = "operator", [PARTY_SPECIFICATION] = "specification",
    [PARTY_BOTH] = "both",	   NULL,
};

static const char *const states[] = {
    [IN_ANY_STATE] = "any",
    [IN_AUTHORIZATION] = "AUTHORIZATION",
    [IN_TRANSACTION] = "TRANSACTION",
    [IN_UPDATE] = "UPDATE",
    NULL,
};

static const char *const levels[] = {
    [LEVEL_MUST] = "MUST",
    [LEVEL_MUST_NOT] = "MUST NOT",
    [LEVEL_SHOULD] = "SHOULD",
    [LEVEL_SHOULD_NOT] = "SHOULD NOT",
    [LEVEL_MAY] = "MAY",
    [LEVEL_IMPLIED] = "implied",
    NULL,
};

static const char *const verdicts[] = {
    [REQUIREMENT_FAIL] = "fail", [REQUIREMENT_WARN] = "warn",
    [REQUIREMENT_INFO] = "info", [REQUIREMENT_SECURITY] = "security",
    [REQUIREMENT_NONE] = "none", NULL,
};

static const char *const testabilities[] = {
    [TESTABLE] = "yes",
    [PARTLY_TESTABLE] = "partly",
    [NOT_TESTABLE] = "no",
    NULL,
};

const char *requirement_party_name(enum requirement_party party)
{
	return parties[party];
}

const char *requirement_state_name(enum requirement_state state)
{
	return states[state];
}

const char *requirement_level_name(enum requirement_level level)
{
	return levels[level];
}

const char *requirement_verdict_name(enum requirement_verdict verdict)
{
	return verdicts[verdict];
}

const char *
requirement_testability_name(enum requirement_testability testability)
{
	return testabilities[testability];
}

static bool printable(json_t *string)
{
	const char *c = json_string_value(string);
	size_t n = json_string_length(string);

	for (size_t i = 0; i < n; i++)
		if (c[i] < 0x20 || c[i] > 0x7e)
			return false;
	return n > 0;
}

static int read_text(struct json_reader *r, json_t *value, void *to)
{
	if (json_is_string(value) && !printable(value))
		return json_reader_error(
		    r, "must be printable ASCII, and not empty");
	return json_read_string(r, value, to);
}

/* A report may make it a thing to click on: nothing but the web's own. */
static int read_link(struct json_reader *r, json_t *value, void *to)
{
	const char *text = json_string_value(value);

	if (text && (!printable(value) || strchr(text, ' ') ||
		     !slice_starts(slice_str(text), "https://")))
		return json_reader_error(r, "must be a link: https://...");
	return json_read_string(r, value, to);
}

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* How a word must look: prefix, then one of octets or more. */
struct form {
	const char *prefix;
	const char *octets;
	const char *like; /* an example */
};

static int read_word(struct json_reader *r, json_t *value, struct form form,
		     void *to)
{
	struct slice text = slice_str(json_string_value(value));
	struct slice rest = slice_from(text, strlen(form.prefix));

	if (json_is_string(value) &&
	    (!slice_starts(text, form.prefix) || !rest.len ||
	     rest.ptr[strspn(rest.ptr, form.octets)]))
		return json_reader_error(r, "must be like \"%s\"", form.like);
	return json_read_string(r, value, to);
}

static int read_id(struct json_reader *r, json_t *value, void *to)
{
	struct form form = {"", CAPITALS DIGITS "-.", "RFC1939-5-RSET-01"};

	return read_word(r, value, form, to);
}

static int read_section(struct json_reader *r, json_t *value, void *to)
{
	struct form form = {"", DIGITS ".", "8.1.2"};

	return read_word(r, value, form, to);
}

static int read_command(struct json_reader *r, json_t *value, void *to)
{
	struct form form = {"", CAPITALS DIGITS, "RSET"};

	return read_word(r, value, form, to);
}

static int read_clause(struct json_reader *r, json_t *value, void *to)
{
	struct form form = {"RFC ", DIGITS " section.",
			    "RFC 2449 section 8.1.2"};

	return read_word(r, value, form, to);
}

static int read_ruling(struct json_reader *r, json_t *value, void *to)
{
	struct form form = {"C", DIGITS, "C13"};

	return read_word(r, value, form, to);
}

struct words {
	json_read *read;
	char **list;
	size_t count;
	size_t room;
};

/* Twice the room each time: a hostile list has a hundred thousand words. */
static bool make_room(struct words *w)
{
	size_t room = w->room ? w->room * 2 : 4;
	char **list = w->list;

	if (w->count < w->room)
		return true;
	list = realloc(list, room * sizeof(*list));
	if (!list)
		return false;
	w->list = list;
	w->room = room;
	return true;
}

static int add_word(struct json_reader *r, json_t *value, void *to)
{
	struct words *w = to;

	if (!make_room(w))
		return json_reader_error(r, "no memory");
	w->list[w->count] = NULL;
	if (w->read(r, value, &w->list[w->count]))
		return -1;
	w->count++;
	return 0;
}

static int read_also(struct json_reader *r, json_t *value, void *to)
{
	struct requirement *q = to;
	struct words w = {.read = read_clause};
	int failed = json_read_array(r, value, add_word, &w);

	q->also = w.list;
	q->also_count = w.count;
	return failed;
}

static int read_rulings(struct json_reader *r, json_t *value, void *to)
{
	struct requirement *q = to;
	struct words w = {.read = read_ruling};
	int failed = json_is_array(value)
			 ? json_read_array(r, value, add_word, &w)
			 : add_word(r, value, &w);

	q->rulings = w.list;
	q->ruling_count = w.count;
	return failed;
}

static int read_rfc(struct json_reader *r, json_t *value, void *to)
{
	uint64_t n;

	if (json_read_number(r, value, 1, 99999, &n))
		return -1;
	*(unsigned *)to = (unsigned)n;
	return 0;
}

static int name_unknown(struct json_reader *r, const char *const *names)
{
	struct buf all = {0};

	for (size_t i = 0; names[i]; i++)
		buf_printf(&all, "%s\"%s\"", i ? ", " : "", names[i]);
	json_reader_error(r, "must be one of %s",
			  buf_text(&all) ? all.ptr : "a few names");
	buf_free(&all);
	return -1;
}

/* Which of names value is; -1 and the error: none. */
static int read_name(struct json_reader *r, json_t *value,
		     const char *const *names)
{
	const char *text = json_string_value(value);

	for (int i = 0; text && names[i]; i++)
		if (!strcmp(text, names[i]))
			return i;
	return name_unknown(r, names);
}

static int read_party(struct json_reader *r, json_t *value, void *to)
{
	int i = read_name(r, value, parties);

	*(enum requirement_party *)to = (enum requirement_party)i;
	return i < 0 ? -1 : 0;
}

static int read_state(struct json_reader *r, json_t *value, void *to)
{
	int i = read_name(r, value, states);

	*(enum requirement_state *)to = (enum requirement_state)i;
	return i < 0 ? -1 : 0;
}

static int read_level(struct json_reader *r, json_t *value, void *to)
{
	int i = read_name(r, value, levels);

	*(enum requirement_level *)to = (enum requirement_level)i;
	return i < 0 ? -1 : 0;
}

static int read_verdict(struct json_reader *r, json_t *value, void *to)
{
	int i = read_name(r, value, verdicts);

	*(enum requirement_verdict *)to = (enum requirement_verdict)i;
	return i < 0 ? -1 : 0;
}

static int read_testability(struct json_reader *r, json_t *value, void *to)
{
	int i = read_name(r, value, testabilities);

	*(enum requirement_testability *)to = (enum requirement_testability)i;
	return i < 0 ? -1 : 0;
}

static int read_keyword(struct json_reader *r, json_t *value, void *to)
{
	static const char *const names[] = {"lower case", NULL};

	*(bool *)to = true;
	return read_name(r, value, names);
}

#define AT(member) offsetof(struct requirement, member)

static const struct json_key keys[] = {
    {"id", read_id, AT(id)},
    {"rfc", read_rfc, AT(rfc)},
    {"section", read_section, AT(section)},
    {"link", read_link, AT(link)},
    {"says", read_text, AT(says)},
    {"party", read_party, AT(party)},
    {"state", read_state, AT(state)},
    {"level", read_level, AT(level)},
    {"verdict", read_verdict, AT(verdict)},
    {"testability", read_testability, AT(testability)},
    /* An entry may do without the rest. */
    {"also", read_also, 0},
    {"command", read_command, AT(command)},
    {"keyword", read_keyword, AT(lower_case)},
    {"why", read_text, AT(why)},
    {"strict", json_read_bool, AT(strict)},
    {"slow", json_read_bool, AT(slow)},
    {"applies", read_text, AT(applies)},
    {"untestable", read_text, AT(untestable)},
    {"legal", read_text, AT(legal)},
    {"ruling", read_rulings, 0},
    {NULL, NULL, 0},
};

#define REQUIRED 10 /* of the keys, the first ones */

static int check_required(struct json_reader *r, json_t *entry)
{
	for (size_t i = 0; i < REQUIRED; i++)
		if (!json_object_get(entry, keys[i].name))
			return json_reader_error(r, "the key \"%s\" is missing",
						 keys[i].name);
	return 0;
}

/* What the file left out reads as "", so that nobody has to ask for NULL. */
static int fill_gaps(struct json_reader *r, struct requirement *q)
{
	char **texts[] = {&q->command, &q->why, &q->applies, &q->untestable,
			  &q->legal};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!*texts[i])
			*texts[i] = slice_copy(slice_str(""));
		if (!*texts[i])
			return json_reader_error(r, "no memory");
	}
	return 0;
}

int requirement_read(struct json_reader *r, json_t *value,
		     struct requirement *q)
{
	if (json_read_object(r, value, keys, q) || check_required(r, value))
		return -1;
	return fill_gaps(r, q);
}

static void free_words(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

void requirement_free(struct requirement *q)
{
	free_words(q->also, q->also_count);
	free_words(q->rulings, q->ruling_count);
	free(q->id);
	free(q->section);
	free(q->command);
	free(q->link);
	free(q->says);
	free(q->why);
	free(q->applies);
	free(q->untestable);
	free(q->legal);
}
