/* SPDX-License-Identifier: MIT */
/*
 * The suite on trial: it must say nothing against a server that is right, in
 * any segmentation, nor against odd but legal ones, and catch every defect by
 * the scenario that the defect names.
 */
#include "figures.h"
#include "matrix.h"
#include "section10.h"
#include "zoo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t column_named(const struct matrix *m, const char *id)
{
	for (size_t i = 0; i < m->column_count; i++)
		if (!strcmp(m->columns[i].id, id))
			return i;
	return m->column_count;
}

static const char *cell_name(unsigned char cell)
{
	if (cell == CELL_DIED)
		return "DIED";
	if (cell == CELL_HUNG)
		return "HUNG";
	return cell < OUTCOMES ? outcome_name((enum outcome)cell) : "-";
}

/* One defect: its killer, and who else noticed. Returns 1 when it lives. */
static int print_row(const struct matrix *m, size_t row, bool verbose)
{
	const struct switch_row *d = &switch_rows[m->rows[row]];
	size_t killer = column_named(m, d->killer);
	bool killed = killer < m->column_count && matrix_kills(m, row, killer);
	size_t others = 0;

	for (size_t c = 0; c < m->column_count; c++)
		others += c != killer && matrix_kills(m, row, c);
	printf("%-9s %-30s %-45s %zu more\n", killed ? "killed" : "SURVIVES",
	       d->id, d->killer, others);
	for (size_t c = 0; verbose && c < m->column_count; c++)
		if (matrix_kills(m, row, c))
			printf("\t%-8s %s\n",
			       cell_name(m->cells[row * m->column_count + c]),
			       m->columns[c].id);
	return !killed;
}

static int print_healthy(const struct matrix *m)
{
	int bad = 0;

	for (size_t c = 0; c < m->column_count; c++) {
		unsigned char cell = m->healthy[c];

		if (cell == OUTCOME_PASS || cell == OUTCOME_INFO)
			continue;
		printf("the healthy server gets %s: %s\n", cell_name(cell),
		       m->columns[c].id);
		bad++;
	}
	return bad;
}

static int run_matrix(const struct library *l, const char *only, bool verbose,
		      struct error *e)
{
	struct matrix m;
	double began = now();
	int bad, alive = 0;

	if (matrix_play(&m, l, only, e)) {
		matrix_free(&m);
		return -1;
	}
	bad = print_healthy(&m);
	for (size_t i = 0; i < m.defects; i++)
		alive += print_row(&m, i, verbose);
	if (!only)
		figures_print(&m);
	printf("kill matrix: %zu defects x %zu scenarios, %zu universal "
	       "checks: %zu killed by the scenario they name, %d survive%s, "
	       "%.2f s\n",
	       m.defects, l->count, m.column_count - l->count,
	       m.defects - (size_t)alive, alive, alive == 1 ? "s" : "",
	       now() - began);
	matrix_free(&m);
	return bad || alive;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: selftest --mutate ...\n"
		"       selftest [--matrix] [--zoo] [--splits] [--section-10]\n"
		"                [--verbose] [--defect ID] [SCENARIOS-DIRECTORY]\n"
		"Without an option all four are played; --mutate is another "
		"trial, in a program\nof its own (target selftest-mutants), "
		"with its own --help.\n");
	return 2;
}

/* Mutants are a copy of the server's core, which this program never links. */
static int become_mutants(char **argv)
{
	execv(SELFTEST_MUTANTS, argv);
	fprintf(stderr,
		"selftest: %s: %s\nIt is built by cmake --build ... --target "
		"selftest-mutants, and needs python3-pycparser.\n",
		SELFTEST_MUTANTS, strerror(errno));
	return 1;
}

struct options {
	bool matrix, zoo, splits, section10, verbose;
	const char *defect, *directory;
};

static int parse(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--matrix"))
			o->matrix = true;
		else if (!strcmp(argv[i], "--zoo"))
			o->zoo = true;
		else if (!strcmp(argv[i], "--splits"))
			o->splits = true;
		else if (!strcmp(argv[i], "--section-10"))
			o->section10 = true;
		else if (!strcmp(argv[i], "--verbose"))
			o->verbose = true;
		else if (!strcmp(argv[i], "--defect") && i + 1 < argc)
			o->defect = argv[++i];
		else if (argv[i][0] != '-' && !o->directory)
			o->directory = argv[i];
		else
			return -1;
	}
	if (!o->matrix && !o->zoo && !o->splits && !o->section10)
		o->matrix = o->zoo = o->splits = o->section10 = true;
	return 0;
}

static int play_all(const struct options *o, const struct library *l,
		    struct error *e)
{
	int failed = 0;

	if (o->matrix)
		failed |= run_matrix(l, o->defect, o->verbose, e);
	if (o->section10 && failed >= 0)
		failed |= section10_play(l, e);
	if (o->splits && failed >= 0)
		failed |= splits_play(l, e);
	if (o->zoo && failed >= 0)
		failed |= zoo_play(l, e);
	return failed;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct library l = { 0 };
	struct error e;
	int failed;

	if (argc > 1 && !strcmp(argv[1], "--mutate"))
		return become_mutants(argv + 1);
	if (parse(argc, argv, &o))
		return usage();
	failed = library_load(&l, o.directory, &e);
	if (!failed && l.broken_count)
		failed = error_set(&e, "%s", l.broken[0].why);
	if (!failed)
		failed = play_all(&o, &l, &e);
	if (failed < 0)
		fprintf(stderr, "selftest: %s\n", e.text);
	library_free(&l);
	return failed ? 1 : 0;
}
