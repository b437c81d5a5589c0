/* SPDX-License-Identifier: MIT */
/* Which keys an object in a file of settings may have. A part of config.c. */
#ifndef POP3_CONFIG_KEYS_H
#define POP3_CONFIG_KEYS_H

#include "bytes.h"
#include "nearest.h"
#include "settings.h"

/* The steps that the table of settings has behind a pointer. */
struct config_keys {
	char words[SETTINGS_MAX][NEAREST_MAX];
	size_t count;
};

/* pattern is a pointer with # and * for indices and names. */
void config_keys_find(struct config_keys *k, const char *pattern);

bool config_keys_have(const struct config_keys *k, const char *key);

/* Says of a key that is unknown which one was meant, or which there are. */
void config_keys_explain(const struct config_keys *k, const char *key,
			 struct buf *to);

#endif
