/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "config.h"
#include "nearest.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
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
			.who = { .host = o->host,
				 .oauth_askers = &o->askers,
				 .named = o->named },
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
	for (size_t i = 0; i < SETTINGS_MAX; i++)
		free(o->places[i]);
	for (size_t i = 0; i < o->serve.who.named_count; i++)
		free(o->named[i].setting);
}

#define VALS 256 /* above what stands for the letters of short ones */

/* The flags as getopt_long() wants them; val is VALS + the row. */
static void make_flags(struct option flags[SETTINGS_MAX + 1])
{
	size_t count = 0;

	memset(flags, 0, sizeof(*flags) * (SETTINGS_MAX + 1));
	for (size_t i = 0; i < settings_count; i++)
		if (settings[i].flag)
			flags[count++] = (struct option){
				.name = settings[i].flag,
				.has_arg = setting_has_argument(&settings[i]),
				.val = VALS + (int)i,
			};
	optind = 0; /* from the first on, also when they were read before */
	opterr = 0; /* we say what is wrong */
}

/* Whether several begin with what word abbreviates; they are put in fit. */
static bool is_ambiguous(const char *word, struct buf *fit)
{
	size_t count = 0, len = strcspn(word + 2, "=");

	for (size_t i = 0; len > 0 && i < settings_count; i++) {
		const char *flag = settings[i].flag;

		if (!flag || strncmp(flag, word + 2, len) != 0)
			continue;
		buf_printf(fit, " --%s", flag);
		count++;
	}
	return count > 1 && buf_text(fit);
}

/* That word is no option; which one was meant? */
static void complain_of_unknown(const char *word, struct complaints *c)
{
	char flag[NEAREST_MAX + 1];
	struct nearest nearest = { .wrong = flag };

	snprintf(flag, sizeof(flag), "%.*s", (int)strcspn(word + 2, "="),
		 word + 2);
	for (size_t i = 0; i < settings_count; i++)
		if (settings[i].flag)
			nearest_offer(&nearest, settings[i].flag);
	if (nearest.best)
		complaints_add(c, "%s: not an option; did you mean --%s? "
				  "See --help", word, nearest.best);
	else
		complaints_add(c, "%s: not an option; see --help", word);
}

/* What getopt_long() stumbled over: id is what it returned. */
static int complain_of_flag(int id, char **argv, struct complaints *c)
{
	const struct setting *s =
		optopt >= VALS ? &settings[optopt - VALS] : NULL;
	struct buf fit = { 0 };

	if (s)
		return complaints_add(c, "--%s: %s argument; see --help",
				      s->flag,
				      id == ':' ? "without its" : "takes no");
	if (optopt)
		return complaints_add(c, "-%c: not an option; see --help",
				      optopt);
	if (is_ambiguous(argv[optind - 1], &fit))
		complaints_add(c, "%s: ambiguous:%s; see --help",
			       argv[optind - 1], fit.ptr);
	else
		complain_of_unknown(argv[optind - 1], c);
	buf_free(&fit);
	return -1;
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
	int id, failed = 0;

	make_flags(flags);
	while (o->asked == ASKED_TO_SERVE &&
	       (id = getopt_long(argc, argv, ":", flags, NULL)) != -1) {
		if (id < VALS) {
			failed = complain_of_flag(id, argv, c);
			continue;
		}
		s = &settings[id - VALS];
		if (s->kind == SETTING_ASK || s == setting_of_flag("hash") ||
		    s == setting_of_flag("config"))
			failed |= take(o, s, optarg, c);
	}
	for (; o->asked == ASKED_TO_SERVE && optind < argc; optind++)
		failed = complaints_add(c, "%s: not an option; see --help",
					argv[optind]);
	return failed;
}

static int read_flags(struct options *o, int argc, char **argv,
		      struct complaints *c)
{
	struct option flags[SETTINGS_MAX + 1];
	int id, failed = 0;

	make_flags(flags);
	while ((id = getopt_long(argc, argv, ":", flags, NULL)) != -1)
		if (take(o, &settings[id - VALS], optarg, c) != 0)
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
	options_name(o);
	o->complete = true;
	return code == 0 && wrong_file ? WRONG_FILE : code;
}
