/* SPDX-License-Identifier: MIT */
/*
 * The mutants of the server's core: a copy of it that can be wrong in one of
 * many hundred places is played against the scenarios, one place after the
 * other. Who writes defects also writes what kills them; nobody chose these.
 */
#include "mutants.h"
#include "mutant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIST SELFTEST_DIRECTORY "/mutants.list"

struct options {
	bool write, verbose;
	unsigned stride;
	const char *directory;
};

static int usage(void)
{
	fprintf(stderr,
		"usage: selftest --mutate [--write | --every N] [--verbose]\n"
		"                         [SCENARIOS-DIRECTORY]\n"
		"--every N plays each N-th mutant only, and forgives a list "
		"with lines too many or\ntoo few; --write brings the list up "
		"to date.\n");
	return 2;
}

static int parse(int argc, char **argv, struct options *o)
{
	*o = (struct options){ .stride = 1 };
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--write"))
			o->write = true;
		else if (!strcmp(argv[i], "--verbose"))
			o->verbose = true;
		else if (!strcmp(argv[i], "--every") && i + 1 < argc)
			o->stride = (unsigned)strtoul(argv[++i], NULL, 10);
		else if (argv[i][0] != '-' && !o->directory)
			o->directory = argv[i];
		else
			return -1;
	}
	return o->stride && !(o->write && o->stride > 1) ? 0 : -1;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t count(const struct mutants *m, enum fate fate)
{
	size_t n = 0;

	for (unsigned i = 0; i < mutant_count; i++)
		n += m->fates[i] == fate;
	return n;
}

static size_t count_ended(const struct mutants *m)
{
	size_t n = 0;

	for (unsigned i = 0; i < mutant_count; i++)
		n += m->ended[i];
	return n;
}

static void print_killers(const struct mutants *m)
{
	for (unsigned i = 0; i < mutant_count; i++)
		if (m->killers[i])
			printf("noticed by %s: %s %s: %s: %s\n", m->killers[i],
			       mutant_rows[i].file, mutant_rows[i].function,
			       mutant_rows[i].there, mutant_rows[i].becomes);
}

static void print_figures(const struct mutants *m, double seconds)
{
	size_t killed = count(m, FATE_KILLED), unmet = count(m, FATE_UNMET);
	size_t blocked = count(m, FATE_BLOCKED);
	size_t played = mutant_count - count(m, FATE_NOT_PLAYED);

	printf("mutants: %zu of %u played: %zu killed (%zu crashed or never "
	       "ended), %zu leave something blocked, %zu survive (%zu where "
	       "no scenario comes); noticed are %.1f %%, %.2f s\n",
	       played, mutant_count, killed, count_ended(m), blocked,
	       played - killed - blocked, unmet,
	       played ? 100.0 * (double)(killed + blocked) / (double)played
		      : 0.0,
	       seconds);
}

static void print_complaints(const struct complaints *c)
{
	if (!c->wrong && !c->stale) {
		puts("mutants: each survivor is explained in " LIST);
		return;
	}
	printf("mutants: %u fates are not as " LIST " says, and %u of its "
	       "lines are missing or left over. selftest --mutate --write "
	       "brings it up to date; a survivor needs a scenario, or its "
	       "reason there.\n",
	       c->wrong, c->stale);
}

/* Returns whether all is as the list says; of a sample: what was played. */
static int run(const struct options *o, struct library *l, struct mutants *m,
	       struct error *e)
{
	double began = now();
	struct complaints c;

	if (library_load(l, o->directory, e) ||
	    mutants_play(m, l, o->stride, e) ||
	    (o->write && mutants_write(m, LIST, e)))
		return -1;
	if (o->verbose)
		print_killers(m);
	if (mutants_compare(m, LIST, &c, e))
		return -1;
	print_figures(m, now() - began);
	print_complaints(&c);
	return c.wrong || (c.stale && o->stride == 1);
}

int main(int argc, char **argv)
{
	struct mutants m = { 0 };
	struct library l = { 0 };
	struct error e = { 0 };
	struct options o;
	int wrong;

	if (parse(argc, argv, &o))
		return usage();
	wrong = run(&o, &l, &m, &e);
	if (wrong < 0)
		fprintf(stderr, "selftest --mutate: %s\n", e.text);
	mutants_free(&m);
	library_free(&l);
	return wrong ? 1 : 0;
}
