/* SPDX-License-Identifier: MIT */
/* The steps of a scenario, one after the other. */
#include "play_internal.h"
#include "redact.h"

#include <string.h>

uint64_t play_patience(const struct play *p, enum wait w)
{
	uint64_t ms = stage_wait(p->stage, w);

	return p->scenario->patience > ms ? p->scenario->patience : ms;
}

struct talk *play_talk(struct play *p, const struct step *step)
{
	return &p->talks[step->client];
}

static enum flow play_step(struct play *p, const struct step *step)
{
	switch (step->kind) {
	case STEP_SEND:
		return play_send_step(p, step);
	case STEP_ANSWERS:
		return play_answers(p, step);
	case STEP_SILENCE:
		return play_silence(p, step);
	case STEP_DROP:
		talk_drop(play_talk(p, step));
		return GO_ON;
	case STEP_RESET:
		talk_reset(play_talk(p, step));
		return GO_ON;
	case STEP_HALF_CLOSE:
		talk_half_close(play_talk(p, step));
		return GO_ON;
	case STEP_CONNECT:
		return play_connect_step(p, step);
	case STEP_LOGIN:
		return play_login_step(p, step);
	case STEP_NEW_SESSION:
		return play_new_session(p, step);
	case STEP_DELIVERED:
		return play_delivered(p, step);
	case STEP_MAILDROP:
		return play_maildrop_holds(p, step);
	case STEP_SUM:
		return play_sum(p, step);
	case STEP_DIFFER:
		return play_differ(p, step);
	case STEP_REPEAT:
		return play_repeat(p, step);
	}
	return STOP;
}

enum flow play_steps(struct play *p, const struct steps *steps)
{
	enum flow flow = GO_ON;

	for (size_t i = 0; i < steps->count && flow == GO_ON; i++) {
		p->talks[0].step = p->talks[1].step = steps->list[i].pointer;
		flow = play_step(p, &steps->list[i]);
	}
	return flow;
}

static void set_stage(struct play *p)
{
	for (unsigned i = 0; i < 2; i++)
		p->talks[i] = (struct talk){
			.stage = p->stage,
			.transcript = &p->transcript,
			.scenario = p->scenario->id,
			.step = "",
			.began = p->began,
			.client = i,
		};
	p->transcript.secrets = &p->bindings;
	account_bind(&p->bindings, p->stage->account);
}

static enum flow play_all(struct play *p)
{
	struct obstacle o = { 0 };

	if (play_first_climb(p, &o))
		return play_blocked(p, "", &o);
	obstacle_free(&o);
	p->given = true;
	if (play_steps(p, &p->scenario->given) == STOP)
		return STOP;
	p->given = false;
	return play_steps(p, &p->scenario->dialogue);
}

static enum talk_result wait_for(struct talk *t, enum wait w)
{
	enum talk_result result = talk_reply(t, stage_wait(t->stage, w),
					     (struct body_sink){ 0 });

	if (talk_gave_up(result))
		stage_wait_spent(t->stage, w);
	return result;
}

static bool ask(struct talk *t, const char *command)
{
	return talk_send(t, slice_str(command)) == TALK_REPLY &&
	       wait_for(t, WAIT_REPLY) == TALK_REPLY &&
	       t->reader.reply.status == STATUS_OK;
}

/*
 * A session that was only dropped may hold its lock for a moment, and the next
 * scenario would meet it: what is ours is left by QUIT, with nothing marked.
 */
static void say_goodbye(struct talk *t)
{
	if (t->state != STATE_TRANSACTION || t->stage->look_only ||
	    t->owed_count || t->quit || talk_ended(t))
		return;
	if (t->marks && !ask(t, "RSET\r\n"))
		return;
	if (ask(t, "QUIT\r\n"))
		wait_for(t, WAIT_UPDATE);
}

/* What is waited for here is no finding. */
static void leave(struct talk *t)
{
	bool hurried = t->stage->hurried;

	say_goodbye(t);
	t->stage->hurried = hurried;
}

static void attempt(struct play *p)
{
	struct error e;

	p->again = TRY_NOT;
	p->began = p->stage->ops->now(p->stage);
	set_stage(p);
	play_hold_back(p);
	if (p->scenario->maildrop && p->stage->ops->fill &&
	    p->stage->ops->fill(p->stage, &e))
		play_ends(p, OUTCOME_ERROR, NULL, "", e.text);
	else if (play_all(p) == GO_ON)
		play_held(p);
	leave(&p->talks[1]);
	leave(&p->talks[0]);
	talk_free(&p->talks[0]);
	talk_free(&p->talks[1]);
	play_hold_no_more(p);
	transcript_clear(&p->transcript);
	p->out->failed = p->out->failed || p->bindings.failed ||
			 p->transcript.failed;
	bindings_free(&p->bindings);
}

void play(const struct scenario *s, struct stage *stage,
	  struct findings *out)
{
	size_t start = out->count;
	uint64_t first = stage->ops->now(stage);
	uint64_t pause = 20, quiet = 0;
	struct play p;

	stage->hurried = false;
	do {
		p = (struct play){ .scenario = s, .stage = stage, .out = out,
				   .out_start = start, .first = first,
				   .quiet = quiet };
		attempt(&p);
		quiet = p.quiet;
		if (p.again == TRY_NOT)
			break;
		findings_cut(out, start);
		stage->ops->pause(stage, pause);
		pause = pause < 500 ? pause * 2 : 1000;
	} while (!out->failed);
	out->hurried = stage->hurried;
}
