/* SPDX-License-Identifier: MIT */
/* Steps that open, use and end connections. */
#include "play_internal.h"

#include <string.h>

#define QUIET 1000 /* ms: the least, on a busy machine */

/* The scenario or the tool is at fault: never a finding. */
static enum flow out_of_order(struct play *p, const struct step *step,
			      const struct error *e)
{
	return play_ends(p, OUTCOME_ERROR, NULL, step->pointer, e->text);
}

/* A digest in a command is as good as the secret: never to be shown. */
static void hide_digests(struct play *p, const struct pattern *pattern)
{
	struct error e;

	for (size_t i = 0; i < pattern->count; i++) {
		const struct token *token = &pattern->tokens[i];
		struct pattern one = { .tokens = &pattern->tokens[i],
				       .count = 1 };
		struct buf value = { 0 };
		struct buf name = { 0 };

		if (token->kind != TOKEN_MD5)
			continue;
		if (!pattern_expand(&one, &p->bindings, &value, &e)) {
			buf_add(&name, slice_of(token->source + 1,
						strlen(token->source) - 2));
			binding_set_secret(&p->bindings, buf_text(&name),
					   buf_slice(&value));
		}
		buf_free(&name);
		buf_free(&value);
	}
}

enum flow play_send(struct play *p, const struct step *step)
{
	struct talk *t = play_talk(p, step);
	struct error e;

	for (size_t i = 0; i < step->piece_count; i++) {
		struct buf octets = { 0 };
		enum talk_result result;

		hide_digests(p, step->pieces[i]);
		if (pattern_expand(step->pieces[i], &p->bindings, &octets,
				   &e)) {
			buf_free(&octets);
			return out_of_order(p, step, &e);
		}
		p->octets += octets.len;
		if (p->octets > SCENARIO_SENT_LIMIT) {
			buf_free(&octets);
			error_set(&e, "more than %u octets to send",
				  SCENARIO_SENT_LIMIT);
			return out_of_order(p, step, &e);
		}
		result = talk_send(t, buf_slice(&octets));
		buf_free(&octets);
		if (result == TALK_FORBIDDEN)
			return play_ends(p, OUTCOME_SKIP, NULL, step->pointer,
					 t->error.text);
		if (result == TALK_FAILED)
			return out_of_order(p, step, &t->error);
		if (result == TALK_CANCELLED)
			return play_ends(p, OUTCOME_NOTRUN, NULL,
					 step->pointer, "the run was ended");
	}
	return GO_ON;
}

bool play_may_revive(const struct talk *t)
{
	return !t->quit;
}

/* A thousand names that no step uses would make each match slow. */
static bool needs_numbers(const struct play *p)
{
	return p->awaited || scenario_needs_facts(p->scenario);
}

/*
 * Bring the numbers of the fixture's messages up to date, where the scenario
 * speaks of them or would delete any. What is not ours is not touched.
 */
static int know_messages(struct play *p, struct talk *t,
			 struct recognised *found, struct obstacle *o)
{
	struct bindings unused = { 0 };
	int failed;

	*found = (struct recognised){ 0 };
	if (!p->stage->fixture || p->stage->look_only ||
	    (!needs_numbers(p) && !scenario_sends(p->scenario, "DELE")))
		return 0;
	failed = recognise(t, needs_numbers(p) ? &p->bindings : &unused, found,
			   o);
	bindings_free(&unused);
	if (failed)
		return -1;
	if (found->strangers)
		return obstacle_set(o, OUTCOME_BLOCKED, "RFC1939-5-RETR-01",
				    "messages in the maildrop that are not "
				    "those which were put there");
	return 0;
}

/* How fast a store shows what was put into it is no matter of POP3. */
static int climb_to_mail(struct play *p, struct talk *t, struct obstacle *o)
{
	struct stage *s = p->stage;
	uint64_t until = s->ops->now(s) + stage_wait(s, WAIT_UPDATE);
	uint64_t pause = 20;
	struct recognised found;

	while (!know_messages(p, t, &found, o)) {
		if (!play_awaits_mail(p))
			return 0;
		if (s->ops->now(s) >= until) {
			stage_wait_spent(s, WAIT_UPDATE);
			return 0;
		}
		talk_drop(t);
		s->ops->pause(s, pause);
		pause *= 2;
		if (talk_climb_patiently(t, STATE_TRANSACTION, o))
			break;
	}
	return -1;
}

int play_climb(struct play *p, struct talk *t, enum state to,
	       struct obstacle *o)
{
	if (talk_climb_patiently(t, to, o))
		return -1;
	return to == STATE_TRANSACTION ? climb_to_mail(p, t, o) : 0;
}

/* As far as STAT tells: it may be what is broken, and judged elsewhere. */
static bool is_filled(struct talk *t)
{
	struct obstacle o = { 0 };
	size_t count;
	bool filled = recognise_count(t, &count, &o) ||
		      count == t->stage->fixture->count;

	obstacle_free(&o);
	return filled;
}

static int wait_for_fixture(struct play *p, struct talk *t,
			    struct obstacle *o)
{
	struct stage *s = p->stage;
	uint64_t until = s->ops->now(s) + stage_wait(s, WAIT_UPDATE);
	uint64_t pause = 20;

	while (!is_filled(t)) {
		if (s->ops->now(s) >= until) {
			stage_wait_spent(s, WAIT_UPDATE);
			break;
		}
		talk_drop(t);
		s->ops->pause(s, pause);
		pause *= 2;
		if (talk_climb_patiently(t, STATE_TRANSACTION, o))
			return -1;
	}
	if (talk_ended(t)) /* of a STAT that it did not survive */
		return talk_climb_patiently(t, STATE_TRANSACTION, o);
	return 0;
}

