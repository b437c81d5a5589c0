/* SPDX-License-Identifier: MIT */
#include "replay_command.h"

#include <string.h>

static bool is_plain_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_./:@%+=,";

	return *word && !word[strspn(word, plain)];
}

/* A word of a command, as a shell has to be given it. */
static void add_word(struct buf *to, const char *word)
{
	buf_add_char(to, ' ');
	if (is_plain_word(word)) {
		buf_add_str(to, word);
		return;
	}
	buf_add_char(to, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_add_str(to, "'\\''");
		else
			buf_add_char(to, *word);
	buf_add_char(to, '\'');
}

/* "user:password@" in a URL: whoever wrote it knows it, and nobody else. */
static bool holds_password(const char *target)
{
	const char *user = strstr(target, "://");
	const char *at = user ? strrchr(user, '@') : NULL;

	return at && memchr(user + 3, ':', (size_t)(at - user - 3));
}

void replay_command(const struct run_options *o, struct buf *to)
{
	buf_add_str(to, "pop3spec run");
	if (o->target && holds_password(o->target))
		buf_add_str(to, " TARGET");
	else if (o->target)
		add_word(to, o->target);
	for (size_t i = 0; i < o->scenarios_count; i++) {
		buf_add_str(to, " --scenarios");
		add_word(to, o->scenarios[i]);
	}
	if (o->password_file) {
		buf_add_str(to, " --password-file");
		add_word(to, o->password_file);
	}
	if (o->slow)
		buf_add_str(to, " --slow");
	if (o->split)
		buf_printf(to, " --split %s --seed %llu", split_name(o->split),
			   (unsigned long long)o->seed);
	buf_add_str(to, " --only");
}
