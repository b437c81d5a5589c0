/* SPDX-License-Identifier: MIT */
#include "commands.h"
#include "coverage.h"
#include "library.h"
#include "list.h"
#include "options.h"
#include "report.h"
#include "report_wishes.h"
#include "run.h"
#include "show.h"

#include <stdio.h>
#include <string.h>

static int complain(const struct error *e, int code)
{
	fprintf(stderr, "pop3spec: %s\n", e->text);
	return code;
}

/* Of the broken files from the one at place on. Returns 3 if there are any. */
static int complain_of(const struct library *l, size_t place)
{
	int code = place < l->broken_count ? 3 : 0;

	for (; place < l->broken_count; place++)
		fprintf(stderr, "pop3spec: %s\n", l->broken[place].why);
	return code;
}

static int usage(const char *text)
{
	fprintf(stderr, "usage: pop3spec %s\n", text);
	return 2;
}

int command_run(int argc, char **argv, const struct cancel *cancel)
{
	struct run_options o;
	struct error e;

	if (options_parse(&o, argc, argv, &e)) {
		complain(&e, 2);
		fputs("pop3spec run --help tells the options\n", stderr);
		return 2;
	}
	if (o.help) {
		fputs(options_help, stdout);
		return 0;
	}
	return run(&o, cancel);
}

int command_list(int argc, char **argv, const struct cancel *cancel)
{
	bool json = argc == 2 && !strcmp(argv[1], "--json");
	struct library l;
	struct error e;
	int code = 0;

	(void)cancel;
	if (argc > 1 && !json)
		return usage("list [--json]");
	if (library_load(&l, NULL, &e) || (json && list_print_json(&l, &e)))
		code = complain(&e, 3);
	else if (!json)
		list_print(&l);
	if (!code)
		code = complain_of(&l, 0);
	library_free(&l);
	return code;
}

int command_show(int argc, char **argv, const struct cancel *cancel)
{
	(void)cancel;
	if (argc < 2 || argc > 3 || *argv[1] == '-')
		return usage("show ID|GLOB [TARGET]");
	return show(argv[1], argc == 3 ? argv[2] : NULL);
}

/* Each file that is broken is told, and whether a path has none. */
static int check(struct library *l, const char *path)
{
	struct error e;
	int failed = library_add(l, path, &e);

	if (failed)
		complain(&e, 3);
	complain_of(l, l->own_broken);
	if (!failed && l->broken_count == l->own_broken)
		printf("%s: well written\n", path);
	else
		failed = -1;
	library_forget(l);
	return failed;
}

int command_check(int argc, char **argv, const struct cancel *cancel)
{
	struct library l;
	struct error e;
	int code = 0;

	(void)cancel;
	if (argc < 2)
		return usage("check FILE|DIR...");
	if (library_load(&l, NULL, &e)) {
		library_free(&l);
		return complain(&e, 3);
	}
	for (int i = 1; i < argc; i++)
		if (check(&l, argv[i]))
			code = 3;
	library_free(&l);
	return code;
}

int command_requirements(int argc, char **argv, const struct cancel *cancel)
{
	bool coverage = argc == 2 && !strcmp(argv[1], "--coverage");
	struct library l;
	struct error e;
	int code = 0;

	(void)cancel;
	if (argc > 1 && !coverage)
		return usage("requirements [--coverage]");
	if (library_load(&l, NULL, &e))
		code = complain(&e, 3);
	else if (coverage)
		coverage_print(&l);
	else
		requirements_print(&l);
	if (!code)
		code = complain_of(&l, 0);
	library_free(&l);
	return code;
}

static const char report_usage[] = "report JOURNAL --report FORMAT=FILE...";

static int replay(const char *journal, const struct report_wish *w,
		  struct error *e)
{
	struct report *r = report_open(w->format, w->path, e);
	int result;

	if (!r)
		return -1;
	result = report_replay(journal, r, e);
	r->ops->free(r);
	return result;
}

int command_report(int argc, char **argv, const struct cancel *cancel)
{
	struct run_options o;
	struct error e;
	int code = 0;

	(void)cancel;
	if (options_parse_report(&o, argc, argv, &e)) {
		complain(&e, 2);
		return usage(report_usage);
	}
	if (!o.target || !o.report_count)
		return usage(report_usage);
	if (report_wishes_check(&o, &e))
		return complain(&e, 2);
	for (size_t i = 0; i < o.report_count; i++)
		if (replay(o.target, &o.reports[i], &e))
			code = complain(&e, 3);
	return code;
}
