/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <string.h>

const struct patience patience_default = {
	.ms = {
		[WAIT_CONNECT] = 10000,
		[WAIT_GREETING] = 60000,
		[WAIT_REPLY] = 30000,
		[WAIT_LOGIN] = 60000,
		[WAIT_LOCK] = 60000,
		[WAIT_CLOSE] = 30000,
		[WAIT_UPDATE] = 5000,
	},
};

const char *wait_name(enum wait w)
{
	static const char *const names[WAITS] = {
		[WAIT_CONNECT] = "connect", [WAIT_GREETING] = "greeting",
		[WAIT_REPLY] = "reply",	    [WAIT_LOGIN] = "login",
		[WAIT_LOCK] = "lock",	    [WAIT_CLOSE] = "close",
		[WAIT_UPDATE] = "update",
	};

	return names[w];
}

static const char *const special[] = { "40-octet-password",
				       "space-in-password" };

#define SPECIAL (sizeof(special) / sizeof(*special))

bool trait_is_special(const char *trait)
{
	for (size_t i = 0; i < SPECIAL; i++)
		if (!strcmp(special[i], trait))
			return true;
	return false;
}

bool account_is_special(const struct account *a)
{
	for (size_t i = 0; i < SPECIAL; i++)
		if (account_has(a, special[i]))
			return true;
	return false;
}

bool account_has(const struct account *a, const char *trait)
{
	if (!strcmp(trait, "apop"))
		return a->secret;
	if (!strcmp(trait, "40-octet-password"))
		return a->password && strlen(a->password) == 40;
	if (!strcmp(trait, "space-in-password"))
		return a->password && strchr(a->password, ' ');
	return false;
}

bool password_is_plain(const char *password)
{
	return password && *password && strlen(password) <= 40 &&
	       !strchr(password, ' ');
}

bool trait_is_known(struct slice trait)
{
	for (size_t i = 0; i < SPECIAL; i++)
		if (slice_is(trait, special[i]))
			return true;
	return slice_is(trait, "apop");
}

/* The next word of rest, which moves behind it. */
static struct slice next_word(struct slice *rest)
{
	size_t end = slice_find(*rest, ' ');
	struct slice word = slice_first(*rest, end);

	*rest = slice_from(*rest, end + 1);
	return word;
}

static bool words_equal(struct slice a, struct slice b)
{
	char text[64];

	if (a.len != b.len || a.len >= sizeof(text))
		return false;
	memcpy(text, b.ptr, b.len);
	text[b.len] = '\0';
	return slice_is_nocase(a, text);
}

static bool has_word(struct slice words, struct slice word)
{
	while (words.len)
		if (words_equal(next_word(&words), word))
			return true;
	return false;
}

/* The tag comes first; the arguments have no order. */
static bool capability_is(struct slice line, struct slice need)
{
	if (!words_equal(next_word(&line), next_word(&need)))
		return false;
	while (need.len)
		if (!has_word(line, next_word(&need)))
			return false;
	return true;
}

bool ability_announced(const struct abilities *a, const char *need)
{
	struct slice rest = buf_slice(&a->announced);

	while (rest.len) {
		size_t end = slice_find(rest, '\n');

		if (capability_is(slice_first(rest, end), slice_str(need)))
			return true;
		rest = slice_from(rest, end + 1);
	}
	return false;
}

enum retention stage_retention(const struct stage *s)
{
	if (s->keeps)
		return RETENTION_KEPT;
	if (!s->abilities || !ability_announced(s->abilities, "EXPIRE"))
		return RETENTION_UNKNOWN;
	return ability_announced(s->abilities, "EXPIRE 0") ? RETENTION_DELETED
							   : RETENTION_KEPT;
}

uint64_t stage_wait(const struct stage *s, enum wait w)
{
	uint64_t ms = s->patience.ms[w];

	return s->patience.spent[w] ? ms / 10 : ms;
}

void stage_wait_spent(struct stage *s, enum wait w)
{
	s->hurried = s->hurried || s->patience.spent[w];
	s->patience.spent[w] = true;
}
