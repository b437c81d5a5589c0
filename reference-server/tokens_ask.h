/* SPDX-License-Identifier: MIT */
/* Asking a command about a token. A part of tokens.c. */
#ifndef POP3_TOKENS_ASK_H
#define POP3_TOKENS_ASK_H

#include "tokens.h"

/* As tokens_check(), of tokens_command(); e may not be NULL. */
enum token tokens_ask(const char *command, unsigned seconds, struct slice token,
		      char name[USER_NAME_MAX + 1], struct error *e);

#endif
