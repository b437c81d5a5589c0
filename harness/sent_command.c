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
	struct command c = { .keyword = "" };
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

enum reply_shape command_shape(const struct command *c)
{
	static const char *const always[] = { "RETR", "TOP", "CAPA" };
	static const char *const without_argument[] = { "LIST", "UIDL" };

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		if (command_is(c, always[i]))
			return REPLY_MULTI_LINE;
	for (size_t i = 0; i < 2 && !c->has_argument; i++)
		if (command_is(c, without_argument[i]))
			return REPLY_MULTI_LINE;
	return REPLY_ONE_LINE;
}