int play_first_climb(struct play *p, struct obstacle *o)
{
	struct talk *t = &p->talks[0];
	enum state to = p->scenario->start;
	struct recognised found;

	if (talk_climb_patiently(t, to, o))
		return -1;
	if (to != STATE_TRANSACTION)
		return 0;
	if (p->stage->fixture && !p->stage->look_only &&
	    wait_for_fixture(p, t, o))
		return -1;
	return know_messages(p, t, &found, o);
}

static void unbind(struct play *p, const struct pattern *names)
{
	for (size_t i = 0; names && i < names->count; i++)
		if (names->tokens[i].kind == TOKEN_NAME)
			binding_unset(&p->bindings, names->tokens[i].name);
}

/* The names of a greeting are those of the new connection. */
static void bind_greeting(struct play *p, const struct talk *t)
{
	const struct answer *g = p->greeting[t->client];
	const struct reply *r = &t->reader.reply;

	if (!g || !g->line)
		return;
	unbind(p, g->line);
	unbind(p, g->timestamp);
	pattern_match_reply(g->line, r->status, buf_slice(&r->line),
			    &p->bindings);
	if (g->timestamp)
		pattern_match(g->timestamp, slice_str(t->timestamp),
			      &p->bindings);
}

static void warn_of_closing(struct play *p, const struct step *step,
			    unsigned errors)
{
	struct breach b = { .pointer = step->pointer,
			    .requirement = "RFC1939-3-ERR-05",
			    .ruling = "C39",
			    .label = "closed after an error reply",
			    .as = OUTCOME_WARN,
			    .listed = true };

	buf_add_str(&b.expected, "an error reply leaves the session usable");
	buf_printf(&b.actual,
		   "the connection ended behind error reply number %u",
		   errors);
	play_breach(p, &b);
}

enum flow play_revive(struct play *p, const struct step *step)
{
	struct talk *t = play_talk(p, step);
	struct obstacle o = { 0 };
	enum state to = t->state;
	unsigned errors = t->errors;
	bool login = t->auth_failed || to != STATE_TRANSACTION;

	if (!login && errors < 3 && !p->given)
		warn_of_closing(p, step, errors);
	if (t->marks) {
		obstacle_set(&o, OUTCOME_BLOCKED, "RFC1939-3-ERR-05",
			     "the server closed after an error reply, and the "
			     "marks of the session went with it");
		return play_blocked(p, step->pointer, &o);
	}
	if (play_climb(p, t, to, &o))
		return play_blocked(p, step->pointer, &o);
	if (to == STATE_AUTHORIZATION)
		bind_greeting(p, t);
	obstacle_free(&o);
	return GO_ON;
}

bool play_needs_quiet(const struct play *p, const struct talk *t)
{
	return t->quit && !p->quiet;
}

void play_quietly(struct play *p, const struct talk *t)
{
	uint64_t late = p->stage->ops->now(p->stage) - t->replied;

	p->quiet = 2 * late + QUIET;
	p->again = TRY_QUIETLY;
}

enum flow play_send_step(struct play *p, const struct step *step)
{
	struct talk *t = play_talk(p, step);

	if (p->quiet && t->refused && !t->owed_count && !t->ended &&
	    step_sends(step, "QUIT"))
		talk_only_ends(t, p->quiet);
	if (t->refused && !t->owed_count && talk_ended(t) &&
	    play_may_revive(t) && play_revive(p, step) == STOP)
		return STOP;
	p->sent[step->client] = step;
	return play_send(p, step);
}

/* That there can be a session now is what the step judges. */
static enum flow no_session(struct play *p, const struct step *step,
			    struct obstacle *o)
{
	struct breach b = { .pointer = step->pointer,
			    .requirement = step->requirement,
			    .ruling = step->ruling,
			    .as = OUTCOME_FAIL,
			    .actual = o->why };

	buf_add_str(&b.expected, step->source);
	return play_breach(p, &b);
}

enum flow play_new_session(struct play *p, const struct step *step)
{
	struct talk *t = play_talk(p, step);
	struct obstacle o = { 0 };

	p->retrieved = p->retrieved || (t->retrieved && t->quit);
	talk_drop(t);
	p->sent[step->client] = NULL;
	p->greeting[step->client] = NULL;
	bindings_unset(&p->bindings, "number of ");
	bindings_unset(&p->bindings, "size of ");
	if (!play_climb(p, t, step->state, &o)) {
		obstacle_free(&o);
		return GO_ON;
	}
	if (step->requirement && o.outcome == OUTCOME_BLOCKED)
		return no_session(p, step, &o);
	return play_blocked(p, step->pointer, &o);
}

enum flow play_connect_step(struct play *p, const struct step *step)
{
	struct obstacle o = { 0 };

	if (talk_climb(play_talk(p, step), STATE_CONNECTED, &o))
		return play_blocked(p, step->pointer, &o);
	obstacle_free(&o);
	return GO_ON;
}

/* With answers the login is looked at: a refusal is one like others. */
enum flow play_login_step(struct play *p, const struct step *step)
{
	struct talk *t = play_talk(p, step);
	struct obstacle o = { 0 };

	if (step->answer_count) {
		if (talk_climb(t, STATE_AUTHORIZATION, &o))
			return play_blocked(p, step->pointer, &o);
		return play_login_answers(p, step, talk_log_in(t),
					  stage_wait(p->stage, WAIT_LOGIN));
	}
	if (talk_climb_patiently(t, STATE_TRANSACTION, &o))
		return play_blocked(p, step->pointer, &o);
	obstacle_free(&o);
	return GO_ON;
}
