/* SPDX-License-Identifier: MIT */
#include "cancel.h"
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct cancel cancel;

static void end_the_run(int signal)
{
	(void)signal;
	cancel_raise(&cancel);
}

/* The first Ctrl-C ends the run and finishes the reports, the second kills. */
static void watch_signals(void)
{
	struct sigaction end = { .sa_handler = end_the_run,
				 .sa_flags = (int)SA_RESETHAND };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGINT, &end, NULL);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGHUP, &end, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static const char help[] =
	"usage: pop3spec COMMAND [arguments]\n"
	"\n"
	"  run [TARGET]          judge a POP3 server; without TARGET the bundled one\n"
	"  list [--json]         the scenarios and the rules they judge\n"
	"  show ID [TARGET]      a scenario as a dialogue, and how to play it by hand;\n"
	"                        or what a requirement says, and what judges it\n"
	"  check FILE|DIR...     are these scenario files well written?\n"
	"  requirements          what the RFCs say (--coverage: what judges it)\n"
	"  report JOURNAL --report FORMAT=FILE\n"
	"                        make a report of a journal, also of a killed run\n"
	"  --version, --help\n"
	"\n"
	"pop3spec run --help tells its options. Exit: 0 no breach, 1 breaches,\n"
	"2 wrong usage (words that can never be right, also a malformed URL),\n"
	"3 the tool, the network, a file (absent or broken) or the target.\n";

struct entry {
	const char *name;
	int (*run)(int argc, char **argv, const struct cancel *cancel);
};

static const struct entry commands[] = {
	{ "run", command_run },
	{ "list", command_list },
	{ "show", command_show },
	{ "check", command_check },
	{ "requirements", command_requirements },
	{ "report", command_report },
};

static bool is_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(name, commands[i].name))
			return true;
	return false;
}

/* "run" has options to tell of; for the others this page is enough. */
static bool wants_help(size_t command, int argc, char **argv)
{
	return command && argc > 2 && !strcmp(argv[2], "--help");
}

static int dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(name, commands[i].name) &&
		    !wants_help(i, argc, argv))
			return commands[i].run(argc - 1, argv + 1, &cancel);
	if (!strcmp(name, "--version")) {
		printf("pop3spec %s\n", POP3SPEC_VERSION);
		return 0;
	}
	if (!strcmp(name, "--help") || is_command(name)) {
		fputs(help, stdout);
		return 0;
	}
	if (*name)
		fprintf(stderr, "pop3spec: no command \"%s\"\n\n", name);
	fputs(help, stderr);
	return 2;
}

/* What was printed and did not arrive is an error, whatever else was well. */
static int check_output(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	if (errno == EPIPE && !code) { /* who read has seen enough */
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	fprintf(stderr, "pop3spec: standard output: %s\n", strerror(errno));
	return code == 1 ? code : 3;
}

int main(int argc, char **argv)
{
	struct error e;
	int code;

	if (cancel_open(&cancel, &e)) {
		fprintf(stderr, "pop3spec: %s\n", e.text);
		return 3;
	}
	watch_signals();
	code = check_output(dispatch(argc, argv));
	cancel_close(&cancel);
	return code;
}
