/* SPDX-License-Identifier: MIT */
/* The octets of a line of a body, as a server sends them: right, or wrong. */
#ifndef POP3_RENDER_TEXT_H
#define POP3_RENDER_TEXT_H

#include "render.h"

static inline bool switched(const struct render *r, enum switch_name name)
{
	return switch_is_on(r->switches, name);
}

/* The whole body of a message is RETR's, part of it TOP's. */
static inline bool render_is_top(const struct render *r)
{
	return r->body.lines_left != WHOLE_BODY;
}

/* Add octets, which belong to one line, to what is to be sent. */
void render_text(struct render *r, struct slice octets);

#endif
