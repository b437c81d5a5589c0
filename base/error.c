/* SPDX-License-Identifier: MIT */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void make_printable(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
}

int error_set(struct error *e, const char *format, ...)
{
	va_list args;

	if (!e)
		return -1;
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	make_printable(e->text);
	return -1;
}

int error_prefix(struct error *e, const char *prefix)
{
	struct error old;

	if (!e)
		return -1;
	old = *e;
	return error_set(e, "%s: %s", prefix, old.text);
}
