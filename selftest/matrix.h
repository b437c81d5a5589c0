/* SPDX-License-Identifier: MIT */
/*
 * Every defect against every scenario. Each defect is played in a child, so
 * that a crash or a hang is a kill and not the end.
 */
#ifndef SELFTEST_MATRIX_H
#define SELFTEST_MATRIX_H

#include "library.h"
#include "switches.h"

/* One column a scenario, and one for each universal check behind them. */
struct column {
	const char *id;
	const struct scenario *scenario; /* NULL: a universal check */
};

struct matrix {
	const struct library *library;
	struct column *columns;
	size_t column_count;
	unsigned char *healthy; /* enum outcome of each column, no switch on */
	unsigned char *cells;   /* [defect * column_count + column] */
	size_t defects;         /* rows: those seen in memory */
	enum switch_name *rows;
};

/* A child that died in a column, or would never have ended, left these. */
enum { CELL_DIED = OUTCOMES, CELL_HUNG, CELL_NOT_PLAYED };

/*
 * Play all. only (NULL: all) names one defect. Returns 0, or -1 and e when the
 * healthy server does not pass, or no child can be had.
 */
int matrix_play(struct matrix *m, const struct library *library,
		const char *only, struct error *e);
void matrix_free(struct matrix *m);

/* How bad a cell is, as outcome_weight() has it. */
int cell_weight(unsigned char cell);

/* Did the scenario of column say that something is wrong? */
bool matrix_kills(const struct matrix *m, size_t row, size_t column);

#endif
