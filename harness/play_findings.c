/* SPDX-License-Identifier: MIT */
/* From what was seen to verdicts. */
#include "play_internal.h"
#include "redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void findings_free(struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		verdict_free(&f->list[i]);
	free(f->list);
	*f = (struct findings){ 0 };
}

void findings_cut(struct findings *f, size_t count)
{
	while (f->count > count)
		verdict_free(&f->list[--f->count]);
}

/* Appends a copy of v. */
static void append(struct findings *f, const struct verdict *v)
{
	struct verdict *list = realloc(f->list, (f->count + 1) * sizeof(*list));

	if (!list) {
		f->failed = true;
		return;
	}
	f->list = list;
	if (verdict_copy(&list[f->count], v))
		f->failed = true;
	else
		f->count++;
}

char *findings_borrow(const char *text)
{
	return (char *)(uintptr_t)text;
}

static void describe_requirement(struct verdict *v, const struct registry *r,
				 const char *id, struct buf *clause)
{
	const struct requirement *q = r ? registry_find(r, id) : NULL;

	v->requirement = findings_borrow(id);
	if (!q)
		return;
	requirement_clause(q, clause);
	v->clause = findings_borrow(buf_text(clause));
	v->link = findings_borrow(q->link);
	v->level = findings_borrow(requirement_level_name(q->level));
	v->statement = findings_borrow(q->says);
	if (q->ruling_count)
		v->ruling = q->rulings[0];
}

/* A verdict on what s is about says what else it looks at. */
static void describe_others(struct verdict *v, const struct scenario *s,
			    struct buf *also, struct buf *unseen)
{
	if (!s->requirement_count || strcmp(v->requirement, s->requirements[0]))
		return;
	for (size_t i = 1; i < s->requirement_count; i++) {
		const char *id = s->requirements[i];
		struct buf *to =
			scenario_always_looks_at(s, id) ? also : unseen;

		buf_printf(to, "%s%s", to->len ? " " : "", id);
	}
	v->also = findings_borrow(buf_text(also));
	v->unseen = findings_borrow(buf_text(unseen));
}

void findings_add(struct findings *out, const struct stage *stage,
		  const struct scenario *s, const char *requirement,
		  struct verdict v)
{
	struct buf clause = { 0 }, also = { 0 }, unseen = { 0 };
	char *ruling = v.ruling;

	v.scenario = s->id;
	v.revision = s->revision;
	v.file = s->file;
	v.title = s->title;
	v.transport = findings_borrow(stage->transport);
	v.count = v.count ? v.count : 1;
	describe_requirement(&v, stage->registry, requirement, &clause);
	describe_others(&v, s, &also, &unseen);
	if (ruling)
		v.ruling = ruling;
	append(out, &v);
	out->failed = out->failed || also.failed || unseen.failed;
	buf_free(&clause);
	buf_free(&also);
	buf_free(&unseen);
}

static double seconds(const struct play *p)
{
	return (double)(p->stage->ops->now(p->stage) - p->began) / 1e3;
}

static const char *first_requirement(const struct play *p)
{
	return p->scenario->requirements[0];
}

/*
 * There is one verdict on each requirement. A worse one takes the place of what
 * a milder answer left, and what was seen stays when something cannot be judged
 * later; true when there is room for it now.
 */
static bool make_room(struct play *p, const char *requirement,
		      enum outcome outcome)
{
	struct findings *f = p->out;

	for (size_t i = f->count; i-- > p->out_start;) {
		struct verdict *old = &f->list[i];

		if (strcmp(old->requirement, requirement))
			continue;
		if (outcome_weight(outcome) <= outcome_weight(old->outcome))
			return false;
		verdict_free(old);
		memmove(old, old + 1, (--f->count - i) * sizeof(*old));
		return true;
	}
	return true;
}

/* What *text says, without secrets, borrowed from a buffer that is borrowed. */
static void leave_out_secrets(const struct play *p, char **text,
			      struct buf *room)
{
	if (!*text)
		return;
	buf_add_str(room, *text);
	redact(room, &p->bindings);
	p->out->failed = p->out->failed || !buf_text(room);
	*text = findings_borrow(buf_text(room));
}

static void add_played(struct play *p, const char *requirement,
		       struct verdict v)
{
	bool first = !strcmp(requirement, first_requirement(p));
	struct buf label = { 0 }, expected = { 0 }, actual = { 0 };

	if (!make_room(p, requirement, v.outcome))
		return;
	leave_out_secrets(p, &v.label, &label);
	leave_out_secrets(p, &v.expected, &expected);
	leave_out_secrets(p, &v.actual, &actual);
	v.seconds = seconds(p);
	if (v.outcome != OUTCOME_PASS || p->stage->tells_passes) {
		v.transcript = p->transcript.list;
		v.exchanges = p->transcript.count;
	}
	findings_add(p->out, p->stage, p->scenario, requirement, v);
	p->judged = p->judged || first;
	buf_free(&label);
	buf_free(&expected);
	buf_free(&actual);
}

