/* SPDX-License-Identifier: MIT */
#include "options.h"
#include "decimal.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* JSON's readers keep no more of a number. */
#define SEED_LIMIT ((UINT64_C(1) << 53) - 1)

const char options_help[] =
	"usage: pop3spec run [TARGET] [options]\n"
	"\n"
	"TARGET is a file *.json or a URL (pop3://user@host:port); without it the\n"
	"bundled server is started on a free port and judged.\n"
	"\n"
	"  --only GLOB           scenario or requirement ids to judge (repeatable)\n"
	"  --exclude GLOB        those to leave out (repeatable)\n"
	"  --scenarios DIR|FILE  add scenarios of somebody else (repeatable); their\n"
	"                        ids begin with foreign/\n"
	"  --report FORMAT=FILE  write a report (repeatable): text, jsonl, json,\n"
	"                        junit\n"
	"  --fail-on WHAT        must, should, security, flaky or never: what makes\n"
	"                        the exit code 1 (default: FAIL, LOST, CRASH and\n"
	"                        SECURITY)\n"
	"  --min-cases N         exit with 2 when fewer were judged (default 1)\n"
	"  --split HOW           none, random or every-octet: segments we send\n"
	"  --seed N              for --split random\n"
	"  --slow                play what must wait for minutes, too\n"
	"  --aggressive          play floods, huge lines and repeated wrong passwords\n"
	"                        on another machine, too (on loopback they always are)\n"
	"  --confirm N           runs that must agree with a finding (default 1)\n"
	"  --jobs N              lanes at a time, from 1 (default: as many as the\n"
	"                        target's accounts allow, 8 at most)\n"
	"  --max-time S          end after so many seconds, whatever is waited for:\n"
	"                        what is left is NOTRUN, and the exit code 3\n"
	"  --max-failures N      end behind so many verdicts that --fail-on counts:\n"
	"                        what is left is NOTRUN, and the exit code 1\n"
	"  --progress S          tell on standard error, after so many seconds without\n"
	"                        a verdict, what is waited for (default 60, 0: never)\n"
	"  --password-file FILE  whose first line is the password\n"
	"  --dry-run             say what would be played\n";

enum {
	OPTION_ONLY = 256,
	OPTION_EXCLUDE,
	OPTION_SCENARIOS,
	OPTION_REPORT,
	OPTION_FAIL_ON,
	OPTION_MIN_CASES,
	OPTION_SPLIT,
	OPTION_SEED,
	OPTION_SLOW,
	OPTION_AGGRESSIVE,
	OPTION_CONFIRM,
	OPTION_JOBS,
	OPTION_MAX_TIME,
	OPTION_PROGRESS,
	OPTION_MAX_FAILURES,
	OPTION_PASSWORD_FILE,
	OPTION_DRY_RUN,
	OPTION_HELP,
};

static const struct option known[] = {
	{ "only", required_argument, NULL, OPTION_ONLY },
	{ "exclude", required_argument, NULL, OPTION_EXCLUDE },
	{ "scenarios", required_argument, NULL, OPTION_SCENARIOS },
	{ "report", required_argument, NULL, OPTION_REPORT },
	{ "fail-on", required_argument, NULL, OPTION_FAIL_ON },
	{ "min-cases", required_argument, NULL, OPTION_MIN_CASES },
	{ "split", required_argument, NULL, OPTION_SPLIT },
	{ "seed", required_argument, NULL, OPTION_SEED },
	{ "slow", no_argument, NULL, OPTION_SLOW },
	{ "aggressive", no_argument, NULL, OPTION_AGGRESSIVE },
	{ "confirm", required_argument, NULL, OPTION_CONFIRM },
	{ "jobs", required_argument, NULL, OPTION_JOBS },
	{ "max-time", required_argument, NULL, OPTION_MAX_TIME },
	{ "progress", required_argument, NULL, OPTION_PROGRESS },
	{ "max-failures", required_argument, NULL, OPTION_MAX_FAILURES },
	{ "password-file", required_argument, NULL, OPTION_PASSWORD_FILE },
	{ "dry-run", no_argument, NULL, OPTION_DRY_RUN },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

static int add_glob(const char **globs, size_t *count, const char *glob,
		    struct error *e)
{
	if (*count == OPTIONS_GLOBS)
		return error_set(e, "more than %d globs", OPTIONS_GLOBS);
	globs[(*count)++] = glob;
	return 0;
}

static int add_scenarios(struct run_options *o, const char *path,
			 struct error *e)
{
	if (o->scenarios_count == OPTIONS_SCENARIOS)
		return error_set(e, "more than %d times --scenarios",
				 OPTIONS_SCENARIOS);
	o->scenarios[o->scenarios_count++] = path;
	return 0;
}

static int add_report(struct run_options *o, const char *wish,
		      struct error *e)
{
	size_t equals = slice_find(slice_str(wish), '=');
	struct report_wish *r = &o->reports[o->report_count];

	if (o->report_count == OPTIONS_REPORTS)
		return error_set(e, "more than %d reports", OPTIONS_REPORTS);
	if (!wish[equals] || !wish[equals + 1] || !equals ||
	    equals >= sizeof(r->format))
		return error_set(e, "--report %s: should be FORMAT=FILE, as in "
				 "json=result.json", wish);
	snprintf(r->format, sizeof(r->format), "%.*s", (int)equals, wish);
	r->path = wish + equals + 1;
	o->report_count++;
	return 0;
}

/* Sets *value to the place of word in words (NULL at the end). */
static int choose(const char *option, const char *word,
		  const char *const *words, int *value, struct error *e)
{
	struct buf all = { 0 };

	for (int i = 0; words[i]; i++) {
		if (!strcmp(word, words[i])) {
			*value = i;
			buf_free(&all);
			return 0;
		}
		buf_printf(&all, "%s%s", i ? ", " : "", words[i]);
	}
	error_set(e, "--%s %s: should be one of %s", option, word,
		  buf_text(&all));
	buf_free(&all);
	return -1;
}

/* An option whose value is a number: what it may be, and where it goes. */
struct number {
	int option;
	const char *name;
	uint64_t min, max;
	size_t field;
};

#define NUMBER(option, name, min, max, member)                                \
	{ option, name, min, max, offsetof(struct run_options, member) }

static const struct number numbers[] = {
	NUMBER(OPTION_MIN_CASES, "min-cases", 0, 1000000, min_cases),
	NUMBER(OPTION_JOBS, "jobs", 1, 256, jobs),
	NUMBER(OPTION_CONFIRM, "confirm", 0, 100, confirm),
	NUMBER(OPTION_MAX_TIME, "max-time", 1, 1000000, max_time),
	NUMBER(OPTION_PROGRESS, "progress", 0, 1000000, progress),
	NUMBER(OPTION_MAX_FAILURES, "max-failures", 1, 1000000, max_failures),
	NUMBER(OPTION_SEED, "seed", 0, SEED_LIMIT, seed),
};

/* NULL: the value of option is none. */
static const struct number *number_of(int option)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (numbers[i].option == option)
			return &numbers[i];
	return NULL;
}

