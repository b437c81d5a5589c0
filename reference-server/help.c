/* SPDX-License-Identifier: MIT */
#include "help.h"

#include "settings.h"

#include <stdio.h>
#include <string.h>

#define NAME "pop3-reference-server"
#define COLUMN 22 /* where explanations begin */
#define WIDTH 79

static const char usage[] =
	"Usage: " NAME " --maildir DIR --users FILE [OPTION]...\n"
	"       " NAME " --config FILE [OPTION]...\n"
	"A POP3 server (RFC 1939) to test clients and test suites with.\n";

static const char end[] =
	"\n"
	"Says \"listening on ADDRESS:PORT\" when clients can connect, and so "
	"for each\n"
	"further port, \"listening with TLS on ADDRESS:PORT\" where TLS is "
	"from "
	"the start.\n"
	"SIGTERM and SIGINT end it, SIGHUP has it read users, tokens and\n"
	"certificates anew: all of them or, when one is bad, none.\n";

/* How much of text goes on a line of width; its end is at a space. */
static size_t line_of(const char *text, size_t width)
{
	size_t len = strcspn(text, "\n");

	if (len <= width)
		return len;
	for (len = width; len > 0 && text[len] != ' '; len--)
		;
	return len > 0 ? len : strcspn(text, " \n");
}

static void print_text(const char *text, size_t column)
{
	while (*text) {
		size_t len = line_of(text, WIDTH - COLUMN);

		printf("%*s%.*s\n", (int)(COLUMN - column), "", (int)len, text);
		column = 0;
		text += len;
		text += *text == ' ' || *text == '\n';
	}
}

static void print_flag(const struct setting *s)
{
	char flag[64];
	size_t len;

	if (s->heading)
		printf("\n%s:\n", s->heading);
	len = (size_t)snprintf(flag, sizeof(flag), "  --%s%s%s", s->flag,
			       s->argument ? " " : "",
			       s->argument ? s->argument : "");
	fputs(flag, stdout);
	if (!s->help || len >= COLUMN)
		putchar('\n');
	if (s->help)
		print_text(s->help, len < COLUMN ? len : 0);
}

void help_print(void)
{
	fputs(usage, stdout);
	for (size_t i = 0; i < settings_count; i++)
		if (settings[i].flag)
			print_flag(&settings[i]);
	fputs(end, stdout);
}
