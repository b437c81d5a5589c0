/* SPDX-License-Identifier: MIT */
#include "closing.h"

#include "plural.h"
#include "record.h"

static size_t breaches(const struct run_summary *s)
{
	size_t n = 0;

	for (int o = 0; o < OUTCOMES; o++)
		if (outcome_is_breach((enum outcome)o))
			n += s->count[o];
	return n;
}

static void outcomes(struct page *p, const struct run_summary *s)
{
	struct buf b = { 0 };

	for (int o = 0; o < OUTCOMES; o++)
		if (s->count[o])
			buf_printf(&b, "%s%zu %s", b.len ? ", " : "",
				   s->count[o], outcome_name((enum outcome)o));
	page_take_words(p, "outcomes", &b);
}

/* Nobody measured what the journal of a killed run does not tell. */
static void time_spent(struct page *p, const struct run_summary *s)
{
	struct buf b = { 0 };

	if (s->seconds > 0)
		add_seconds(&b, s->seconds);
	if (s->longest && *s->longest) {
		buf_add_str(&b, b.len ? ", longest " : "longest ");
		buf_add_str(&b, s->longest);
		buf_add_str(&b, " with ");
		add_seconds(&b, s->longest_seconds);
	}
	page_take_words(p, "time", &b);
}

static void traffic(struct page *p, const struct run_summary *s)
{
	struct buf b = { 0 };

	if (!s->octets_sent && !s->octets_received)
		return;
	add_thousands(&b, s->octets_sent);
	buf_add_str(&b, " octets sent, ");
	add_thousands(&b, s->octets_received);
	buf_add_str(&b, " received, ");
	add_thousands(&b, s->round_trips);
	buf_printf(&b, " round trip%s", plural(s->round_trips));
	page_take_words(p, "traffic", &b);
}

static void last_line(struct page *p, const struct run_summary *s)
{
	bool incomplete = *s->interrupted || s->exit_code == 3;
	size_t n = breaches(s);
	struct buf b = { 0 };

	if (n)
		buf_printf(&b, "%zu breach%s found.", n, n == 1 ? "" : "es");
	else
		buf_printf(&b, "%sNo breach found.",
			   incomplete ? "Incomplete. " : "");
	page_add(p,
		 n	      ? STYLE_BREACH
		 : incomplete ? STYLE_PLAIN
			      : STYLE_GOOD,
		 buf_text(&b));
	buf_clear(&b);
	buf_printf(&b,
		   " %zu of %zu requirement%s judged, %zu skipped, "
		   "%zu not covered.",
		   s->judged, s->requirements, plural(s->requirements),
		   s->skipped, s->not_covered);
	page_add(p, STYLE_PLAIN, buf_text(&b));
	page_line_end(p);
	p->text.failed |= b.failed;
	buf_free(&b);
}

void closing_add(struct page *p, const struct run_summary *s)
{
	page_line_end(p);
	page_add(p, STYLE_HEADING, "Summary");
	page_line_end(p);
	outcomes(p, s);
	time_spent(p, s);
	traffic(p, s);
	if (s->look_only)
		page_words(p, "look-only",
			   "the maildrop is not ours: nothing was deleted, and "
			   "what needs a deletion was skipped");
	page_words(p, "cut short", s->interrupted);
	page_line_end(p);
	last_line(p, s);
}
