/* SPDX-License-Identifier: MIT */
#include "abilities.h"
#include "redact.h"

#include <string.h>

#define CAPA_KEPT 65536 /* octets of a capability list that we read */

struct asking {
	struct talk talk;
	struct transcript transcript;
	struct bindings secrets;
	struct abilities *a;
	struct buf body;
	unsigned unended; /* bodies without an end */
};

static void keep(void *to, struct slice octets)
{
	struct buf *body = to;
	size_t room = CAPA_KEPT - body->len;

	buf_add(body, slice_first(octets, room));
}

/*
 * A body that does not end is told as a breach when it was so twice, both times
 * waited for in full.
 */
static void note_unended(struct asking *k, enum talk_result result)
{
	struct talk *t = &k->talk;
	struct buf what = { 0 };

	if (t->stage->patience.spent[WAIT_REPLY] || t->stage->look_only)
		return;
	talk_result_explain(t, result, t->waited, &what);
	if (++k->unended > 1)
		universal_note_one(&t->stage->universal, VIOLATION_TERMINATOR,
				   &(struct sighting){
					   .scenario = t->scenario,
					   .step = "",
					   .command = t->owed[0].keyword,
					   .tail = buf_text(&what) });
	buf_free(&what);
}

/*
 * False when it is not offered. Whether its reply had an end is *whole: behind
 * one that had none the session is of no use.
 */
static bool asks(struct asking *k, const char *command, bool *whole)
{
	struct talk *t = &k->talk;
	uint64_t ms = stage_wait(t->stage, WAIT_REPLY);
	enum talk_result result;
	bool offered;

	*whole = false;
	buf_clear(&k->body);
	if (talk_ended(t) || talk_send(t, slice_str(command)) != TALK_REPLY)
		return false;
	result = talk_reply(t, ms, (struct body_sink){ keep, &k->body });
	offered = t->reader.reply.status == STATUS_OK;
	if (offered && (result == TALK_STALLED || result == TALK_ENDLESS))
		note_unended(k, result);
	if (talk_gave_up(result) && k->unended != 1)
		stage_wait_spent(t->stage, WAIT_REPLY);
	*whole = result == TALK_REPLY;
	if (!*whole)
		talk_drop(t);
	return offered;
}

static void ask_capabilities(struct asking *k)
{
	struct slice body;
	bool whole;

	if (!asks(k, "CAPA\r\n", &whole))
		return;
	k->a->capa = true;
	for (body = buf_slice(&k->body); body.len;) {
		size_t end = slice_search(body, slice_str("\r\n"));

		buf_add(&k->a->announced, slice_first(body, end));
		buf_add_char(&k->a->announced, '\n');
		body = slice_from(body, end + 2);
	}
}

/* A server may close behind a refusal (ruling C39): each has its chance. */
static bool asks_again(struct asking *k, const char *command, bool *whole)
{
	struct obstacle o = { 0 };
	bool stuck = talk_ended(&k->talk) &&
		     talk_climb_patiently(&k->talk, STATE_TRANSACTION, &o);

	/* Also a climb that led up in the end may have met one. */
	obstacle_free(&o);
	*whole = false;
	return !stuck && asks(k, command, whole);
}

/* TOP and UIDL may work though CAPA is unknown, or silent about them. */
static void try_commands(struct asking *k)
{
	bool whole;

	k->a->uidl = asks_again(k, "UIDL\r\n", &whole);
	k->a->top = asks_again(k, "TOP 1 0\r\n", &whole);
	k->a->top_works = k->a->top && whole;
}

static void begin(struct asking *k, struct stage *s, const char *what)
{
	account_bind(&k->secrets, s->account);
	k->transcript.secrets = &k->secrets;
	k->talk = (struct talk){ .stage = s,
				 .transcript = &k->transcript,
				 .scenario = what,
				 .step = "",
				 .began = s->ops->now(s) };
}

static void end(struct asking *k)
{
	talk_free(&k->talk);
	transcript_clear(&k->transcript);
	bindings_free(&k->secrets);
	buf_free(&k->body);
}

/* By PASS; where that is refused, by APOP on a connection of its own. */
static int log_in(struct asking *k, struct stage *s, struct obstacle *o)
{
	if (!talk_climb(&k->talk, STATE_TRANSACTION, o))
		return 0;
	k->a->user_refused = k->talk.refused &&
			     !strcmp(k->talk.last.keyword, "USER");
	if (k->a->user_refused && k->a->timestamp && !s->account->secret)
		buf_add_str(&o->why,
			    ": the server has no USER, and the target names "
			    "no APOP secret of this account (\"secret\", or "
			    "the trait \"apop\")");
	if (s->login == LOGIN_BY_APOP || !k->talk.greeted ||
	    !k->a->timestamp || !s->account->secret)
		return -1;
	s->login = LOGIN_BY_APOP;
	return talk_climb(&k->talk, STATE_TRANSACTION, o);
}

int abilities_learn(struct stage *s, struct abilities *a, struct obstacle *o)
{
	struct asking k = { .a = a };
	int result;

	s->abilities = a;
	begin(&k, s, "(abilities)");
	result = talk_climb(&k.talk, STATE_AUTHORIZATION, o);
	if (!result) {
		a->timestamp = k.talk.timestamp[0] != '\0';
		ask_capabilities(&k);
	}
	if (!result && s->account)
		result = log_in(&k, s, o);
	if (!result && s->account) {
		ask_capabilities(&k);
		try_commands(&k);
	}
	end(&k);
	return result;
}

void abilities_free(struct abilities *a)
{
	buf_free(&a->announced);
}

enum sanity sanity_check(struct stage *s, struct obstacle *o)
{
	struct asking k = { 0 };
	const struct talk *t = &k.talk;
	enum sanity sanity = SANITY_GONE;
	bool whole;

	begin(&k, s, "(sanity)");
	if (!talk_climb(&k.talk, STATE_AUTHORIZATION, o)) {
		sanity = SANITY_WELL;
		asks(&k, "QUIT\r\n", &whole);
	} else if (t->greeted && t->reader.reply.status == STATUS_ERR) {
		sanity = SANITY_WELL;
		obstacle_free(o);
	} else if (t->greeted || t->ended) {
		sanity = SANITY_REFUSES;
	}
	end(&k);
	return sanity;
}

void ask_for_tls(struct stage *s, struct obstacle *o)
{
	static const char hello[] = "\x16\x03\x01\0\x05\x01\0\0\x01\x03";
	struct slice octets = slice_of(hello, sizeof(hello) - 1);
	uint64_t ms = stage_wait(s, WAIT_CONNECT);
	struct asking k = { 0 };

	begin(&k, s, "(tls)");
	if (talk_connect(&k.talk) == TALK_REPLY &&
	    talk_send(&k.talk, octets) == TALK_REPLY &&
	    talk_reply(&k.talk, ms, (struct body_sink){ 0 }) == TALK_TIMEOUT)
		buf_printf(&o->why, "; nor for %g s more, when we began as a "
			   "client of TLS does", (double)ms / 1e3);
	obstacle_note_tls(o, &k.talk);
	end(&k);
}
