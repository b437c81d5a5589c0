/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "config.h"

#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WRONG_FILE = 1, WRONG_USAGE = 2 };

/* The name of this host, when it can stand in a greeting. */
static void default_host(struct options *o)
{
	char name[sizeof(o->host)] = "";

	if (gethostname(name, sizeof(name) - 1) != 0 ||
	    !apop_host_allowed(slice_str(name)))
		strcpy(name, "localhost");
	strcpy(o->host, name);
}

void options_init(struct options *o)
{
	*o = (struct options){
		.serve = {
			.listeners = { { .address = "127.0.0.1" },
				       { .address = "127.0.0.1" } },
			.listeners_count = 1,
			.host = o->host,
			.who = { .host = o->host },
			.autologout = 600000,
			.max_connections = 1000,
			.limits = { .per_address = 50,
				    .refusal_delay = 1000,
				    .failures = 10 },
		},
	};
	default_host(o);
}

void options_free(struct options *o)
{
	doubles_free(&o->serve.doubles);
	json_decref(o->file);
}

/* The flags as getopt_long() wants them; val is 1 + the row. */
static void make_flags(struct option flags[SETTINGS_MAX + 1])
{
	size_t count = 0;

	memset(flags, 0, sizeof(*flags) * (SETTINGS_MAX + 1));
	for (size_t i = 0; i < settings_count; i++)
		if (settings[i].flag)
			flags[count++] = (struct option){
				.name = settings[i].flag,
				.has_arg = setting_has_argument(&settings[i]),
				.val = (int)i + 1,
			};
}

/* Takes s as it stands on the command line. */
static int take(struct options *o, const struct setting *s, const char *text,
		struct complaints *c)
{
	struct error e;

	if (setting_read(s, o, text, &e) == 0)
		return 0;
	return complaints_add(c, "--%s%s%s: %s", s->flag, text ? " " : "",
			      text ? text : "", e.text);
}

/* What must be known before the file is read: its name, or that none is. */
static int look_ahead(struct options *o, int argc, char **argv,
		      struct complaints *c)
{
	struct option flags[SETTINGS_MAX + 1];
	const struct setting *s;
	int id;

	make_flags(flags);
	optind = 0; /* from the first on, also when they were read before */
	while (o->asked == ASKED_TO_SERVE &&
	       (id = getopt_long(argc, argv, "", flags, NULL)) != -1) {
		if (id == '?') /* getopt_long() has complained */
			return -1;
		s = &settings[id - 1];
		if ((s->kind == SETTING_ASK || s == setting_of_flag("hash") ||
		     s == setting_of_flag("config")) &&
		    take(o, s, optarg, c) != 0)
			return -1;
	}
	if (o->asked == ASKED_TO_SERVE && optind < argc)
		return complaints_add(c, "%s: not an option", argv[optind]);
	return 0;
}

static int read_flags(struct options *o, int argc, char **argv,
		      struct complaints *c)
{
	struct option flags[SETTINGS_MAX + 1];
	int id, failed = 0;

	make_flags(flags);
	optind = 0;
	while ((id = getopt_long(argc, argv, "", flags, NULL)) != -1)
		if (take(o, &settings[id - 1], optarg, c) != 0)
			failed = -1;
	return failed;
}

int options_read(struct options *o, int argc, char **argv, struct complaints *c)
{
	int wrong_file = 0, code;

	if (look_ahead(o, argc, argv, c) != 0)
		return WRONG_USAGE;
	if (o->asked != ASKED_TO_SERVE)
		return 0;
	if (o->config)
		wrong_file = config_read(o, o->config, c);
	if (read_flags(o, argc, argv, c) != 0)
		return WRONG_USAGE;
	if (o->config && !o->file)
		return WRONG_FILE;
	code = options_check(o, c);
	return code == 0 && wrong_file ? WRONG_FILE : code;
}
