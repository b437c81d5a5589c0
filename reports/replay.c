/* SPDX-License-Identifier: MIT */
/*
 * From the journal to any other format. What a killed run left unsaid, its
 * summary, is taken from the verdicts that it did write.
 */
#include "format.h"
#include "journal.h"
#include "report.h"
#include "tally.h"

#include <stdlib.h>

struct replay {
	struct journal *journal;
	struct report *to;
	struct tally tally;
	size_t requirements; /* in the register */
	bool look_only;
	enum fail_on fail_on;
	bool begun, summed_up;
};

static int begin(struct replay *p, const json_t *object, struct error *e)
{
	struct run_info run;

	if (run_read(object, &run, e))
		return journal_wrong(p->journal, e);
	p->begun = true;
	p->requirements = run.requirements;
	p->look_only = run.look_only;
	p->fail_on = fail_on_named(run.fail_on);
	return p->to->ops->begin(p->to, &run, e);
}

static int verdict(struct replay *p, const json_t *object, struct error *e)
{
	struct verdict v;
	int failed;

	if (verdict_read(object, &v, e))
		return journal_wrong(p->journal, e);
	failed = tally_add(&p->tally, &v, e) ||
		 p->to->ops->verdict(p->to, &v, e);
	free(v.transcript);
	return failed ? -1 : 0;
}

/* A summary that hides a verdict would turn a breach into its opposite. */
static int agree(const struct replay *p, const struct run_summary *s,
		 struct error *e)
{
	for (int o = 0; o < OUTCOMES; o++)
		if (s->count[o] != p->tally.count[o])
			return error_set(e,
					 "/summary: %zu times %s, but the "
					 "lines before say so %zu times",
					 s->count[o],
					 outcome_name((enum outcome)o),
					 p->tally.count[o]);
	return 0;
}

static int summary(struct replay *p, const json_t *object, struct error *e)
{
	struct run_summary s;

	if (summary_read(json_object_get(object, "summary"), &s, e) ||
	    agree(p, &s, e))
		return journal_wrong(p->journal, e);
	p->summed_up = true;
	return p->to->ops->end(p->to, &s, e);
}

static int line(struct replay *p, const json_t *object, struct error *e)
{
	if (!p->begun)
		return begin(p, object, e);
	if (p->summed_up) {
		error_set(e, "a line behind the summary");
		return journal_wrong(p->journal, e);
	}
	if (json_object_get(object, "summary"))
		return summary(p, object, e);
	return verdict(p, object, e);
}

static bool any_fails(const struct replay *p)
{
	for (enum outcome o = 0; o < OUTCOMES; o++)
		if (outcome_fails(o, p->fail_on) && p->tally.count[o])
			return true;
	return false;
}

/* 1 and 3: as the run itself would have ended, had it been cut short. */
static int sum_up(struct replay *p, enum journal_line last, struct error *e)
{
	struct run_summary s = {
		.interrupted = last == JOURNAL_CUT
				       ? "the journal ends within a line"
				       : "the journal has no summary",
		.exit_code = any_fails(p) ? 1 : 3,
		.look_only = p->look_only,
	};

	if (!p->begun) {
		error_set(e, "no whole line, nothing to report");
		return journal_wrong(p->journal, e);
	}
	tally_fill(&p->tally, p->requirements, &s);
	return p->to->ops->end(p->to, &s, e);
}

static int replay(struct replay *p, struct error *e)
{
	enum journal_line last;
	json_t *object;

	while ((last = journal_next(p->journal, &object, e)) == JOURNAL_LINE) {
		int failed = line(p, object, e);

		json_decref(object);
		if (failed)
			return -1;
	}
	if (last == JOURNAL_WRONG)
		return -1;
	return p->summed_up ? 0 : sum_up(p, last, e);
}

int report_replay(const char *journal, struct report *r, struct error *e)
{
	struct replay p = { .to = r };
	int failed;

	p.journal = journal_open(journal, e);
	if (!p.journal)
		return -1;
	failed = replay(&p, e);
	tally_free(&p.tally);
	journal_free(p.journal);
	return failed;
}
