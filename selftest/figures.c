/* SPDX-License-Identifier: MIT */
#include "figures.h"

#include <stdio.h>

/* The heaviest outcome by which a column kills; 0 when it kills nothing. */
static int worst_kill(const struct matrix *m, size_t column)
{
	int worst = 0;

	for (size_t r = 0; r < m->defects; r++) {
		int weight = cell_weight(m->cells[r * m->column_count + column]);

		if (matrix_kills(m, r, column) && weight > worst)
			worst = weight;
	}
	return worst;
}

static void print_idle(const struct matrix *m)
{
	size_t idle = 0;

	for (size_t c = 0; c < m->column_count; c++)
		if (!worst_kill(m, c))
			printf("%s%s", idle++ ? ", " : "kill nothing: ",
			       m->columns[c].id);
	printf("%s", idle ? "\n" : "");
}

static void print_scenarios(const struct matrix *m)
{
	int breach = cell_weight(OUTCOME_FAIL);
	size_t fail = 0, warn = 0;

	for (size_t c = 0; c < m->column_count; c++) {
		int worst = worst_kill(m, c);

		fail += worst >= breach;
		warn += worst && worst < breach;
	}
	printf("scenarios and universal checks: %zu of %zu were seen to FAIL, "
	       "%zu to warn at most, %zu to kill nothing\n",
	       fail, m->column_count, warn, m->column_count - fail - warn);
}

static void print_class(const struct matrix *m, enum defect_class class)
{
	size_t defects = 0, subtle = 0;

	for (size_t i = 0; i < m->defects; i++) {
		const struct switch_row *row = &switch_rows[m->rows[i]];

		if (row->class != class)
			continue;
		defects++;
		subtle += row->needs != NULL;
	}
	printf("%s%s %zu (%zu)", class ? ", " : "", class_names[class], defects,
	       subtle);
}

static size_t count_subtle(const struct matrix *m)
{
	size_t subtle = 0;

	for (size_t i = 0; i < m->defects; i++)
		subtle += switch_rows[m->rows[i]].needs != NULL;
	return subtle;
}

void figures_print(const struct matrix *m)
{
	print_idle(m);
	print_scenarios(m);
	printf("defects: %zu, of which %zu are subtle: ", m->defects,
	       count_subtle(m));
	for (enum defect_class class = 0; class < CLASSES; class++)
		print_class(m, class);
	putchar('\n');
}
