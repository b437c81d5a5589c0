/* SPDX-License-Identifier: MIT */
/* What we sent, as far as it decides how the reply is read. */
#ifndef JUDGE_SENT_COMMAND_H
#define JUDGE_SENT_COMMAND_H

#include "reply.h"

struct command {
	char keyword[8]; /* upper case, cut to fit */
	bool has_argument;
	bool stray_cr; /* in it: a reply that echoes it is of our making */
	bool too_long; /* over 255 octets: any outcome is right (ruling C3) */
};

/* line is a command without its CRLF. */
struct command command_of(struct slice line);

bool command_is(const struct command *c, const char *keyword);

/*
 * The requirement that is broken when a client is refused c, though it gave it
 * rightly: that of what c is there for. NULL when c is none that we know.
 */
const char *command_requirement(const struct command *c);

/* RETR, TOP and CAPA, LIST, UIDL and LANG without argument have bodies. */
enum reply_shape command_shape(const struct command *c);

#endif
