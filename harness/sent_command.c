/* SPDX-License-Identifier: MIT */
#include "sent_command.h"

#include <string.h>

static size_t word_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] != ' ' && s.ptr[n] != '\t')
		n++;
	return n;
}

struct command command_of(struct slice line)
{
	struct command c = { .keyword = "",
			     .stray_cr = slice_find(line, '\r') < line.len,
			     .too_long = line.len + 2 > 255 };
	size_t word = word_length(line);

	for (size_t i = 0; i < word && i + 1 < sizeof(c.keyword); i++) {
		char o = line.ptr[i];

		c.keyword[i] = o >= 'a' && o <= 'z' ? (char)(o - 32) : o;
	}
	for (size_t i = word; i < line.len; i++)
		if (line.ptr[i] != ' ' && line.ptr[i] != '\t')
			c.has_argument = true;
	return c;
}

bool command_is(const struct command *c, const char *keyword)
{
	return !strcmp(c->keyword, keyword);
}

static bool is_one_of(const struct command *c, const char *const *keywords)
{
	for (; *keywords; keywords++)
		if (command_is(c, *keywords))
			return true;
	return false;
}

enum reply_shape command_shape(const struct command *c)
{
	static const char *const always[] = { "RETR", "TOP", "CAPA", NULL };
	static const char *const alone[] = { "LIST", "UIDL", "LANG", NULL };

	if (is_one_of(c, always) || (!c->has_argument && is_one_of(c, alone)))
		return REPLY_MULTI_LINE;
	return REPLY_ONE_LINE;
}

const char *command_requirement(const struct command *c)
{
	/* Of two rows the first is that with an argument. */
	static const struct {
		const char *keyword, *requirement;
		bool has_argument;
	} rows[] = {
		{ "APOP", "RFC1939-7-APOP-06", true },
		{ "CAPA", "RFC2449-5-03", false },
		{ "DELE", "RFC1939-5-DELE-01", true },
		{ "LIST", "RFC1939-5-LIST-04", true },
		{ "LIST", "RFC1939-5-LIST-01", false },
		{ "NOOP", "RFC1939-5-NOOP-01", false },
		{ "PASS", "RFC1939-7-PASS-02", true },
		{ "QUIT", "RFC1939-6-QUIT-01", false },
		{ "RETR", "RFC1939-5-RETR-01", true },
		{ "RSET", "RFC1939-5-RSET-01", false },
		{ "STAT", "RFC1939-5-STAT-01", false },
		{ "TOP", "RFC1939-7-TOP-01", true },
		{ "UIDL", "RFC1939-7-UIDL-04", true },
		{ "UIDL", "RFC1939-7-UIDL-01", false },
		{ "USER", "RFC1939-7-PASS-02", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (command_is(c, rows[i].keyword) &&
		    c->has_argument == rows[i].has_argument)
			return rows[i].requirement;
	return NULL;
}
