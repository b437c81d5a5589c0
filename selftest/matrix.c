/* SPDX-License-Identifier: MIT */
#include "matrix.h"
#include "outcomes.h"
#include "rig.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 2 /* rows at a time: a child each */

/* What a child tells of a column: its number and its outcome. */
struct report {
	unsigned column;
	unsigned outcome;
};

static unsigned char outcome_of(const struct findings *f)
{
	const struct verdict *worst = findings_worst(f, 0);

	if (worst && worst->outcome == OUTCOME_NOTRUN)
		return CELL_HUNG;
	return worst ? (unsigned char)worst->outcome : OUTCOME_PASS;
}

static void tell(int fd, size_t column, unsigned char outcome)
{
	struct report r = { (unsigned)column, outcome };

	if (write(fd, &r, sizeof(r)) != sizeof(r))
		_exit(3);
}

static void play_column(const struct matrix *m, struct rig *r, size_t column,
			int fd)
{
	const struct scenario *s = m->columns[column].scenario;
	struct findings f = { 0 };

	rig_play(r, s, library_fixture(m->library, s), &f);
	tell(fd, column, outcome_of(&f));
	findings_free(&f);
}

static void play_universals(const struct matrix *m, struct rig *r, int fd)
{
	struct findings f = { 0 };

	play_universal(&r->stage, &r->stage.universal, &f);
	for (size_t i = 0; i < f.count; i++)
		for (size_t c = 0; c < m->column_count; c++)
			if (!strcmp(m->columns[c].id, f.list[i].scenario))
				tell(fd, c, (unsigned char)f.list[i].outcome);
	findings_free(&f);
}

/* In the child: the scenarios from column on, then the universal checks. */
static void play_from(const struct matrix *m, const struct switches *switches,
		      size_t column, int fd)
{
	struct rig r;

	rig_open(&r, m->library->registry, switches);
	for (; column < m->library->count; column++)
		play_column(m, &r, column, fd);
	play_universals(m, &r, fd);
	rig_close(&r);
}

/* Take what a child tells; returns the column behind the last one it told. */
static size_t listen_to(struct matrix *m, unsigned char *row, int fd,
			size_t next)
{
	struct report r;

	while (read(fd, &r, sizeof(r)) == sizeof(r)) {
		if (r.column >= m->column_count)
			continue;
		row[r.column] = (unsigned char)r.outcome;
		if (r.column < m->library->count)
			next = r.column + 1;
	}
	return next;
}

static int fork_child(const struct matrix *m, const struct switches *switches,
		      size_t column, int *from, pid_t *child)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	*child = fork();
	if (*child < 0)
		return -1;
	if (!*child) {
		close(fds[0]);
		play_from(m, switches, column, fds[1]);
		_exit(0);
	}
	close(fds[1]);
	*from = fds[0];
	return 0;
}

static int play_row(struct matrix *m, const struct switches *switches,
		    unsigned char *row, struct error *e)
{
	size_t next = 0;
	int status = -1;

	memset(row, CELL_NOT_PLAYED, m->column_count);
	while (next < m->library->count) {
		pid_t child;
		int fd;

		if (fork_child(m, switches, next, &fd, &child))
			return error_set(e, "no child: %s", strerror(errno));
		next = listen_to(m, row, fd, next);
		close(fd);
		waitpid(child, &status, 0);
		if (next < m->library->count)
			row[next++] = CELL_DIED;
	}
	return 0;
}

static int add_columns(struct matrix *m, struct error *e)
{
	const struct library *l = m->library;
	struct findings f = { 0 };
	struct rig r;

	rig_open(&r, l->registry, NULL);
	r.stage.universal.replies = r.stage.universal.bodies = 1;
	r.abilities.capa = true;
	play_universal(&r.stage, &r.stage.universal, &f);
	rig_close(&r);
	m->columns = calloc(l->count + f.count, sizeof(*m->columns));
	if (!m->columns)
		return error_set(e, "out of memory");
	for (size_t i = 0; i < l->count; i++)
		m->columns[m->column_count++] = (struct column){
			l->scenarios[i]->id, l->scenarios[i] };
	for (size_t i = 0; i < f.count; i++) {
		m->columns[m->column_count++].id = f.list[i].scenario;
		f.list[i].scenario = NULL; /* the column's now */
	}
	findings_free(&f);
	return 0;
}

static int add_rows(struct matrix *m, const char *only, struct error *e)
{
	m->rows = calloc(SWITCHES, sizeof(*m->rows));
	if (!m->rows)
		return error_set(e, "out of memory");
	for (enum switch_name i = 0; i < SWITCHES; i++)
		if (switch_rows[i].defect &&
		    switch_rows[i].seen.in_memory &&
		    (!only || !strcmp(only, switch_rows[i].id)))
			m->rows[m->defects++] = i;
	m->cells = calloc(m->defects + 1, m->column_count);
	m->healthy = calloc(m->column_count, 1);
	if (!m->cells || !m->healthy)
		return error_set(e, "out of memory");
	if (!m->defects)
		return error_set(e, "no defect %s can be seen in memory",
				 only ? only : "");
	return 0;
}

/* Every WORKERS-th row, from the first on. */
struct worker {
	struct matrix *m;
	size_t first;
	int result;
	struct error e;
	pthread_t thread;
};

static void *play_rows(void *of)
{
	struct worker *w = of;
	struct matrix *m = w->m;

	for (size_t i = w->first; i < m->defects && !w->result; i += WORKERS) {
		struct switches on = { 0 };

		on.on[m->rows[i]] = true;
		w->result = play_row(m, &on, m->cells + i * m->column_count,
				     &w->e);
	}
	return NULL;
}

static int play_all_rows(struct matrix *m, struct error *e)
{
	struct worker workers[WORKERS] = { 0 };
	size_t started = 0;
	int result = 0;

	for (; started < WORKERS && !result; started++) {
		struct worker *w = &workers[started];

		*w = (struct worker){ .m = m, .first = started };
		if (pthread_create(&w->thread, NULL, play_rows, w))
			result = error_set(e, "no thread");
	}
	for (size_t i = 0; i < started - (result != 0); i++) {
		pthread_join(workers[i].thread, NULL);
		if (workers[i].result && !result) {
			*e = workers[i].e;
			result = -1;
		}
	}
	return result;
}

int matrix_play(struct matrix *m, const struct library *library,
		const char *only, struct error *e)
{
	*m = (struct matrix){ .library = library };
	if (add_columns(m, e) || add_rows(m, only, e) ||
	    play_row(m, NULL, m->healthy, e))
		return -1;
	return play_all_rows(m, e);
}

void matrix_free(struct matrix *m)
{
	for (size_t i = 0; m->library && i < m->column_count; i++)
		if (!m->columns[i].scenario)
			free((char *)(uintptr_t)m->columns[i].id);
	free(m->columns);
	free(m->rows);
	free(m->cells);
	free(m->healthy);
}

int cell_weight(unsigned char cell)
{
	if (cell == CELL_DIED || cell == CELL_HUNG)
		return 4;
	if (cell >= OUTCOMES)
		return 0;
	return outcome_weight((enum outcome)cell);
}

bool matrix_kills(const struct matrix *m, size_t row, size_t column)
{
	int now = cell_weight(m->cells[row * m->column_count + column]);

	/* What could not be judged (1) is no detection. */
	return now > 1 && now > cell_weight(m->healthy[column]);
}
