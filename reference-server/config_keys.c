/* SPDX-License-Identifier: MIT */
#include "config_keys.h"

#include <string.h>

static void note(struct config_keys *k, const char *from)
{
	char *word = k->words[k->count];
	size_t len = strcspn(from, "/");

	memset(word, 0, NEAREST_MAX);
	memcpy(word, from, len < NEAREST_MAX ? len : 0);
	if (!config_keys_have(k, word))
		k->count++;
}

void config_keys_find(struct config_keys *k, const char *pattern)
{
	size_t len = strlen(pattern);

	*k = (struct config_keys){ 0 };
	for (size_t i = 0; i < settings_count; i++) {
		const char *p = settings[i].pointer;

		if (p && strncmp(p, pattern, len) == 0 && p[len] == '/')
			note(k, p + len + 1);
	}
}

bool config_keys_have(const struct config_keys *k, const char *key)
{
	for (size_t i = 0; i < k->count; i++)
		if (strcmp(k->words[i], key) == 0)
			return true;
	return false;
}

void config_keys_explain(const struct config_keys *k, const char *key,
			 struct buf *to)
{
	struct nearest nearest = { .wrong = key };

	for (size_t i = 0; i < k->count; i++)
		nearest_offer(&nearest, k->words[i]);
	if (nearest.best) {
		buf_printf(to, "unknown key; did you mean \"%s\"?",
			   nearest.best);
		return;
	}
	buf_add_str(to, "unknown key; known are ");
	for (size_t i = 0; i < k->count; i++)
		buf_printf(to, "%s%s", i > 0 ? ", " : "", k->words[i]);
}
