/* SPDX-License-Identifier: MIT */
#include "complaints.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME "pop3-reference-server"

int complaints_add(struct complaints *c, const char *format, ...)
{
	struct buf text = { 0 };
	va_list args;

	if (!c)
		return -1;
	if (!c->list)
		c->list = calloc(COMPLAINTS_KEPT, sizeof(*c->list));
	if (c->list && c->count < COMPLAINTS_KEPT) {
		va_start(args, format);
		buf_vprintf(&text, format, args);
		va_end(args);
		error_set(&c->list[c->count], "%s",
			  buf_text(&text) ? text.ptr : "out of memory");
		buf_free(&text);
	}
	c->count++;
	return -1;
}

const char *complaints_text(const struct complaints *c, size_t i)
{
	return c->list ? c->list[i].text : "out of memory";
}

void complaints_tell(const struct complaints *c, const char *what)
{
	for (size_t i = 0; i < c->count && i < COMPLAINTS_KEPT; i++)
		fprintf(stderr, NAME ": %s%s\n", what, complaints_text(c, i));
	if (c->count > COMPLAINTS_KEPT)
		fprintf(stderr, NAME ": %s%zu more\n", what,
			c->count - COMPLAINTS_KEPT);
}

void complaints_free(struct complaints *c)
{
	free(c->list);
	*c = (struct complaints){ 0 };
}