enum flow play_ends(struct play *p, enum outcome outcome,
		    const char *requirement, const char *pointer,
		    const char *why)
{
	struct buf label = { 0 };
	bool blocked = outcome == OUTCOME_BLOCKED;

	buf_add_str(&label, why);
	if (requirement && *requirement)
		buf_printf(&label, " (%s judges it)", requirement);
	add_played(p, first_requirement(p),
		   (struct verdict){ .outcome = outcome,
				     .label = findings_borrow(buf_text(&label)),
				     .blocked_by = findings_borrow(
					     blocked ? requirement : NULL),
				     .step = findings_borrow(pointer) });
	buf_free(&label);
	return STOP;
}

enum flow play_blocked(struct play *p, const char *pointer, struct obstacle *o)
{
	play_ends(p, o->outcome, o->requirement, pointer, buf_text(&o->why));
	obstacle_free(o);
	return STOP;
}

enum outcome play_breach_outcome(const struct requirement *q)
{
	switch (q ? q->verdict : REQUIREMENT_FAIL) {
	case REQUIREMENT_FAIL:
		return OUTCOME_FAIL;
	case REQUIREMENT_WARN:
		return OUTCOME_WARN;
	case REQUIREMENT_SECURITY:
		return OUTCOME_SECURITY;
	default:
		return OUTCOME_INFO;
	}
}

/* A scenario may soften what the register says, never harden it. */
static enum outcome judge(const struct play *p, const char *requirement,
			  enum outcome as)
{
	const struct registry *r = p->stage->registry;
	enum outcome o =
		play_breach_outcome(r ? registry_find(r, requirement) : NULL);

	if (as == OUTCOME_LOST)
		return o == OUTCOME_FAIL ? as : o;
	return outcome_weight(as) < outcome_weight(o) ? as : o;
}

/* A given that fails is the finding of the scenario that judges it. */
static enum flow given_failed(struct play *p, struct breach *b)
{
	struct buf why = { 0 };
	enum flow flow;

	if (!b->requirement && b->command)
		b->requirement = command_requirement(b->command);
	buf_printf(&why, "a given does not hold: expected %s, got %s",
		   buf_text(&b->expected), buf_text(&b->actual));
	flow = play_ends(p, OUTCOME_BLOCKED, b->requirement, b->pointer,
			 buf_text(&why));
	buf_free(&why);
	return flow;
}

/* The site said that it deletes: what is seen afterwards proves nothing. */
static bool proves_nothing(const struct play *p)
{
	return p->retrieved && stage_retention(p->stage) == RETENTION_DELETED;
}

static enum flow report(struct play *p, struct breach *b)
{
	const char *requirement =
		b->requirement ? b->requirement : first_requirement(p);
	enum outcome outcome = judge(p, requirement, b->as);

	if (outcome == OUTCOME_PASS)
		return GO_ON;
	if (proves_nothing(p))
		return play_ends(p, OUTCOME_SKIP, NULL, b->pointer,
				 RETRIEVED_MAY_GO);
	add_played(p, requirement,
		   (struct verdict){
			   .outcome = outcome,
			   .ruling = findings_borrow(b->ruling),
			   .label = findings_borrow(b->label),
			   .cause = findings_borrow(buf_text(&b->cause)),
			   .step = findings_borrow(b->pointer),
			   .expected = findings_borrow(buf_text(&b->expected)),
			   .actual = findings_borrow(buf_text(&b->actual)) });
	if (b->listed && !outcome_is_breach(outcome))
		return GO_ON;
	if (!strcmp(requirement, first_requirement(p)))
		return STOP;
	return play_ends(p, OUTCOME_BLOCKED, requirement, b->pointer,
			 "could not be played to its end");
}

enum flow play_breach(struct play *p, struct breach *b)
{
	enum flow flow = p->given ? given_failed(p, b) : report(p, b);

	buf_free(&b->cause);
	buf_free(&b->expected);
	buf_free(&b->actual);
	return flow;
}

void play_held(struct play *p)
{
	if (!p->judged)
		add_played(
			p, first_requirement(p),
			(struct verdict){ .outcome = OUTCOME_PASS,
					  .label = findings_borrow(p->label) });
}

void play_not(const struct scenario *s, const struct stage *stage,
	      enum outcome outcome, const char *why, struct findings *out)
{
	findings_add(out, stage, s, s->requirements[0],
		     (struct verdict){ .outcome = outcome,
				       .label = findings_borrow(why) });
}
