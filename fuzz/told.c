/* SPDX-License-Identifier: MIT */
#include "told.h"
#include "transcript.h"

#include <string.h>

#define DIGEST 32 /* hexadecimal digits */
#define VISIBLE 6 /* octets that one takes at most: {0xFF} */

void told_hear(struct told_secrets *s, struct slice octets)
{
	struct slice apop = slice_str("APOP ");
	size_t at = slice_search(octets, apop);
	struct slice line = slice_from(octets, at);

	line = slice_first(line, slice_find(line, '\r'));
	if (line.len < apop.len + 1 + DIGEST)
		return;
	buf_clear(&s->digest);
	buf_add(&s->digest, slice_from(line, line.len - DIGEST));
}

static void check_visible(const char *text)
{
	struct slice t = slice_str(text);

	for (size_t i = 0; i < t.len; i++)
		fuzz_holds(t.ptr[i] >= ' ' && t.ptr[i] <= '~',
			   "what is told is visible ASCII", t);
}

/* What is told of what came; the words of a scenario are its own. */
static void check_text(const char *text, const struct rig *r,
		       const struct told_secrets *s)
{
	struct slice t = slice_str(text);
	struct slice password = slice_str(r->account.password);
	struct slice digest = buf_slice(&s->digest);

	check_visible(text);
	fuzz_holds(slice_search(t, password) == t.len,
		   "no password is told", t);
	fuzz_holds(!digest.len || slice_search(t, digest) == t.len,
		   "no digest is told", t);
}

static void check_transcript(const struct verdict *v, const struct rig *r,
			     const struct told_secrets *s)
{
	fuzz_holds(v->exchanges <= TRANSCRIPT_LINES,
		   "a transcript has a few thousand lines at most",
		   slice_str(v->scenario));
	for (size_t i = 0; i < v->exchanges; i++) {
		const struct exchange *x = &v->transcript[i];

		fuzz_holds(strlen(x->text) <= VISIBLE * (TRANSCRIPT_KEPT + 9u),
			   "a line of a transcript is cut",
			   slice_str(x->text));
		check_text(x->text, r, s);
	}
}

static void check_verdict(const struct verdict *v, const struct rig *r,
			  const struct told_secrets *s)
{
	const char *heard[] = { v->label, v->expected, v->actual, v->log };
	const char *fixed[] = { v->scenario,  v->title,	 v->requirement,
				v->clause,    v->link,	 v->level,
				v->ruling,    v->step,	 v->blocked_by,
				v->transport, v->file,	 v->statement };

	for (size_t i = 0; i < sizeof(heard) / sizeof(*heard); i++)
		check_text(heard[i], r, s);
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		check_visible(fixed[i]);
	check_transcript(v, r, s);
	if (outcome_is_breach(v->outcome))
		fuzz_holds(v->expected[0] && v->actual[0],
			   "a breach tells what was expected and what came",
			   slice_str(v->label));
}

/* The first requirement is judged once, others at most once. */
static void check_requirements(const struct findings *f,
			       const struct scenario *scenario)
{
	size_t first = 0;

	for (size_t i = 0; i < f->count; i++) {
		const char *q = f->list[i].requirement;

		first += !strcmp(q, scenario->requirements[0]);
		for (size_t j = 0; j < i; j++)
			fuzz_holds(strcmp(q, f->list[j].requirement),
				   "a requirement is judged once a play",
				   slice_str(q));
	}
	fuzz_same(first, 1, "the first requirement is judged");
}

void told_check(const struct findings *f, const struct scenario *scenario,
		const struct rig *r, const struct told_secrets *s)
{
	if (scenario)
		check_requirements(f, scenario);
	for (size_t i = 0; i < f->count; i++)
		check_verdict(&f->list[i], r, s);
}