static int set_number(struct run_options *o, const struct number *n,
		      const char *text, struct error *e)
{
	uint64_t *to = (uint64_t *)(void *)((char *)o + n->field);

	if (decimal_read(slice_str(text), to) && *to >= n->min &&
	    *to <= n->max)
		return 0;
	return error_set(e, "--%s %s: should be a number from %llu to %llu",
			 n->name, text, (unsigned long long)n->min,
			 (unsigned long long)n->max);
}

static int set_word(struct run_options *o, int option, const char *text,
		    struct error *e)
{
	static const char *const splits[] = { "none", "random", "every-octet",
					      NULL };
	const char *fail_ons[FAIL_ONS + 1] = { NULL };
	int value = 0;

	if (option == OPTION_SPLIT) {
		if (choose("split", text, splits, &value, e))
			return -1;
		o->split = (enum split)value;
		return 0;
	}
	for (enum fail_on f = 0; f < FAIL_ONS; f++)
		fail_ons[f] = fail_on_name(f);
	if (choose("fail-on", text, fail_ons, &value, e))
		return -1;
	o->fail_on = (enum fail_on)value;
	return 0;
}

static int set(struct run_options *o, int option, const char *text,
	       struct error *e)
{
	const struct number *n = number_of(option);

	if (n)
		return set_number(o, n, text, e);
	switch (option) {
	case OPTION_ONLY:
		return add_glob(o->only, &o->only_count, text, e);
	case OPTION_EXCLUDE:
		return add_glob(o->exclude, &o->exclude_count, text, e);
	case OPTION_REPORT:
		return add_report(o, text, e);
	case OPTION_SPLIT:
	case OPTION_FAIL_ON:
		return set_word(o, option, text, e);
	case OPTION_SCENARIOS:
		return add_scenarios(o, text, e);
	case OPTION_PASSWORD_FILE:
		o->password_file = text;
		return 0;
	case OPTION_SLOW:
		o->slow = true;
		return 0;
	case OPTION_AGGRESSIVE:
		o->aggressive = true;
		return 0;
	case OPTION_DRY_RUN:
		o->dry_run = true;
		return 0;
	default:
		o->help = true;
		return 0;
	}
}

/* Of "-xy" getopt has not gone on to the next word yet. */
static int no_option(char **argv, struct error *e)
{
	if (optopt > 0 && optopt < OPTION_ONLY)
		return error_set(e, "no option -%c", optopt);
	return error_set(e, "no option %s", argv[optind - 1]);
}

static int parse_options(struct run_options *o, const struct option *options,
			 int argc, char **argv, struct error *e)
{
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?')
			return no_option(argv, e);
		if (option == ':')
			return error_set(e, "%s needs a value",
					 argv[optind - 1]);
		if (set(o, option, optarg, e))
			return -1;
	}
	return 0;
}

/* Options, and one word at most behind them. */
static int parse(struct run_options *o, const struct option *options,
		 int argc, char **argv, struct error *e)
{
	*o = (struct run_options){ .min_cases = 1, .confirm = 1, .seed = 1,
				  .progress = 60 };
	if (parse_options(o, options, argc, argv, e))
		return -1;
	if (argc - optind > 1)
		return error_set(e, "one only, not also \"%s\"",
				 argv[optind + 1]);
	if (optind < argc)
		o->target = argv[optind];
	if (o->password_file && !o->target)
		return error_set(e, "--password-file is for a TARGET that has "
				    "no password");
	return 0;
}

int options_parse(struct run_options *o, int argc, char **argv,
		  struct error *e)
{
	return parse(o, known, argc, argv, e);
}

int options_parse_report(struct run_options *o, int argc, char **argv,
			 struct error *e)
{
	static const struct option report[] = {
		{ "report", required_argument, NULL, OPTION_REPORT },
		{ 0 },
	};

	return parse(o, report, argc, argv, e);
}
