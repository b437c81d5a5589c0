/* SPDX-License-Identifier: MIT */
/* Mail that comes while the scenario is played. */
#include "play_internal.h"

#include <stdio.h>
#include <stdlib.h>

void play_hold_back(struct play *p)
{
	const struct fixture *all = p->stage->fixture;
	struct fixture *there = &p->there;

	if (!all || !scenario_delivers(p->scenario, NULL))
		return;
	*there = (struct fixture){ .name = all->name };
	there->messages = calloc(all->count + 1, sizeof(*there->messages));
	p->out->failed = p->out->failed || !there->messages;
	for (size_t i = 0; there->messages && i < all->count; i++)
		if (!scenario_delivers(p->scenario, all->messages[i].name))
			there->messages[there->count++] = all->messages[i];
	p->whole = all;
	p->stage->fixture = there;
}

void play_hold_no_more(struct play *p)
{
	if (p->whole)
		p->stage->fixture = p->whole;
	free(p->there.messages);
}

static bool has_come(const struct play *p)
{
	char number[96];

	snprintf(number, sizeof(number), "number of %s", p->awaited);
	return binding_find(&p->bindings, number);
}

bool play_awaits_mail(struct play *p)
{
	if (p->awaited && has_come(p))
		p->awaited = NULL;
	return p->awaited;
}

static void tell(struct play *p, const struct step *step)
{
	struct stage *s = p->stage;
	struct buf line = { 0 };

	buf_printf(&line, "message %s is delivered", step->names[0]);
	if (buf_text(&line))
		transcript_note(&p->transcript, step->client,
				s->ops->now(s) - p->began, line.ptr);
	buf_free(&line);
}

enum flow play_delivered(struct play *p, const struct step *step)
{
	struct stage *s = p->stage;
	const struct fixture_message *m =
		p->whole ? fixture_find(p->whole, slice_str(step->names[0]))
			 : NULL;
	struct error e;

	if (s->look_only || !s->delivers || !m || !p->there.messages)
		return play_ends(p, OUTCOME_SKIP, NULL, step->pointer,
				 CANNOT_DELIVER);
	if (s->ops->deliver(s, m, &e))
		return play_ends(p, OUTCOME_ERROR, NULL, step->pointer, e.text);
	p->there.messages[p->there.count++] = *m;
	p->awaited = m->name;
	tell(p, step);
	return GO_ON;
}
