/* SPDX-License-Identifier: MIT */
/* A file of settings for a test, from a text. */
#ifndef POP3_CONFIG_TEXT_H
#define POP3_CONFIG_TEXT_H

#include "config.h"

/*
 * Reads text as the file of that path, into o and c as they are at first.
 * Returns what config_parse() does.
 */
int config_text_read(struct options *o, struct complaints *c, const char *path,
		     const char *text);

/* Frees both. */
void config_text_end(struct options *o, struct complaints *c);

#endif
