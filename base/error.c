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

static int set(struct error *e, int reason, const char *format, va_list args)
{
	if (!e)
		return -1;
	vsnprintf(e->text, sizeof(e->text), format, args);
	make_printable(e->text);
	e->reason = reason;
	return -1;
}

int error_set(struct error *e, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(e, 0, format, args);
	va_end(args);
	return -1;
}

int error_because(struct error *e, int reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(e, reason, format, args);
	va_end(args);
	return -1;
}

int error_prefix(struct error *e, const char *prefix)
{
	struct error old;

	if (!e)
		return -1;
	old = *e;
	return error_because(e, old.reason, "%s: %s", prefix, old.text);
}
